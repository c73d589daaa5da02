import { ADOPTION_MARKS, type OwnStep, type Ride } from './adoption.ts'
import type { Level } from './levels.ts'
import type { Weighing } from './mark-names.ts'
import { type Change, COMPANY_MARKS, certaintyOf, FIGURES_ALONE, figuresAlone, type Marks, marksOf, type Surroundings } from './marks.ts'
import { indexOfLeast, type Stay, without } from './stays.ts'
import { WINDOW, windowOf } from './stretches.ts'
import type { PortalThresholds } from './thresholds.ts'
import { type Track, timeOf } from './track.ts'

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
  /** What the two nets weighed. */
  readonly figures: Readonly<Record<Weighing, Float64Array>>
}

/** The bounds of what is judged, and whether its readings told a level. */
export type CrossingThresholds = PortalThresholds & { readonly hasLevels: boolean }

/** The crossings that stand, and all that were thought of at first. */
export interface Judged {
  readonly crossings: readonly Crossing[]
  readonly first: readonly Crossing[]
  /** Those that would stand if nobody else were there. */
  readonly own: readonly OwnStep[]
  /** 0..1: that all of `crossings` are so, and nothing that was taken out. */
  readonly whole: number
}

/**
 * The crossings that stand. A change of side nobody would be asked about is none: the lesser of its stays goes. A there-and-back of which
 * one half is hardly likely goes as a whole: it changes no stock, and half of it would. Where both are likely they stay, and the doubtful one is asked about.
 */
export const crossingsOf = (
  course: Course & { readonly stays: readonly Stay[] },
  thresholds: CrossingThresholds,
  surroundings: Surroundings,
): Judged => {
  const { stays } = course
  const known = new Map<string, Alone>()
  const aloneAt = (left: readonly Stay[], at: number): Alone => {
    const change = changeOf(left, at)
    const key = [change.before.from, change.after.from, change.after.to, change.around, change.flutters].join()
    const one = known.get(key) ?? aloneOf(course, change, thresholds, surroundings)
    known.set(key, one)
    return one
  }
  const { last: own } = eliminated(stays, thresholds, (left, at) => {
    const one = aloneAt(left, at)
    return { ...one, certainty: one.alone }
  })
  // Where the cart went that it seems to lie on does not hang on what is taken out.
  const ride = stays.length > 1 ? surroundings.rideFor(own.map(stepOf)) : null
  const { first, last, spared } = eliminated(stays, thresholds, (left, at) => togetherOf(aloneAt(left, at), ride, thresholds, surroundings))
  const whole = last.reduce((all, { certainty }) => all * certainty, spared)
  return { crossings: last, first, own: own.map(stepOf), whole }
}

const stepOf = ({ direction, planeMs, alone }: Alone): OwnStep => ({ direction, atMs: planeMs, certainty: alone })

/** Weighs all changes of side, takes out what is doubtful, and weighs what is left, until nothing is. `spared`: that nothing taken out was so. */
const eliminated = <One extends { readonly certainty: number }>(
  stays: readonly Stay[],
  thresholds: CrossingThresholds,
  weigh: (left: readonly Stay[], at: number) => One,
): { readonly first: readonly One[]; readonly last: readonly One[]; readonly spared: number } => {
  let left = stays
  let first: readonly One[] | null = null
  let spared = 1
  for (;;) {
    const last = left.slice(1).map((_after, at) => weigh(left, at))
    first ??= last
    const gone = doubtfulStay(left, last, thresholds)
    if (gone < 0) return { first, last, spared }
    // A stay in between was one only if both its changes of side were.
    spared *= 1 - Math.min(...last.slice(Math.max(0, gone - 1), gone + 1).map(({ certainty }) => certainty))
    left = without(left, gone)
  }
}

/** All changes of side of a track that is nobody's own, each by itself. */
export const aloneOnes = (
  course: Course & { readonly stays: readonly Stay[] },
  thresholds: CrossingThresholds,
  surroundings: OwnSurroundings,
): readonly Alone[] => course.stays.slice(1).map((_after, at) => aloneOf(course, changeOf(course.stays, at), thresholds, surroundings))

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

