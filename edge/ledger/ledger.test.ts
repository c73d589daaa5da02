import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, expect, test } from 'vitest'
import type { Database } from '../database.ts'
import { observed } from './crossing.ts'
import { draft, line, NODE, NOON_MS, openBench, openClock } from './fixtures/bench.ts'

const LOT = 'gauze/B1'
const PLACES = {
  transit: `${NODE}/~transit`,
  pending: `${NODE}/main/pending`,
  free: `${NODE}/main/available`,
  used: `${NODE}/~consumed`,
} as const

test('the same action books once, and says the same again', () => {
  const { ledger } = openBench()
  const stock = draft('receive', {}, { lines: [line(LOT, PLACES.transit, PLACES.pending, 10), line(LOT, PLACES.pending, PLACES.free, 10)] })
  const first = ledger.book({ action: 'tablet-0001', act: 'receive a' }, () => [stock])
  const again = ledger.book({ action: 'tablet-0001', act: 'receive a' }, () => {
    throw new Error('a repeat is not decided again')
  })
  expect(again).toEqual({ ...first, fresh: false })
  const other = ledger.book({ action: 'tablet-0001', act: 'receive b' }, () => [stock])
  expect(other).toMatchObject({ refused: true, code: 'api.action-reused' })
  expect(ledger.read.units(LOT, PLACES.free)).toBe(10)
})

test('a refused act writes nothing, and its action may be tried again', () => {
  const { ledger } = openBench()
  const head = ledger.head()
  const drafts = [
    draft('receive', {}, { lines: [line(LOT, PLACES.transit, PLACES.pending, 10)] }),
    draft('issue', {}, { lines: [line(LOT, PLACES.pending, PLACES.used, 11)] }),
  ]
  const refused = ledger.book({ action: 'tablet-0002', act: 'both' }, () => drafts)
  expect(refused).toMatchObject({ code: 'ledger.not-enough', facts: { book: 10, asked: 11 } })
  expect(ledger.head()).toEqual(head)
  expect(ledger.read.positions()).toEqual([])
  expect(ledger.book({ action: 'tablet-0002', act: 'both' }, () => drafts.slice(0, 1))).toMatchObject({ fresh: true })
})

test('a group is one commit: refusals inside it do not touch the others', () => {
  const { ledger } = openBench()
  const commits: number[] = []
  ledger.follow(({ entries }) => void commits.push(entries.length))
  const receive = (units: number) => () => [draft('receive', {}, { lines: [line(LOT, PLACES.transit, PLACES.pending, units)] })]
  const issue = () => [draft('issue', {}, { lines: [line(LOT, PLACES.free, PLACES.used, 1)] })]
  const answers = ledger.bookGroup([
    { action: 'door-1', act: 'a', decide: receive(5) },
    { action: 'door-2', act: 'b', decide: issue },
    { action: 'door-3', act: 'c', decide: receive(6) },
  ])
  expect(answers.map((one) => (isRefusal(one) ? one.code : one.entries.length))).toEqual([1, 'ledger.not-enough', 1])
  expect(commits).toEqual([2])
  expect(ledger.read.units(LOT, PLACES.pending)).toBe(11)
})

test('a line is reversed once, and only an own one that is there', () => {
  const { ledger } = openBench()
  const booked = ledger.book({ action: 'a', act: 'a' }, () => [
    draft('receive', {}, { lines: [line(LOT, PLACES.transit, PLACES.pending, 5)] }),
  ])
  if (isRefusal(booked)) throw new Error(booked.en)
  const entry = booked.entries[0]?.id ?? ''
  const back = [line(LOT, PLACES.pending, PLACES.transit, 5)]
  const reverse = (action: string, reverses: { entry: string; lines: number[] }, lines = back) =>
    ledger.book({ action, act: action }, () => [draft('reverse', {}, { reverses, lines })])
  expect(reverse('r1', { entry, lines: [3] })).toMatchObject({ code: 'ledger.reverse-unknown-line' })
  expect(reverse('r2', { entry: `baihe>*/${'0'.repeat(16)}/1`, lines: [0] })).toMatchObject({ code: 'ledger.reverse-foreign' })
  expect(reverse('r3', { entry: entry.replace(/\d+$/, '99'), lines: [0] })).toMatchObject({ code: 'ledger.entry-unknown' })
  expect(reverse('r4', { entry, lines: [] }, [])).toMatchObject({ code: 'ledger.reverse-nothing' })
  expect(reverse('r5', { entry, lines: [0, 0] }, [...back, ...back])).toMatchObject({ code: 'ledger.reverse-twice' })
  expect(reverse('r6', { entry, lines: [0] })).toMatchObject({ fresh: true })
  expect(reverse('r7', { entry, lines: [0] })).toMatchObject({ code: 'ledger.reverse-twice' })
  expect(ledger.read.reversedBy(entry, 0)).not.toBeNull()
})

