import type { NodeId } from '@lotkeeper/protocol/names.ts'
import type { Log } from '../log.ts'
import type { HubParts } from '../parts.ts'
import { type BrokerEvents, OFFENCES, type Offence } from './broker.ts'

/** An offence by the same node is written to the log at once, and then with its count at most this often: a stranger must not fill the disk. */
export const OFFENCE_MS = 60_000

/** The same events, with what was done wrong on the line in the log: most of it opens no discrepancy, and nothing of it may stay unseen. */
export const logOffences = (on: BrokerEvents, { clock }: Pick<HubParts, 'clock'>, log: Pick<Log, 'warn'>): BrokerEvents => {
  const seen = new Map<string, { count: number; toldAt: number }>()
  const tell = (node: NodeId | null, offence: Offence, detail: string) => {
    const name = `${node ?? '-'} ${offence}`
    const one = seen.get(name) ?? { count: 0, toldAt: Number.NEGATIVE_INFINITY }
    seen.set(name, one)
    one.count += 1
    const now = clock.monotonic()
    if (now - one.toldAt < OFFENCE_MS) return
    one.toldAt = now
    log.warn('somebody did what nobody may on the line', { offence, what: OFFENCES[offence].en, node, detail, count: one.count })
  }
  return {
    ...on,
    offence: (node, offence, detail) => {
      tell(node, offence, detail)
      on.offence(node, offence, detail)
    },
  }
}