/** A change of side as the tag itself let it be heard. */
type Alone = Omit<Crossing, 'certainty' | 'figures'> & {
  readonly figures: Float64Array
  readonly planeMs: number
  readonly around: number
}
type OwnSurroundings = Parameters<typeof marksOf>[3]

const aloneOf = (course: Course, change: Change, bounds: CrossingThresholds, surroundings: OwnSurroundings): Alone => {
  const { track, levels } = course
  const { before, after, around } = change
  const { epochMs, offsetDb, hasLevels, weights } = bounds
  const planeEpoch = planeEpochOf(levels, before, after)
  const planeMs = timeOf(track, planeEpoch, epochMs)
  const marks = marksOf(track, levels, change, surroundings)
  const figures = figuresAlone(marks, hasLevels, windowOf(track, { planeMs, left: before.side, epochMs, offsetDb }))
  const alone = certaintyOf(figures, weights.alone, marks.beam)
  return { direction: after.side === 'inside' ? 'in' : 'out', before, after, planeEpoch, planeMs, around, marks, figures, alone }
}

/** The same beside what other tags did, and what the cart let be heard that it seems to lie on. */
const togetherOf = (
  { figures: own, planeMs, around, ...one }: Alone,
  ride: Ride | null,
  { weights, epochMs, offsetDb }: CrossingThresholds,
  surroundings: Surroundings,
): Crossing => {
  const { direction, before, planeEpoch } = one
  const marks = { ...one.marks, ...surroundings.companyAt(direction, planeEpoch, around) }
  const figures = new Float64Array(FIGURES_TOGETHER)
  figures.set(own)
  COMPANY_MARKS.forEach((name, at) => {
    figures[FIGURES_ALONE + at] = marks[name]
  })
  if (ride !== null) {
    const at = FIGURES_ALONE + COMPANY_MARKS.length
    figures.set(windowOf(ride.cart.pooled, { planeMs, left: before.side, epochMs, offsetDb }), at)
    ADOPTION_MARKS.forEach((name, place) => {
      figures[at + WINDOW + place] = ride.marks[name]
    })
  }
  return { ...one, marks, certainty: certaintyOf(figures, weights.together, marks.beam), figures: { alone: own, together: figures } }
}

/** How many figures a crossing is weighed by with what other tags did. */
export const FIGURES_TOGETHER = FIGURES_ALONE + COMPANY_MARKS.length + WINDOW + ADOPTION_MARKS.length

/** The stay to take out next: of the doubtful there-and-backs the one that was heard less, at the least certain crossing. */
const doubtfulStay = (
  stays: readonly Stay[],
  crossings: readonly { readonly certainty: number }[],
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
  // There and back as likely as not is asked about: taken out it would be told as nothing at all.
  const isLikely = (at: number): boolean => Math.min(crossings[at - 1]?.certainty ?? 0, crossings[at]?.certainty ?? 0) >= LIKELY
  const [one, other = one] = [doubtful, doubtful + 1].filter((at) => at > 0 && at < stays.length - 1 && !isLikely(at))
  return doubtful < 0 || one === undefined || other === undefined ? -1 : fainterOf(stays, one, other)
}

/** From here on a way there and back is likely. */
const LIKELY = 0.7

const fainterOf = (stays: readonly Stay[], one: number, other: number): number =>
  (stays[one]?.mass ?? 0) < (stays[other]?.mass ?? 0) ? one : other

/** The epoch at which the lead changed hands. */
export const planeEpochOf = (levels: readonly Level[], before: Stay, after: Stay): number => {
  const sign = before.side === 'inside' ? 1 : -1
  let at = after.from
  while (at > before.from && (levels[at]?.lead ?? 0) * sign < 0) at -= 1
  return levels[Math.min(at + 1, after.from)]?.epoch ?? 0
}
