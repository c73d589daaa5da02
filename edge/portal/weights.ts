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

/**
 * What speaks for a tag having gone with the tags around it, where its own readings are too few to tell: a label behind liquid is heard a few times,
 * by one side perhaps, but it is on the cart.
 */
export interface AdoptionMarks extends Pick<Weights, 'agree' | 'contradict' | 'apart' | 'half' | 'share'> {
  /** Doublings of the epochs in which the side heard it where the others were, and in which the other side did. */
  readonly right: number
  readonly wrong: number
  /** 1: it was heard as it should both before and after. */
  readonly both: number
  /** How sure its own change of side the same way was, and the other way: 0..1. */
  readonly own: number
  readonly against: number
  /** Of the others some crossed the other way; see `Consensus`. */
  readonly mixed: number
}

/** What a unit of each mark adds to the score, and the score without any. */
export type AdoptionWeights = Readonly<Record<keyof AdoptionMarks | 'even', number>>

/** Which weights a crossing is weighed with: by itself or with what other tags did, from readers that tell a level or from such that do not. */
export type Weighing = 'alone' | 'together' | 'alone, no level' | 'together, no level'

/**
 * Fitted by `node test/doors/fit.ts` on the doors of `deploy/simulators/doorway/doors.ts` whose use is `fit`, and on doors of plain air: a ridge-regularised
 * logistic rule over the crossings that were thought of there, by itself first, then with the company that its certainties make. The doors for report
 * and the shared scenarios had no part in it.
 */
export const WEIGHTS: Readonly<Record<Weighing, Weights>> = {
  alone: {
    even: -4.727,
    opposition: 0.155,
    lead: -0.173,
    imbalance: -0.054,
    flips: -1.243,
    mass: 1.747,
    reads: 0.6,
    rise: 0.003,
    loud: 0.051,
    order: 2.326,
    motion: 1.379,
    radial: 4.463,
    restless: 0.124,
    stray: -0.404,
    resident: -0.439,
    beam: 3,
    agree: 0,
    contradict: 0,
    apart: 0,
    half: 0,
    share: 0,
    lone: 0,
  },
  together: {
    even: -5.268,
    opposition: 0.108,
    lead: -0.188,
    imbalance: -0.032,
    flips: -1.32,
    mass: 1.706,
    reads: 0.632,
    rise: 0.032,
    loud: 0.064,
    order: 2.163,
    motion: 1.252,
    radial: 4.737,
    restless: 0.151,
    stray: -0.4,
    resident: -0.459,
    beam: 3,
    agree: -1.122,
    contradict: -0.003,
    apart: 1.208,
    half: -1.399,
    share: 8.283,
    lone: 0.238,
  },
  'alone, no level': {
    even: -5.315,
    opposition: 0.216,
    lead: -0.389,
    imbalance: 0.217,
    flips: -0.566,
    mass: 1.925,
    reads: -0.555,
    rise: 0.045,
    loud: 0,
    order: 3.747,
    motion: 0,
    radial: 0,
    restless: 0,
    stray: -0.169,
    resident: 1.105,
    beam: 3,
    agree: 0,
    contradict: 0,
    apart: 0,
    half: 0,
    share: 0,
    lone: 0,
  },
  'together, no level': {
    even: -2.43,
    opposition: 0.294,
    lead: -0.523,
    imbalance: 0.166,
    flips: 0.42,
    mass: 2.774,
    reads: -1.618,
    rise: 0.012,
    loud: 0,
    order: 2.826,
    motion: 0,
    radial: 0,
    restless: 0,
    stray: -0.076,
    resident: -1.371,
    beam: 3,
    agree: -0.221,
    contradict: -1.018,
    apart: -0.217,
    half: 0.817,
    share: 3.295,
    lone: 0.463,
  },
}

/** For a tag that may have gone with the others. */
export const ADOPTION: AdoptionWeights = {
  even: -1.837,
  agree: -0.31,
  contradict: 1.001,
  apart: 1.538,
  half: -0.636,
  share: 6.506,
  right: 0.04,
  wrong: -0.969,
  both: 2.038,
  own: 6.645,
  against: -1.244,
  mixed: -12.286,
}
