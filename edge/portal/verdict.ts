import { ADOPTION_MARKS, type Judge, type OwnStep, type Ride, rideOf } from './adoption.ts'
import type { CameBack, Cart, Step, Stretch } from './carts.ts'
import type { Company, Fellow, Presence } from './company.ts'
import { aloneOnes, type Crossing, crossingsOf } from './crossings.ts'
import { type Evidence, sideEvidence } from './evidence.ts'
import { type Level, levelsOf } from './levels.ts'
import { certaintyOf } from './marks.ts'
import { motionOf } from './phase.ts'
import { type Stay, staysOf, without } from './stays.ts'
import { WINDOW, windowOf } from './stretches.ts'
import type { PortalThresholds, Side } from './thresholds.ts'
import { epochsOf, hasLevels, readsOf, type Track, timeOf } from './track.ts'

/** One tag crossed one door one way, or may have. Times in ms on the clock of the sightings. */
export interface Passage {
  readonly door: string
  readonly epc: string
  readonly direction: 'in' | 'out' | 'uncertain'
  /** When it was in the door plane. */
  readonly at: number
  readonly from: number
  readonly to: number
  /** 0..1, three decimals: of one that is told, that it is so; of one that is asked about, that it is so and all there was. */
  readonly certainty: number
  readonly evidence: Evidence
  readonly algorithm: typeof ALGORITHM
}

/** Version of the decision; part of every passage, so that a replay knows what it compares with. */
export const ALGORITHM = 'portal/7'

/** What became of a tag's time at the door without a passage. */
export type Stillness = 'static' | 'returned' | 'passed-by' | 'one-sided'

/** What a track amounts to. */
export interface Verdict {
  readonly crossings: readonly Crossing[]
  /** 0..1: that these are all, and all are so. */
  readonly whole: number
  /** What was thought of at first. */
  readonly first: readonly Crossing[]
  /** What would stand if nobody else were there. */
  readonly own: readonly OwnStep[]
  readonly levels: readonly Level[]
  readonly stays: readonly Stay[]
  /** What other tags are told of it; `null`: it is no company. */
  readonly fellow: Fellow | null
}

/** The other tags, as one of them sees them. */
export type TagsCompany = Readonly<{
  [Name in 'beside' | 'isHeardAfter']: Company[Name] extends (epc: string, ...rest: infer Rest) => infer Answer
    ? (...rest: Rest) => Answer
    : never
}>

/** What is known of a tag beside its track. */
export interface Known {
  /** It has long been in range: a passer-by moves its levels too, so a crossing needs more opposition. */
  readonly resident: boolean
  /** Where its last passage left it; what leads before it is heard there is far-off noise. */
  readonly cameFrom: Side | null
  /** Whether the door's light barrier was broken between two moments: 1, or -1 if it has one and was not; 0 without one. */
  readonly beamBetween: (fromMs: number, toMs: number) => number
  /** When it came into range. */
  readonly cameMs: number
  readonly company: TagsCompany
  readonly floorDbm: number
  /** What was heard of it before this track. */
  readonly past: readonly Track[]
  /** What was told of it before this track; `null`: something that was in doubt. */
  readonly told: readonly Step[] | null
  readonly carts: () => readonly Cart[]
}

