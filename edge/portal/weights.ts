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
  alone: { even: -4.28, opposition: 0.166, lead: -0.115, imbalance: -0.067, flips: -1.673, mass: 1.41, reads: 0.615, rise: 0.017, loud: 0.033, order: 2.228, motion: 1.247, radial: 4.327, restless: 0.163, stray: -0.361, resident: -0.319, beam: 3, agree: 0, contradict: 0, apart: 0, half: 0, share: 0, lone: 0 },
  together: { even: -4.817, opposition: 0.083, lead: -0.103, imbalance: -0.041, flips: -1.826, mass: 1.497, reads: 0.568, rise: 0.068, loud: 0.045, order: 2.037, motion: 1.209, radial: 4.692, restless: 0.095, stray: -0.375, resident: -0.277, beam: 3, agree: -0.388, contradict: -0.368, apart: 0.691, half: -1.379, share: 4.56, lone: 0.546 },
  'alone, no level': { even: -5.254, opposition: 0.215, lead: -0.391, imbalance: 0.208, flips: -0.605, mass: 1.938, reads: -0.584, rise: 0.046, loud: 0, order: 3.755, motion: 0, radial: 0, restless: 0, stray: -0.16, resident: 1.081, beam: 3, agree: 0, contradict: 0, apart: 0, half: 0, share: 0, lone: 0 },
  'together, no level': { even: -2.212, opposition: 0.292, lead: -0.522, imbalance: 0.153, flips: 0.37, mass: 2.785, reads: -1.699, rise: 0.012, loud: 0, order: 2.899, motion: 0, radial: 0, restless: 0, stray: -0.076, resident: -1.478, beam: 3, agree: -0.175, contradict: -1.053, apart: -0.252, half: 0.808, share: 2.689, lone: 0.592 },
}

/** For a tag that may have gone with the others. */
// biome-ignore format: a table
export const ADOPTION: AdoptionWeights = { even: -2.781, agree: 0.093, contradict: 0.61, apart: 1.471, half: -0.475, share: 4.733, right: 0.065, wrong: -0.917, both: 1.722, own: 6.829, against: -1.288, mixed: -12.646 }
