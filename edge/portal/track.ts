import type { PortalThresholds, Side } from './thresholds.ts'

/** Readings of one tag by one side within one epoch. `levels` counts those that carry a level. */
export interface Cell {
  readonly reads: number
  readonly levels: number
  readonly sumDbm: number
  readonly peakDbm: number
}

/** What one tag let be heard, epoch by epoch. */
export interface Track {
  startMs: number
  lastMs: number
  /** A long pause in the doorway is cut out of the middle: epochs from `seam` on lie `cutMs` later. */
  seam: number
  cutMs: number
  readonly inside: (Cell | undefined)[]
  readonly outside: (Cell | undefined)[]
}

/** The smoothed levels of both sides at one epoch; `lead` is how much the inside one is stronger. */
export interface Level {
  readonly epoch: number
  readonly inside: number
  readonly outside: number
  readonly lead: number
}

/** An empty track that begins at a moment. */
export const openTrack = (startMs: number, epochMs: number): Track => ({
  startMs: Math.floor(startMs / epochMs) * epochMs,
  lastMs: startMs,
  seam: Number.POSITIVE_INFINITY,
  cutMs: 0,
  inside: [],
  outside: [],
})

/** Adds one reading; one from before the track began counts into its first epoch. */
export const addReading = (
  track: Track,
  reading: { readonly side: Side; readonly at: number; readonly rssiDbm: number | null },
  epochMs: number,
): void => {
  const epoch = Math.max(0, Math.floor((reading.at - track.startMs - track.cutMs) / epochMs))
  const cell = track[reading.side][epoch] ?? EMPTY
  const level = reading.rssiDbm
  track[reading.side][epoch] = {
    reads: cell.reads + 1,
    levels: cell.levels + (level === null ? 0 : 1),
    sumDbm: cell.sumDbm + (level ?? 0),
    peakDbm: Math.max(cell.peakDbm, level ?? SILENT),
  }
  track.lastMs = Math.max(track.lastMs, reading.at)
}

/** When an epoch began. */
export const timeOf = (track: Track, epoch: number, epochMs: number): number =>
  track.startMs + epoch * epochMs + (epoch >= track.seam ? track.cutMs : 0)

/** Epochs a track spans. */
export const epochsOf = (track: Track): number => Math.max(track.inside.length, track.outside.length)

/** Whether any reading told a level. */
export const hasLevels = (track: Track): boolean =>
  [track.inside, track.outside].some((cells) => cells.some((cell) => cell !== undefined && cell.levels > 0))

/** Forgets the epochs before one. */
export const forgetBefore = (track: Track, epoch: number, epochMs: number): void => {
  track.startMs = timeOf(track, epoch, epochMs)
  track.inside.splice(0, epoch)
  track.outside.splice(0, epoch)
  if (track.seam <= epoch) track.cutMs = 0
  track.seam = track.cutMs === 0 ? Number.POSITIVE_INFINITY : track.seam - epoch
}

/** Cuts epochs out of the middle, behind an earlier cut if there is one; where a tag came from and what it does now both stay. */
export const cutMiddle = (track: Track, { from, count }: { readonly from: number; readonly count: number }, epochMs: number): void => {
  const seam = Math.min(track.seam, from)
  for (const cells of [track.inside, track.outside]) {
    cells.length = Math.max(cells.length, seam + count)
    cells.splice(seam, count)
  }
  track.seam = seam
  track.cutMs += count * epochMs
}

/** Levels at every epoch in which the smoothing reaches a reading; pauses leave holes, not guesses. */
export const levelsOf = (track: Track, { epochMs, smoothingMs, offsetDb }: PortalThresholds): readonly Level[] => {
  const reach = Math.round(smoothingMs / epochMs)
  const silent = weakestOf(track) - SILENCE_DB
  const levels: Level[] = []
  for (let epoch = 0; epoch < epochsOf(track); epoch += 1) {
    const heardInside = smoothed(track.inside, epoch, reach)
    const heardOutside = smoothed(track.outside, epoch, reach)
    if (heardInside === null && heardOutside === null) continue
    const inside = heardInside ?? silent
    const outside = heardOutside ?? silent
    levels.push({ epoch, inside, outside, lead: inside - outside - offsetDb })
  }
  return levels
}

const smoothed = (cells: readonly (Cell | undefined)[], epoch: number, reach: number): number | null => {
  let weight = 0
  let sum = 0
  let reads = 0
  for (let at = Math.max(0, epoch - reach); at <= epoch + reach; at += 1) {
    const cell = cells[at]
    if (!cell) continue
    const share = 1 - Math.abs(at - epoch) / (reach + 1)
    reads += share * cell.reads
    weight += share * cell.levels
    sum += share * cell.sumDbm
  }
  if (weight > 0) return sum / weight
  // A reader that tells no level still tells how often it read: twice as often counts as 6 dB.
  return reads > 0 ? WITHOUT_LEVEL_DBM + 6 * Math.log2(reads) : null
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
const EMPTY: Cell = { reads: 0, levels: 0, sumDbm: 0, peakDbm: SILENT }
const WITHOUT_LEVEL_DBM = -60
const SILENCE_DB = 2
