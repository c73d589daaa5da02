import { type Chance, openChance } from '@lotkeeper/deploy/simulators/doorway/chance.ts'
import type { Net } from '@lotkeeper/edge/portal/net.ts'

/** Cases of one kind: of each its figures one after the other, whether it was so, and how much it counts. */
export interface Cases {
  readonly width: number
  readonly figures: Float32Array
  readonly so: Uint8Array
  readonly counts: Float32Array
}

export interface Training {
  /** Hidden places. */
  readonly places: number
  /** How often every case is looked at. */
  readonly looks: number
}

/**
 * Fits a net to cases by Adam on the logistic loss, with a decay of the hidden weights. Chance comes from a fixed seed: the same cases in the same order
 * give the same net.
 */
export const trained = ({ width, figures, so, counts }: Cases, { places, looks }: Training): Net => {
  const chance = openChance(SEED)
  const inputs = spreadsOf(width, figures)
  const rows = scaled(width, figures, inputs)
  // One flat list: even, straight parts, then of each place what it adds, its level, and the figures' parts.
  const placeAt = (place: number): number => 1 + width + place * (width + 2)
  const size = placeAt(places)
  const weights = new Float64Array(size)
  for (let place = 0; place < places; place += 1) {
    const at = placeAt(place)
    weights[at] = chance.normal() / Math.sqrt(places)
    for (let input = 0; input < width; input += 1) weights[at + 2 + input] = chance.normal() / Math.sqrt(width)
  }
  const slope = new Float64Array(size)
  const mean = new Float64Array(size)
  const square = new Float64Array(size)
  const fired = new Float64Array(places)
  const row = new Float64Array(width)
  const order = Uint32Array.from(so, (_so, at) => at)
  let step = 0
  for (let look = 0; look < looks; look += 1) {
    shuffle(order, chance)
    const rate = (RATE / 2) * (1 + Math.cos((Math.PI * look) / looks)) + RATE_MIN
    for (let from = 0; from < order.length; from += BATCH) {
      const to = Math.min(order.length, from + BATCH)
      slope.fill(0)
      for (let index = from; index < to; index += 1) {
        const at = order[index] as number
        for (let input = 0; input < width; input += 1) row[input] = rows[at * width + input] as number
        let score = weights[0] as number
        for (let input = 0; input < width; input += 1) score += (weights[1 + input] as number) * (row[input] as number)
        for (let place = 0; place < places; place += 1) {
          const base = placeAt(place)
          let sum = weights[base + 1] as number
          for (let input = 0; input < width; input += 1) sum += (weights[base + 2 + input] as number) * (row[input] as number)
          const out = Math.tanh(sum)
          fired[place] = out
          score += (weights[base] as number) * out
        }
        const off = ((1 / (1 + Math.exp(-score)) - (so[at] as number)) * (counts[at] as number)) / (to - from)
        slope[0] = (slope[0] as number) + off
        for (let input = 0; input < width; input += 1) slope[1 + input] = (slope[1 + input] as number) + off * (row[input] as number)
        for (let place = 0; place < places; place += 1) {
          const base = placeAt(place)
          const out = fired[place] as number
          slope[base] = (slope[base] as number) + off * out
          const back = off * (weights[base] as number) * (1 - out * out)
          slope[base + 1] = (slope[base + 1] as number) + back
          for (let input = 0; input < width; input += 1)
            slope[base + 2 + input] = (slope[base + 2 + input] as number) + back * (row[input] as number)
        }
      }
      step += 1
      const [meanGrown, squareGrown] = [1 - MEAN_KEPT ** step, 1 - SQUARE_KEPT ** step]
      for (let at = 0; at < size; at += 1) {
        const down = (slope[at] as number) + (at > width ? DECAY * (weights[at] as number) : 0)
        mean[at] = MEAN_KEPT * (mean[at] as number) + (1 - MEAN_KEPT) * down
        square[at] = SQUARE_KEPT * (square[at] as number) + (1 - SQUARE_KEPT) * down * down
        weights[at] =
          (weights[at] as number) - (rate * ((mean[at] as number) / meanGrown)) / (Math.sqrt((square[at] as number) / squareGrown) + 1e-8)
      }
    }
  }
  const shown = (value: number): number => Math.round(value * 1000) / 1000
  return {
    even: shown(weights[0] as number),
    ...inputs,
    straight: Array.from(weights.subarray(1, 1 + width), shown),
    hidden: Array.from({ length: places }, (_, place) => Array.from(weights.subarray(placeAt(place), placeAt(place + 1)), shown)),
  }
}

