import fixtures from '@lotkeeper/edge/portal/fixtures/scenarios.json' with { type: 'json' }
import { describe, expect, it } from 'vitest'
import { openDays } from './days.ts'
import { DOORS, doorOf } from './doors.ts'
import { type Scenario, scenarioOf } from './scenario.ts'
import { WALKS, type WalkName } from './walks.ts'

const heardOf = ({ reads, antennas }: Scenario, epc: string, side: string): readonly (number | null)[] =>
  reads.filter(([, one, antenna]) => one === epc && antennas[antenna] === side).map(([, , , rssiDbm]) => rssiDbm)

const middle = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN

describe('a walk is what it says', () => {
  const TRUTHS: Readonly<Record<Exclude<WalkName, 'crossing' | 'past-somebody'>, string>> = {
    ...{ in: 'in', out: 'out', 'dwell-in': 'in', 'dwell-out': 'out', 'pass-outside': 'none', 'pass-inside': 'none', shelf: 'none' },
    ...{ 'turn-back-outside': 'none', 'turn-back-inside': 'none', 'out-and-in': 'out,in', 'in-and-out': 'in,out' },
    ...{ 'set-down-inside': 'in', 'set-down-outside': 'out', 'pick-out': 'out', 'pick-in': 'none' },
  }
  it.each(Object.entries(TRUTHS))('%s: %s', (walk, truth) => {
    for (const door of DOORS) {
      const scenario = scenarioOf({ seed: 5, door, number: 1, walk: walk as WalkName })
      const own = scenario.truth.filter(({ note }) => walk === 'shelf' || !note.startsWith('shelf'))
      expect([door.name, ...new Set(own.map(({ direction }) => direction))]).toEqual([door.name, truth])
    }
  })
  it('begins on the side it is said to come from', () => {
    const first = (walk: WalkName) =>
      DOORS.flatMap((door) => scenarioOf({ seed: 5, door, number: 1, walk }).truth.filter(({ note }) => !note.startsWith('shelf')))
    const sides = {
      'pass-outside': 'outside',
      'turn-back-outside': 'outside',
      'pass-inside': 'inside',
      'turn-back-inside': 'inside',
    } as const
    for (const [walk, side] of Object.entries(sides))
      expect([walk, ...new Set(first(walk as WalkName).map(({ from }) => from))]).toEqual([walk, side])
    for (const walk of ['in', 'out-and-in', 'in-and-out', 'crossing', 'pick-out'] as const)
      for (const { direction, from } of first(walk))
        expect([direction, from]).toEqual([direction, direction.startsWith('in') ? 'outside' : 'inside'])
  })
  it('crossing: both ways at once', () => {
    const { truth } = scenarioOf({ seed: 5, door: doorOf('loading'), number: 1, walk: 'crossing' })
    expect(new Set(truth.filter(({ note }) => !note.startsWith('shelf')).map(({ direction }) => direction))).toEqual(new Set(['in', 'out']))
  })
})

