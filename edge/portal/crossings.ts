import type { Level } from './levels.ts'
import { certaintyOf, type Marks, marksOf, type Surroundings } from './marks.ts'
import { indexOfLeast, loudest, type Stay, without } from './stays.ts'
import type { PortalThresholds } from './thresholds.ts'
import type { Track } from './track.ts'

/** A change of side, and what speaks for it. */
export interface Crossing {
  readonly direction: 'in' | 'out'
  readonly before: Stay
  readonly after: Stay
  readonly marks: Marks
  /** The epoch at which the lead changed hands. */
  readonly planeEpoch: number
  /** 0..1, from what the tag itself let be heard. */
  readonly alone: number
  /** 0..1, with what other tags did at that moment. */
  readonly certainty: number
}

/** The bounds of what is judged; no crossing is held for more certain than `certaintyMax`. */
export type CrossingThresholds = PortalThresholds & { readonly certaintyMax: number }

/**
 * The crossings that stand. A change of side without opposite movement is none: the stay that was heard less well goes. A there-and-back of which
 * one half is in doubt goes as a whole: it changes no stock, and half of it would.
 */
export const crossingsOf = (
  course: Course & { readonly stays: readonly Stay[] },
  thresholds: CrossingThresholds,
  surroundings: Surroundings,
): readonly Crossing[] => {
  const { levels } = course
  let left = course.stays
  for (;;) {
    const crossings = left.slice(1).map((after, at) => crossingOf(course, { before: left[at] ?? after, after }, thresholds, surroundings))
    const gone = doubtfulStay(levels, left, crossings, thresholds)
    if (gone < 0) return crossings
    left = without(left, gone)
  }
}

/** What a tag let be heard, and what was made of it. */
interface Course {
  readonly track: Track
  readonly levels: readonly Level[]
}

const crossingOf = (
  { track, levels }: Course,
  { before, after }: { readonly before: Stay; readonly after: Stay },
  { weights, certaintyMax }: CrossingThresholds,
  surroundings: Surroundings,
): Crossing => {
  const direction = after.side === 'inside' ? 'in' : 'out'
  const planeEpoch = planeEpochOf(levels, before, after)
  const own = marksOf(track, levels, { before, after }, surroundings)
  const marks = { ...own, ...surroundings.companyAt(direction, planeEpoch) }
  const alone = Math.min(certaintyMax, certaintyOf(own, weights))
  const certainty = Math.min(certaintyMax, certaintyOf(marks, weights))
  return { direction, before, after, marks, planeEpoch, alone, certainty }
}

const doubtfulStay = (
  levels: readonly Level[],
  stays: readonly Stay[],
  crossings: readonly Crossing[],
  thresholds: CrossingThresholds,
): number => {
  const still = indexOfLeast(
    crossings,
    ({ marks }) => marks.opposition,
    (crossing) => isNoise(crossing, thresholds),
  )
  if (still >= 0) return fainterOf(levels, stays, still, still + 1)
  const doubtful = indexOfLeast(
    crossings,
    ({ certainty }) => certainty,
    ({ certainty }) => certainty < thresholds.decideCertainty,
  )
  const [one, other = one] = [doubtful, doubtful + 1].filter((at) => at > 0 && at < stays.length - 1)
  return doubtful < 0 || one === undefined || other === undefined ? -1 : fainterOf(levels, stays, one, other)
}

/** No rise alone is no verdict: with antennas turned low a tag is heard only where it is loud, but there it moves both levels far. */
const isNoise = ({ marks, certainty }: Crossing, thresholds: PortalThresholds): boolean =>
  marks.opposition < thresholds.noiseDb ||
  marks.lead < thresholds.marginDb / 2 ||
  certainty < thresholds.askCertainty ||
  (marks.rise < thresholds.riseDb && marks.opposition < thresholds.steadyDb)

const fainterOf = (levels: readonly Level[], stays: readonly Stay[], one: number, other: number): number => {
  const peak = (at: number): number => {
    const stay = stays[at]
    return stay ? (levels[loudest(levels, stay)]?.[stay.side] ?? 0) : 0
  }
  return peak(one) < peak(other) ? one : other
}

const planeEpochOf = (levels: readonly Level[], before: Stay, after: Stay): number => {
  const sign = before.side === 'inside' ? 1 : -1
  let at = after.from
  while (at > before.from && (levels[at]?.lead ?? 0) * sign < 0) at -= 1
  return levels[Math.min(at + 1, after.from)]?.epoch ?? 0
}
