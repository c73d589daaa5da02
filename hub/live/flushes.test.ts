import { LIVE_FLUSH_MS } from '@lotkeeper/protocol/api/live.ts'
import { beforeEach, expect, it } from 'vitest'
import { settle, standingClock } from './fixtures/standing-clock.ts'
import { openFlushes } from './flushes.ts'
import type { Changes } from './pending.ts'

let clock: ReturnType<typeof standingClock>
let flushed: string[]
let flushing: PromiseWithResolvers<void> | null
let failures: unknown[]
let flushes: ReturnType<typeof openFlushes>
beforeEach(() => {
  clock = standingClock()
  flushed = []
  flushing = null
  failures = []
  flushes = openFlushes({
    now: clock.now,
    after: clock.after,
    failed: (error) => void failures.push(error),
    flush: (changes: Changes | null) => {
      flushed.push(`${clock.now()}:${changes?.sites.join('') ?? 'flood'}`)
      return flushing?.promise ?? Promise.resolve()
    },
  })
})
const commit = (site: string) => flushes.take({ sites: [site], delta: { stock: [], movements: [], discrepancies: [] } })

it('the first change after a quiet time is flushed at once, later ones together when 50 ms have passed', async () => {
  clock.pass(1_000)
  commit('a')
  clock.pass(0)
  await settle()
  commit('b')
  clock.pass(LIVE_FLUSH_MS - 1)
  commit('c')
  expect(flushed).toEqual(['1000:a'])
  clock.pass(1)
  expect(flushed).toEqual(['1000:a', '1050:bc'])
})

it('what comes while a flush is made waits for the next', async () => {
  flushing = Promise.withResolvers()
  commit('a')
  clock.pass(0)
  commit('b')
  clock.pass(LIVE_FLUSH_MS * 4)
  await settle()
  expect(flushed).toEqual(['0:a'])
  flushing.resolve()
  await settle()
  clock.pass(0)
  expect(flushed).toEqual(['0:a', '200:b'])
})

it('a flush that fails is told once and does not end the flushing', async () => {
  flushing = Promise.withResolvers()
  commit('a')
  clock.pass(0)
  flushing.reject(new Error('no county'))
  await settle()
  expect(failures).toHaveLength(1)
  flushing = null
  commit('b')
  clock.pass(LIVE_FLUSH_MS)
  expect(flushed).toEqual(['0:a', '50:b'])
})

it('nothing is flushed when nothing changed, or after closing', async () => {
  flushes.take({ sites: [], delta: { stock: [], movements: [], discrepancies: [] } })
  clock.pass(LIVE_FLUSH_MS)
  commit('a')
  flushes.close()
  clock.pass(LIVE_FLUSH_MS)
  await settle()
  expect(flushed).toEqual([])
})

it('what fails because the hub is closing is no fault', async () => {
  flushing = Promise.withResolvers()
  commit('a')
  clock.pass(0)
  flushes.close()
  flushing.reject(new Error('closed'))
  await settle()
  expect(failures).toEqual([])
})
