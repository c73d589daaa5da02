import type { Changed, DeltaRows } from '../projections/questions.ts'
import type { Committed } from './contract.ts'

/** What one commit changed, by key: the rows are made later, or never. */
export interface Change extends Omit<Committed, 'delta'> {
  readonly keys: Changed
}

/** Tells commits to those who follow, making the rows of what changed at most every `ROWS_MS`: rows cost more than the commit itself. */
export interface Telling {
  readonly take: (change: Change) => void
  readonly close: () => void
}

/** Rows are made so often at most; somewhat oftener than the live view flushes. */
export const ROWS_MS = 40

/**
 * A commit after a quiet time is told at once, with its rows. In busy times hub streams that grew are still told at once, and all else with the
 * next rows: several commits then come as one.
 */
export const openTelling = (parts: {
  readonly rows: (keys: Changed) => DeltaRows | null
  readonly now: () => number
  readonly after: (ms: number, run: () => void) => () => void
  readonly tell: (committed: Committed) => void
}): Telling => {
  let gathered: Change | null = null
  let lastMs = Number.NEGATIVE_INFINITY
  let cancel: (() => void) | null = null
  const flush = () => {
    cancel = null
    if (!gathered) return
    const { keys, ...told } = gathered
    gathered = null
    lastMs = parts.now()
    parts.tell({ ...told, delta: parts.rows(keys) })
  }
  return {
    take: (change) => {
      const waitMs = lastMs + ROWS_MS - parts.now()
      if (waitMs > 0 && change.grown.length > 0) parts.tell({ sites: [], entries: 0, delta: NO_ROWS, grown: change.grown })
      gathered = gathered ? joined(gathered, change) : change
      if (waitMs <= 0) flush()
      else {
        gathered = { ...gathered, grown: [] }
        cancel ??= parts.after(waitMs, flush)
      }
    },
    close: () => {
      cancel?.()
      cancel = null
      gathered = null
    },
  }
}

const NO_ROWS: DeltaRows = { stock: [], movements: [], discrepancies: [] }

const joined = (one: Change, other: Change): Change => ({
  sites: [...new Set([...one.sites, ...other.sites])],
  entries: one.entries + other.entries,
  grown: other.grown,
  keys: {
    movements: tooMany(one.keys) ? one.keys.movements : [...one.keys.movements, ...other.keys.movements],
    positions: tooMany(one.keys) ? one.keys.positions : unique([...one.keys.positions, ...other.keys.positions]),
    discrepancies: [...new Set([...one.keys.discrepancies, ...other.keys.discrepancies])],
  },
})

/** More than anybody makes rows of: no use in gathering further keys. */
const tooMany = ({ movements, positions }: Changed): boolean => movements.length + positions.length > KEYS_MAX
const KEYS_MAX = 1_000

const unique = (positions: Changed['positions']): Changed['positions'] => [
  ...new Map(positions.map((position) => [`${position.lot}\n${position.place}`, position])).values(),
]
