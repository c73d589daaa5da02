import type { PortalThresholds } from './thresholds.ts'
import { type Cell, epochsOf, type Track } from './track.ts'

/** The smoothed levels of both sides at one epoch; `lead` is how much the inside one is stronger. */
export interface Level {
  readonly epoch: number
  readonly inside: number
  readonly outside: number
  readonly lead: number
  /** 0..1: what this epoch counts, by how loud the tag was against its loudest. */
  readonly share: number
}

/** Levels at every epoch in which the smoothing reaches a reading; pauses leave holes, not guesses. */
export const levelsOf = (track: Track, { epochMs, smoothingMs, offsetDb }: PortalThresholds): readonly Level[] => {
  const reach = Math.round(smoothingMs / epochMs)
  const epochs = epochsOf(track)
  const silent = weakestOf(track) - SILENCE_DB
  const heardInside = smoothed(track.inside, epochs, reach)
  const heardOutside = smoothed(track.outside, epochs, reach)
  let peak = SILENT
  for (let epoch = 0; epoch < epochs; epoch += 1) peak = Math.max(peak, heardInside[epoch] ?? SILENT, heardOutside[epoch] ?? SILENT)
  const levels: Level[] = []
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const inside = heardInside[epoch] ?? SILENT
    const outside = heardOutside[epoch] ?? SILENT
    if (inside === SILENT && outside === SILENT) continue
    const [loudInside, loudOutside] = [inside === SILENT ? silent : inside, outside === SILENT ? silent : outside]
    const share = Math.max(FAINT_SHARE, 1 - (peak - Math.max(inside, outside)) / FAINT_DB)
    levels.push({ epoch, inside: loudInside, outside: loudOutside, lead: loudInside - loudOutside - offsetDb, share })
  }
  return levels
}

/** Triangular means of what a side heard, an epoch a place. */
const smoothed = (cells: readonly (Cell | undefined)[], epochs: number, reach: number): Float64Array => {
  const weights = new Float64Array(epochs)
  const sums = new Float64Array(epochs)
  const reads = new Float64Array(epochs)
  for (let at = 0; at < cells.length; at += 1) {
    const cell = cells[at]
    if (!cell) continue
    const last = Math.min(epochs - 1, at + reach)
    for (let epoch = Math.max(0, at - reach); epoch <= last; epoch += 1) {
      const share = 1 - Math.abs(at - epoch) / (reach + 1)
      reads[epoch] = (reads[epoch] ?? 0) + share * cell.reads
      weights[epoch] = (weights[epoch] ?? 0) + share * cell.levels
      sums[epoch] = (sums[epoch] ?? 0) + share * cell.sumDbm
    }
  }
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const weight = weights[epoch] ?? 0
    const read = reads[epoch] ?? 0
    // A reader that tells no level still tells how often it read: twice as often counts as 6 dB.
    sums[epoch] = weight > 0 ? (sums[epoch] ?? 0) / weight : read > 0 ? WITHOUT_LEVEL_DBM + 6 * Math.log2(read) : SILENT
  }
  return sums
}

/** A side that hears nothing hears less than the weakest reading of this tag. */
const weakestOf = (track: Track): number => {
  let weakest = Number.POSITIVE_INFINITY
  for (const cells of [track.inside, track.outside]) {
    for (const cell of cells) if (cell && cell.levels > 0) weakest = Math.min(weakest, cell.sumDbm / cell.levels)
  }
  return Number.isFinite(weakest) ? weakest : WITHOUT_LEVEL_DBM - 6
}

const SILENT = Number.NEGATIVE_INFINITY
const WITHOUT_LEVEL_DBM = -60
const SILENCE_DB = 2
/** A moment this much fainter than the loudest says next to nothing of the side, but something. */
const FAINT_DB = 30
const FAINT_SHARE = 0.1
