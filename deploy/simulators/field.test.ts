import { openPortal } from '@lotkeeper/edge/portal/portal.ts'
import type { Passage } from '@lotkeeper/edge/portal/verdict.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { describe, expect, it } from 'vitest'
import { DOORWAY, type Field, openField, type Physics } from './field.ts'
import { chance } from './field-chance.ts'
import { cartOf, WALK_KINDS, type Walk, walkOf } from './field-walks.ts'

const tag = (...numbers: readonly number[]): Uint8Array => Uint8Array.of(0x30, ...numbers)
/** Hundreds of walks on a busy machine. */
const PATIENCE_MS = 60_000
const SIDES = ['inside', 'outside'] as const

/** Both antennas hear in turns, 120 ms each, a round every 30 ms, as one multiplexed reader does. */
const watch = (field: Field, untilMs: number): readonly Passage[] => {
  const portal = openPortal({ door: 'test', antennas: { 'r:1': 'inside', 'r:2': 'outside' } })
  const passages: Passage[] = []
  for (let at = 0; at <= untilMs + 4000; at += 30) {
    const side = SIDES[Math.floor(at / 120) % 2] ?? 'inside'
    const antenna = side === 'inside' ? 'r:1' : 'r:2'
    for (const { epc, rssiDbm } of field.fieldOf(side)(at)) passages.push(...portal.see({ epc: hexOf(epc), antenna, side, at, rssiDbm }))
    passages.push(...portal.tick(at))
  }
  return passages
}

const saidOf = (passages: readonly Passage[], epc: Uint8Array): string =>
  passages.flatMap((passage) => (passage.epc === hexOf(epc) ? [passage.direction] : [])).join(',') || 'none'

/** Walks of every kind one after the other through one door. */
const procession = (field: Field, seed: number): { readonly walks: readonly Walk[]; readonly endMs: number } => {
  let startMs = 2000
  const walks = WALK_KINDS.map((kind, at) => {
    const walk = walkOf(seed * 100 + at, kind, startMs, tag(seed & 255, seed >> 8, at))
    field.carry(walk.carried)
    startMs = (walk.carried.path.at(-1)?.atMs ?? startMs) + 1000
    return walk
  })
  return { walks, endMs: startMs }
}

/** Doors of other shapes than the usual one: wider, higher, with more echo, noise and loss. */
const otherDoor = (seed: number): Physics => {
  const between = (salt: number, low: number, high: number): number => low + (high - low) * chance(seed, salt, 77)
  return {
    ...DOORWAY,
    exponent: between(1, 2.2, 3.8),
    fadingDb: between(2, 1, 3.5),
    noiseDb: between(3, 0.5, 2.5),
    missed: between(4, 0.2, 0.6),
    antennaM: { x: between(5, 0.4, 0.9), y: between(6, 0.6, 1.3) },
  }
}

const tally = (seeds: number, physicsOf: (seed: number) => Physics): Readonly<Record<'walks' | 'right' | 'wrong', number>> => {
  const count = { walks: 0, right: 0, wrong: 0 }
  for (let seed = 1; seed <= seeds; seed += 1) {
    const field = openField(seed, physicsOf(seed))
    const { walks, endMs } = procession(field, seed)
    const passages = watch(field, endMs)
    for (const { carried, truth } of walks) {
      const said = saidOf(passages, carried.epc)
      count.walks += 1
      if (said === truth) count.right += 1
      else if (!said.includes('uncertain')) count.wrong += 1
    }
  }
  return count
}