test('an entry above 16 KB is refused whole', () => {
  const { ledger } = openBench()
  const tags = Array.from({ length: 200 }, (_, at) => `E${at}`.padEnd(124, '0'))
  const lines = Array.from({ length: 3 }, () =>
    line(
      LOT,
      PLACES.transit,
      PLACES.pending,
      200,
      tags.map((tag) => tag.replace(/[^0-9A-F]/g, '0')),
    ),
  )
  expect(ledger.book({ action: 'big', act: 'big' }, () => [draft('receive', {}, { lines })])).toMatchObject({
    code: 'ledger.entry-too-large',
  })
})

test('the earliest expiry told rules, and two of them are a conflict', () => {
  const { ledger } = openBench()
  const learn = (expiry: string | null, at: number) => {
    const lots = [{ lot: LOT, printed: 'b 1', expiry, produced: null }]
    ledger.book({ action: `l${at}`, act: `l${at}` }, () => [
      draft('receive', { lots }, { lines: [line(LOT, PLACES.transit, PLACES.pending, 1)] }),
    ])
    const lot = ledger.read.lot(LOT)
    return [lot?.expiry, lot?.conflict, lot?.printed]
  }
  const told = [null, '2027-05-31', '2027-05-31', '2026-12-31', '2028-01-01', null]
  expect(told.map(learn)).toEqual([
    [null, false, 'b 1'],
    ['2027-05-31', false, 'b 1'],
    ['2027-05-31', false, 'b 1'],
    ['2026-12-31', true, 'b 1'],
    ['2026-12-31', true, 'b 1'],
    ['2026-12-31', true, 'b 1'],
  ])
})

const GATE = { door: 'gate', node: NODE, inside: 'main', beyond: null }
const SEEN = {
  direction: 'in',
  epc: '30340000000000000000E001',
  atMs: NOON_MS,
  certainty: 0.9,
  algorithm: 'portal/1',
  evidence: {},
  ring: null,
} as const

test('a task is open until an entry settles it, and knows by which', () => {
  const { ledger } = openBench()
  const answer = ledger.book({ action: 'x', act: 'x' }, () => [observed(GATE, SEEN, 'unknown-tag')])
  if (isRefusal(answer)) throw new Error(answer.en)
  const task = answer.entries[0]?.id ?? ''
  expect(ledger.read.openTasks().map((one) => one.task)).toEqual([task])
  ledger.book({ action: 'y', act: 'y' }, () => [draft('settle', { task, answer: 'none' }, { refs: [task] })])
  expect(ledger.read.openTasks()).toEqual([])
  expect(ledger.read.task(task)?.settledBy).toMatch(/\/3$/)
})

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})
const file = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-ledger-'))
  folders.push(folder)
  return join(folder, 'node.sqlite')
}

