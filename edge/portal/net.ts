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
export const scoreOf = ({ even, mean, spread, straight, hidden }: Net, figures: readonly number[]): number => {
  const scaled = scaledOf(figures, { mean, spread })
  let score = even
  for (let at = 0; at < scaled.length; at += 1) score += (straight[at] ?? 0) * (scaled[at] ?? 0)
  for (const place of hidden) {
    let sum = place[1] ?? 0
    for (let at = 0; at < scaled.length; at += 1) sum += (place[at + 2] ?? 0) * (scaled[at] ?? 0)
    score += (place[0] ?? 0) * Math.tanh(sum)
  }
  return score
}

/** Figures in spreads from their means. */
export const scaledOf = (figures: readonly number[], { mean, spread }: Pick<Net, 'mean' | 'spread'>): Float64Array =>
  Float64Array.from(mean, (middle, at) => Math.max(-FAR, Math.min(FAR, ((figures[at] ?? middle) - middle) / (spread[at] ?? 1))))

/** 0..1. */
export const likelihoodOf = (score: number): number => 1 / (1 + Math.exp(-score))

/** In spreads. */
const FAR = 4
