import { type PortalThresholds, THRESHOLDS } from './thresholds.ts'

/** Within what a threshold is learnt, and its coarsest step; in the unit of the threshold. */
export interface Range {
  readonly min: number
  readonly max: number
  readonly step: number
  /** How the antennas hang shifts it: far off the usual figure nothing near that figure is any better. */
  readonly isShift?: boolean
}

/**
 * Thresholds that a door's own labels say something about. Those of time in range are left alone: a label is one passage, and says nothing of shelves
 * that stand for days. First what the mounting of the antennas shifts, then what decides.
 */
const RANGES = {
  offsetDb: { min: -16, max: 16, step: 4, isShift: true },
  marginDb: { min: 0.5, max: 6, step: 1 },
  decideCertainty: { min: 0.5, max: 0.99, step: 0.08 },
  askCertainty: { min: 0.02, max: 0.6, step: 0.08 },
  smoothingMs: { min: 200, max: 1_000, step: 200 },
  visitMs: { min: 20, max: 1_000, step: 120 },
  nearDbm: { min: -66, max: -36, step: 6 },
  nearRiseDb: { min: 4, max: 16, step: 4 },
} as const satisfies Partial<Record<keyof PortalThresholds, Range>>

/** Thresholds of a door by name, as its settings take them. */
export type Figures = Readonly<Record<string, number>>

/** What is learnt, in the order it is tried. */
export const TUNABLE: readonly (Range & { readonly name: string; readonly usual: number })[] = Object.entries(RANGES).map(
  ([name, range]) => ({
    ...{ name, usual: THRESHOLDS[name as keyof typeof RANGES] },
    ...range,
  }),
)

/** The same figures as a door opens with. */
export const thresholdsOf = (figures: Figures): Partial<PortalThresholds> => figures as Partial<PortalThresholds>