test('every start is an epoch that names where the last one ended', () => {
  const path = file()
  const heads = Array.from({ length: 3 }, (_, at) => {
    const { ledger } = openBench({ path })
    ledger.book({ action: `a${at}`, act: 'a' }, () => [draft('receive', {}, { lines: [line(LOT, PLACES.transit, PLACES.pending, 1)] })])
    const tips = ledger.exchange.tips([`${NODE}>*`])
    const head = ledger.head()
    expect(ledger.holds(head)).toBe(true)
    expect(ledger.holds({ ...head, hash: '0'.repeat(64) })).toBe(false)
    ledger.close()
    return { head, parent: tips.at(-1)?.parent, units: ledger.head().seq }
  })
  expect(new Set(heads.map(({ head }) => head.epoch)).size).toBe(3)
  expect(heads.map(({ parent }) => parent)).toEqual([null, heads[0]?.head, heads[1]?.head])
})

test('a restart knows all that was answered, and repeats it', () => {
  const path = file()
  const first = openBench({ path })
  const stock = draft('receive', {}, { lines: [line(LOT, PLACES.transit, PLACES.pending, 7)] })
  const booked = first.ledger.book({ action: 'once', act: 'once' }, () => [stock])
  first.ledger.close()
  const second = openBench({ path })
  expect(second.ledger.read.units(LOT, PLACES.pending)).toBe(7)
  const again = second.ledger.book({ action: 'once', act: 'once' }, () => [stock])
  expect(again).toMatchObject({ fresh: false, entries: isRefusal(booked) ? [] : booked.entries })
  expect(second.ledger.rebuild()).toEqual([])
  second.ledger.close()
})

test('a clock set back changes times, never the order', () => {
  const clock = openClock()
  const { ledger } = openBench({ clock })
  const stamp = (action: string) =>
    ledger.book({ action, act: action }, () => [
      draft('receive', {}, { occurredAtMs: clock.now(), lines: [line(LOT, PLACES.transit, PLACES.pending, 1)] }),
    ])
  stamp('a')
  clock.set(NOON_MS - 86_400_000)
  stamp('b')
  const [newest, oldest] = ledger.read.movements({ limit: 10 })
  expect([newest?.entry.seq, oldest?.entry.seq]).toEqual([3, 2])
  expect(newest?.entry.occurredAt).toBe('2026-11-20T04:00:00.000Z')
  expect(ledger.read.lastOwnAtMs()).toBe(NOON_MS - 86_400_000)
})

test('a file belongs to its node', () => {
  const path = file()
  openBench({ path }).ledger.close()
  expect(() => openBench({ path, node: 'baihe' })).toThrow(expect.objectContaining({ code: 'ledger.other-node' }))
})

test('a ledger whose end was edited does not open', () => {
  const path = file()
  const { ledger, db } = openBench({ path })
  db.prepare(`update log set hash = zeroblob(32) where seq = 1`).run()
  const { epoch } = ledger.head()
  db.close()
  expect(() => openBench({ path })).toThrow(expect.objectContaining({ code: 'ledger.log-damaged', facts: { epoch, seq: 1 } }))
})

test('a full disk refuses whole acts, reading goes on, and room made is used at once', () => {
  const path = file()
  const { ledger, db } = openBench({ path })
  const stock = (units: number) =>
    draft('receive', { reason: 'r'.repeat(400) }, { lines: [line(LOT, PLACES.transit, PLACES.pending, units)] })
  const pages = Number(db.pragma('page_count', { simple: true }))
  db.pragma(`max_page_count = ${pages + 3}`)
  const answers: string[] = []
  for (let at = 0; !answers.includes('ledger.disk-full'); at += 1) {
    const answer = ledger.book({ action: `full-${at}`, act: 'a' }, () => [stock(1), stock(1)])
    answers.push(isRefusal(answer) ? answer.code : 'booked')
  }
  const booked = answers.filter((one) => one === 'booked').length
  expect(ledger.disk()).toBe('full')
  expect(ledger.read.units(LOT, PLACES.pending)).toBe(booked * 2)
  expect(ledger.head().seq).toBe(1 + booked * 2)
  expect(ledger.read.movements({ limit: 500 })).toHaveLength(booked * 2)
  db.pragma('max_page_count = 100000')
  expect(ledger.book({ action: `full-${answers.length - 1}`, act: 'a' }, () => [stock(1), stock(1)])).toMatchObject({ fresh: true })
  expect(ledger.disk()).toBe('ok')
  expect(ledger.rebuild()).toEqual([])
  ledger.close()
})

