import type { AdoptionWeights } from './adoption.ts'

/** The kinds of evidence for a crossing and what a unit of each adds to its score; each is 0 where it says nothing. */
export interface Weights {
  /** The score of a crossing of which nothing is known. */
  readonly even: number
  /** A dB by which the side left lost what the side entered gained. */
  readonly opposition: number
  /** A dB by which each side led while the tag was with it. */
  readonly lead: number
  /** A dB by which the tag passed one antenna louder than the other, bodies and goods allowed for. */
  readonly imbalance: number
  /** Each other change of side of the tag in the same time. */
  readonly flips: number
  /** A doubling of the epochs each side led, faint and narrow leads counting less. */
  readonly mass: number
  /** A doubling of the readings of the side that heard it less. */
  readonly reads: number
  /** A dB by which it was louder before the antennas than when it came or went. */
  readonly rise: number
  /** The sides heard it one after the other, in parts of how long each heard it: -1..1. */
  readonly order: number
  /** Its phase turned as that of a moving tag does, -1 (stood) .. 1 (moved all the time). */
  readonly motion: number
  /** By its phase it was nearest to the one antenna before it was nearest to the other: -1..1. */
  readonly radial: number
  /** Its level changed from one moment to the next by this many dB on the mean, as that of a moving tag does. */
  readonly restless: number
  /** A doubling of the epochs it was heard in long before or after. */
  readonly stray: number
  /** It had long been in range. */
  readonly resident: number
  /** The light barrier was broken then: 1; it was not, though the door has one: -1. */
  readonly beam: number
  /** Doublings of the tags that came with it and crossed the same way, crossed the other way, did not cross, crossed back while it did not. */
  readonly agree: number
  readonly contradict: number
  readonly apart: number
  readonly half: number
  /** Of the tags that came with it those that crossed the same way, less the others: -1..1. */
  readonly share: number
  /** Nobody came with it. */
  readonly lone: number
}

/** Which weights a crossing is weighed with: by itself or with what other tags did, from readers that tell a level or from such that do not. */
export type Weighing = 'alone' | 'together' | 'alone, no level' | 'together, no level'

// biome-ignore format: a table
export const WEIGHTS: Readonly<Record<Weighing, Weights>> = {
  alone: { even: -3.673, opposition: 0.16, lead: 0.162, imbalance: -0.07, flips: -1.8, mass: 0.967, reads: 0.244, rise: 0.056, order: 2.124, motion: 0.264, radial: 3.96, restless: 0.302, stray: -0.202, resident: -0.85, beam: 3, agree: 0, contradict: 0, apart: 0, half: 0, share: 0, lone: 0 },
  together: { even: -4.72, opposition: 0.133, lead: 0.181, imbalance: -0.066, flips: -2.351, mass: 0.983, reads: 0.231, rise: 0.096, order: 1.863, motion: -0.193, radial: 4.485, restless: 0.344, stray: -0.127, resident: -1.33, beam: 3, agree: -0.053, contradict: -0.156, apart: 0.458, half: -2.361, share: 3.614, lone: 0.781 },
  'alone, no level': { even: -3.468, opposition: 0.23, lead: -0.29, imbalance: 0.07, flips: -1.254, mass: 1.589, reads: -0.691, rise: 0.042, order: 3.258, motion: 0, radial: 0, restless: 0, stray: 0.281, resident: 0.054, beam: 3, agree: 0, contradict: 0, apart: 0, half: 0, share: 0, lone: 0 },
  'together, no level': { even: -1.164, opposition: 0.295, lead: -0.467, imbalance: 0.084, flips: -0.675, mass: 2.412, reads: -1.708, rise: 0.033, order: 2.271, motion: 0, radial: 0, restless: 0, stray: 0.232, resident: -1.14, beam: 3, agree: -0.283, contradict: -1.108, apart: 0.238, half: 0.265, share: 2.727, lone: 0.179 },
}

/** For a tag that may have gone with the others. */
// biome-ignore format: a table
export const ADOPTION: AdoptionWeights = { even: -3.01, agree: 0.446, contradict: 0.753, apart: 0.91, half: -0.493, share: 4.09, right: 0.069, wrong: -1.043, both: 2.213, own: 4.622, against: -1.257, mixed: -10.569 }
