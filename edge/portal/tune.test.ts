import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { describe, expect, test } from 'vitest'
import { walks } from './fixtures/walks.ts'
import { readScenario, renamed, type Scenario } from './scenario.ts'
import { costOf, marksOf, tallyOf } from './score.ts'
import { LABELS_MIN, tuneDoor, WAY_MIN } from './tune.ts'

const tuned = (scenarios: readonly Scenario[], current = {}) => {
  const answer = tuneDoor({ scenarios, current })
  if (isRefusal(answer)) throw new Error(answer.en)
  return answer
}
const judged = (scenarios: readonly Scenario[], figures: Readonly<Record<string, number>>) =>
  tallyOf(scenarios.flatMap((one) => marksOf(one, figures)))

describe('a door of which one antenna is 10 dB weaker', () => {
  const scenarios = walks({ seed: 1, count: 45, weakerDb: 10 })
  const learnt = tuned(scenarios)

  test('is told better by what its labels taught, also where they were not learnt from', () => {
    expect(costOf(learnt.heldOut)).toBeLessThan(costOf(learnt.before) / 4)
    expect(learnt.isBetter).toBe(true)
    expect(learnt.changed.map(({ name }) => name)).toContain('offsetDb')
    expect(learnt.figures['offsetDb']).toBeLessThan(-4)
  })
  test('and walks that nobody has labelled yet are told better too', () => {
    const fresh = walks({ seed: 5_000, count: 80, weakerDb: 10 })
    expect(costOf(judged(fresh, learnt.figures))).toBeLessThan(costOf(judged(fresh, {})) / 4)
  })
  test('learns the same from the same labels, whatever is set now', () => {
    const again = tuned(scenarios, { offsetDb: 3, dwellMs: 5_000 })
    expect(again.figures).toEqual({ ...learnt.figures, dwellMs: 5_000 })
    expect(again.changed.find(({ name }) => name === 'offsetDb')).toMatchObject({ from: 3, to: learnt.figures['offsetDb'] })
  })
})

test('a door that hangs well is left as it is', () => {
  const { isBetter, before } = tuned(walks({ seed: 1, count: 40, weakerDb: 0 }))
  expect([isBetter, before.wrong]).toEqual([false, 0])
})

test('too few labels, or of one way only, teach nothing', () => {
  const few = walks({ seed: 1, count: LABELS_MIN - 1, weakerDb: 0 })
  expect(tuneDoor({ scenarios: few, current: {} })).toMatchObject({ code: 'tuning.labels-few', facts: { labels: LABELS_MIN - 1 } })
  const inward = walks({ seed: 1, count: 160, weakerDb: 0 }).filter(({ truth }) => truth[0]?.direction !== 'out')
  expect(tuneDoor({ scenarios: inward, current: {} })).toMatchObject({ code: 'tuning.labels-one-way', facts: { out: 0, min: WAY_MIN } })
})

test('tells how far it is', () => {
  const told: string[] = []
  tuneDoor({ scenarios: walks({ seed: 1, count: 40, weakerDb: 0 }), current: {}, step: (done, total) => told.push(`${done}/${total}`) })
  expect(told).toEqual(['1/6', '2/6', '3/6', '4/6', '5/6', '6/6'])
})

/** What a door says to a walk inward, against each truth. */
test.for([
  ['in', 'right'],
  ['out', 'wrong'],
  ['none', 'wrong'],
  ['not-in', 'wrong'],
  ['not-out', 'uncertain'],
  ['in,out', 'wrong'],
] as const)('"in" where the truth is %s is %s', ([direction, mark]) => {
  const [walk] = walks({ seed: 1, count: 1, weakerDb: 0 })
  if (!walk) throw new Error('no walk')
  const truth = walk.truth.map((one) => ({ ...one, direction }))
  expect(marksOf({ ...walk, truth }, {})).toEqual([mark])
  // Sure of nothing, the door asks.
  expect(marksOf({ ...walk, truth }, { decideCertainty: 2 })).toEqual(['uncertain'])
  // What it never heard it does not ask about either.
  const silent = direction === 'none' || direction.startsWith('not-') ? 'right' : 'wrong'
  expect(marksOf({ ...walk, truth, reads: [] }, {})).toEqual([silent])
})

describe('a scenario as JSON', () => {
  const [walk] = walks({ seed: 9, count: 1, weakerDb: 0 })
  test('comes back as it was', () => expect(readScenario(JSON.parse(JSON.stringify(walk)))).toEqual(walk))
  test('of the shared collection knows its antennas', () => {
    const shared = { name: 'x', note: '-', reads: [[0, 'E1', 2, -50, 12.5]], truth: [{ epc: 'E1', direction: 'out,in' }] }
    expect(readScenario(shared)).toEqual({
      ...{ name: 'x', door: '', antennas: { '1': 'inside', '2': 'outside' } },
      ...{ reads: [[0, 'E1', '2', -50, 12.5]], truth: shared.truth },
    })
  })
  test.for([
    [null],
    [[]],
    [{}],
    [{ reads: [], truth: [{ epc: 'E1', direction: 'up' }] }],
    [{ reads: [['0', 'E1', 1, -50, null]], truth: [] }],
    [{ reads: [[0, 'E1', null, -50, null]], truth: [] }],
    [{ reads: [], truth: [], antennas: { a: 'above' } }],
  ])('%j is none', ([value]) => expect(readScenario(value)).toBeNull())
  test('under other names says the same of other tags', () => {
    if (!walk) throw new Error('no walk')
    const other = renamed(walk, 2, (epc) => `F${epc.slice(1)}`)
    expect(other.name).toBe('walk 3')
    expect(JSON.stringify(other)).not.toContain(walk.truth[0]?.epc)
    expect(JSON.stringify(other)).not.toContain('r:1')
    expect(marksOf(other, {})).toEqual(marksOf(walk, {}))
  })
})
