import { expect, test } from 'vitest'
import { openTimeline } from '../ledger/fixtures/timeline.ts'
import { openNamedTimers } from './named-timers.ts'
import { openRosterAsks } from './rosters.ts'

/** A line on which a test says whether the hub knows the topic and whether anything is awaited; answers the seconds at which it was asked. */
const openAsked = () => {
  const timeline = openTimeline()
  const start = timeline.clock.now()
  const state = { known: true, complete: true }
  const at: number[] = []
  const listeners = new Set<() => void>()
  const roster = {
    ask: () => ({ told: null, held: null, key: 'A'.repeat(16) }),
    take: () => {},
    isComplete: () => state.complete,
    follow: (listener: () => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  const asks = openRosterAsks(openNamedTimers(timeline.timers), roster, async () => {
    at.push(Math.round((timeline.clock.now() - start) / 100) / 10)
    if (!state.known) throw new Error('unknown')
  })
  const changed = () => {
    for (const listener of listeners) listener()
  }
  return { asks, state, at, pass: timeline.run, changed, listeners }
}

test('it asks when the line is up and once an hour, and says nothing while it is down', async () => {
  const { asks, at, pass } = openAsked()
  await pass(5_000)
  asks.begin()
  await pass(3_700_000)
  asks.end()
  await pass(3_700_000)
  expect(at).toEqual([5, 3_605])
})

test('a directive whose names are awaited is asked for at once, then ever more slowly', async () => {
  const { asks, state, at, pass, changed } = openAsked()
  asks.begin()
  await pass(1_000)
  state.complete = false
  changed()
  await pass(8_000)
  expect(at).toEqual([0, 1.6, 2.6, 4.6, 8.6])
})

test('a hub that does not know the topic is not asked in a storm', async () => {
  const { asks, state, at, pass, listeners } = openAsked()
  state.known = false
  asks.begin()
  await pass(600_000)
  expect(at.length).toBeLessThan(12)
  asks.close()
  expect(listeners.size).toBe(0)
})
