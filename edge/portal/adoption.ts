import { type Cart, type CartStep, meanLevelOf, READS_MAX, type Step } from './carts.ts'
import type { AdoptionMarks } from './mark-names.ts'
import { motionOf } from './phase.ts'
import type { Side } from './thresholds.ts'
import { epochsOf, type Track, timeOf } from './track.ts'

/** The names of all marks. */
export const ADOPTION_MARKS = [
  ...(['size', 'fit', 'total', 'margin', 'reads', 'level', 'still'] as const),
  ...([
    'right',
    'wrong',
    'phases',
    'own',
    'against',
    'alone',
    'back',
    'none',
    'others',
    'share',
    'single',
    'pooled',
    'pooledAgainst',
  ] as const),
] as const satisfies readonly (keyof AdoptionMarks)[]

/** A change of side of the tag's own, sure or not. */
export interface OwnStep extends Step {
  readonly certainty: number
}

/** The cart a tag fits best, and how well. */
export interface Ride {
  readonly cart: Cart
  readonly marks: AdoptionMarks
}

/** Finds the cart whose tags were heard when and where this one was; `null` without any. */
export const rideOf = (
  tracks: readonly Track[],
  carts: readonly Cart[],
  own: readonly OwnStep[],
  { epochMs, judge }: Judge,
): Ride | null => {
  const heard = heardOf(tracks, epochMs)
  if (heard.reads === 0) return null
  const scored = carts
    .map((cart) => ({ cart, total: likenessOf(heard, cart) }))
    .map((one) => ({ ...one, score: one.total + SIZE_COUNTS * Math.log(one.cart.size) }))
    .toSorted((one, other) => other.score - one.score)
  const [best] = scored
  if (!best) return null
  const rival = scored.find(({ cart }) => wayOf(cart) !== wayOf(best.cart))
  const margin = rival ? Math.min(MARGIN_MAX, best.score - rival.score) : MARGIN_MAX
  return {
    cart: best.cart,
    marks: { ...marksOf(heard, tracks, { ...best, margin }, own, epochMs), ...pooledMarksOf(best.cart, judge(best.cart.pooled)) },
  }
}

/** What is made of a track by itself, and the grain of time. */
export interface Judge {
  readonly epochMs: number
  readonly judge: (track: Track) => readonly OwnStep[]
}

/** How sure the tags of the cart heard as one make its way, and another one. */
const pooledMarksOf = ({ steps }: Cart, pooled: readonly OwnStep[]): Pick<AdoptionMarks, 'pooled' | 'pooledAgainst'> => {
  const surest = (of: readonly OwnStep[]): number => Math.max(0, ...of.map(({ certainty }) => certainty))
  const against = surest(pooled.filter((one) => !steps.some((step) => isSameStep(one, step))))
  const each = steps.map((step) => surest(pooled.filter((one) => isSameStep(one, step))))
  return { pooled: steps.length === 0 ? 1 - against : Math.min(...each), pooledAgainst: against }
}

const wayOf = ({ steps }: Cart): string => steps.map(({ direction }) => direction).join()

/** What was heard of a tag, by epochs since the clock's zero. */
interface HeardTag {
  readonly cells: Readonly<Record<Side, readonly { readonly epoch: number; readonly count: number; readonly louder: number | null }[]>>
  readonly reads: number
  readonly fromEpoch: number
  readonly toEpoch: number
}

const heardOf = (tracks: readonly Track[], epochMs: number): HeardTag => {
  let reads = 0
  let fromEpoch = Number.POSITIVE_INFINITY
  let toEpoch = Number.NEGATIVE_INFINITY
  const cellsOf = (side: Side): HeardTag['cells'][Side] => {
    const meanDbm = meanLevelOf(tracks, side)
    return tracks.flatMap((track) =>
      track[side].flatMap((cell, at) => {
        if (!cell) return []
        const epoch = Math.floor(timeOf(track, at, epochMs) / epochMs)
        const count = Math.min(cell.reads, READS_MAX)
        reads += count
        fromEpoch = Math.min(fromEpoch, epoch)
        toEpoch = Math.max(toEpoch, epoch)
        return [{ epoch, count, louder: cell.levels > 0 ? cell.sumDbm / cell.levels - meanDbm : null }]
      }),
    )
  }
  const cells = { inside: cellsOf('inside'), outside: cellsOf('outside') }
  return { cells, reads, fromEpoch, toEpoch }
}

/** By how much likelier its readings fell as they did if it lay on the cart than if they fell anyhow: a logarithm, summed over its readings. */
const likenessOf = ({ cells, fromEpoch, toEpoch }: HeardTag, cart: Cart): number => {
  const span = Math.max(cart.toEpoch, toEpoch) - Math.min(cart.fromEpoch, fromEpoch) + 1
  let total = 0
  for (const side of ['inside', 'outside'] as const) {
    const { reads, sum } = cart.heard[side]
    if (sum === 0) continue
    for (const { epoch, count } of cells[side]) {
      const share = (reads[epoch - cart.fromEpoch] ?? 0) / sum
      total += count * Math.log((1 - ANYHOW) * share * span + ANYHOW)
    }
  }
  return total
}

