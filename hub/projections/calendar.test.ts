import { expect, it } from 'vitest'
import { dayAfter, dayOf, dayStart, monthOf } from './calendar.ts'

it.each([
  ['2026-11-01', '2026-10-31T16:00:00.000Z'],
  ['1970-01-01', '1969-12-31T16:00:00.000Z'],
  // Clocks in the county went an hour ahead in that summer.
  ['1988-07-01', '1988-06-30T15:00:00.000Z'],
  ['1901-06-01', '1901-06-01T00:00:00.000Z'],
  ['9999-12-31', '9999-12-30T16:00:00.000Z'],
])('the day %s begins at %s', (date, instant) => {
  expect(dayStart(date)).toBe(instant)
})

it.each([
  ['2026-10-31T15:59:59.999Z', '2026-10'],
  ['2026-10-31T16:00:00.000Z', '2026-11'],
  ['2026-12-31T16:00:00.000Z', '2027-01'],
  ['1850-01-31T23:59:59.999Z', '1850-01'],
  ['0000-01-01T00:00:00.000Z', '0000-01'],
  // What no calendar has falls where its text sorts.
  ['2026-13-45T00:00:00.000Z', '2027-01'],
  ['2026-00-01T00:00:00.000Z', '2026-01'],
  ['2026-02-31T00:00:00.000Z', '2026-03'],
])('%s is in the month %s', (instant, month) => {
  expect(monthOf(instant)).toBe(month)
  if (month > '0000-01') expect(dayStart(`${month}-01`) <= instant).toBe(true)
})

it('the day of a moment and the day after a date are the county', () => {
  expect([dayOf(Date.parse('2026-10-31T15:59:59.999Z')), dayOf(Date.parse('2026-10-31T16:00:00.000Z'))]).toEqual([
    '2026-10-31',
    '2026-11-01',
  ])
  expect([dayAfter('2026-12-31'), dayAfter('2028-02-28')]).toEqual(['2027-01-01', '2028-02-29'])
  // After the last date that can be written comes what sorts after everything.
  expect(dayStart(dayAfter('9999-12-31')) > '9999-12-31T23:59:59.999Z').toBe(true)
})