test('a node starts on a full disk, reads, and goes on where it stopped once there is room', () => {
  const path = file()
  const first = openBench({ path })
  const stock = draft('receive', {}, { lines: [line(LOT, PLACES.transit, PLACES.pending, 1)] })
  const fill = ({ ledger }: Pick<typeof first, 'ledger'>, at: number) => ledger.book({ action: `fill-${at}`, act: 'a' }, () => [stock])
  first.db.pragma(`max_page_count = ${Number(first.db.pragma('page_count', { simple: true })) + 2}`)
  let at = 0
  while (!isRefusal(fill(first, at))) at += 1
  const head = first.ledger.head()
  first.ledger.close()
  const second = openBench({ path, pagesMax: 1 })
  expect([second.ledger.disk(), second.ledger.head()]).toEqual(['full', head])
  expect(second.ledger.epoch).not.toBe(head.epoch)
  expect(second.ledger.read.units(LOT, PLACES.pending)).toBe(at)
  expect(fill(second, at)).toMatchObject({ code: 'ledger.disk-full' })
  second.db.pragma('max_page_count = 100000')
  expect(fill(second, at)).toMatchObject({ fresh: true })
  expect(second.ledger.exchange.tips([`${NODE}>*`]).at(-1)).toMatchObject({ epoch: second.ledger.epoch, parent: head })
  expect(second.ledger.head().epoch).toBe(second.ledger.epoch)
  second.ledger.close()
})

test.each([
  ['full', (db: Database) => db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`)],
  ['failed', (db: Database) => db.pragma('query_only = on')],
] as const)('what was booked is answered again while the disk is %s, for nothing has to be written', (trouble, stop) => {
  const path = file()
  const stock = () => [draft('receive', {}, { lines: [line(LOT, PLACES.transit, PLACES.pending, 1)] })]
  const first = openBench({ path })
  const booked = first.ledger.book({ action: 'booked', act: 'a' }, stock)
  if (isRefusal(booked)) throw new Error(booked.en)
  first.ledger.close()
  const { ledger, db } = openBench({ path })
  stop(db)
  const acts = Array.from({ length: 200 }, (_, at) => ({ action: `new-${at}`, act: 'a', decide: stock }))
  const repeat = { action: 'booked', act: 'a', decide: stock }
  const [news, old] = ledger.bookGroup([...acts, repeat]).filter((_, at) => at >= acts.length - 1)
  expect([news, ledger.disk()]).toEqual([expect.objectContaining({ code: `ledger.disk-${trouble}` }), trouble])
  expect(old).toEqual({ fresh: false, entries: booked.entries, head: ledger.head() })
  expect(ledger.book({ action: 'booked', act: 'another' }, stock)).toMatchObject({ code: 'api.action-reused' })
  expect(ledger.read.units(LOT, PLACES.pending)).toBe(1)
})

test('a medium that stops taking writes refuses with its own code', () => {
  const { ledger, db } = openBench()
  db.pragma('query_only = on')
  const answer = ledger.book({ action: 'a', act: 'a' }, () => [
    draft('receive', {}, { lines: [line(LOT, PLACES.transit, PLACES.pending, 1)] }),
  ])
  expect(answer).toMatchObject({ code: 'ledger.disk-failed' })
  expect(ledger.disk()).toBe('failed')
})

test('a start with a dead clock does not make the node believe that day', () => {
  const path = file()
  const first = openBench({ path })
  first.ledger.book({ action: 'a', act: 'a' }, () => [draft('receive', {}, { lines: [line(LOT, PLACES.transit, PLACES.pending, 1)] })])
  first.ledger.close()
  for (let start = 0; start < 2; start += 1) {
    const again = openBench({ path, clock: openClock(0) })
    again.ledger.book({ action: `b-${start}`, act: 'b' }, () => [])
    expect(again.ledger.read.lastOwnAtMs()).toBe(NOON_MS)
    again.ledger.close()
  }
})
