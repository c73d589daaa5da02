/** Chance that follows from a seed alone: the same numbers again for the same input. */
export interface Draw {
  /** 0 up to, not including, `below`. */
  readonly below: (below: number) => number
  readonly maybe: (share: number) => boolean
  readonly of: <One>(from: readonly One[]) => One
  /** So many letters of an alphabet. */
  readonly text: (length: number, alphabet: string) => string
}

/** Chance for the n-th input of a seed (32 bits each). */
export const drawFor = (seed: number, nth: number): Draw => {
  let state = (Math.imul(seed, 0x9e37_79b1) ^ Math.imul(nth + 1, 0x85eb_ca6b)) >>> 0
  const next = () => {
    state = (state + 0x6d2b_79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number) => Math.floor((next() / 2 ** 32) * limit)
  return {
    below,
    maybe: (share) => next() / 2 ** 32 < share,
    of: (from) => {
      const one = from[below(from.length)]
      if (one === undefined) throw new RangeError('nothing to draw from')
      return one
    },
    text: (length, alphabet) => Array.from({ length }, () => alphabet.charAt(below(alphabet.length))).join(''),
  }
}
