import { expect, test } from 'vitest'
import type { Committed } from './contract.ts'
import { type Change, openTelling, ROWS_MS } from './telling.ts'

const openRig = () => {
  const told: Committed[] = []
  const asked: number[] = []
  let now = 0
  let due: { readonly at: number; readonly run: () => void } | null = null
  const telling = openTelling({
    rows: (keys) => {
      asked.push(keys.movements.length)
      return null
    },
    now: () => now,
    after: (ms, run) => {
      due = { at: now + ms, run }
      return () => {
        due = null
      }
    },
    tell: (committed) => told.push(committed),
  })
  const pass = (ms: number) => {
    now += ms
    const one = due
    if (!one || one.at > now) return
    due = null
    one.run()
  }
  return { telling, told, asked, pass }
}
const change = (mv: number, more: Partial<Change> = {}): Change => ({
  sites: ['qinglong'],
  entries: 1,
  grown: [],
  keys: { movements: [{ lot: 'gauze/B1', mv }], positions: [{ lot: 'gauze/B1', place: 'p' }], discrepancies: [] },
  ...more,
})

test('a commit after a quiet time is told at once; those close behind it come as one', () => {
  const { telling, told, asked, pass } = openRig()
  telling.take(change(1))
  expect(told).toMatchObject([{ entries: 1 }])
  for (const mv of [2, 3, 4]) telling.take(change(mv))
  pass(ROWS_MS - 1)
  expect(told).toHaveLength(1)
  pass(1)
  expect(told.slice(1)).toMatchObject([{ entries: 3, sites: ['qinglong'] }])
  expect(asked).toEqual([1, 3])
  pass(ROWS_MS)
  telling.take(change(5))
  expect(told).toHaveLength(3)
})

test('a hub stream that grew is told at once, also in busy times, and once only', () => {
  const { telling, told, pass } = openRig()
  telling.take(change(1))
  telling.take(change(2, { grown: ['hub>all'] }))
  expect(told.map(({ grown, entries }) => [grown, entries])).toEqual([
    [[], 1],
    [['hub>all'], 0],
  ])
  pass(ROWS_MS)
  expect(told.map(({ grown }) => grown)).toEqual([[], ['hub>all'], []])
})

test('keys beyond what anybody makes rows of are not gathered', () => {
  const { telling, asked, pass } = openRig()
  telling.take(change(1))
  for (let mv = 0; mv < 5_000; mv += 1) telling.take(change(mv))
  pass(ROWS_MS)
  expect(asked[1]).toBeGreaterThan(250)
  expect(asked[1]).toBeLessThan(1_100)
})

test('after the end nothing is told', () => {
  const { telling, told, pass } = openRig()
  telling.take(change(1))
  telling.take(change(2))
  telling.close()
  pass(ROWS_MS)
  expect(told).toHaveLength(1)
})
