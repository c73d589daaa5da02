import { expect, test } from 'vitest'
import { changedBy, openEvents } from './events.ts'
import type { Stream } from './server.ts'

/** Timers that run when told, and a page that takes what it is given, or nothing. */
const open = () => {
  const due = new Set<{ readonly ms: number; readonly run: () => void }>()
  const events = openEvents({
    after: (ms, run) => {
      const one = { ms, run }
      due.add(one)
      return () => void due.delete(one)
    },
  })
  const fire = (ms: number) => {
    for (const one of [...due]) {
      if (one.ms !== ms) continue
      due.delete(one)
      one.run()
    }
  }
  const join = (stays = () => true) => {
    const page = { written: [] as string[], waiting: 0, closed: false }
    const stream: Stream = {
      write: (text) => void page.written.push(text),
      waiting: () => page.waiting,
      close: () => {
        page.closed = true
      },
      onClose: () => {},
    }
    events.join(stream, stays)
    page.written.length = 0
    return page
  }
  return { events, fire, join, waiting: () => due.size }
}
const BEAT_MS = 15_000
const GATHER_MS = 15

test('changes that come together are told once', () => {
  const { events, fire, join } = open()
  const page = join()
  events.tell(['stock', 'state'])
  events.tell(['state', 'tasks'])
  expect(page.written).toEqual([])
  fire(GATHER_MS)
  expect(page.written).toEqual(['event: changed\ndata: {"what":["stock","tasks","state"]}\n\n'])
  events.tell(['alarms'])
  fire(GATHER_MS)
  expect(page.written).toHaveLength(2)
})

test('a page that takes nothing any more is let go, the others hear on', () => {
  const { events, fire, join } = open()
  const [asleep, awake] = [join(), join()]
  asleep.waiting = 300_000
  events.tell(['stock'])
  fire(GATHER_MS)
  expect([asleep.closed, asleep.written.length, awake.closed, awake.written.length]).toEqual([true, 0, false, 1])
  fire(BEAT_MS)
  expect([asleep.written.length, awake.written.at(-1)]).toEqual([0, ': beat\n\n'])
})

test('a page whose session ended is let go at the next beat', () => {
  const { fire, join } = open()
  let signedIn = true
  const page = join(() => signedIn)
  fire(BEAT_MS)
  expect(page.written).toEqual([': beat\n\n'])
  signedIn = false
  fire(BEAT_MS)
  expect(page.closed).toBe(true)
})

test('closed, it lets everybody go and waits for nothing', () => {
  const { events, join, waiting } = open()
  const page = join()
  events.tell(['stock'])
  events.close()
  expect([page.closed, waiting()]).toEqual([true, 0])
})

test.for([
  ['receive', 1, ['state', 'stock', 'movements']],
  ['receive', 0, ['state']],
  ['passage', 0, ['state', 'tasks']],
  ['settle', 1, ['state', 'stock', 'movements', 'tasks']],
  ['alarm', 0, ['state', 'alarms']],
  ['gap', 0, ['state', 'devices']],
  ['item', 0, ['state', 'stock', 'tasks']],
  ['lot-expiry', 0, ['state', 'tasks', 'stock']],
  ['epoch', 0, ['state']],
] as const)('%s of %i lines changes %o', ([kind, lines, what]) => {
  const line = { lot: 'a/b', from: 'x/~supplier', to: 'x/main/pending', units: 1, entered: null, tags: [] }
  const entry = { kind, lines: Array.from({ length: lines }, () => line) }
  expect(changedBy(entry as unknown as Parameters<typeof changedBy>[0])).toEqual(what)
})