describe('a field tells the portal how people walked', () => {
  it(
    'in the usual doorway',
    () => {
      const { walks, right, wrong } = tally(25, () => DOORWAY)
      console.info(`field: ${right} of ${walks} walks told right, ${wrong} wrong or missed, the rest uncertain`)
      expect(walks).toBeGreaterThanOrEqual(200)
      expect(right / walks).toBeGreaterThanOrEqual(0.98)
      expect(wrong / walks).toBeLessThanOrEqual(0.004)
    },
    PATIENCE_MS,
  )
  it(
    'in doorways of other shapes',
    () => {
      const { walks, right, wrong } = tally(25, otherDoor)
      console.info(`field, other doors: ${right} of ${walks} walks told right, ${wrong} wrong or missed, the rest uncertain`)
      expect(right / walks).toBeGreaterThanOrEqual(0.95)
      expect(wrong / walks).toBeLessThanOrEqual(0.004)
    },
    PATIENCE_MS,
  )
  it('with a cart of 40 tags', () => {
    const field = openField(7)
    const walks = cartOf(
      7,
      'in',
      1000,
      Array.from({ length: 40 }, (_, at) => tag(1, at)),
    )
    for (const { carried } of walks) field.carry(carried)
    const passages = watch(field, 15_000)
    const said = walks.map(({ carried }) => saidOf(passages, carried.epc))
    expect(said.filter((one) => one === 'in').length).toBeGreaterThanOrEqual(36)
    expect(said.filter((one) => one === 'out')).toEqual([])
  })
  it('once, even when the tag pauses on its new side', () => {
    const field = openField(14)
    const { carried, truth } = walkOf(507, 'out-and-in', 80_908, tag(14, 0, 8))
    field.carry(carried)
    expect(saidOf(watch(field, 95_000), carried.epc)).toBe(truth)
  })
  it(
    'and nothing of shelves by the door, whoever walks past them',
    () => {
      const shelves = Array.from({ length: 20 }, (_, at) => at + 1).flatMap((seed) => {
        const field = openField(seed, otherDoor(seed))
        const { endMs } = procession(field, seed)
        const between = (at: number, salt: number, reach: number): number => reach * (2 * chance(seed, at, salt) - 1)
        const tags = Array.from({ length: 12 }, (_, at) => tag(9, seed, at))
        tags.forEach((epc, at) => {
          field.shelve({ epc, x: between(at, 1, 2.5), y: between(at, 2, 1.5), gainDb: -3 + between(at, 3, 5), fromMs: 0, untilMs: endMs })
        })
        const passages = watch(field, endMs)
        return tags.map((epc) => saidOf(passages, epc))
      })
      // Nothing is posted; of a label that hangs in the doorway itself somebody may be asked.
      expect(shelves.filter((said) => said.split(',').some((one) => one === 'in' || one === 'out'))).toEqual([])
      expect(shelves.filter((said) => said === 'none').length / shelves.length).toBeGreaterThanOrEqual(0.97)
    },
    PATIENCE_MS,
  )
})

describe('a field', () => {
  const walked = (seed: number): Field => {
    const field = openField(seed)
    field.carry(walkOf(3, 'in', 1000, tag(1)).carried)
    return field
  }
  const strip = (field: Field, order: readonly number[]): readonly (readonly [number, string])[] =>
    order
      .map(
        (at) =>
          [
            at,
            JSON.stringify(
              field
                .fieldOf('inside')(at)
                .map(({ rssiDbm }) => rssiDbm),
            ),
          ] as const,
      )
      .toSorted(([one], [other]) => one - other)
  const MOMENTS = Array.from({ length: 200 }, (_, at) => 1000 + at * 30)

  it('answers the same in whatever order it is asked', () => {
    expect(strip(walked(5), MOMENTS.toReversed())).toEqual(strip(walked(5), MOMENTS))
  })
  it('follows from its seed', () => expect(strip(walked(5), MOMENTS)).not.toEqual(strip(walked(6), MOMENTS)))
  it('hears nothing before the walk, nothing after it, and both sides during it', () => {
    const field = walked(5)
    const heard = (side: 'inside' | 'outside', from: number, to: number): number =>
      Array.from({ length: Math.floor((to - from) / 30) }, (_, at) => field.fieldOf(side)(from + at * 30).length).reduce(
        (sum, one) => sum + one,
        0,
      )
    expect(heard('inside', 0, 1000) + heard('outside', 0, 1000)).toBe(0)
    expect(heard('inside', 1000, 20_000)).toBeGreaterThan(5)
    expect(heard('outside', 1000, 20_000)).toBeGreaterThan(5)
    expect(heard('inside', 30_000, 40_000)).toBe(0)
  })
  it('shows where tags are, and forgets those that left', () => {
    const field = walked(5)
    field.shelve({ epc: tag(2), x: 1, y: 0, gainDb: 0, fromMs: 0, untilMs: 100_000 })
    expect(field.where(1000).map(({ x }) => x)).toEqual([-4, 1])
    field.forget(50_000)
    expect(field.where(1000).map(({ x }) => x)).toEqual([1])
    field.forget(200_000)
    expect(field.where(1000)).toEqual([])
  })
})

it('tells a phase that turns with the way of a tag that is carried, and stands with one that stands', () => {
  const [walker, stander] = [tag(1), tag(2)]
  const field = openField(7)
  field.carry(walkOf(7, 'in', 0, walker).carried)
  field.shelve({ epc: stander, x: 0.7, y: 0.2, gainDb: 0, fromMs: 0, untilMs: 10_000 })
  const turnsOf = (epc: Uint8Array): readonly number[] => {
    const phases = Array.from({ length: 300 }, (_, at) => field.fieldOf('inside')(at * 30)).flatMap((heard) =>
      heard.flatMap((one) => (hexOf(one.epc) === hexOf(epc) ? [one.phaseDeg] : [])),
    )
    expect(phases.length).toBeGreaterThan(20)
    return phases.slice(1).map((phase, at) => Math.abs(((phase - (phases[at] ?? 0) + 270) % 180) - 90))
  }
  const middle = (turns: readonly number[]): number => turns.toSorted((one, other) => one - other)[Math.floor(turns.length / 2)] ?? 0
  expect(middle(turnsOf(walker))).toBeGreaterThan(20)
  expect(middle(turnsOf(stander))).toBeLessThan(12)
})
