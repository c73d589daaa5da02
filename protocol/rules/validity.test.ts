import { expect, test } from 'vitest'
import { validityOf } from './validity.ts'

const today = '2026-11-22'

test.each([
  ['no days at all', null, null, { state: 'valid' }],
  ['from today', today, null, { state: 'valid' }],
  ['from tomorrow', '2026-11-23', null, { state: 'not-yet', from: '2026-11-23' }],
  ['91 days more', null, '2027-02-21', { state: 'valid' }],
  ['90 days more', null, '2027-02-20', { state: 'ending', daysLeft: 90, threshold: 90 }],
  ['30 days more', null, '2026-12-22', { state: 'ending', daysLeft: 30, threshold: 30 }],
  ['a week more', null, '2026-11-29', { state: 'ending', daysLeft: 7, threshold: 7 }],
  ['its last day', null, today, { state: 'ending', daysLeft: 0, threshold: 7 }],
  ['the day after', null, '2026-11-21', { state: 'ended', until: '2026-11-21' }],
] as const)('%s', (_what, from, until, validity) => {
  expect(validityOf({ from, until }, today)).toEqual(validity)
})
