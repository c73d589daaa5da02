import type { Level } from './levels.ts'
import { type Change, certaintyOf, type Marks, marksOf, type Surroundings } from './marks.ts'
import { indexOfLeast, type Stay, without } from './stays.ts'
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

/** The bounds of what is judged, and whether its readings told a level. */
export type CrossingThresholds = PortalThresholds & { readonly hasLevels: boolean }

/** The crossings that stand, and all that were thought of at first. */
export interface Judged {
  readonly crossings: readonly Crossing[]
  readonly first: readonly Crossing[]
}

/**
 * The crossings that stand. A change of side nobody would be asked about is none: the lesser of its stays goes. A there-and-back of which
 * one half is in doubt goes as a whole: it changes no stock, and half of it would.
 */
export const crossingsOf = (
  course: Course & { readonly stays: readonly Stay[] },
  thresholds: CrossingThresholds,
  surroundings: Surroundings,
): Judged => {
  let left = course.stays
  let first: readonly Crossing[] | null = null
  for (;;) {
    const crossings = left.slice(1).map((_after, at) => crossingOf(course, changeOf(left, at), thresholds, surroundings))
    const gone = doubtfulStay(left, crossings, thresholds)
    first ??= crossings
    if (gone < 0) return { crossings, first }
    left = without(left, gone)
  }
}

const changeOf = (stays: readonly Stay[], at: number): Change => {
  const [before, after] = [stays[at] as Stay, stays[at + 1] as Stay]
  const flutters = stays.filter((stay) => stay !== before && stay !== after && stay.mass < FLUTTER_EPOCHS).length
  return { before, after, around: stays.length - 2, flutters }
}
/** Who was there led for longer. */
const FLUTTER_EPOCHS = 5

/** What a tag let be heard, and what was made of it. */
interface Course {
  readonly track: Track
  readonly levels: readonly Level[]
}

const crossingOf = (
  { track, levels }: Course,
  change: Change,
  { weights, hasLevels }: CrossingThresholds,
  surroundings: Surroundings,
): Crossing => {
  const { before, after } = change
  const direction = after.side === 'inside' ? 'in' : 'out'
  const planeEpoch = planeEpochOf(levels, before, after)
  const own = marksOf(track, levels, change, surroundings)
  const marks = { ...own, ...surroundings.companyAt(direction, planeEpoch, change.around) }
  const alone = certaintyOf(own, weights[hasLevels ? 'alone' : 'alone, no level'])
  const certainty = certaintyOf(marks, weights[hasLevels ? 'together' : 'together, no level'])
  return { direction, before, after, marks, planeEpoch, alone, certainty }
}

/** The stay to take out next: of the doubtful there-and-backs the one that was heard less, at the least certain crossing. */
const doubtfulStay = (
  stays: readonly Stay[],
  crossings: readonly Crossing[],
  { askCertainty, decideCertainty }: CrossingThresholds,
): number => {
  const none = indexOfLeast(
    crossings,
    ({ certainty }) => certainty,
    ({ certainty }) => certainty < askCertainty,
  )
  if (none >= 0) return fainterOf(stays, none, none + 1)
  const doubtful = indexOfLeast(
    crossings,
    ({ certainty }) => certainty,
    ({ certainty }) => certainty < decideCertainty,
  )
  const [one, other = one] = [doubtful, doubtful + 1].filter((at) => at > 0 && at < stays.length - 1)
  return doubtful < 0 || one === undefined || other === undefined ? -1 : fainterOf(stays, one, other)
}

const fainterOf = (stays: readonly Stay[], one: number, other: number): number =>
  (stays[one]?.mass ?? 0) < (stays[other]?.mass ?? 0) ? one : other

/** The epoch at which the lead changed hands. */
export const planeEpochOf = (levels: readonly Level[], before: Stay, after: Stay): number => {
  const sign = before.side === 'inside' ? 1 : -1
  let at = after.from
  while (at > before.from && (levels[at]?.lead ?? 0) * sign < 0) at -= 1
  return levels[Math.min(at + 1, after.from)]?.epoch ?? 0
}
