import { expect, test } from 'vitest'
import { daysLeft, isEndingSoon } from './days-left.ts'

const NOW = Date.parse('2026-11-23T03:00:00.000Z')

test.for([
  ['2027-11-23T03:00:00.000Z', 365, false],
  ['2026-12-23T03:00:00.000Z', 30, false],
  ['2026-12-23T02:59:59.999Z', 29, true],
  ['2026-11-23T20:00:00.000Z', 0, true],
  ['2026-11-01T00:00:00.000Z', 0, true],
] as const)('until %s: %i days, soon %s', ([until, days, soon]) => {
  expect([daysLeft(until, NOW), isEndingSoon(daysLeft(until, NOW))]).toEqual([days, soon])
})
