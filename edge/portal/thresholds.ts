/** Which side of the door plane an antenna looks from. */
export type Side = 'inside' | 'outside'

/** What a doorway needs to be decided; every figure may be learnt per door. Levels in dB and dBm, certainties 0..1. */
export interface PortalThresholds {
  /** A tag unheard for this long has left: longer than three rounds of the slowest antenna. */
  readonly departureMs: number
  /** A clear crossing whose tag is unheard for this long is settled without waiting for the departure. */
  readonly settleMs: number
  /** Certainty that counts as clear. */
  readonly settleCertainty: number
  /** Below this certainty a crossing is `uncertain`. */
  readonly decideCertainty: number
  /** Below this certainty it was none, and nobody is asked. */
  readonly askCertainty: number
  /** A tag that crossed and stays within range is settled after this time on its new side. */
  readonly dwellMs: number
  /** Grain of time in which readings are kept. */
  readonly epochMs: number
  /** Half width of the smoothing: longer than an antenna's pause, shorter than a step across the door. */
  readonly smoothingMs: number
  /** How much stronger one side must be before a tag counts as being there. */
  readonly marginDb: number
  /** By how much the inside antenna is stronger than the outside one for a tag in the door plane. */
  readonly offsetDb: number
  /** A stay on one side shorter than this, or with fewer readings there, is flutter. */
  readonly visitMs: number
  readonly readsMin: number
  /** What each kind of evidence adds to the score of which the certainty is the logistic. */
  readonly weights: Weights
  /** Opposite movement of the two levels below this is noise: no crossing, nobody is asked. */
  readonly noiseDb: number
  /** A tag less than this louder before the antennas than when it came or went did not come and go, unless the levels moved this far. */
  readonly riseDb: number
  readonly steadyDb: number
  /** After this long in range, heard in most epochs, a tag is resident; people passing or pausing explain more of what changes. */
  readonly residentMs: number
  readonly residentShare: number
  readonly residentDb: number
  /** One side alone heard it this loud, rising and falling: the tag went by that antenna and the other one should have heard it. */
  readonly nearDbm: number
  readonly nearRiseDb: number
  /** How much of a tag's past is kept while it stays in range. */
  readonly memoryMs: number
}

/** The kinds of evidence for a crossing; each is 0 where it says nothing. */
export interface Weights {
  /** The score of a crossing of which nothing is known. */
  readonly even: number
  /** A dB by which the side left lost what the side entered gained. */
  readonly opposition: number
  /** A dB by which each side led while the tag was with it. */
  readonly lead: number
  /** A dB by which the tag passed one antenna louder than the other, bodies and goods allowed for. */
  readonly imbalance: number
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
  /** Between the antennas it drew away from the one while it neared the other: -1..1. */
  readonly radial: number
  /** It had long been in range. */
  readonly resident: number
  /** The light barrier was broken then: 1; it was not, though the door has one: -1. */
  readonly beam: number
  /** A doubling of the tags that crossed with it. */
  readonly agree: number
  /** A doubling of the tags that crossed the other way at that moment, while none went with it. */
  readonly contradict: number
}

/** Fitted on simulated doorways of many shapes (`deploy/simulators/field.ts`), not on the shared scenarios. */
export const THRESHOLDS: PortalThresholds = {
  departureMs: 2500,
  settleMs: 1000,
  settleCertainty: 0.9,
  decideCertainty: 0.8,
  askCertainty: 0.1,
  dwellMs: 4000,
  epochMs: 100,
  smoothingMs: 400,
  marginDb: 2.5,
  offsetDb: 0,
  visitMs: 400,
  readsMin: 2,
  weights: {
    even: -2,
    opposition: 0.3,
    lead: 1.2,
    imbalance: -1.2,
    mass: 0,
    reads: 0,
    rise: 0,
    order: 0,
    motion: 0.5,
    radial: 1,
    resident: 0,
    beam: 3,
    agree: 0.3,
    contradict: -0.7,
  },
  noiseDb: 2,
  riseDb: 3,
  steadyDb: 8,
  residentMs: 20_000,
  residentShare: 0.6,
  residentDb: 5,
  nearDbm: -50,
  nearRiseDb: 8,
  memoryMs: 30_000,
}
