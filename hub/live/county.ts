import type { Cursor, Delta, Snapshot } from '@lotkeeper/protocol/api/live.ts'
import type { SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { HubQuestions, OpenBySite, Sight } from '../ledger/contract.ts'
import type { Changes } from './pending.ts'
import type { Ring } from './ring.ts'

/** What the live view says of the county: deltas with their sites summed anew, snapshots, and where both stand. */
export interface County {
  /** Adds what changed to the ring as the next delta. */
  readonly add: (changes: Changes) => Promise<void>
  readonly leap: () => void
  readonly snapshot: (sight: Sight) => Promise<Snapshot>
  /** Whether a snapshot is followed by deltas: one of before a leap would leave its taker behind again at once. */
  readonly isGood: (shot: Snapshot) => boolean
  /** Open discrepancies of these sites; null while they are not known. */
  readonly open: (within: SiteScope | null) => number | null
  /** The delta that says: nothing has happened since; null while the number of open discrepancies is not known. */
  readonly nothing: (within: SiteScope | null, told: Cursor) => Delta | null
}

export const openCounty = (ask: Pick<HubQuestions, 'snapshot' | 'siteSummaries'>, ring: Ring, now: () => number): County => {
  const at = () => new Date(now()).toISOString()
  let known: OpenBySite | null = null
  const open: County['open'] = (within) => {
    if (within === null) return 0
    if (known === null || within === 'all') return known?.all ?? null
    return within.reduce((sum, site) => sum + (known?.bySite.get(site) ?? 0), 0)
  }
  return {
    open,
    isGood: (shot) => ring.after(shot.cursor.seq) !== null,
    add: async ({ sites, stock, movements, discrepancies }: Changes): Promise<void> => {
      const { open: counted, sites: summed } = await ask.siteSummaries(sites)
      known = counted
      const rows = { sites: summed, stock: [...stock], movements: [...movements], discrepancies: [...discrepancies] }
      ring.add({ at: at(), ...rows, openDiscrepancies: counted.all })
    },
    leap: (): void => {
      ring.leap()
      known = null
    },
    snapshot: async (sight): Promise<Snapshot> => {
      // The cursor first: what is committed while the snapshot is made is told again, and values are absolute.
      const cursor = ring.cursor()
      const shot = { cursor, at: at(), ...(await ask.snapshot(sight)) }
      known = (await ask.siteSummaries([])).open
      return shot
    },
    nothing: (within, told): Delta | null => {
      const openDiscrepancies = open(within)
      if (openDiscrepancies === null) return null
      return { after: told, cursor: ring.cursor(), at: at(), sites: [], stock: [], movements: [], discrepancies: [], openDiscrepancies }
    },
  }
}
