import { DOORWAY, openField } from '@lotkeeper/deploy/simulators/field.ts'
import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'
import { cartOf, WALK_KINDS } from '@lotkeeper/deploy/simulators/field-walks.ts'
import type { Sighting } from '@lotkeeper/edge/portal/portal.ts'
import type { Side } from '@lotkeeper/edge/portal/thresholds.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'

/** A walk through a doorway of plain air: another model than `deploy/simulators/doorway`, so that what is fitted holds for more than one. */
export interface PlainScene {
  readonly truth: readonly { readonly epc: string; readonly direction: string }[]
  readonly sightings: readonly Sighting[]
}

/** Walks of every kind, one to four tags each, through doors of drawn shapes; somebody's tag lies on a shelf beside some. */
export function* plainScenes(first: number, seeds: number): Generator<PlainScene> {
  for (let seed = FIRST_SEED + first; seed < FIRST_SEED + first + seeds; seed += 1) {
    for (const [at, kind] of WALK_KINDS.entries()) yield sceneOf(seed * 100 + at, kind)
  }
}

/** The tests of the plain air begin at 1. */
const FIRST_SEED = 5000

const sceneOf = (seed: number, kind: (typeof WALK_KINDS)[number]): PlainScene => {
  const between = (salt: number, low: number, high: number): number => low + (high - low) * chance(seed, salt, 77)
  const field = openField(seed, {
    ...DOORWAY,
    exponent: between(1, 2.2, 3.8),
    fadingDb: between(2, 1, 3.5),
    noiseDb: between(3, 0.5, 2.5),
    missed: between(4, 0.2, 0.6),
    antennaM: { x: between(5, 0.4, 0.9), y: between(6, 0.6, 1.3) },
  })
  const epcs = Array.from({ length: 1 + Math.floor(between(7, 0, 4)) }, (_, at) =>
    Uint8Array.of(0x30, seed & 255, (seed >> 8) & 255, (seed >> 16) & 255, at),
  )
  const walks = cartOf(seed, kind, 500, epcs)
  for (const { carried } of walks) field.carry(carried)
  const endMs = (walks[0]?.carried.path.at(-1)?.atMs ?? 0) + 500
  const shelf = Uint8Array.of(0x31, seed & 255, (seed >> 8) & 255, (seed >> 16) & 255, 0)
  const isShelved = between(8, 0, 1) < 0.3
  if (isShelved)
    field.shelve({ epc: shelf, x: between(9, 0.8, 2), y: between(10, 0.9, 1.8), gainDb: between(11, -8, 0), fromMs: 0, untilMs: endMs })
  // One reader that turns from side to side, or one on each side; some tell the phase, a few no level.
  const turnMs = 60 * Math.floor(between(12, 1, 6))
  const [isPair, hasPhase, hasLevel] = [between(13, 0, 1) < 0.3, between(14, 0, 1) < 0.5, between(15, 0, 1) > 0.15]
  const sightings: Sighting[] = []
  for (let at = 0; at <= endMs; at += 30) {
    const turn: Side = Math.floor(at / turnMs) % 2 === 0 ? 'inside' : 'outside'
    for (const side of isPair ? (['inside', 'outside'] as const) : [turn])
      for (const { epc, rssiDbm, phaseDeg } of field.fieldOf(side)(at))
        sightings.push({
          at,
          epc: hexOf(epc),
          antenna: side,
          side,
          rssiDbm: hasLevel ? rssiDbm : null,
          phaseDeg: hasPhase ? phaseDeg : null,
        })
  }
  const truth = walks.map(({ carried, truth: direction }) => ({ epc: hexOf(carried.epc), direction }))
  return { truth: isShelved ? [...truth, { epc: hexOf(shelf), direction: 'none' }] : truth, sightings }
}
