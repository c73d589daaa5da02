import { indexOfLeast, loudest, type Stay, without } from './stays.ts'
import type { PortalThresholds, Side } from './thresholds.ts'
import type { Level } from './track.ts'

/** A change of side, and what speaks for it. */
export interface Crossing {
  readonly direction: 'in' | 'out'
  readonly before: Stay
  readonly after: Stay
  /** How far the levels moved against each other: what the side left behind lost and the side entered gained, the smaller of the two. */
  readonly oppositionDb: number
  /** How clearly each side led while the tag was with it, the less clear of the two. */
  readonly leadDb: number
  /** How much louder the tag was before the antennas than when it came or went: what only stands there gets no louder. */
  readonly riseDb: number
  /** How differently loud the tag was before the two antennas: who walks through passes both alike. */
  readonly imbalanceDb: number
  /** 0..1. */
  readonly certainty: number
}

/** No crossing is held for more certain than `certaintyMax`. */
export type CrossingThresholds = PortalThresholds & { readonly certaintyMax: number }

/**
 * The crossings that stand. A change of side without opposite movement is none: the stay that was heard less well goes. A there-and-back of which
 * one half is in doubt goes as a whole: it changes no stock, and half of it would.
 */
export const crossingsOf = (levels: readonly Level[], stays: readonly Stay[], thresholds: CrossingThresholds): readonly Crossing[] => {
  let left = stays
  for (;;) {
    const crossings = left.slice(1).map((after, at) => crossingOf(levels, left[at] ?? after, after, thresholds))
    const gone = doubtfulStay(levels, left, crossings, thresholds)
    if (gone < 0) return crossings
    left = without(left, gone)
  }
}

const doubtfulStay = (
  levels: readonly Level[],
  stays: readonly Stay[],
  crossings: readonly Crossing[],
  thresholds: CrossingThresholds,
): number => {
  const still = indexOfLeast(
    crossings,
    ({ oppositionDb }) => oppositionDb,
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
const isNoise = ({ oppositionDb, leadDb, riseDb, certainty }: Crossing, thresholds: PortalThresholds): boolean =>
  oppositionDb < thresholds.noiseDb ||
  leadDb < thresholds.marginDb / 2 ||
  certainty < thresholds.askCertainty ||
  (riseDb < thresholds.riseDb && oppositionDb < thresholds.steadyDb)

const crossingOf = (levels: readonly Level[], before: Stay, after: Stay, thresholds: CrossingThresholds): Crossing => {
  const left = levels[loudest(levels, before)]?.[before.side] ?? 0
  const entered = levels[loudest(levels, after)]?.[after.side] ?? 0
  const evidence = {
    oppositionDb: opposition(levels, before, after),
    leadDb: Math.min(meanLead(levels, before), meanLead(levels, after)),
    riseDb: Math.min(left, entered) - Math.min(edgeLevel(levels[0]), edgeLevel(levels.at(-1))),
    imbalanceDb: Math.abs(left - entered),
  }
  return { direction: after.side === 'inside' ? 'in' : 'out', before, after, ...evidence, certainty: certaintyOf(evidence, thresholds) }
}

/** Weighs the evidence; each kind counts up to where more of it says nothing new. */
const certaintyOf = (
  { oppositionDb, leadDb, imbalanceDb }: Pick<Crossing, 'oppositionDb' | 'leadDb' | 'imbalanceDb'>,
  { weights, certaintyMax }: CrossingThresholds,
): number => {
  const score =
    weights.opposition * Math.min(oppositionDb, 10) +
    weights.lead * Math.min(leadDb, 8) -
    weights.imbalance * Math.max(0, imbalanceDb - weights.imbalanceFreeDb)
  return Math.min(certaintyMax, 1 / (1 + Math.exp(weights.even - score)))
}

/**
 * The mean of what the levels did between the loudest moments of the two sides and of the clearest exchange anywhere in the two stays. The first is
 * seldom wrong, the second seldom blind to a hole in the air; a tag that only nears the door moves both levels the same way and scores low in both.
 */
const opposition = (levels: readonly Level[], before: Stay, after: Stay): number => {
  let clearest = Number.NEGATIVE_INFINITY
  for (let from = before.from; from <= before.to; from += 1) {
    for (let to = after.from; to <= after.to; to += 1) clearest = Math.max(clearest, exchanged(levels[from], levels[to], before.side))
  }
  return (exchanged(levels[loudest(levels, before)], levels[loudest(levels, after)], before.side) + clearest) / 2
}

const exchanged = (from: Level | undefined, to: Level | undefined, side: Side): number => {
  if (!from || !to) return 0
  const gained = side === 'inside' ? to.outside - from.outside : to.inside - from.inside
  return Math.min(from[side] - to[side], gained)
}

/**
 * Mean lead of a stay's side. A pause in the door plane between two stays takes nothing from either; a tag that begins or ends in the
 * plane, where a passer-by can make either side lead, has little.
 */
const meanLead = (levels: readonly Level[], { side, from, to, clearFrom, clearTo }: Stay): number => {
  const first = from === 0 ? from : clearFrom
  const last = to === levels.length - 1 ? to : clearTo
  let sum = 0
  for (let at = first; at <= last; at += 1) sum += levels[at]?.lead ?? 0
  return ((side === 'inside' ? 1 : -1) * sum) / (last - first + 1)
}

const edgeLevel = (level: Level | undefined): number => (level ? Math.max(level.inside, level.outside) : 0)

const fainterOf = (levels: readonly Level[], stays: readonly Stay[], one: number, other: number): number => {
  const peak = (at: number): number => {
    const stay = stays[at]
    return stay ? (levels[loudest(levels, stay)]?.[stay.side] ?? 0) : 0
  }
  return peak(one) < peak(other) ? one : other
}
