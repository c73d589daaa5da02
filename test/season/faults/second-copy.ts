import type { World } from '../world.ts'
import { ranFull } from './disks.ts'
import type { Fault } from './fault.ts'

/** The device of the hub's second copy is gone or full when the hub starts, and comes back after a while. A hub that had none is given one first. */
export const SECOND_COPY = {
  'second-copy-failing': {
    rate: 0.008,
    most: 2,
    strike: async (world) => {
      const { hub, draw, later, time } = world
      const copy = hub.copy()
      if (!hub.isUp() || (await hub.ledger().storage()).state === 'full' || failing.has(copy)) return false
      const sinceMs = time.clock.now()
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
      await said(world, sinceMs)
      later(draw() * 30, () => {
        copy.mend()
        failing.delete(copy)
      })
      return true
    },
  },
} as const satisfies Record<string, Fault>

/**
 * Whoever asks is told at once, written down or not. It is written down too, unless the disk ran full at that very start: what still fits a full
 * disk makes it well again by its word, and there may be no room for this line as long as the device fails.
 */
const said = async ({ hub, records }: World, sinceMs: number): Promise<void> => {
  records.allow('second-copy-failing', null)
  if (!hub.isUp()) return
  if ((await hub.ledger().storage()).secondCopy !== 'failing') records.breach('second copy: its device fails, and the hub says it does not')
  if (!(await ranFull(hub, sinceMs))) records.expect('second-copy-failing', null)
}

/** Devices that fail just now. */
const failing = new WeakSet<object>()
