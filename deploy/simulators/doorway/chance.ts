import { hashOf } from '../field-chance.ts'

/** Chance with a state: the same draws in the same order for the same seeds. */
export interface Chance {
  /** Evenly in [0, 1). */
  readonly next: () => number
  readonly between: (range: readonly [low: number, high: number]) => number
  /** Whole, both ends included. */
  readonly whole: (low: number, high: number) => number
  /** Mean 0, deviation 1. */
  readonly normal: () => number
  readonly isSo: (share: number) => boolean
  readonly pick: <One>(list: readonly One[]) => One
}

/** Opens chance from seeds. */
export const openChance = (...seeds: readonly number[]): Chance => {
  let state = hashOf(...seeds)
  // mulberry32: 32 bits of state are ample for one scenario.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  return {
    next,
    between: ([low, high]) => low + (high - low) * next(),
    whole: (low, high) => low + Math.floor((high - low + 1) * next()),
    normal: () => (next() + next() + next() + next() - 2) * Math.sqrt(3),
    isSo: (share) => next() < share,
    pick: (list) => {
      const one = list[Math.floor(next() * list.length)]
      if (one === undefined) throw new Error('doorway.nothing-to-pick')
      return one
    },
  }
}
