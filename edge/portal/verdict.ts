import { adoptionMarksOf, adoptionOf } from './adoption.ts'
import type { Company, Fellow, Presence } from './company.ts'
import { type Crossing, crossingsOf } from './crossings.ts'
import { type Evidence, sideEvidence } from './evidence.ts'
import { type Level, levelsOf } from './levels.ts'
import { motionOf } from './phase.ts'
import { type Stay, staysOf, without } from './stays.ts'
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
  /** 0..1, three decimals. */
  readonly certainty: number
  readonly evidence: Evidence
  readonly algorithm: typeof ALGORITHM
}

/** Version of the decision; part of every passage, so that a replay knows what it compares with. */
export const ALGORITHM = 'portal/2'

/** What became of a tag's time at the door without a passage. */
export type Stillness = 'static' | 'returned' | 'passed-by' | 'one-sided'

/** What a track amounts to. */
export interface Verdict {
  readonly crossings: readonly Crossing[]
  readonly levels: readonly Level[]
  readonly stays: readonly Stay[]
  /** What other tags are told of it; `null`: it is no company. */
  readonly fellow: Fellow | null
}

/** The other tags, as one of them sees them. */
export type TagsCompany = Readonly<{
  [Name in 'beside' | 'consensus' | 'isHeardAfter']: Company[Name] extends (epc: string, ...rest: infer Rest) => infer Answer
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
  const { crossings, first } = crossingsOf({ track, levels, stays }, bounds, {
    resident,
    floorDbm: known.floorDbm,
    beamAt: (from, to) => known.beamBetween(timeOf(track, from, epochMs), timeOf(track, to, epochMs) + epochMs),
    companyAt: (direction, epoch, around) => known.company.beside(presence, { direction, atMs: timeOf(track, epoch, epochMs), around }),
  })
  const members = first.map(({ alone, direction, planeEpoch }) => ({ direction, atMs: timeOf(track, planeEpoch, epochMs), alone }))
  const fellow = resident || isStanding(track, levels) ? null : { ...presence, reads: readsOf(track), members }
  return { crossings, levels, stays, fellow }
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
export const passagesOf = (who: Who, track: Track, { crossings, levels }: Verdict, thresholds: PortalThresholds): readonly Passage[] =>
  crossings.map((crossing) => {
    const { before, after, direction, certainty, marks } = crossing
    const span = { from: levels[before.from]?.epoch ?? 0, to: levels[after.to]?.epoch ?? 0 }
    const time = (epoch: number): number => timeOf(track, epoch, thresholds.epochMs)
    return {
      ...who,
      direction: certainty >= thresholds.decideCertainty ? direction : 'uncertain',
      at: time(crossing.planeEpoch),
      from: time(span.from),
      to: Math.min(time(span.to) + thresholds.epochMs, track.lastMs),
      certainty: round(certainty, 1000),
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

/** The passage of a tag that left without a clear one of its own, if it went with the tags around it; `null` if nothing speaks for it. */
export const adoptedPassage = (
  who: Who,
  track: Track,
  { crossings }: Verdict,
  known: Known,
  thresholds: PortalThresholds,
): Passage | null => {
  const { epochMs, decideCertainty, askCertainty } = thresholds
  if (known.resident || readsOf(track) < ADOPT_READS || crossings.some(({ certainty }) => certainty >= decideCertainty)) return null
  const presence = presenceOf(track, known)
  const consensus = known.company.consensus(presence)
  if (consensus === null || known.cameFrom === (consensus.direction === 'in' ? 'inside' : 'outside')) return null
  const beside = known.company.beside(presence, { ...consensus, around: 0 })
  const surest = (direction: 'in' | 'out', same: boolean): number =>
    Math.max(0, ...crossings.flatMap((one) => ((one.direction === direction) === same ? [one.certainty] : [])))
  const sure = { own: surest(consensus.direction, true), against: surest(consensus.direction, false), epochMs }
  const certainty = adoptionOf(adoptionMarksOf(track, consensus, beside, sure), thresholds.adoption)
  if (certainty < Math.max(askCertainty, ADOPT_ASK)) return null
  return {
    ...who,
    direction: certainty >= decideCertainty ? consensus.direction : 'uncertain',
    at: consensus.atMs,
    from: track.startMs,
    to: track.lastMs,
    certainty: round(certainty, 1000),
    evidence: {
      ...bothSides(track, { from: 0, to: epochsOf(track) - 1 }, thresholds),
      ...{ opposition: null, lead: null, imbalance: null, motion: 0, radial: 0, beam: 0 },
      agree: round(beside.agree - beside.contradict - beside.apart, 10),
    },
    algorithm: ALGORITHM,
  }
}

/** A tag whose last passage left it on the one side and that was heard on the other alone: it came back unseen, and is asked about. */
export const returnedPassage = (
  who: Who,
  track: Track,
  { crossings, stays }: Verdict,
  known: Known,
  thresholds: PortalThresholds,
): Passage | null => {
  const [only, more] = stays
  if (known.cameFrom === null || crossings.length > 0 || !only || more || only.side === known.cameFrom) return null
  if (only.mass < RETURN_EPOCHS || known.resident) return null
  return unclearPassage(who, track, track.startMs, thresholds)
}

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
export const ADOPT_READS = 2
/** Of the pairs of phases of what stands, nearly all stand. */
const STANDS = -0.7
/** An echo from the side just left is heard a moment; who is there is heard longer. */
const RETURN_EPOCHS = 3
/** Whoever walks by changes the level by more than this. */
const STANDING_DB = 8
const STANDING_READS = 20
const round = (value: number, parts: number): number => Math.round(value * parts) / parts
