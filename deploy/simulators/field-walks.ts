import type { Carried, Waypoint } from './field.ts'
import { chance } from './field-chance.ts'

/** What really happened to a tag at the door. */
export type Truth = 'in' | 'out' | 'none' | 'in,out' | 'out,in'

/** One tag, how it moved, and what that was. */
export interface Walk {
  readonly kind: WalkKind
  readonly truth: Truth
  readonly carried: Carried
}

/** How people move at a door. */
export const WALK_KINDS = [
  'in',
  'out',
  'dwell-in',
  'dwell-out',
  'pass-outside',
  'pass-inside',
  'turn-back-outside',
  'turn-back-inside',
  'out-and-in',
  'in-and-out',
] as const
export type WalkKind = (typeof WALK_KINDS)[number]

/** A path of one kind, beginning at a moment; speed in metres a second, 0.3 to 2. */
export const pathOf = (kind: WalkKind, startMs: number, speedMps: number, lateralM = 0): readonly Waypoint[] => {
  const steps = STEPS[kind]
  let atMs = startMs
  let [x, y] = steps[0] ?? [0, 0, 0]
  return steps.map(([toX, toY, waitMs]) => {
    atMs += (Math.hypot(toX - x, toY - y) / speedMps) * 1000 + waitMs
    x = toX
    y = toY
    return { atMs, x, y: y + lateralM }
  })
}

/** What a kind of walk amounts to. */
export const truthOf = (kind: WalkKind): Truth => TRUTHS[kind]

/** A walk drawn by seed with one tag; speed, goods, body and place in the way vary as people do. */
export const walkOf = (seed: number, kind: WalkKind, startMs: number, epc: Uint8Array): Walk => {
  const [walk] = cartOf(seed, kind, startMs, [epc])
  if (!walk) throw new Error('field.walk-empty')
  return walk
}

/** The same with many tags on one carrier: they share his path, and each lies and shines differently. */
export const cartOf = (seed: number, kind: WalkKind, startMs: number, epcs: readonly Uint8Array[]): readonly Walk[] => {
  const between = (salt: number, low: number, high: number): number => low + (high - low) * chance(seed, salt)
  const path = pathOf(kind, startMs, between(1, 0.5, 1.6), between(2, -0.3, 0.3))
  const held = chance(seed, 3)
  const aheadM = held < 0.5 ? 0.25 : held < 0.8 ? 0 : -0.25
  const bodyDb = between(5, 0, 8)
  return epcs.map((epc, at) => ({ kind, truth: truthOf(kind), carried: { epc, path, gainDb: between(100 + at, -8, 2), bodyDb, aheadM } }))
}

type Step = readonly [x: number, y: number, waitMs: number]
const STEPS: Readonly<Record<WalkKind, readonly Step[]>> = {
  in: [
    [-4, 0, 0],
    [4, 0, 0],
  ],
  out: [
    [4, 0, 0],
    [-4, 0, 0],
  ],
  'dwell-in': [
    [-4, 0, 0],
    [0, 0, 0],
    [0, 0, 6000],
    [4, 0, 0],
  ],
  'dwell-out': [
    [4, 0, 0],
    [0.1, 0, 0],
    [0.1, 0, 6000],
    [-4, 0, 0],
  ],
  'pass-outside': [
    [-1.4, -4, 0],
    [-1.4, 4, 0],
  ],
  'pass-inside': [
    [1.4, 4, 0],
    [1.4, -4, 0],
  ],
  'turn-back-outside': [
    [-4, 0, 0],
    [-1.1, 0, 0],
    [-1.1, 0, 1000],
    [-4, 0, 0],
  ],
  'turn-back-inside': [
    [4, 0, 0],
    [1.1, 0, 0],
    [1.1, 0, 1000],
    [4, 0, 0],
  ],
  'out-and-in': [
    [4, 0, 0],
    [-2, 0, 0],
    [-2, 0, 1000],
    [4, 0, 0],
  ],
  'in-and-out': [
    [-4, 0, 0],
    [2, 0, 0],
    [2, 0, 1000],
    [-4, 0, 0],
  ],
}

const TRUTHS: Readonly<Record<WalkKind, Truth>> = {
  in: 'in',
  out: 'out',
  'dwell-in': 'in',
  'dwell-out': 'out',
  'pass-outside': 'none',
  'pass-inside': 'none',
  'turn-back-outside': 'none',
  'turn-back-inside': 'none',
  'out-and-in': 'out,in',
  'in-and-out': 'in,out',
}
