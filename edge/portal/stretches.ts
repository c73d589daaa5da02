import type { Side } from './thresholds.ts'
import { type Cell, type Track, timeOf } from './track.ts'

/** Where a window lies: about this moment, the side left first; `offsetDb` as in the thresholds. */
export interface WindowAt {
  readonly planeMs: number
  readonly left: Side
  readonly epochMs: number
  readonly offsetDb: number
}

/**
 * What was heard about a change of side, by stretches that are the shorter the nearer to it: of each, first of the side left and then of the side
 * entered, doublings of its readings and its level above what is next to nothing, in tens of dB, 0 where nothing was heard; and of all stretches whether
 * its phase turned there, -1 (it stood) .. 1 (it moved), few pairs counting less. `null`: nothing at all.
 */
export const windowOf = (track: Track | null, { planeMs, left, epochMs, offsetDb }: WindowAt): Float64Array => {
  const found = new Float64Array(WINDOW)
  if (track === null) return found
  const sides = [left, left === 'inside' ? 'outside' : 'inside'] as const
  const ownOf = (side: Side): number => (side === 'inside' ? offsetDb : 0)
  const peakDbm = Math.max(...sides.map((side) => loudestOf(track[side]) - ownOf(side)))
  const [still, turned] = [new Float64Array(STRETCHES), new Float64Array(STRETCHES)]
  sides.forEach((side, place) => {
    const reads = new Float64Array(STRETCHES)
    const levels = new Float64Array(STRETCHES)
    const sums = new Float64Array(STRETCHES)
    track[side].forEach((cell, epoch) => {
      if (!cell) return
      const at = stretchAt(timeOf(track, epoch, epochMs) - planeMs)
      if (at < 0) return
      reads[at] = (reads[at] as number) + cell.reads
      levels[at] = (levels[at] as number) + cell.levels
      sums[at] = (sums[at] as number) + cell.sumDbm
      still[at] = (still[at] as number) + cell.still
      turned[at] = (turned[at] as number) + cell.turned
    })
    for (let at = 0; at < STRETCHES; at += 1) {
      const into = 2 * (place * STRETCHES + at)
      found[into] = Math.log2(1 + (reads[at] as number))
      const level = (levels[at] as number) > 0 ? (sums[at] as number) / (levels[at] as number) - ownOf(side) - peakDbm : -FAINT_DB
      found[into + 1] = Math.max(0, FAINT_DB + level) / 10
    }
  })
  for (let at = 0; at < STRETCHES; at += 1) {
    const [stood, moved] = [still[at] as number, turned[at] as number]
    found[4 * STRETCHES + at] = (moved - stood) / (moved + stood + PAIRS)
  }
  return found
}

const loudestOf = (cells: readonly (Cell | undefined)[]): number => {
  let loudest = Number.NEGATIVE_INFINITY
  for (const cell of cells) if (cell && cell.levels > 0) loudest = Math.max(loudest, cell.sumDbm / cell.levels)
  return loudest
}

const stretchAt = (afterMs: number): number => {
  if (afterMs < (EDGES_MS[0] as number) || afterMs >= (EDGES_MS[STRETCHES] as number)) return -1
  let at = 0
  while (afterMs >= (EDGES_MS[at + 1] as number)) at += 1
  return at
}

const EDGES_MS: readonly number[] = [
  -20_000, -6000, -3000, -1800, -1200, -800, -500, -300, -100, 100, 300, 500, 800, 1200, 1800, 3000, 6000, 20_000,
]
const STRETCHES = EDGES_MS.length - 1
/** Figures of a window. */
export const WINDOW = 5 * STRETCHES
/** So much below the loudest is next to nothing. */
const FAINT_DB = 30
/** So many pairs of phases count half. */
const PAIRS = 3
