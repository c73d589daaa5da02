/**
 * A small net of one hidden layer: figures in, a score out. Each figure, in spreads from its mean where the net was fitted, adds its `straight` part; the
 * hidden places add what several figures say only together.
 */
export interface Net {
  readonly even: number
  readonly mean: readonly number[]
  readonly spread: readonly number[]
  readonly straight: readonly number[]
  /** Of each hidden place what it adds to the score, its own level, and what each figure adds to it. */
  readonly hidden: readonly (readonly number[])[]
}

/** The score of figures, in the order the net was fitted with. A figure far from all those counts as the farthest of them. */
export const scoreOf = (net: Net, figures: ArrayLike<number>): number => {
  const { mean, spread, straight, places, scaled } = partsOf(net)
  const width = scaled.length
  let score = net.even
  for (let at = 0; at < width; at += 1) {
    const middle = mean[at] as number
    const figure = Math.max(-FAR, Math.min(FAR, ((figures[at] ?? middle) - middle) / (spread[at] as number)))
    scaled[at] = figure
    score += (straight[at] as number) * figure
  }
  for (let place = 0; place < places.length; place += width + 2) {
    let sum = places[place + 1] as number
    for (let at = 0; at < width; at += 1) sum += (places[place + 2 + at] as number) * (scaled[at] as number)
    score += (places[place] as number) * Math.tanh(sum)
  }
  return score
}

/** 0..1. */
export const likelihoodOf = (score: number): number => 1 / (1 + Math.exp(-score))

/** The same numbers where they are reached quickly, for a door asks often, and room for the figures at hand, in spreads from their means. */
interface Parts {
  readonly mean: Float64Array
  readonly spread: Float64Array
  readonly straight: Float64Array
  readonly places: Float64Array
  readonly scaled: Float64Array
}

const partsOf = (net: Net): Parts => {
  const known = PARTS.get(net)
  if (known) return known
  const [mean, spread, straight, places] = [net.mean, net.spread, net.straight, net.hidden.flat()].map((one) => Float64Array.from(one))
  const parts = { mean, spread, straight, places, scaled: new Float64Array(net.mean.length) } as Parts
  PARTS.set(net, parts)
  return parts
}
const PARTS = new WeakMap<Net, Parts>()

/** In spreads. */
const FAR = 4
