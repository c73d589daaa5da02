/** A light barrier across the door plane. */
export interface Beam {
  readonly broken: (atMs: number) => void
  /** 1: broken between two moments, or nearly; -1: not, though it has been broken before; 0: the door never had one. */
  readonly between: (fromMs: number, toMs: number) => number
}

/** A barrier that was never broken. */
export const openBeam = (): Beam => {
  const times: number[] = []
  let has = false
  return {
    broken: (atMs) => {
      has = true
      times.push(atMs)
      if (times.length > TIMES_MAX) times.splice(0, TIMES_MAX / 2)
    },
    between: (fromMs, toMs) => {
      if (!has) return 0
      return times.some((atMs) => atMs >= fromMs - SLACK_MS && atMs <= toMs + SLACK_MS) ? 1 : -1
    },
  }
}

/** Broken times kept: more than people break it in the longest pause of a tag in the door. */
const TIMES_MAX = 256
/** Clocks of barrier and reader, and the error of the moment a tag was in the plane. */
const SLACK_MS = 700
