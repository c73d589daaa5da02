import type { Chance } from './chance.ts'

/** Positions sampled every `STEP_MS` from `startMs` on; before and after it stands. Metres; heading as cosine and sine. */
export interface Track {
  readonly startMs: number
  readonly count: number
  readonly x: Float64Array
  readonly y: Float64Array
  readonly cos: Float64Array
  readonly sin: Float64Array
}

/** A point to walk to and how long to stand there. */
export type Leg = readonly [x: number, y: number, waitMs: number]

/** How somebody walks. */
export interface Gait {
  readonly speedMps: number
  /** Until full speed, and from it to a stop. */
  readonly accelMps2: number
  readonly startMs: number
  /** Turns where the path turns, or walks backwards as it came. */
  readonly turns: boolean
}

export const STEP_MS = 20

/** When a track ends. */
export const endOf = ({ startMs, count }: Track): number => startMs + (count - 1) * STEP_MS

/** A walk from point to point; speed swings a little, corners and stops are rounded by what a body can do. */
export const trackOf = (legs: readonly Leg[], gait: Gait, chance: Chance): Track => {
  const xs: number[] = []
  const ys: number[] = []
  const wobble = chance.next() * 6.28
  let [atX, atY] = legs[0] ?? [0, 0, 0]
  for (const [toX, toY, waitMs] of legs) {
    const length = Math.hypot(toX - atX, toY - atY)
    const [fromX, fromY] = [atX, atY]
    for (let gone = 0; gone < length; ) {
      xs.push(fromX + ((toX - fromX) * gone) / length)
      ys.push(fromY + ((toY - fromY) * gone) / length)
      gone += (gait.speedMps * (1 + 0.12 * Math.sin(wobble + xs.length / 37)) * STEP_MS) / 1000
    }
    for (let waited = 0; waited < waitMs; waited += STEP_MS) {
      xs.push(toX)
      ys.push(toY)
    }
    ;[atX, atY] = [toX, toY]
  }
  xs.push(atX)
  ys.push(atY)
  const width = Math.max(5, Math.round((gait.speedMps / gait.accelMps2) * (1000 / STEP_MS)))
  const x = smoothed(xs, width)
  const y = smoothed(ys, width)
  return { startMs: gait.startMs, count: x.length, x, y, ...headingsOf(x, y, gait.turns) }
}

/** Something that stands, facing along x. */
export const standing = (x: number, y: number, heading = 0): Track => ({
  startMs: 0,
  count: 1,
  x: Float64Array.of(x),
  y: Float64Array.of(y),
  cos: Float64Array.of(Math.cos(heading)),
  sin: Float64Array.of(Math.sin(heading)),
})

/** A moving average makes of a constant speed a steady start and stop. */
const smoothed = (values: readonly number[], width: number): Float64Array => {
  const padded = (at: number): number => values[Math.min(values.length - 1, Math.max(0, at))] as number
  const out = new Float64Array(values.length + 2 * width)
  let sum = 0
  for (let at = -width; at < width; at += 1) sum += padded(at - width)
  for (let at = 0; at < out.length; at += 1) {
    out[at] = sum / (2 * width)
    sum += padded(at) - padded(at - 2 * width)
  }
  return out
}

const headingsOf = (x: Float64Array, y: Float64Array, turns: boolean): Pick<Track, 'cos' | 'sin'> => {
  const cos = new Float64Array(x.length)
  const sin = new Float64Array(x.length)
  const ways = Array.from(x, (_, at) => [(x[at + 1] ?? x[at] ?? 0) - (x[at] ?? 0), (y[at + 1] ?? y[at] ?? 0) - (y[at] ?? 0)] as const)
  const [firstX, firstY] = ways.find(([dx, dy]) => Math.hypot(dx, dy) > SLOW_M) ?? [1, 0]
  let heading = Math.atan2(firstY, firstX)
  for (const [at, [dx, dy]] of ways.entries()) {
    if (turns && Math.hypot(dx, dy) > SLOW_M) {
      const turn = Math.atan2(dy, dx) - heading
      heading += Math.atan2(Math.sin(turn), Math.cos(turn)) * TURN_SHARE
    }
    cos[at] = Math.cos(heading)
    sin[at] = Math.sin(heading)
  }
  return { cos, sin }
}

/** Slower than 5 cm/s is standing. */
const SLOW_M = (0.05 * STEP_MS) / 1000
/** Share of a turn taken in one step: half a second for most of it. */
const TURN_SHARE = 0.08