/** Judges a track as far as it goes.  */
export const verdictOf = (track: Track, thresholds: PortalThresholds, known: Known): Verdict => {
  const { resident, cameFrom } = known
  const { epochMs } = thresholds
  const levels = levelsOf(track, thresholds)
  const heard = staysOf(levels, thresholds)
  const stays = cameFrom !== null && heard.length > 1 && heard[0]?.side !== cameFrom ? without(heard, 0) : heard
  const bounds = { ...thresholds, hasLevels: hasLevels(track) }
  const presence = presenceOf(track, known)
  const { crossings, whole, first, own } = crossingsOf({ track, levels, stays }, bounds, {
    resident,
    floorDbm: known.floorDbm,
    beamAt: (from, to) => known.beamBetween(timeOf(track, from, epochMs), timeOf(track, to, epochMs) + epochMs),
    companyAt: (direction, epoch, around) => known.company.beside(presence, { direction, atMs: timeOf(track, epoch, epochMs), around }),
    rideFor: (own) => rideFor(track, own, known, thresholds),
  })
  const members = first.map(({ alone, direction, planeEpoch }) => ({ direction, atMs: timeOf(track, planeEpoch, epochMs), alone }))
  // One that was heard weakly moves its level little, and may have crossed clearly all the same.
  const stands = isStanding(track, levels) && !own.some(({ certainty }) => certainty >= thresholds.decideCertainty)
  const fellow = resident || stands ? null : { ...presence, reads: readsOf(track), members }
  return { crossings, whole, first, own, levels, stays, fellow }
}

const presenceOf = (track: Track, { cameMs }: Pick<Known, 'cameMs'>): Presence => ({ fromMs: cameMs, toMs: track.lastMs })

/** Whether a tag stayed in range long and steadily enough to be furniture. */
export const isResident = (track: Track, sinceMs: number, { residentMs, residentShare }: PortalThresholds): boolean => {
  if (track.lastMs - sinceMs < residentMs) return false
  const epochs = epochsOf(track)
  let heard = 0
  for (let epoch = 0; epoch < epochs; epoch += 1) if (track.inside[epoch] || track.outside[epoch]) heard += 1
  return heard >= epochs * residentShare
}

/** Whether a tag was heard long enough without its phase turning or its level moving: it lies on a shelf and goes with nobody. */
export const isStanding = (track: Track, levels: readonly Level[]): boolean => {
  if (motionOf(track, { from: 0, to: epochsOf(track) - 1 }) < STANDS) return true
  const loud = levels.map(({ inside, outside }) => Math.max(inside, outside)).toSorted((one, other) => one - other)
  const [low = 0, high = 0] = [loud[Math.floor(loud.length * 0.1)], loud[Math.floor(loud.length * 0.9)]]
  return readsOf(track) >= STANDING_READS && high - low < STANDING_DB
}

/** Whose passage it would be. */
export interface Who {
  readonly door: string
  readonly epc: string
}

/** The passages a verdict stands for. */
export const passagesOf = (
  who: Who,
  track: Track,
  { crossings, whole, levels }: Verdict,
  thresholds: PortalThresholds,
): readonly Passage[] => {
  if (crossings.length === 0) return []
  const { decideCertainty } = thresholds
  const each = decideCertainty ** (1 / crossings.length)
  const sure = crossings.map(({ certainty }) => whole >= decideCertainty || certainty >= each)
  // What was taken out may have followed the last one.
  if (whole < decideCertainty && !sure.includes(false)) sure[sure.length - 1] = false
  return crossings.map((crossing, index) => {
    const { before, after, direction, certainty, marks } = crossing
    const span = { from: levels[before.from]?.epoch ?? 0, to: levels[after.to]?.epoch ?? 0 }
    const time = (epoch: number): number => timeOf(track, epoch, thresholds.epochMs)
    return {
      ...who,
      direction: sure[index] ? direction : 'uncertain',
      at: time(crossing.planeEpoch),
      from: time(span.from),
      to: Math.min(time(span.to) + thresholds.epochMs, track.lastMs),
      certainty: round(sure[index] ? certainty : Math.min(certainty, whole), 1000),
      evidence: {
        ...bothSides(track, span, thresholds),
        opposition: round(marks.opposition, 10),
        lead: round(marks.lead, 10),
        imbalance: round(marks.imbalance, 10),
        motion: round(marks.motion, 10),
        radial: round(marks.radial, 10),
        beam: marks.beam,
        agree: round(marks.agree - marks.contradict - marks.apart, 10),
      },
      algorithm: ALGORITHM,
    }
  })
}

