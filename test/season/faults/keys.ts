import { streamOfNode } from '@lotkeeper/protocol/names.ts'
import type { Fault } from './fault.ts'

/** Keys: a node signs with a new one from some moment on, and the old one is revoked once the hub holds all it signed. */
export const KEYS = {
  'key-rotation': {
    rate: 0.008,
    most: 2,
    strike: async (world) => {
      const { hub, nodes, copies, pick, enrol, oldKeys } = world
      const machine = pick(nodes.filter((run) => run.isUp() && !copies.some(({ node }) => node === run.node)))
      if (!machine || !hub.isUp() || (await hub.ledger().storage()).state === 'full') return false
      const held = await hub.heldOf(machine.node)
      const settled = machine
        .ledger()
        .exchange.tips([streamOfNode(machine.node)])
        .every((tip) => held.get(tip.epoch) === tip.held)
      const [old, name] = [machine.key(), machine.keyName()]
      machine.takeKey(`rotation ${oldKeys.length + 1} ${old.id}`)
      if (!(await enrol(machine, settled ? [old.id] : []))) {
        machine.takeKey(name)
        return false
      }
      if (settled) oldKeys.push({ node: machine.node, key: old })
      machine.kill()
      machine.start()
      return true
    },
  },
} as const satisfies Record<string, Fault>
