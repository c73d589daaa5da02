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
  alone: { even: -3.685, opposition: 0.147, lead: 0.15, imbalance: -0.065, flips: -1.726, mass: 1.024, reads: 0.261, rise: 0.06, order: 2.043, motion: 0.256, radial: 3.868, restless: 0.299, stray: -0.236, resident: -0.771, beam: 3, agree: 0, contradict: 0, apart: 0, half: 0, share: 0, lone: 0 },
  together: { even: -4.946, opposition: 0.133, lead: 0.187, imbalance: -0.066, flips: -2.247, mass: 0.833, reads: 0.385, rise: 0.104, order: 1.901, motion: -0.408, radial: 3.793, restless: 0.219, stray: -0.119, resident: -1.13, beam: 3, agree: 1.024, contradict: -0.372, apart: -0.209, half: -1.95, share: 0.692, lone: 0.869 },
  'alone, no level': { even: -2.819, opposition: 0.21, lead: -0.232, imbalance: 0.001, flips: -1.225, mass: 1.424, reads: -0.593, rise: 0.005, order: 2.818, motion: 0, radial: 0, restless: 0, stray: 0.222, resident: 0.12, beam: 3, agree: 0, contradict: 0, apart: 0, half: 0, share: 0, lone: 0 },
  'together, no level': { even: -0.415, opposition: 0.321, lead: -0.41, imbalance: 0.051, flips: -0.389, mass: 2.163, reads: -1.429, rise: 0.001, order: 1.47, motion: 0, radial: 0, restless: 0, stray: 0.302, resident: -1.697, beam: 3, agree: 0.13, contradict: -1.05, apart: -0.304, half: 0.9, share: 2.489, lone: -0.854 },
}

/** For a tag that may have gone with the others. */
// biome-ignore format: a table
export const ADOPTION: AdoptionWeights = { even: -3.127, agree: -0.04, contradict: 0.99, apart: 1.615, half: -0.315, share: 5.658, right: -0.021, wrong: -0.961, both: 2.122, own: 3.963, against: 0.2, mixed: -13.133 }