/** The changes of side a track was judged to hold. */
export const ownStepsOf = (
  track: Track,
  crossings: readonly Crossing[],
  { epochMs }: Pick<PortalThresholds, 'epochMs'>,
): readonly OwnStep[] =>
  crossings.map(({ direction, planeEpoch, certainty }) => ({ direction, atMs: timeOf(track, planeEpoch, epochMs), certainty }))

/** What a verdict tells the carts: what the tag itself let be heard, so that nobody hears his own echo. That nothing was made of a few readings says nothing. */
export const stretchOf = (track: Track, { own, first }: Pick<Verdict, 'own' | 'first'>, passages: readonly Passage[]): Stretch => {
  const isNone = own.length === 0 && readsOf(track) >= NONE_READS && first.every(({ alone }) => alone < NONE_ALONE)
  const certainty = own.length > 0 ? Math.min(...own.map((one) => one.certainty)) : isNone ? 1 : 0.1
  const told = passages.flatMap(({ direction, at }) => (direction === 'uncertain' ? [] : [{ direction, atMs: at }]))
  return { track, certainty, steps: own, told: told.length === passages.length ? told : null }
}

/** The way of the cart a tag seems to lie on: what is left of it to tell, and how sure that is, 0..1. */
export interface Adoption {
  readonly rest: readonly Step[]
  readonly certainty: number
  /** Its own changes of side are those of the cart. */
  readonly isOwn: boolean
  /** The cart did not cross. */
  readonly isNone: boolean
  readonly ride: Ride
  /** What was weighed. */
  readonly figures: Float64Array
}

/** Judges a track that is nobody's own. */
export const judgeOf = (thresholds: PortalThresholds, floorDbm: number): Judge => ({
  epochMs: thresholds.epochMs,
  judge: (track) => {
    const known = JUDGED.get(track)
    if (known) return known
    const levels = levelsOf(track, thresholds)
    const surroundings = { resident: false, floorDbm, beamAt: () => 0 }
    const course = { track, levels, stays: staysOf(levels, thresholds) }
    const judged = aloneOnes(course, { ...thresholds, hasLevels: hasLevels(track) }, surroundings).map(({ direction, planeMs, alone }) => {
      return { direction, atMs: planeMs, certainty: alone }
    })
    JUDGED.set(track, judged)
    return judged
  },
})
const JUDGED = new WeakMap<Track, readonly OwnStep[]>()

/** The cart a tag seems to lie on. */
const rideFor = (track: Track, own: readonly OwnStep[], known: Known, thresholds: PortalThresholds): Ride | null => {
  const { told, past, resident, carts } = known
  if (resident || readsOf(track) < ADOPT_READS) return null
  const steps = [...(told ?? []).map((step) => ({ ...step, certainty: 1 })), ...own]
  // What was told stands: a cart that went another way is none it lies on, unless there is no other.
  const begun = carts().filter((cart) => beginsWith(cart, told ?? []))
  return rideOf([...past, track], begun.length > 0 ? begun : carts(), steps, judgeOf(thresholds, known.floorDbm))
}

const beginsWith = ({ steps }: Cart, told: readonly Step[]): boolean =>
  told.every(({ direction }, at) => direction === steps[at]?.direction)

/** The way of the tags around it; `null` if they went none, or another than what was told of this one. */
export const adoptionFor = (track: Track, { crossings }: Verdict, known: Known, thresholds: PortalThresholds): Adoption | null => {
  const { told } = known
  if (told === null) return null
  const own = ownStepsOf(track, crossings, thresholds)
  const ride = rideFor(track, own, known, thresholds)
  if (ride === null) return null
  const { steps } = ride.cart
  if (!beginsWith(ride.cart, told)) return null
  const next = steps[told.length]
  // It is there already.
  if (next && known.cameFrom === (next.direction === 'in' ? 'inside' : 'outside')) return null
  const isOwn = [...told, ...own].map(({ direction }) => direction).join() === steps.map(({ direction }) => direction).join()
  const figures = adoptionFigures(track, ride, next ?? null, thresholds)
  const certainty = certaintyOf(figures, thresholds.adoption, 0)
  return { rest: steps.slice(told.length), certainty, isOwn, isNone: steps.length === 0, ride, figures }
}