/**
 * One net that scores as several do on the mean, for what nets learnt from different cases agree on is seldom chance: the places of all of them, each
 * told in spreads from common means.
 */
export const averaged = (nets: readonly Net[]): Net => {
  const width = nets[0]?.mean.length ?? 0
  const of = (list: readonly number[], at: number): number => list[at] ?? 0
  const meanOf = (figure: (net: Net) => number): number => nets.reduce((sum, net) => sum + figure(net), 0) / nets.length
  const eachOf = (list: (net: Net) => readonly number[]): readonly number[] =>
    Array.from({ length: width }, (_, at) => meanOf((net) => of(list(net), at)))
  const [mean, spread] = [eachOf((net) => net.mean), eachOf((net) => net.spread)]
  /** A list of parts for figures as one net scales them, for figures in the common scale; and what that adds at the common means. */
  const moved = (net: Net, parts: readonly number[]): { readonly parts: readonly number[]; readonly adds: number } => ({
    parts: parts.map((part, at) => (part * of(spread, at)) / of(net.spread, at)),
    adds: parts.reduce((sum, part, at) => sum + (part * (of(mean, at) - of(net.mean, at))) / of(net.spread, at), 0),
  })
  const fine = (value: number): number => Math.round(value * 10_000) / 10_000
  return {
    even: fine(meanOf((net) => net.even + moved(net, net.straight).adds)),
    mean: mean.map(fine),
    spread: spread.map((one) => Math.ceil(one * 10_000) / 10_000),
    straight: eachOf((net) => moved(net, net.straight).parts).map(fine),
    hidden: nets.flatMap((net) =>
      net.hidden.map(([adds = 0, level = 0, ...parts]) => {
        const place = moved(net, parts)
        return [adds / nets.length, level + place.adds, ...place.parts].map(fine)
      }),
    ),
  }
}

const SEED = 1
const BATCH = 512
const RATE = 3e-3
const RATE_MIN = 1e-5
const DECAY = 3e-4
const MEAN_KEPT = 0.9
const SQUARE_KEPT = 0.999
/** As in the net. */
const FAR = 4

const spreadsOf = (width: number, figures: Float32Array): Pick<Net, 'mean' | 'spread'> => {
  const count = Math.max(1, figures.length / width)
  const sum = new Float64Array(width)
  const squares = new Float64Array(width)
  for (let at = 0; at < figures.length; at += 1) sum[at % width] = (sum[at % width] as number) + (figures[at] as number)
  const mean = Array.from(sum, (all) => Math.round((all / count) * 10_000) / 10_000)
  for (let at = 0; at < figures.length; at += 1) {
    const off = (figures[at] as number) - (mean[at % width] as number)
    squares[at % width] = (squares[at % width] as number) + off * off
  }
  // A figure that never varies says nothing.
  const spread = Array.from(squares, (all) => (all / count < 1e-8 ? 1e9 : Math.ceil(Math.sqrt(all / count) * 10_000) / 10_000))
  return { mean, spread }
}

const scaled = (width: number, figures: Float32Array, { mean, spread }: Pick<Net, 'mean' | 'spread'>): Float32Array =>
  figures.map((figure, at) => Math.max(-FAR, Math.min(FAR, (figure - (mean[at % width] as number)) / (spread[at % width] as number))))

const shuffle = (order: Uint32Array, chance: Chance): void => {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = chance.whole(0, at)
    const kept = order[at] as number
    order[at] = order[other] as number
    order[other] = kept
  }
}
