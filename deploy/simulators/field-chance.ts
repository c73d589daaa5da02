/** A 32-bit number that hangs on all its arguments and looks like none: chance without a state, so that order of asking changes nothing. */
export const hashOf = (...numbers: readonly number[]): number => {
  let hash = 0x9e3779b9
  for (const number of numbers) {
    hash = Math.imul(hash ^ (Math.floor(number) | 0), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    hash ^= hash >>> 16
  }
  return hash >>> 0
}

/** Evenly in [0, 1). */
export const chance = (...numbers: readonly number[]): number => hashOf(...numbers) / 2 ** 32

/** About normal, mean 0, deviation 1. */
export const gaussian = (...numbers: readonly number[]): number => {
  let sum = 0
  for (let at = 0; at < 6; at += 1) sum += chance(...numbers, at)
  return (sum - 3) * Math.SQRT2
}