/** What the net weighs of a tag on a cart: the marks, and what both let be heard about the cart's next change of side, or about the middle of its time. */
const adoptionFigures = (track: Track, { cart, marks }: Ride, next: Step | null, { epochMs, offsetDb }: PortalThresholds): Float64Array => {
  const figures = new Float64Array(FIGURES_ADOPTION)
  ADOPTION_MARKS.forEach((name, at) => {
    figures[at] = marks[name]
  })
  figures[ADOPTION_MARKS.length] = hasLevels(track) ? 1 : 0
  const planeMs = next?.atMs ?? (cart.pooled.startMs + cart.pooled.lastMs) / 2
  const at = { planeMs, left: next?.direction === 'out' ? 'inside' : 'outside', epochMs, offsetDb } as const
  figures.set(windowOf(track, at), ADOPTION_MARKS.length + 1)
  figures.set(windowOf(cart.pooled, at), ADOPTION_MARKS.length + 1 + WINDOW)
  return figures
}

/** How many figures a tag on a cart is weighed by. */
export const FIGURES_ADOPTION = ADOPTION_MARKS.length + 1 + 2 * WINDOW

/** The passages of a tag that went with the tags around it; none if that is not likely enough to ask. */
export const adoptedPassages = (
  who: Who,
  track: Track,
  { rest, certainty }: Adoption,
  thresholds: PortalThresholds,
): readonly Passage[] => {
  const isSure = certainty >= thresholds.decideCertainty
  if (rest.length === 0) return []
  if (!isSure && certainty < Math.max(thresholds.askCertainty, ADOPT_ASK)) return []
  return (isSure ? rest : rest.slice(0, 1)).map(({ direction, atMs }) => ({
    ...who,
    direction: isSure ? direction : 'uncertain',
    at: Math.round(atMs),
    from: Math.min(track.startMs, Math.round(atMs)),
    to: Math.max(track.lastMs, Math.round(atMs)),
    certainty: round(certainty, 1000),
    evidence: {
      ...bothSides(track, { from: 0, to: epochsOf(track) - 1 }, thresholds),
      ...{ opposition: null, lead: null, imbalance: null, motion: 0, radial: 0, beam: 0, agree: 1 },
    },
    algorithm: ALGORITHM,
  }))
}

/** A passage of its own that is so only if its tag does not lie on this cart. */
export const againstCart = (own: Passage, { certainty }: Pick<Adoption, 'certainty'>): Passage => {
  return { ...own, direction: 'uncertain', certainty: round(own.certainty * (1 - certainty), 1000) }
}

/**
 * A tag whose last passage left it on the one side and that was heard on the other alone, or came into range again and was heard there last: it went
 * back unseen, and is asked about.
 */
export const returnedPassage = (
  who: Who,
  track: Track,
  { crossings, stays }: Verdict,
  known: Known,
  thresholds: PortalThresholds,
): Passage | null => {
  const [only, more] = stays
  if (known.cameFrom === null || crossings.length > 0 || known.resident) return null
  const isElsewhere = only !== undefined && !more && only.side !== known.cameFrom && only.mass >= RETURN_EPOCHS
  return isElsewhere || isGoingBack(track, known.cameFrom, known.told ?? []) ? unclearPassage(who, track, track.startMs, thresholds) : null
}

/** Whether a tag that was away since its last passage came, moved, and was heard last by the side it had left. */
const isGoingBack = (track: Track, side: Side, told: readonly Step[]): boolean => {
  const crossedMs = told.at(-1)?.atMs ?? Number.POSITIVE_INFINITY
  if (track.startMs - crossedMs < AGAIN_MS || track.lastMs - track.startMs > GOING_MS) return false
  const other = side === 'inside' ? 'outside' : 'inside'
  const lastOf = (one: Side): number => track[one].findLastIndex((cell) => cell !== undefined)
  if (lastOf(side) < 0 || lastOf(other) <= lastOf(side)) return false
  return motionOf(track, { from: 0, to: epochsOf(track) - 1 }) > GOES
}

