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
  alone: { even: -3.332, opposition: 0.02, lead: 0.31, imbalance: -0.115, flips: -1.867, mass: 0.314, reads: 0.997, rise: 0.106, order: 1.827, motion: 0.99, radial: 2.848, restless: 0, stray: 0, resident: -1.541, beam: 3, agree: 0, contradict: 0, apart: 0, half: 0, share: 0, lone: 0 },
  together: { even: -4.24, opposition: 0.016, lead: 0.282, imbalance: 0.022, flips: -1.695, mass: 0.811, reads: 0.375, rise: 0.132, order: 2.396, motion: -0.036, radial: 1.334, restless: 0, stray: 0, resident: -1.582, beam: 3, agree: 1.293, contradict: -1.976, apart: -0.679, half: 0, share: 0, lone: 0.155 },
  'alone, no level': { even: -5.788, opposition: 0.127, lead: 0.149, imbalance: -0.087, flips: -1.081, mass: 0.895, reads: 0.359, rise: 0, order: 2.344, motion: 0, radial: 0, restless: 0, stray: 0, resident: -0.461, beam: 3, agree: 0, contradict: 0, apart: 0, half: 0, share: 0, lone: 0 },
  'together, no level': { even: -3.627, opposition: 0, lead: 0.311, imbalance: -0.16, flips: -1.015, mass: 0.596, reads: 0.47, rise: 0.046, order: 0.247, motion: 0, radial: 0, restless: 0, stray: 0, resident: -0.869, beam: 3, agree: 1.865, contradict: -1.233, apart: -1.047, half: 0, share: 0, lone: 1.257 },
}
