import type { BrokerEvents } from '../broker/broker.ts'
import type { Audit } from './audit.ts'
import { openCalm } from './calm.ts'

/** The same events, with whatever a node may not do on the line put on record: above all, that a key was used which is revoked. */
export const auditOffences = (on: BrokerEvents, audit: Pick<Audit, 'note' | 'mayAct' | 'missed'>, now: () => number): BrokerEvents => {
  const calm = openCalm(now)
  return {
    ...on,
    offence: (node, offence, detail) => {
      on.offence(node, offence, detail)
      const count = calm.due(`${node ?? '-'} ${offence}`)
      if (count === 0) return
      if (audit.mayAct()) return audit.missed()
      const seen = { kind: node === null ? ('nobody' as const) : ('node' as const), sites: node === null ? [] : [node] }
      void audit.note({ who: node, ...seen, act: 'broker-refused', outcome: offence, count, detail: { seen: detail.slice(0, 200) } })
    },
  }
}
