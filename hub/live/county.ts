import type { Delta, Snapshot } from '@lotkeeper/protocol/api/live.ts'
import type { HubQuestions } from '../ledger/contract.ts'
import type { Changes } from './pending.ts'
import type { Ring } from './ring.ts'

/** What the live view says of the county: deltas with their sites summed anew, snapshots, and where both stand. */
export interface County {
  /** Adds what changed to the ring as the next delta. */
  readonly add: (changes: Changes) => Promise<void>
  readonly leap: () => void
  readonly snapshot: () => Promise<Snapshot>
  /** The delta that says: nothing has happened since; null while the number of open discrepancies is not known. */
  readonly nothing: () => Delta | null
}

export const openCounty = (ask: Pick<HubQuestions, 'snapshot' | 'siteSummaries'>, ring: Ring, now: () => number): County => {
  const at = () => new Date(now()).toISOString()
  let openDiscrepancies: number | null = null
  return {
    add: async ({ sites, stock, movements, discrepancies }: Changes): Promise<void> => {
      const summed = await ask.siteSummaries(sites)
      openDiscrepancies = summed.openDiscrepancies
      ring.add({ at: at(), ...summed, stock: [...stock], movements: [...movements], discrepancies: [...discrepancies] })
    },
    leap: (): void => {
      ring.leap()
      openDiscrepancies = null
    },
    snapshot: async (): Promise<Snapshot> => {
      // The cursor first: what is committed while the snapshot is made is told again, and values are absolute.
      const cursor = ring.cursor()
      const shot = { cursor, at: at(), ...(await ask.snapshot()) }
      openDiscrepancies = shot.openDiscrepancies
      return shot
    },
    nothing: (): Delta | null => {
      const cursor = ring.cursor()
      if (openDiscrepancies === null) return null
      return { after: cursor, cursor, at: at(), sites: [], stock: [], movements: [], discrepancies: [], openDiscrepancies }
    },
  }
}
