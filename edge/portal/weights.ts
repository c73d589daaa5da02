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
  alone: { even: -3.725, opposition: 0.153, lead: 0.133, imbalance: -0.052, flips: -1.623, mass: 1.027, reads: 0.244, rise: 0.048, order: 2.213, motion: 0.308, radial: 4.037, restless: 0.278, stray: -0.186, resident: -0.934, beam: 3, agree: 0, contradict: 0, apart: 0, half: 0, share: 0, lone: 0 },
  together: { even: -5.643, opposition: 0.108, lead: 0.125, imbalance: -0.056, flips: -1.871, mass: 1.016, reads: 0.482, rise: 0.064, order: 2.084, motion: -0.457, radial: 3.705, restless: 0.257, stray: -0.136, resident: -0.911, beam: 3, agree: 1, contradict: -0.327, apart: -0.097, half: -1.565, share: 0.721, lone: 0.972 },
  'alone, no level': { even: -2.719, opposition: 0.112, lead: -0.051, imbalance: -0.07, flips: -1.123, mass: 1.17, reads: -0.311, rise: -0.015, order: 2.734, motion: 0, radial: 0, restless: 0, stray: 0.104, resident: 0.149, beam: 3, agree: 0, contradict: 0, apart: 0, half: 0, share: 0, lone: 0 },
  'together, no level': { even: -1.464, opposition: 0.251, lead: -0.206, imbalance: -0.042, flips: -0.345, mass: 1.861, reads: -0.996, rise: -0.008, order: 0.939, motion: 0, radial: 0, restless: 0, stray: 0.242, resident: -2.017, beam: 3, agree: 0.25, contradict: -0.911, apart: -0.232, half: 1.04, share: 2.641, lone: 0.032 },
}

/** For a tag that may have gone with the others. */
// biome-ignore format: a table
export const ADOPTION: AdoptionWeights = { even: -2.68, agree: 0.803, contradict: 1.591, apart: 0.497, half: -0.494, share: 2.874, right: 0.083, wrong: -1.074, both: 1.997, own: 4.471, against: -0.449, mixed: -12.985 }
