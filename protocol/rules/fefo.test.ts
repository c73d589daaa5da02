import { describe, expect, it } from 'vitest'
import { byFefo, fefoBar, pickFefo } from './fefo.ts'

const lot = (id: string, expiry: string | null, receivedAt: string | null, units: number) => ({ id, expiry, receivedAt, units })
const SHELF = [
  lot('no-expiry', null, '2026-01-01', 5),
  lot('late', '2028-01-31', '2026-01-01', 5),
  lot('b-same', '2027-06-30', '2026-03-01', 4),
  lot('a-same', '2027-06-30', '2026-03-01', 4),
  lot('small-rest', '2027-06-30', '2026-03-01', 2),
  lot('older', '2027-06-30', '2026-02-01', 9),
  lot('no-receipt', '2027-06-30', null, 1),
  lot('first', '2027-01-31', '2026-09-01', 3),
]

describe('first expiry first out', () => {
  it('orders by last usable day, receipt, smaller rest, id; no expiry last', () => {
    const order = ['first', 'older', 'small-rest', 'a-same', 'b-same', 'no-receipt', 'late', 'no-expiry']
    expect(SHELF.toSorted(byFefo).map(({ id }) => id)).toEqual(order)
    expect(
      SHELF.toReversed()
        .toSorted(byFefo)
        .map(({ id }) => id),
    ).toEqual(order)
  })
  it.each([
    [0, '', 0],
    [3, 'first:3', 0],
    [5, 'first:3 older:2', 0],
    [13, 'first:3 older:9 small-rest:1', 0],
    [40, 'first:3 older:9 small-rest:2 a-same:4 b-same:4 no-receipt:1 late:5 no-expiry:5', 7],
  ])('%i units: %s, %i short', (units, picks, short) => {
    const answer = pickFefo(SHELF, units)
    expect([answer.picks.map((pick) => `${pick.id}:${pick.units}`).join(' '), answer.short]).toEqual([picks, short])
  })
  it('passes over lots the book drove to or below zero', () => {
    expect(pickFefo([lot('x', '2027-01-01', null, -2), lot('y', '2027-01-02', null, 0), lot('z', null, null, 9)], 4)).toEqual({
      picks: [{ id: 'z', units: 4 }],
      short: 0,
    })
  })
})

describe('what bars a lot from issue', () => {
  const good = { ...lot('x', '2026-11-30', null, 5), accepted: true, held: false, recalled: false }
  it.each([
    [{}, undefined, null],
    [{ accepted: false }, undefined, 'not-accepted'],
    [{ held: true }, undefined, 'held'],
    [{ recalled: true, held: true }, undefined, 'recalled'],
    [{ expiry: '2026-11-22' }, undefined, null],
    [{ expiry: '2026-11-21' }, undefined, 'expired'],
    [{ expiry: null }, { neededBy: '2030-01-01', daysLeftMin: 90 }, null],
    [{}, { neededBy: '2026-11-30', daysLeftMin: 0 }, null],
    [{}, { neededBy: '2026-12-01', daysLeftMin: 0 }, 'too-short'],
    [{}, { neededBy: '2026-11-22', daysLeftMin: 8 }, null],
    [{}, { neededBy: '2026-11-22', daysLeftMin: 9 }, 'too-short'],
  ])('%j for %j: %s', (change, need, bar) => expect(fefoBar({ ...good, ...change }, '2026-11-22', need)).toBe(bar))
})
