import type { OwnStep, Ride } from './adoption.ts'
import type { Agreement } from './company.ts'
import type { Level } from './levels.ts'
import type { CrossingMarks } from './mark-names.ts'
import { likelihoodOf, type Net, scoreOf } from './net.ts'
import { motionOf, radialOf, type Span } from './phase.ts'
import { loudest, type Stay } from './stays.ts'
import { WINDOW } from './stretches.ts'
import type { Side } from './thresholds.ts'
import { type Cell, epochsOf, type Track } from './track.ts'

/** What speaks for or against a change of side: a figure for each weight but the constant one. */
export type Marks = Readonly<Record<keyof CrossingMarks, number>>

/** What is known beside the levels when a change of side is weighed. */
export interface Surroundings {
  readonly resident: boolean
  /** The faintest level the door ever told. */
  readonly floorDbm: number
  /** -1, 0 or 1; see `CrossingMarks.beam`. */
  readonly beamAt: (fromEpoch: number, toEpoch: number) => number
  /** What other tags did when this one was in the door plane. */
  readonly companyAt: (direction: 'in' | 'out', epoch: number, around: number) => Agreement
  /** The cart it seems to lie on, by what it let be heard and by its own changes of side; `null` without any. */
  readonly rideFor: (own: readonly OwnStep[]) => Ride | null
}

/** A change of side; `around` counts the other changes that are still thought of. */
export interface Change {
  readonly before: Stay
  readonly after: Stay
  readonly around: number
  /** Other stays that hardly were. */
  readonly flutters: number
}

/** Reads off a track and its levels what speaks for the tag having gone from one stay to the next. What other tags did is added later. */
export const marksOf = (
  track: Track,
  levels: readonly Level[],
  { before, after, around, flutters }: Change,
  { resident, beamAt, floorDbm }: Pick<Surroundings, 'resident' | 'beamAt' | 'floorDbm'>,
): Marks => {
  const loudBefore = levels[loudest(levels, before)]
  const loudAfter = levels[loudest(levels, after)]
  const left = loudBefore?.[before.side] ?? 0
  const entered = loudAfter?.[after.side] ?? 0
  const span = { from: levels[before.from]?.epoch ?? 0, to: levels[after.to]?.epoch ?? 0 }
  // Of a tag that lay there for long the moments next to the change of side count.
  const between = {
    from: levels[loudNear(levels, before, 'end')]?.epoch ?? span.from,
    to: levels[loudNear(levels, after, 'beginning')]?.epoch ?? span.to,
  }
  const walk = { from: Math.max(span.from, between.from - WALK_EPOCHS), to: Math.min(span.to, between.to + WALK_EPOCHS) }
  return {
    opposition: Math.min(opposition(levels, before, after), OPPOSITION_DB),
    lead: Math.min(meanLead(levels, before), meanLead(levels, after), LEAD_DB),
    imbalance: Math.max(0, Math.abs(left - entered) - IMBALANCE_FREE_DB),
    flips: Math.min(FLIPS, flutters),
    loud: Math.max(0, Math.min(LOUD_DB, Math.min(left, entered) - floorDbm)),
    mass: Math.log2(1 + Math.max(0, Math.min(before.mass, after.mass, MASS_EPOCHS))),
    reads: Math.log2(1 + Math.min(readsOf(track[before.side], levels, before), readsOf(track[after.side], levels, after), READS)),
    rise: Math.max(0, Math.min(RISE_DB, Math.min(left, entered) - Math.min(edgeLevel(levels[0]), edgeLevel(levels.at(-1))))),
    order: orderOf(track, before.side, span),
    motion: motionOf(track, walk),
    radial: radialOf(track, before.side, walk),
    restless: restlessOf(track, walk),
    stray: strayOf(track, between),
    resident: resident ? 1 : 0,
    beam: beamAt(between.from, between.to),
    came: Math.max(0, Math.min(RISE_DB, left - edgeLevel(levels[0]))),
    went: Math.max(0, Math.min(RISE_DB, entered - edgeLevel(levels.at(-1)))),
    long: Math.min(LONG, Math.log2(1 + between.from - (levels[0]?.epoch ?? 0))),
    later: Math.min(LONG, Math.log2(1 + (levels.at(-1)?.epoch ?? 0) - between.to)),
    gap: Math.min(LONG, Math.log2(1 + Math.max(0, between.to - between.from))),
    stood: motionOf(track, { from: levels[0]?.epoch ?? 0, to: walk.from - 1 }),
    stands: motionOf(track, { from: walk.to + 1, to: levels.at(-1)?.epoch ?? 0 }),
    inward: before.side === 'outside' ? 1 : 0,
    around: Math.min(FLIPS, around),
    more: Math.log2(1 + Math.max(readsOf(track[before.side], levels, before), readsOf(track[after.side], levels, after))),
    crossed: Math.log2(1 + readsOf(track[after.side], levels, before)) - Math.log2(1 + readsOf(track[before.side], levels, after)),
    tilt: Math.max(-1, Math.min(1, (left - entered) / 20)),
    ...ALONE,
  }
}

