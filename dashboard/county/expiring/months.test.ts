import { expect, it } from 'vitest'
import { stock } from '../live/fixtures.ts'
import { barOf, barsOf, inWindow, monthAfter } from './months.ts'

const PLACE = 'qinglong/main/available'
const ROWS = [
  stock(PLACE, 'g/1', 10, { expiry: '2026-11-21', daysLeft: -1, expiryState: 'expired' }),
  stock(PLACE, 'g/2', 20, { expiry: '2026-11-22', daysLeft: 0, expiryState: 'near' }),
  stock(PLACE, 'g/3', 30, { expiry: '2026-12-22', daysLeft: 30, expiryState: 'near' }),
  stock(PLACE, 'g/4', 40, { expiry: '2027-12-01', daysLeft: 374, expiryState: 'ok' }),
  stock(PLACE, 'g/5', 50, { expiry: null, daysLeft: null, expiryState: 'unknown' }),
]

it('counts the past apart from this month, and leaves empty months standing', () => {
  expect(barsOf(ROWS, '2026-11-22', 3)).toEqual([
    { bar: 'expired', state: 'expired', lots: 1, units: 10 },
    { bar: '2026-11', state: 'near', lots: 1, units: 20 },
    { bar: '2026-12', state: 'near', lots: 1, units: 30 },
    { bar: '2027-01', state: 'ok', lots: 0, units: 0 },
  ])
})
it.each([
  ['2026-11', 0, '2026-11'],
  ['2026-11', 1, '2026-12'],
  ['2026-11', 2, '2027-01'],
  ['2026-01', 24, '2028-01'],
])('%s and %i months', (month, count, after) => expect(monthAfter(month, count)).toBe(after))
it('keeps what is past out of the windows to come', () => {
  const lots = (window: 'expired' | '30' | '365') => ROWS.filter((row) => inWindow(row, window)).map((row) => row.lotNumber)
  expect([lots('expired'), lots('30'), lots('365')]).toEqual([['1'], ['2', '3'], ['2', '3']])
  expect(ROWS.map(barOf)).toEqual(['expired', '2026-11', '2026-12', '2027-12', null])
})
