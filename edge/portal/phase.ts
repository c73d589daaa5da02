import type { Side } from './thresholds.ts'
import type { Cell, Track } from './track.ts'

/** Epochs, both included. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Whether the phase turned as that of a moving tag does: -1 (it stood) .. 1 (it moved all the time), 0 where too little is known. */
export const motionOf = (track: Track, { from, to }: Span): number => {
  let still = 0
  let turned = 0
  for (const cells of [track.inside, track.outside]) {
    for (let epoch = from; epoch <= to; epoch += 1) {
      const cell = cells[epoch]
      if (!cell) continue
      still += cell.still
      turned += cell.turned
    }
  }
  const pairs = still + turned
  return pairs < PAIRS ? 0 : (turned - still) / pairs
}

/**
 * Whether the tag was nearest to the side it left before it was nearest to the side it entered, by where the phase of each turned round: -1..1, 0 where
 * too little is known. With the phase growing as the tag goes away, the way most readers tell it.
 */
export const radialOf = (track: Track, left: Side, span: Span): number => {
  const inside = nearestOf(track.inside, span)
  const outside = nearestOf(track.outside, span)
  if (!inside || !outside) return 0
  const gap = (inside.epoch - outside.epoch) * (left === 'outside' ? 1 : -1)
  const weight = Math.min(1, Math.min(inside.depthDeg, outside.depthDeg) / DEPTH_DEG)
  return Math.max(-1, Math.min(1, gap / GAP_EPOCHS)) * weight
}

/** Where the way the phase turned, summed up, is least: until then the tag came nearer. `null` unless it came and went. */
const nearestOf = (
  cells: readonly (Cell | undefined)[],
  { from, to }: Span,
): { readonly epoch: number; readonly depthDeg: number } | null => {
  let sum = 0
  let least = 0
  let epochLeast = from
  let highestBefore = 0
  let highest = 0
  for (let epoch = from; epoch <= to; epoch += 1) {
    const cell = cells[epoch]
    if (!cell || cell.steps === 0) continue
    sum += cell.driftDeg / cell.steps
    if (sum > highest) highest = sum
    if (sum <= least) {
      least = sum
      epochLeast = epoch
      highestBefore = highest
    }
  }
  const depthDeg = Math.min(highestBefore - least, sum - least)
  return depthDeg < DEPTH_MIN_DEG ? null : { epoch: epochLeast, depthDeg }
}

/** Fewer pairs of phases than this may be chance. */
const PAIRS = 4
/** Two epochs of walking before and behind the turn; six leave no doubt. */
const DEPTH_MIN_DEG = 50
const DEPTH_DEG = 150
/** Two antennas a step apart are passed this long one after the other. */
const GAP_EPOCHS = 4
