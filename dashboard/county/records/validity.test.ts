import { expect, it } from 'vitest'
import { toneOf } from './validity.tsx'

it.each([
  ['valid', 400, null, 'valid'],
  ['ending', 80, 90, 'season'],
  ['ending', 30, 30, 'month'],
  ['ending', 7, 7, 'week'],
  ['ending', 0, 7, 'week'],
  ['ended', -1, null, 'ended'],
  ['not-yet', 500, null, 'not-yet'],
] as const)('%s with %i days left under %s: %s', (state, daysLeft, threshold, tone) => {
  expect(toneOf({ state, daysLeft, threshold })).toBe(tone)
})
