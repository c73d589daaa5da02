import { WEBHOOK_EVENT_NAMES } from '@lotkeeper/protocol/api/hub-webhooks.ts'
import { expect, it } from 'vitest'
import { EVENTS, standingOf } from './events.ts'

it('asks for every event there is, in the order of the table', () => expect(EVENTS).toEqual(WEBHOOK_EVENT_NAMES))

it.each([
  ['on', 0, 'on'],
  ['on', 2, 'failing'],
  ['paused', 9, 'paused'],
  ['ended', 1, 'ended'],
] as const)('%s after %i failures is %s', (state, failures, standing) => {
  expect(standingOf({ state, failures })).toBe(standing)
})
