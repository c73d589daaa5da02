import { type Chance, openChance } from '@lotkeeper/deploy/simulators/doorway/chance.ts'
import { type Net, scaledOf } from '@lotkeeper/edge/portal/net.ts'

/** One case: its figures, whether it was so, and how much it counts. */
export interface Case {
  readonly figures: readonly number[]
  readonly isSo: boolean
  readonly counts: number
}

export interface Training {
  /** Hidden places. */
  readonly places: number
  /** How often every case is looked at. */
  readonly rounds: number
}

/**
 * Fits a net to cases by Adam on the logistic loss, with a decay of the hidden weights. Chance comes from a fixed seed: the same cases in the same order
 * give the same net.
 */
export const trained = (width: number, cases: readonly Case[], { places, rounds }: Training): Net => {
  const chance = openChance(SEED)
  const inputs = spreadsOf(width, cases)
  const rows = cases.map(({ figures }) => scaledOf(figures, inputs))
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
  const order = Uint32Array.from(rows, (_row, at) => at)
  let step = 0
  for (let round = 0; round < rounds; round += 1) {
    shuffle(order, chance)
    const rate = (RATE / 2) * (1 + Math.cos((Math.PI * round) / rounds)) + RATE_MIN
    for (let from = 0; from < order.length; from += BATCH) {
      const to = Math.min(order.length, from + BATCH)
      slope.fill(0)
      for (let index = from; index < to; index += 1) {
        const at = order[index] ?? 0
        const row = rows[at] as Float64Array
        const one = cases[at] as Case
        let score = weights[0] ?? 0
        for (let input = 0; input < width; input += 1) score += (weights[1 + input] as number) * (row[input] as number)
        for (let place = 0; place < places; place += 1) {
          const base = placeAt(place)
          let sum = weights[base + 1] as number
          for (let input = 0; input < width; input += 1) sum += (weights[base + 2 + input] as number) * (row[input] as number)
          const out = Math.tanh(sum)
          fired[place] = out
          score += (weights[base] as number) * out
        }
        const off = ((1 / (1 + Math.exp(-score)) - (one.isSo ? 1 : 0)) * one.counts) / (to - from)
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
    even: shown(weights[0] ?? 0),
    ...inputs,
    straight: Array.from(weights.subarray(1, 1 + width), shown),
    hidden: Array.from({ length: places }, (_, place) => Array.from(weights.subarray(placeAt(place), placeAt(place + 1)), shown)),
  }
}

const SEED = 1
const BATCH = 512
const RATE = 3e-3
const RATE_MIN = 1e-5
const DECAY = 3e-4
const MEAN_KEPT = 0.9
const SQUARE_KEPT = 0.999

const spreadsOf = (width: number, cases: readonly Case[]): Pick<Net, 'mean' | 'spread'> => {
  const count = Math.max(1, cases.length)
  const mean = Array.from({ length: width }, (_, at) => {
    const middle = cases.reduce((sum, { figures }) => sum + (figures[at] ?? 0), 0) / count
    return Math.round(middle * 10_000) / 10_000
  })
  const spread = mean.map((middle, at) => {
    const square = cases.reduce((sum, { figures }) => sum + ((figures[at] ?? 0) - middle) ** 2, 0) / count
    // A figure that never varies says nothing.
    return square < 1e-8 ? 1e9 : Math.ceil(Math.sqrt(square) * 10_000) / 10_000
  })
  return { mean, spread }
}

const shuffle = (order: Uint32Array, chance: Chance): void => {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = chance.whole(0, at)
    const kept = order[at] as number
    order[at] = order[other] as number
    order[other] = kept
  }
}
