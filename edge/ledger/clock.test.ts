import { expect, test } from 'vitest'
import { type Bench, draft, line, NODE, NOON_MS, openBench, openClock, type TestClock } from './fixtures/bench.ts'

const LOT = 'gauze/B1'
const MINUTE = 60_000

const open = (startMs = NOON_MS): Bench & { readonly clock: TestClock } => openBench({ clock: openClock(startMs) })
const book = ({ ledger }: Bench, action: string) =>
  ledger.book({ action, act: 'a' }, () => [draft('receive', {}, { lines: [line(LOT, `${NODE}/~transit`, `${NODE}/main/pending`, 1)] })])
const words = ({ db }: Bench) =>
  db
    .prepare<[], string>(`select body from log where kind = 'clock' order by at`)
    .pluck()
    .all()
    .map((text) => {
      const { body } = JSON.parse(text) as { readonly body: { readonly clockAt: string; readonly trueAt: string } }
      return `${body.clockAt.slice(0, 16)} was ${body.trueAt.slice(0, 16)}`
    })

test('a clock that differs from the hub by minutes is written down once for its boot, a good one never', () => {
  const good = open()
  const wrong = open(NOON_MS - 86_400_000)
  for (let times = 0; times < 30; times += 1) {
    for (const bench of [good, wrong]) {
      bench.ledger.exchange.note({ hubAtMs: NOON_MS + times * MINUTE })
      bench.clock.pass(MINUTE)
    }
  }
  expect(words(good)).toEqual([])
  expect(words(wrong)).toEqual(['2026-11-20T04:00 was 2026-11-21T04:00'])
  expect(wrong.ledger.rebuild()).toEqual([])
})

test('a jump of the clock is written down by the hub word of the same boot, within the next commit', () => {
  const bench = open()
  bench.ledger.exchange.note({ hubAtMs: NOON_MS })
  bench.clock.pass(2 * MINUTE)
  bench.clock.set(NOON_MS + 86_400_000)
  book(bench, 'after')
  expect(words(bench)).toEqual(['2026-11-22T04:00 was 2026-11-21T04:02'])
  expect(bench.ledger.read.lastOwnAtMs()).toBe(NOON_MS)
})

test('a clock set right before the hub spoke shows that what was written before is wrong', () => {
  const bench = open(Date.parse('1970-01-01T00:00:00.000Z'))
  book(bench, 'before')
  bench.clock.pass(MINUTE)
  bench.clock.set(NOON_MS)
  book(bench, 'after')
  expect(words(bench)).toEqual([])
  bench.ledger.exchange.note({ hubAtMs: NOON_MS })
  expect(words(bench)).toEqual(['2026-11-21T04:00 was 2026-11-21T04:00'])
})

test('a steady clock that drifts is written down again, at most every ten minutes', () => {
  const bench = open(NOON_MS - 3_600_000)
  let drift = 0
  for (let times = 0; times < 25; times += 1) {
    drift += MINUTE
    bench.ledger.exchange.note({ hubAtMs: NOON_MS + times * MINUTE + drift })
    bench.clock.pass(MINUTE)
  }
  expect(words(bench)).toHaveLength(3)
})

test('on a disk that takes nothing it is written down later', () => {
  const bench = open(NOON_MS - 3_600_000)
  bench.db.pragma('query_only = on')
  bench.ledger.exchange.note({ hubAtMs: NOON_MS })
  bench.db.pragma('query_only = off')
  expect(words(bench)).toEqual([])
  bench.ledger.exchange.note({ hubAtMs: NOON_MS })
  expect(words(bench)).toHaveLength(1)
})
