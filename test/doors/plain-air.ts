import { DOORWAY, openField } from '@lotkeeper/deploy/simulators/field.ts'
import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'
import { cartOf, WALK_KINDS } from '@lotkeeper/deploy/simulators/field-walks.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'

/** A walk through a doorway of plain air: another model than `deploy/simulators/doorway`, so that what is fitted holds for more than one. */
export interface PlainScene {
  readonly truth: readonly { readonly epc: string; readonly direction: string }[]
  /** ms, tag, side, dBm */
  readonly reads: readonly (readonly [atMs: number, epc: string, side: 'inside' | 'outside', rssiDbm: number])[]
}

/** Walks of every kind, one to four tags each, through doors of drawn shapes; somebody's tag lies on a shelf beside some. */
export function* plainScenes(seeds: number): Generator<PlainScene> {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed += 1) {
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
  const reads: PlainScene['reads'][number][] = []
  for (let at = 0; at <= endMs; at += 30) {
    const side = Math.floor(at / 120) % 2 === 0 ? 'inside' : 'outside'
    for (const { epc, rssiDbm } of field.fieldOf(side)(at)) reads.push([at, hexOf(epc), side, rssiDbm])
  }
  const truth = walks.map(({ carried, truth: direction }) => ({ epc: hexOf(carried.epc), direction }))
  return { truth: isShelved ? [...truth, { epc: hexOf(shelf), direction: 'none' }] : truth, reads }
}
