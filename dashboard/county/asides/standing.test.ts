import { expect, it } from 'vitest'
import { standingOf } from './standing.ts'

it.each([
  ['waiting', 'person', 'person'],
  ['waiting', 'certificate', 'waiting'],
  ['waiting', 'upgrade', 'waiting'],
  ['held', 'done', 'held'],
  ['taken', 'done', 'taken'],
  ['refused', 'never', 'refused'],
  ['kept', 'never', 'kept'],
] as const)('%s, again %s: %s', (stands, again, tone) => {
  expect(standingOf({ stands, again }).tone).toBe(tone)
})