/** A tag whose cart came back and that was not heard on the way: it came back with it, or was left there. */
export const leftPassage = (who: Who, { step, track }: CameBack, thresholds: PortalThresholds): Passage =>
  unclearPassage(who, track, step.atMs, thresholds)

/** `knownDeaf`: half of the door is known to hear nothing. */
export type DeafThresholds = PortalThresholds & { readonly knownDeaf: boolean }

/**
 * A tag that one side heard close by, coming and going, and the other side not at all: it may have turned back, or half of the door is deaf. Once
 * that is known it is asked about. `null` when that is not what happened.
 */
export const deafPassage = (
  who: Who,
  track: Track,
  { levels }: Verdict,
  thresholds: DeafThresholds,
): { readonly missed: Side; readonly passage: Passage | null } | null => {
  const sides = bothSides(track, { from: 0, to: epochsOf(track) - 1 }, thresholds)
  if (sides.inside && sides.outside) return null
  const heard = levels.map(({ inside, outside }) => (sides.inside ? inside : outside))
  const peak = Math.max(...heard)
  const ends = Math.max(heard[0] ?? peak, heard.at(-1) ?? peak)
  const { nearDbm, nearRiseDb, knownDeaf } = thresholds
  if (peak < nearDbm || peak - ends < nearRiseDb) return null
  const missed = sides.inside ? 'outside' : 'inside'
  if (!knownDeaf) return { missed, passage: null }
  const passage = unclearPassage(who, track, timeOf(track, levels[heard.indexOf(peak)]?.epoch ?? 0, thresholds.epochMs), thresholds)
  return { missed, passage }
}

const unclearPassage = (who: Who, track: Track, at: number, thresholds: PortalThresholds): Passage => ({
  ...who,
  direction: 'uncertain',
  at,
  from: track.startMs,
  to: track.lastMs,
  certainty: 0,
  evidence: {
    ...bothSides(track, { from: 0, to: epochsOf(track) - 1 }, thresholds),
    ...{ opposition: null, lead: null, imbalance: null, motion: 0, radial: 0, beam: 0, agree: 0 },
  },
  algorithm: ALGORITHM,
})

/** Names what a track without a passage was. */
export const stillnessOf = (track: Track, { stays }: Verdict, resident: boolean): Stillness => {
  if (resident) return 'static'
  if (track.inside.length === 0 || track.outside.length === 0) return 'one-sided'
  return stays.length > 1 ? 'returned' : 'passed-by'
}

const bothSides = (
  track: Track,
  span: { readonly from: number; readonly to: number },
  thresholds: PortalThresholds,
): Pick<Evidence, 'inside' | 'outside'> => ({
  inside: sideEvidence(track, 'inside', span, thresholds),
  outside: sideEvidence(track, 'outside', span, thresholds),
})

/** A tag that may have gone with the others is asked about when it more likely did than not. */
const ADOPT_ASK = 0.5
/** A single reading may be an echo from any cart. */
export const ADOPT_READS = 1
/** Of the pairs of phases of what stands, nearly all stand. */
const STANDS = -0.7
/** An echo from the side just left is heard a moment; who is there is heard longer. */
const RETURN_EPOCHS = 3
/** What still crosses is heard without a pause; what is heard again so much later comes back, or the air about it changes. */
const AGAIN_MS = 1500
/** Who goes back is out of range soon; of the phases of what was set down more stand. */
const GOING_MS = 6000
const GOES = -0.5
/** Whoever walks by changes the level by more than this. */
const STANDING_DB = 8
const STANDING_READS = 20
/** Read this often it would have shown a change of side if it had made one. */
const NONE_READS = 12
const NONE_ALONE = 0.2
const round = (value: number, parts: number): number => Math.round(value * parts) / parts
