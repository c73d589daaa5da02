import { expect, test } from 'vitest'
import { openTimeline } from '../ledger/fixtures/timeline.ts'
import { type Inbox, type Overrun, openInbox } from './inbox.ts'
import type { Told } from './told.ts'

const openTest = (limit: number, costMs = 0) => {
  const timeline = openTimeline()
  const taken: string[] = []
  const overruns: Overrun[] = []
  const inbox = openInbox(
    timeline,
    {
      take: ({ epc }) => {
        taken.push(epc)
        timeline.clock.pass(costMs)
      },
      overrun: (lost) => void overruns.push(lost),
    },
    limit,
  )
  return { ...timeline, taken, overruns, inbox }
}
const tell = ({ write }: Inbox, clock: { now: () => number; monotonic: () => number }, epc: string, reader = 'r1') =>
  write({
    ...{
      reader,
      port: 1,
      epc,
      pc: 0x3000,
      rssiDbm: -50,
      rssiRaw: 0,
      levelDb: -50,
      phaseDeg: null,
      at: clock.now(),
      monotonic: clock.monotonic(),
    },
  } satisfies Told)

test('what is told is taken in its order, a moment later and never inside the telling', async () => {
  const { inbox, clock, taken, run, waiting } = openTest(8)
  for (const epc of ['A', 'B', 'C']) tell(inbox, clock, epc)
  expect(taken).toEqual([])
  expect(inbox.oldestMs()).toBe(clock.monotonic())
  await run(10)
  expect([taken, inbox.oldestMs(), waiting()]).toEqual([['A', 'B', 'C'], null, 0])
})

test('a full ring gives up its oldest, counts them by reader, and tells them once the overrun is over', async () => {
  const { inbox, clock, taken, overruns, run, waiting } = openTest(4)
  const began = clock.now()
  for (let at = 0; at < 7; at += 1) {
    tell(inbox, clock, `T${at}`, at % 2 === 0 ? 'r1' : 'r2')
    clock.pass(1)
  }
  await run(1_000)
  expect(taken).toEqual(['T3', 'T4', 'T5', 'T6'])
  expect([inbox.dropped('r1'), inbox.dropped('r2'), inbox.dropped('r3'), overruns.length]).toEqual([2, 1, 0, 0])
  await run(10_000)
  expect(overruns).toEqual([
    { reader: 'r1', from: began, to: began + 2, reads: 2 },
    { reader: 'r2', from: began + 1, to: began + 1, reads: 1 },
  ])
  expect(waiting()).toBe(0)
})

test('an overrun without end is told in pieces of about a minute', async () => {
  const { inbox, clock, overruns, run } = openTest(1)
  for (let second = 0; second < 180; second += 1) {
    for (let read = 0; read < 3; read += 1) tell(inbox, clock, 'A')
    await run(1_000)
  }
  expect(overruns.length).toBe(2)
  expect(overruns.reduce((sum, { reads }) => sum + reads, 0)).toBeLessThan(inbox.dropped('r1'))
  inbox.close()
  expect(overruns.reduce((sum, { reads }) => sum + reads, 0)).toBe(inbox.dropped('r1'))
  expect(inbox.dropped('r1')).toBe(360)
})

test('a slow door works in slices: the port is heard in between', async () => {
  const { inbox, clock, taken, timers, run } = openTest(4_096, 1)
  for (let at = 0; at < 1_000; at += 1) tell(inbox, clock, String(at))
  const seen: number[] = []
  timers.after(10, () => {
    const port = () => {
      seen.push(taken.length)
      if (taken.length < 1_000) timers.after(1, port)
    }
    port()
  })
  await run(5_000)
  expect(taken).toHaveLength(1_000)
  expect(Math.max(...seen.slice(1).map((count, at) => count - (seen[at] ?? 0)))).toBeLessThanOrEqual(64)
})

test('closed, everything that waited is looked at', () => {
  const { inbox, clock, taken, waiting } = openTest(8)
  tell(inbox, clock, 'A')
  inbox.close()
  expect([taken, waiting()]).toEqual([['A'], 0])
})
