import learnt from './learnt.json' with { type: 'json' }
import type { Weighing } from './mark-names.ts'
import type { Net } from './net.ts'

/** Which side of the door plane an antenna looks from. */
export type Side = 'inside' | 'outside'

/** What a doorway needs to be decided; every figure may be learnt per door. Levels in dB and dBm, certainties 0..1. */
export interface PortalThresholds {
  /** A tag unheard for this long has left: longer than three rounds of the slowest antenna. */
  readonly departureMs: number
  /** A tag nobody is sure of waits this long after its last reading: in a hole of the air it is heard again, and a slow cart's others tell where it goes. */
  readonly waitMs: number
  /** A clear crossing whose tag is unheard for this long is settled without waiting for the departure. */
  readonly settleMs: number
  /** Certainty that counts as clear: told after a moment. What is less sure is told when its tag left, or has stayed. */
  readonly settleCertainty: number
  /** What is told of a tag is so as a whole with this certainty; below it, it is `uncertain`. */
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
  /** A side that led for less than this, faint and narrow leads counting less, was flutter. */
  readonly visitMs: number
  /** How evidence is weighed: nets that `node test/doors/fit.ts` fits at the doors for fitting, at drawn doors, in plain air and in none, and writes as `learnt.json`. */
  readonly weights: Readonly<Record<Weighing, Net>>
  readonly adoption: Net
  /** After this long in range, heard in most epochs, a tag is resident; people passing or pausing explain more of what changes. */
  readonly residentMs: number
  readonly residentShare: number
  /** One side alone heard it this loud, rising and falling: the tag went by that antenna and the other one should have heard it. */
  readonly nearDbm: number
  readonly nearRiseDb: number
  /** How much of a tag's past is kept while it stays in range. */
  readonly memoryMs: number
}

/** The usual figures; how the weights were made stands with them. So decided, less than one tag in a thousand of simulated doors was told wrongly. */
export const THRESHOLDS: PortalThresholds = {
  departureMs: 2500,
  waitMs: 10_000,
  settleMs: 1000,
  settleCertainty: 0.998,
  decideCertainty: 0.96,
  askCertainty: 0.4,
  dwellMs: 4000,
  epochMs: 100,
  smoothingMs: 500,
  marginDb: 2.5,
  offsetDb: 0,
  visitMs: 80,
  weights: learnt.crossing,
  adoption: learnt.adoption,
  residentMs: 20_000,
  residentShare: 0.6,
  nearDbm: -50,
  nearRiseDb: 8,
  memoryMs: 30_000,
}