/** What a net weighs of a change of side by itself: its marks, whether its readings told a level, and what was heard about it. */
export const figuresAlone = (marks: Marks, hasLevels: boolean, window: Float64Array): Float64Array => {
  const figures = new Float64Array(FIGURES_ALONE)
  OWN_MARKS.forEach((name, at) => {
    figures[at] = marks[name]
  })
  figures[OWN_MARKS.length] = hasLevels ? 1 : 0
  figures.set(window, OWN_MARKS.length + 1)
  return figures
}

/** 0..1. */
export const certaintyOf = (figures: ArrayLike<number>, net: Net, beam: number): number =>
  likelihoodOf(scoreOf(net, figures) + BEAM_COUNTS * beam)

/** The names of the marks of a tag by itself, and of those that other tags give it. */
export const OWN_MARKS = [
  'opposition',
  'lead',
  'imbalance',
  'flips',
  'mass',
  'reads',
  'rise',
  'loud',
  'order',
  'motion',
  'radial',
  'restless',
  'stray',
  'resident',
  'came',
  'went',
  'long',
  'later',
  'gap',
  'stood',
  'stands',
  'inward',
  'around',
  'more',
  'crossed',
  'tilt',
] as const satisfies readonly Exclude<keyof Marks, 'beam'>[]
export const COMPANY_MARKS = ['agree', 'contradict', 'apart', 'half', 'share', 'lone'] as const satisfies readonly (keyof Agreement)[]
/** How many figures `figuresAlone` makes. */
export const FIGURES_ALONE = OWN_MARKS.length + 1 + WINDOW

/** Of what other tags did nothing is known. */
export const ALONE: Agreement = { agree: 0, contradict: 0, apart: 0, half: 0, share: 0, lone: 0 }

/**
 * The mean of what the levels did between the loudest moments of the two sides and of the clearest exchange anywhere in the two stays. The first is
 * seldom wrong, the second seldom blind to a hole in the air; a tag that only nears the door moves both levels the same way and scores low in both.
 */
