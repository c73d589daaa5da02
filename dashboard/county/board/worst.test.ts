import { describe, expect, it } from 'vitest'
import { site } from '../live/fixtures.ts'
import { INNER_MAX, ringOf } from './ring.ts'
import { needsOf, toneOf, worstFirst } from './worst.ts'

const device = (state: string) => ({ device: 'door-inside', kind: 'reader', state, since: '2026-11-22T03:00:00.000Z' })
const node = (change: object) => ({ node: { ...site('a').node, ...change } })

describe('what wants a person', () => {
  it.each([
    ['nothing', {}, [], 'good'],
    ['near lots', { near: 2 }, ['near'], 'near'],
    ['expired lots before near ones', { near: 2, expired: 1 }, ['expired', 'near'], 'bad'],
    ['a lost reader', node({ devices: [device('lost'), device('reading')] }), ['device'], 'bad'],
    ['a reader of a node that is away: the node itself', node({ state: 'offline', devices: [device('lost')] }), ['offline'], 'away'],
    ['a state nobody knows', node({ devices: [device('confused')] }), ['device'], 'bad'],
    ['a clock far off', node({ clockSkewMs: -600_000 }), ['clock'], 'near'],
    ['a few entries on their way: nothing', node({ waiting: 3 }), [], 'good'],
    ['a line that does not keep up', node({ waiting: 400 }), ['waiting'], 'good'],
    ['a node that never joined', node({ state: 'never' }), ['never'], 'never'],
    ['discrepancies', node({ discrepancies: 1 }), ['discrepancies'], 'bad'],
  ])('%s', (_what, change, needs, tone) => {
    const one = site('a', change)
    expect([needsOf(one).map((need) => need.is), toneOf(one)]).toEqual([needs, tone])
  })
  it('puts the worst first, equal ones by id', () => {
    const sites = [site('c'), site('b', { near: 1 }), site('a'), site('d', { expired: 1 }), site('e', node({ state: 'offline' }))]
    expect(worstFirst(sites).map((one) => one.site)).toEqual(['d', 'e', 'b', 'a', 'c'])
  })
})

describe('the drawing of the county', () => {
  it.each([1, 2, 3, INNER_MAX, INNER_MAX + 1, 24])('stands %i sites inside its frame, apart from each other', (count) => {
    const points = ringOf(count, { width: 360, height: 340 })
    expect(points.length).toBe(count)
    for (const { x, y } of points) expect(x >= 0 && x <= 360 && y >= 0 && y <= 340).toBe(true)
    const gaps = points.flatMap((one, index) => points.slice(index + 1).map((other) => Math.hypot(one.x - other.x, one.y - other.y)))
    expect(Math.min(...gaps, 999)).toBeGreaterThan(24)
  })
})
