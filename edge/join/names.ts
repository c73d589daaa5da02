import { hostname, networkInterfaces } from 'node:os'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import type { AlternativeName } from './requests.ts'

/** By which names and addresses the page of a node may be called: its own, this machine's, and those of the settings. */
export const ownNames = (node: NodeId, names: readonly string[]): readonly AlternativeName[] => {
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter((one) => !one.internal && !one.address.startsWith('fe80')).map((one) => one.address),
  )
  const all = new Set(['localhost', '127.0.0.1', '::1', node, `${node}.local`, hostname(), ...addresses, ...names])
  return [...all].map((value) => ({ type: /^[0-9.]+$|:/.test(value) ? 'ip' : 'dns', value }))
}
