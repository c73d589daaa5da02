import type { Side } from './thresholds.ts'

/** Readings of one tag by one side within one epoch. `levels` counts those that carry a level. */
export interface Cell {
  reads: number
  levels: number
  sumDbm: number
  peakDbm: number
  /** Pairs of readings between which the phase stood, and between which it turned. */
  still: number
  turned: number
  /** Degrees the phase turned over `steps` pairs so close that the way it turned is known. */
  driftDeg: number
  steps: number
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
  /** The last phase each antenna told. */
  readonly phases: Map<string, { at: number; deg: number }>
}

/** What a track keeps of a sighting. */
export interface Reading {
  readonly antenna: string
  readonly side: Side
  readonly at: number
  readonly rssiDbm: number | null
  readonly phaseDeg?: number | null
}

/** An empty track that begins at a moment. */
export const openTrack = (startMs: number, epochMs: number): Track => ({
  startMs: Math.floor(startMs / epochMs) * epochMs,
  lastMs: startMs,
  seam: Number.POSITIVE_INFINITY,
  cutMs: 0,
  inside: [],
  outside: [],
  phases: new Map(),
})

/** Adds one reading; one from before the track began counts into its first epoch. */
export const addReading = (track: Track, reading: Reading, epochMs: number): void => {
  const epoch = Math.max(0, Math.floor((reading.at - track.startMs - track.cutMs) / epochMs))
  const cells = track[reading.side]
  const cell = cells[epoch] ?? emptyCell()
  while (cells.length < epoch) cells.push(undefined)
  cells[epoch] = cell
  cell.reads += 1
  if (reading.rssiDbm !== null) {
    cell.levels += 1
    cell.sumDbm += reading.rssiDbm
    if (reading.rssiDbm > cell.peakDbm) cell.peakDbm = reading.rssiDbm
  }
  if (reading.phaseDeg != null) addPhase(track, cell, { antenna: reading.antenna, at: reading.at, deg: reading.phaseDeg })
  if (reading.at > track.lastMs) track.lastMs = reading.at
}

/** Readers tell the phase but for half a turn, and each antenna has its own zero: only the turning between two readings of one antenna says something. */
const addPhase = (
  track: Track,
  cell: Cell,
  { antenna, at, deg }: { readonly antenna: string; readonly at: number; readonly deg: number },
): void => {
  const last = track.phases.get(antenna)
  if (last === undefined) {
    track.phases.set(antenna, { at, deg })
    return
  }
  const passedMs = at - last.at
  if (passedMs > 0 && passedMs <= PAIR_MS) {
    const turned = deg - last.deg
    const turnDeg = turned - 180 * Math.round(turned / 180)
    if (Math.abs(turnDeg) <= STILL_DEG) cell.still += 1
    else cell.turned += 1
    if (passedMs <= STEP_MS) {
      cell.driftDeg += turnDeg
      cell.steps += 1
    }
  }
  if (passedMs > 0) {
    last.at = at
    last.deg = deg
  }
}

/** When an epoch began. */
export const timeOf = (track: Track, epoch: number, epochMs: number): number =>
  track.startMs + epoch * epochMs + (epoch >= track.seam ? track.cutMs : 0)

/** Epochs a track spans. */
export const epochsOf = (track: Track): number => Math.max(track.inside.length, track.outside.length)

/** Whether any reading told a level. */
export const hasLevels = (track: Track): boolean =>
  [track.inside, track.outside].some((cells) => cells.some((cell) => cell !== undefined && cell.levels > 0))

/** All its readings. */
export const readsOf = ({ inside, outside }: Track): number => {
  let reads = 0
  for (const cells of [inside, outside]) for (const cell of cells) reads += cell?.reads ?? 0
  return reads
}

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
    while (cells.length < seam + count) cells.push(undefined)
    cells.splice(seam, count)
  }
  track.seam = seam
  track.cutMs += count * epochMs
}

/** Nothing was heard yet. */
export const emptyCell = (): Cell => ({
  reads: 0,
  levels: 0,
  sumDbm: 0,
  peakDbm: Number.NEGATIVE_INFINITY,
  still: 0,
  turned: 0,
  driftDeg: 0,
  steps: 0,
})
/** Longer apart, a tag that moved may have come back to the same phase, and the reader has hopped. */
const PAIR_MS = 500
/** Phase noise of a tag that stands is a few degrees; a step of 1 cm turns it by 22. */
const STILL_DEG = 18
/** At 1.3 m/s a tag turns its phase by a quarter turn, the most whose way is known, in 30 ms. */
const STEP_MS = 45