const opposition = (levels: readonly Level[], before: Stay, after: Stay): number => {
  let clearest = Number.NEGATIVE_INFINITY
  const first = Math.max(before.from, before.to - EXCHANGE_EPOCHS)
  const last = Math.min(after.to, after.from + EXCHANGE_EPOCHS)
  for (let from = first; from <= before.to; from += 1) {
    for (let to = after.from; to <= last; to += 1) {
      const exchange = exchanged(levels[from], levels[to], before.side)
      if (exchange > clearest) clearest = exchange
    }
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

/** Index of the moment nearest to the end or the beginning of a stay at which its side was next to loudest. */
const loudNear = (levels: readonly Level[], { side, from, to }: Stay, near: 'beginning' | 'end'): number => {
  let peak = Number.NEGATIVE_INFINITY
  for (let at = from; at <= to; at += 1) peak = Math.max(peak, levels[at]?.[side] ?? peak)
  const isLoud = (at: number): boolean => (levels[at]?.[side] ?? Number.NEGATIVE_INFINITY) >= peak - LOUD_WITHIN_DB
  let at = near === 'end' ? to : from
  while (at >= from && at <= to && !isLoud(at)) at += near === 'end' ? -1 : 1
  return at
}

const edgeLevel = (level: Level | undefined): number => (level ? Math.max(level.inside, level.outside) : 0)

const readsOf = (cells: readonly (Cell | undefined)[], levels: readonly Level[], { from, to }: Stay): number => {
  const last = levels[to]?.epoch ?? 0
  let reads = 0
  for (let epoch = levels[from]?.epoch ?? 0; epoch <= last; epoch += 1) reads += cells[epoch]?.reads ?? 0
  return reads
}

/** Middle and spread in time of what a side heard, louder readings counting more; `null` where it heard nothing. */
const middleOf = (
  cells: readonly (Cell | undefined)[],
  { from, to }: Span,
): { readonly middle: number; readonly spread: number } | null => {
  let weight = 0
  let sum = 0
  let squares = 0
  for (let epoch = from; epoch <= to; epoch += 1) {
    const cell = cells[epoch]
    if (!cell) continue
    // 10 dB louder counts about three times.
    const share = cell.levels > 0 ? cell.reads * 10 ** ((cell.sumDbm / cell.levels + 60) / 20) : cell.reads
    weight += share
    sum += share * epoch
    squares += share * epoch * epoch
  }
  if (weight === 0) return null
  const middle = sum / weight
  return { middle, spread: Math.sqrt(Math.max(0, squares / weight - middle * middle)) }
}

const orderOf = (track: Track, left: Side, span: Span): number => {
  const inside = middleOf(track.inside, span)
  const outside = middleOf(track.outside, span)
  if (!inside || !outside) return 0
  const gap = (inside.middle - outside.middle) * (left === 'outside' ? 1 : -1)
  return Math.max(-1, Math.min(1, gap / (inside.spread + outside.spread + 1)))
}

/** Mean change of a side's level from an epoch to the next one heard; what stands changes by its noise. */
const restlessOf = (track: Track, { from, to }: Span): number => {
  let sum = 0
  let count = 0
  for (const cells of [track.inside, track.outside]) {
    let last: number | null = null
    let lastEpoch = from
    for (let epoch = from; epoch <= to; epoch += 1) {
      const cell = cells[epoch]
      if (!cell || cell.levels === 0) continue
      const level = cell.sumDbm / cell.levels
      if (last !== null && epoch - lastEpoch <= NEXT_EPOCHS) {
        sum += Math.abs(level - last)
        count += 1
      }
      last = level
      lastEpoch = epoch
    }
  }
  return count < CHANGES_MIN ? RESTLESS_USUAL_DB : Math.min(RESTLESS_DB, sum / count)
}

const strayOf = (track: Track, { from, to }: Span): number => {
  let stray = 0
  const epochs = epochsOf(track)
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    if (epoch >= from - STRAY_EPOCHS && epoch <= to + STRAY_EPOCHS) continue
    if (track.inside[epoch] || track.outside[epoch]) stray += 1
  }
  return Math.log2(1 + stray)
}

/** More opposition, lead, rise or reads than this say nothing new. */
const OPPOSITION_DB = 12
const LEAD_DB = 8
const RISE_DB = 12
const LOUD_DB = 30
const READS = 15
const FLIPS = 4
/** Doublings of epochs: who lay there for ten seconds lay there. */
const LONG = 6.5
const LOUD_WITHIN_DB = 1.5
const MASS_EPOCHS = 30
/** Bodies and goods make this much difference between two antennas passed alike. */
const IMBALANCE_FREE_DB = 4
/** The clearest exchange is looked for this near the change of side: longer than anyone takes for two metres. */
const EXCHANGE_EPOCHS = 60
/** Before and behind the loudest moments the tag still walks. */
const WALK_EPOCHS = 8
/** Epochs one after the other, an antenna's pause between them at most. */
const NEXT_EPOCHS = 4
/** Fewer changes than this may be chance: the mean of tags that move is taken. */
const CHANGES_MIN = 3
const RESTLESS_USUAL_DB = 4
const RESTLESS_DB = 10
/** Who walks is in range this long before and after. */
const STRAY_EPOCHS = 40
/** No simulated door has a light barrier; one that is broken at the moment is twenty times likelier with somebody in the door than without. */
const BEAM_COUNTS = 3
