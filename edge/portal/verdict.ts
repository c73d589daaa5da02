import { type Crossing, crossingsOf } from './crossings.ts'
import { type Evidence, sideEvidence } from './evidence.ts'
import { type Stay, staysOf, without } from './stays.ts'
import type { PortalThresholds, Side } from './thresholds.ts'
import { epochsOf, hasLevels, type Level, levelsOf, type Track, timeOf } from './track.ts'

/** One tag crossed one door one way, or may have. Times in ms on the clock of the sightings. */
export interface Passage {
  readonly door: string
  readonly epc: string
  readonly direction: 'in' | 'out' | 'uncertain'
  /** When it was in the door plane. */
  readonly at: number
  readonly from: number
  readonly to: number
  /** 0..1, two decimals. */
  readonly certainty: number
  readonly evidence: Evidence
  readonly algorithm: typeof ALGORITHM
}

/** Version of the decision; part of every passage, so that a replay knows what it compares with. */
export const ALGORITHM = 'portal/1'

/** What became of a tag's time at the door without a passage. */
export type Stillness = 'static' | 'returned' | 'passed-by' | 'one-sided'

/** What a track amounts to. */
export interface Verdict {
  readonly crossings: readonly Crossing[]
  readonly levels: readonly Level[]
  readonly stays: readonly Stay[]
}

/** What is known of a tag beside its track. */
export interface Known {
  /** It has long been in range: a passer-by moves its levels too, so a crossing needs more opposition. */
  readonly resident: boolean
  /** Where its last passage left it; what leads before it is heard there is far-off noise. */
  readonly cameFrom: Side | null
}

/** Judges a track as far as it goes. Readings without a level tell a direction too seldom right to decide by it: a person is asked. */
export const verdictOf = (track: Track, thresholds: PortalThresholds, { resident, cameFrom }: Known): Verdict => {
  const levels = levelsOf(track, thresholds)
  const heard = staysOf(track, levels, thresholds)
  const stays = cameFrom !== null && heard.length > 1 && heard[0]?.side !== cameFrom ? without(heard, 0) : heard
  const crossings = crossingsOf(levels, stays, {
    ...thresholds,
    noiseDb: resident ? thresholds.residentDb : thresholds.noiseDb,
    certaintyMax: hasLevels(track) ? 1 : thresholds.decideCertainty - 0.1,
  })
  return { crossings, levels, stays }
}

/** Whether a tag stayed in range long and steadily enough to be furniture. */
export const isResident = (track: Track, sinceMs: number, { residentMs, residentShare }: PortalThresholds): boolean => {
  if (track.lastMs - sinceMs < residentMs) return false
  const epochs = epochsOf(track)
  let heard = 0
  for (let epoch = 0; epoch < epochs; epoch += 1) if (track.inside[epoch] || track.outside[epoch]) heard += 1
  return heard >= epochs * residentShare
}

/** Whose passage it would be. */
export interface Who {
  readonly door: string
  readonly epc: string
}

/** The passages a verdict stands for. */
export const passagesOf = (who: Who, track: Track, { crossings, levels }: Verdict, thresholds: PortalThresholds): readonly Passage[] =>
  crossings.map((crossing) => {
    const { before, after, direction, certainty, oppositionDb, leadDb, imbalanceDb } = crossing
    const span = { from: levels[before.from]?.epoch ?? 0, to: levels[after.to]?.epoch ?? 0 }
    const time = (epoch: number): number => timeOf(track, epoch, thresholds.epochMs)
    return {
      ...who,
      direction: certainty >= thresholds.decideCertainty ? direction : 'uncertain',
      at: time(planeEpoch(levels, crossing)),
      from: time(span.from),
      to: Math.min(time(span.to) + thresholds.epochMs, track.lastMs),
      certainty: round(certainty, 100),
      evidence: {
        ...bothSides(track, span, thresholds),
        opposition: round(oppositionDb, 10),
        lead: round(leadDb, 10),
        imbalance: round(imbalanceDb, 10),
      },
      algorithm: ALGORITHM,
    }
  })

/**
 * A tag that one side heard close by, coming and going, and the other side not at all: it moved, and half of the door may be deaf. `null` when that is
 * not what happened.
 */
export const deafPassage = (who: Who, track: Track, { levels }: Verdict, thresholds: PortalThresholds): Passage | null => {
  const sides = bothSides(track, { from: 0, to: epochsOf(track) - 1 }, thresholds)
  if (sides.inside && sides.outside) return null
  const heard = levels.map(({ inside, outside }) => (sides.inside ? inside : outside))
  const peak = Math.max(...heard)
  const ends = Math.max(heard[0] ?? peak, heard.at(-1) ?? peak)
  if (peak < thresholds.nearDbm || peak - ends < thresholds.nearRiseDb) return null
  return {
    ...who,
    direction: 'uncertain',
    at: timeOf(track, levels[heard.indexOf(peak)]?.epoch ?? 0, thresholds.epochMs),
    from: track.startMs,
    to: track.lastMs,
    certainty: 0,
    evidence: { ...sides, opposition: null, lead: null, imbalance: null },
    algorithm: ALGORITHM,
  }
}

/** Names what a track without a passage was. */
export const stillnessOf = (track: Track, { stays }: Verdict, resident: boolean): Stillness => {
  if (resident) return 'static'
  if (track.inside.length === 0 || track.outside.length === 0) return 'one-sided'
  return stays.length > 1 ? 'returned' : 'passed-by'
}

/** The epoch at which the lead changed hands. */
const planeEpoch = (levels: readonly Level[], { before, after }: Crossing): number => {
  const sign = before.side === 'inside' ? 1 : -1
  let at = after.from
  while (at > before.from && (levels[at]?.lead ?? 0) * sign < 0) at -= 1
  return levels[Math.min(at + 1, after.from)]?.epoch ?? 0
}

const bothSides = (
  track: Track,
  span: { readonly from: number; readonly to: number },
  thresholds: PortalThresholds,
): Pick<Evidence, 'inside' | 'outside'> => ({
  inside: sideEvidence(track, 'inside', span, thresholds),
  outside: sideEvidence(track, 'outside', span, thresholds),
})

const round = (value: number, parts: number): number => Math.round(value * parts) / parts
