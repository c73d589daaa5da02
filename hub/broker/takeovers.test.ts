import { expect, test } from 'vitest'
import { HOLD_OFF_MS, openTakeovers, TAKEOVERS_PER_MINUTE_MAX } from './takeovers.ts'

test('a name that changes hands now and then may; one that ping-pongs is held off for a while', () => {
  const takeovers = openTakeovers()
  for (let minute = 0; minute < 10; minute += 1) expect(takeovers.mayTake('calm', minute * 30_000)).toBe(true)
  for (let at = 0; at < TAKEOVERS_PER_MINUTE_MAX; at += 1) expect(takeovers.mayTake('clone', at * 1_000)).toBe(true)
  const lastMs = TAKEOVERS_PER_MINUTE_MAX * 1_000
  expect(takeovers.mayTake('clone', lastMs)).toBe(false)
  expect(takeovers.mayTake('clone', lastMs + HOLD_OFF_MS - 1)).toBe(false)
  expect(takeovers.mayTake('clone', lastMs + HOLD_OFF_MS)).toBe(true)
  expect(takeovers.mayTake('other', lastMs)).toBe(true)
})

test('a name held off from outside is held off at once', () => {
  const takeovers = openTakeovers()
  takeovers.holdOff('clone', 0)
  expect(takeovers.mayTake('clone', HOLD_OFF_MS - 1)).toBe(false)
  expect(takeovers.mayTake('clone', HOLD_OFF_MS)).toBe(true)
})