const marksOf = (
  heard: HeardTag,
  tracks: readonly Track[],
  { cart, total, margin }: { readonly cart: Cart; readonly total: number; readonly margin: number },
  own: readonly OwnStep[],
  epochMs: number,
): Omit<AdoptionMarks, 'pooled' | 'pooledAgainst'> => {
  const { steps } = cart
  const phases = new Set<number>()
  let [right, wrong] = [0, 0]
  for (const side of ['inside', 'outside'] as const)
    for (const { epoch } of heard.cells[side]) {
      const atMs = (epoch + 0.5) * epochMs
      if (steps.length === 0 || steps.some(({ fromMs, toMs }) => atMs > fromMs - PLANE_MS && atMs < toMs + PLANE_MS)) continue
      const phase = steps.filter((step) => step.atMs < atMs).length
      if (side !== sideIn(steps, phase)) wrong += 1
      else {
        right += 1
        phases.add(phase)
      }
    }
  const fits = (step: CartStep): boolean => own.some((one) => isSameStep(one, step))
  const surest = (of: readonly OwnStep[]): number => Math.max(0, ...of.map(({ certainty }) => certainty))
  const stray = own.filter((one) => !steps.some((step) => isSameStep(one, step)))
  return {
    size: Math.min(SIZE_MAX, Math.log2(1 + cart.size)),
    fit: Math.max(-FIT_MAX, Math.min(FIT_MAX, total / heard.reads)),
    total: Math.max(-TOTAL_MAX, Math.min(TOTAL_MAX, total)),
    margin,
    reads: Math.log2(1 + heard.reads),
    level: levelLikenessOf(heard, cart),
    still: Math.max(0, -motionOfAll(tracks)),
    right: Math.log2(1 + right),
    wrong: Math.log2(1 + wrong),
    phases: steps.length === 0 ? 0.5 : phases.size / (steps.length + 1),
    own:
      steps.length === 0
        ? 1 - surest(own)
        : steps.every(fits)
          ? Math.min(...steps.map((step) => surest(own.filter((one) => isSameStep(one, step)))))
          : 0,
    against: surest(stray),
    alone: cart.size <= 1 ? 1 : 0,
    back: steps.length > 1 ? 1 : 0,
    none: steps.length === 0 ? 1 : 0,
    others: Math.min(SIZE_MAX, Math.log2(1 + cart.others)),
    share: (cart.size - cart.others) / (3 + cart.size + cart.others),
    single: heard.reads < 2 ? 1 : 0,
  }
}

const isSameStep = ({ direction, atMs }: Step, of: CartStep): boolean =>
  direction === of.direction && atMs >= of.fromMs - SAME_MS && atMs <= of.toMs + SAME_MS

/** The side a cart is on after so many of its steps. */
const sideIn = (steps: readonly Step[], phase: number): Side => {
  const [before, after] = [steps[phase - 1], steps[phase]]
  const isInside = before ? before.direction === 'in' : after?.direction === 'out'
  return isInside ? 'inside' : 'outside'
}

/** Whether it was louder when the cart's tags were: -1..1, 0 where too little is known. */
const levelLikenessOf = ({ cells }: HeardTag, cart: Cart): number => {
  let [both, one, other, count] = [0, 0, 0, 0]
  for (const side of ['inside', 'outside'] as const)
    for (const { epoch, louder } of cells[side]) {
      const cartLouder = cart.heard[side].louder[epoch - cart.fromEpoch]
      if (louder === null || cartLouder === undefined) continue
      both += louder * cartLouder
      one += louder * louder
      other += cartLouder * cartLouder
      count += 1
    }
  return count < LEVELS_MIN || one === 0 || other === 0 ? 0 : both / Math.sqrt(one * other)
}

const motionOfAll = (tracks: readonly Track[]): number => {
  const motions = tracks.map((track) => motionOf(track, { from: 0, to: epochsOf(track) - 1 }))
  return motions.reduce((sum, motion) => sum + motion, 0) / Math.max(1, motions.length)
}

/** While the others were in the plane either side may hear it. */
const PLANE_MS = 500
const SAME_MS = 4000
/** Of the readings of a tag this share falls anyhow. */
const ANYHOW = 0.1
/** Of two carts it fits alike, it more likely lies on the one with more tags. */
const SIZE_COUNTS = 1
const MARGIN_MAX = 20
const FIT_MAX = 2.5
const TOTAL_MAX = 20
const SIZE_MAX = 6
const LEVELS_MIN = 4