describe('what is heard', () => {
  const asked = { seed: 9, door: doorOf('narrow-single'), number: 3, walk: 'in' } as const
  it('is the same for the same seed, and other for another', () => {
    expect(scenarioOf(asked)).toEqual(scenarioOf(asked))
    expect(scenarioOf({ ...asked, seed: 10 })).not.toEqual(scenarioOf(asked))
  })
  it('is in order of time, of known tags and antennas, with a phase below 180 degrees', () => {
    for (const door of DOORS) {
      const { reads, truth, antennas } = scenarioOf({ seed: 2, door, number: 7 })
      const known = new Set(truth.map(({ epc }) => epc))
      expect(reads.every(([at], index) => at >= (reads[index - 1]?.[0] ?? 0))).toBe(true)
      expect(reads.every(([, epc, antenna]) => known.has(epc) && antennas[antenna] !== undefined)).toBe(true)
      expect(reads.every(([, , , , phase]) => phase === null || (phase >= 0 && phase <= 180))).toBe(true)
    }
  })
  it('of a dead antenna is nothing; of swapped ones the sides are exchanged', () => {
    const right = scenarioOf({ ...asked, number: 4 })
    const dead = scenarioOf({ ...asked, number: 4, fault: 'dead' })
    expect(new Set(right.reads.map(([, , antenna]) => antenna)).size).toBe(2)
    expect(new Set(dead.reads.map(([, , antenna]) => antenna)).size).toBe(1)
    const swapped = scenarioOf({ ...asked, number: 4, fault: 'swapped' })
    expect([swapped.reads, swapped.antennas]).toEqual([right.reads, { '1': 'outside', '2': 'inside' }])
  })
  it('grows rarer for each tag the more there are', () => {
    const readsATag = (few: boolean): number => {
      const scenarios = Array.from({ length: 60 }, (_, number) =>
        scenarioOf({ seed: 4, door: doorOf('half-metre-apart'), number, walk: 'in' }),
      )
      const chosen = scenarios.filter(({ truth }) => (few ? truth.length <= 2 : truth.length > 20))
      expect(chosen.length).toBeGreaterThan(0)
      return chosen.reduce((sum, { reads }) => sum + reads.length, 0) / chosen.reduce((sum, { truth }) => sum + truth.length, 0)
    }
    expect(readsATag(true)).toBeGreaterThan(2 * readsATag(false))
  })
})

describe('beside the shared doorways', () => {
  const shared = fixtures.scenarios.flatMap(({ reads }) => reads as readonly (readonly (string | number)[])[])
  const simulated = DOORS.filter(({ reader }) => reader === 'usual' || reader === 'fixed').flatMap((door) =>
    (['in', 'out', 'dwell-in'] as const).map((walk, number) => scenarioOf({ seed: 3, door, number, walk })),
  )
  const levels = simulated.flatMap(({ reads }) => reads.flatMap(([, , , rssiDbm]) => (rssiDbm === null ? [] : [rssiDbm])))
  it('levels lie in the same range', () => {
    const theirs = middle(shared.map((read) => Number(read[3])))
    expect(Math.abs(middle(levels) - theirs)).toBeLessThan(10)
    expect(Math.min(...levels)).toBeGreaterThan(-85)
    expect(Math.max(...levels)).toBeLessThan(-5)
  })
  it('a lone tag is read as often, and with pauses as long', () => {
    const gaps = simulated
      .filter(({ truth, door }) => truth.length === 1 && doorOf(door).reader === 'usual')
      .flatMap(({ reads }) => reads.flatMap(([at], index) => (index > 0 ? [at - (reads[index - 1]?.[0] ?? 0)] : [])))
    expect(gaps.length).toBeGreaterThan(100)
    expect(middle(gaps)).toBeGreaterThan(10)
    expect(middle(gaps)).toBeLessThan(60)
  })
  it('the side a tag comes to grows louder', () => {
    const shares = simulated.flatMap((scenario) =>
      scenario.truth.flatMap(({ epc, note }) =>
        note.startsWith('shelf') ? [] : [heardOf(scenario, epc, 'inside').length > 0 && heardOf(scenario, epc, 'outside').length > 0],
      ),
    )
    expect(shares.filter(Boolean).length / shares.length).toBeGreaterThan(0.9)
  })
})

it('every walk can be drawn at every door', () => {
  expect(WALKS.map((walk) => scenarioOf({ seed: 1, door: doorOf('loading'), number: 2, walk }).walk)).toEqual([...WALKS])
})

it('shelves lie beside a door for a day, heard by day and by night', () => {
  const run = openDays({ door: doorOf('narrow-single'), seed: 1, days: 1, shelves: 1, tagsAShelf: 2 })
  const hours = new Set<number>()
  run.runDay(0, (atMs) => hours.add(Math.floor(atMs / 3_600_000)))
  expect(run.tags).toBe(2)
  expect(hours.size).toBeGreaterThan(20)
})
