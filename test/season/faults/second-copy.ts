import type { Fault } from './fault.ts'

/** The device of the hub's second copy is gone or full when the hub starts, and comes back after a while. A hub that had none is given one first. */
export const SECOND_COPY = {
  'second-copy-failing': {
    rate: 0.008,
    most: 2,
    strike: async ({ hub, draw, records, later }) => {
      const copy = hub.copy()
      if (!hub.isUp() || (await hub.ledger().storage()).state === 'full' || failing.has(copy)) return false
      if (copy.folder() === null) {
        copy.fit()
        await hub.kill()
        await hub.start()
      }
      const how = draw() < 0.5 ? 'gone' : 'full'
      await hub.kill()
      copy.fail(how)
      failing.add(copy)
      await hub.start()
      records.allow('second-copy-failing', null)
      if (hub.isUp() && (await hub.ledger().storage()).state === 'ok') records.expect('second-copy-failing', null)
      later(draw() * 30, () => {
        copy.mend()
        failing.delete(copy)
      })
      return true
    },
  },
} as const satisfies Record<string, Fault>

/** Devices that fail just now. */
const failing = new WeakSet<object>()
