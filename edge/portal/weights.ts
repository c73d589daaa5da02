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
  /** Each other stay of the tag that hardly was one. */
  readonly flips: number
  /** A doubling of the epochs each side led, faint and narrow leads counting less. */
  readonly mass: number
  /** A doubling of the readings of the side that heard it less. */
  readonly reads: number
  /** A dB by which it was louder before the antennas than when it came or went. */
  readonly rise: number
  /** A dB by which the fainter side heard it louder than the faintest level the door ever told. */
  readonly loud: number
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
  alone: { even: -4.511, opposition: 0.249, lead: 0.017, imbalance: -0.056, flips: -1.86, mass: 0.954, reads: 0.486, rise: -0.083, loud: 0.024, order: 2.233, motion: 0.559, radial: 3.511, restless: 0.391, stray: -0.439, resident: 0.453, beam: 3, agree: 0, contradict: 0, apart: 0, half: 0, share: 0, lone: 0 },
  together: { even: -5.945, opposition: 0.192, lead: 0.083, imbalance: -0.041, flips: -2.512, mass: 0.923, reads: 0.542, rise: -0.032, loud: 0.015, order: 2.102, motion: 0.199, radial: 3.971, restless: 0.4, stray: -0.424, resident: 0.357, beam: 3, agree: -0.226, contradict: -0.334, apart: 0.724, half: -1.446, share: 4.261, lone: 0.919 },
  'alone, no level': { even: -4.848, opposition: 0.213, lead: -0.375, imbalance: 0.207, flips: -0.774, mass: 1.796, reads: -0.613, rise: 0.05, loud: 0, order: 3.653, motion: 0, radial: 0, restless: 0, stray: -0.083, resident: 0.712, beam: 3, agree: 0, contradict: 0, apart: 0, half: 0, share: 0, lone: 0 },
  'together, no level': { even: -1.866, opposition: 0.286, lead: -0.527, imbalance: 0.149, flips: 0.257, mass: 2.732, reads: -1.826, rise: 0.02, loud: 0, order: 3.111, motion: 0, radial: 0, restless: 0, stray: -0.021, resident: -1.572, beam: 3, agree: -0.221, contradict: -1.093, apart: -0.183, half: 0.817, share: 2.779, lone: 0.641 },
}

/** For a tag that may have gone with the others. */
// biome-ignore format: a table
export const ADOPTION: AdoptionWeights = { even: -3.049, agree: 0.045, contradict: 0.533, apart: 1.589, half: -0.574, share: 5.177, right: 0.109, wrong: -0.924, both: 2.207, own: 5.114, against: -1.59, mixed: -12.129 }
