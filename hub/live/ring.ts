import type { Cursor, Delta } from '@lotkeeper/protocol/api/live.ts'

/** What a delta says, without its place. */
export type Told = Omit<Delta, 'after' | 'cursor'>

/** The last deltas, numbered without holes within one hub epoch. Bounded: who has missed more takes a snapshot. */
export interface Ring {
  readonly cursor: () => Cursor
  readonly add: (told: Told) => Delta
  /** Something happened that is not told row by row: everybody needs a snapshot. */
  readonly leap: () => void
  /** Every delta after `seq`, oldest first; `null` when some of them are gone or `seq` was never reached. */
  readonly after: (seq: number) => readonly Delta[] | null
}

/** Deltas kept: at full pace (20 a second) about a minute, so that a reload or a lost link resumes without a snapshot. */
export const RING_DELTAS_MAX = 1_200
/** Rows kept in all of them, about 1 KB each. */
export const RING_ROWS_MAX = 8_000

export const openRing = (epoch: string): Ring => {
  let kept: Delta[] = []
  let rows = 0
  let seq = 0
  const drop = () => {
    const oldest = kept.shift()
    if (oldest) rows -= rowsIn(oldest)
  }
  return {
    cursor: () => ({ epoch, seq }),
    add: (told) => {
      const delta = { ...told, after: { epoch, seq }, cursor: { epoch, seq: seq + 1 } }
      seq += 1
      kept.push(delta)
      rows += rowsIn(delta)
      while (kept.length > RING_DELTAS_MAX || (rows > RING_ROWS_MAX && kept.length > 0)) drop()
      return delta
    },
    leap: () => {
      kept = []
      rows = 0
      seq += 1
    },
    after: (from) => (from > seq || from < seq - kept.length ? null : kept.slice(kept.length - (seq - from))),
  }
}

/** Rows a delta carries. */
export const rowsIn = ({ sites, stock, movements, discrepancies }: Told): number =>
  sites.length + stock.length + movements.length + discrepancies.length
