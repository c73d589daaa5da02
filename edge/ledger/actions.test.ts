import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ENTRY_KINDS } from '@lotkeeper/protocol/ledger/entry.ts'
import { readTwice } from '@lotkeeper/protocol/ledger/raised.ts'
import type { BatchReading } from '@lotkeeper/protocol/ledger/stream.ts'
import { streamOfNode, streamToNode } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, expect, test } from 'vitest'
import { makeSigningKey } from '../crypto.ts'
import { closeDatabase } from '../database.ts'
import type { Draft } from './contract.ts'
import { type Bench, crypto, draft, line, NODE, NOON_MS, openBench, openTestHub } from './fixtures/bench.ts'
import { openLedgerFile } from './salvage.ts'
import { upgradeLedger } from './upgrade.ts'

const OWN = streamOfNode(NODE)
const LOT = 'gauze/B1'
const ROOM = `${NODE}/main/available`
const TRANSIT = `${NODE}/~transit`
const GONE = `${NODE}/~consumed`
const key = makeSigningKey()

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})
const file = (bytes?: Uint8Array): string => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-actions-'))
  folders.push(folder)
  const path = join(folder, 'node.sqlite')
  if (bytes) writeFileSync(path, bytes)
  return path
}

/** Books under the action what the drafts say; answers the first entry. */
const book = ({ ledger }: Bench, action: string, ...drafts: readonly Draft[]): { readonly id: string; readonly fresh: boolean } => {
  const booked = ledger.book({ action, act: action }, () => drafts)
  if (isRefusal(booked)) throw new Error(booked.en)
  return { id: booked.entries[0]?.id ?? '', fresh: booked.fresh }
}
const receipt = (units: number): Draft => draft('receive', {}, { lines: [line(LOT, TRANSIT, ROOM, units)] })
const issue = (units: number): Draft => draft('issue', {}, { lines: [line(LOT, ROOM, GONE, units)] })

/** The newest `entries` of what it wrote, as the hub gives it back. */
const tailOf = (bench: Bench, from = 1): BatchReading => {
  const { epoch, seq } = bench.ledger.head()
  const batch = bench.ledger.exchange.batch({ stream: OWN, epoch, from, upto: seq })
  if (!batch) throw new Error('nothing to give back')
  return batch
}
const giveBack = (bench: Bench, batch: BatchReading) =>
  expect(bench.ledger.exchange.take(batch, bench.signer.publicKey)).toMatchObject({ is: 'taken' })

/** Pairs that are kept in the log for people to read. */
const named = ({ ledger }: Bench) =>
  ledger.read.raised().flatMap(({ alarm, facts }) => readTwice({ alarm, action: 'raised', reason: facts }) ?? [])

/** A node whose card was set back behind `acts`, and what the hub has of them. */
const forgetful = (acts: (bench: Bench) => void, before: (bench: Bench) => void = () => {}) => {
  const first = openBench({ key })
  before(first)
  book(first, 'stock', receipt(100))
  const from = first.ledger.head().seq + 1
  const start = tailOf(first)
  const card = first.db.serialize()
  acts(first)
  return { start, tail: tailOf(first, from), bench: openBench({ path: file(card), key }) }
}

test('an act that the card forgot and that came again before it was given back is named, once, with both entries', () => {
  let first = ''
  const { bench, tail } = forgetful((old) => {
    first = book(old, 'use', issue(4)).id
  })
  const again = book(bench, 'use', issue(4))
  expect([again.fresh, named(bench)]).toEqual([true, []])
  giveBack(bench, tail)
  // Both were written at one moment by their clocks: which of the two a person takes back is all one.
  expect(named(bench).map(({ entry, again: other }) => [entry, other].toSorted())).toEqual([[first, again.id].toSorted()])
  expect(bench.ledger.read.units(LOT, ROOM)).toBe(92)
  expect(bench.ledger.rebuild()).toEqual([])
  book(bench, 'more', receipt(1))
  expect([named(bench).length, book(bench, 'use').id]).toEqual([1, again.id])
  bench.ledger.close()
})

test('of several entries of one act each that moves something is named beside its twin, and the answer to a repeat stays whole', () => {
  const both = [issue(4), draft('receive', { reason: 'moves nothing' }), issue(5)]
  const { bench, start, tail } = forgetful((old) => void book(old, 'use', ...both))
  book(bench, 'use', ...both)
  giveBack(bench, tail)
  expect(named(bench)).toHaveLength(2)
  // A new card is given both back, in whatever order.
  for (const order of [0, 1]) {
    const card = openBench({ key })
    const mine = tailOf(bench)
    for (const batch of order === 0 ? [start, tail, mine] : [start, mine, tail]) giveBack(card, batch)
    expect(named(card)).toEqual(named(bench))
    expect(card.ledger.book({ action: 'use', act: 'use' }, () => [])).toMatchObject({ fresh: false, entries: [{}, {}, {}] })
    expect(card.ledger.rebuild()).toEqual([])
  }
  bench.ledger.close()
})

test.each<[what: string, acts: (bench: Bench) => void, between: (bench: Bench) => void]>([
  ['the first was taken back', (bench) => undo(bench, book(bench, 'use', issue(4)).id), (bench) => void book(bench, 'use', issue(4))],
  ['the second was taken back', (bench) => void book(bench, 'use', issue(4)), (bench) => undo(bench, book(bench, 'use', issue(4)).id)],
  ['neither moves anything', (bench) => void book(bench, 'see', SEEN), (bench) => void book(bench, 'see', SEEN)],
  ['it was not repeated', (bench) => void book(bench, 'use', issue(4)), (bench) => void book(bench, 'other', issue(4))],
])('nothing is named: %s', (_what, acts, between) => {
  const { bench, tail } = forgetful(acts)
  between(bench)
  giveBack(bench, tail)
  expect([named(bench), bench.ledger.rebuild()]).toEqual([[], []])
  bench.ledger.close()
})
const SEEN = draft('alarm', { alarm: 'a', action: 'seen' })
const undo = (bench: Bench, entry: string) =>
  void book(bench, `undo-${entry.slice(-18)}`, draft('reverse', {}, { lines: [line(LOT, GONE, ROOM, 4)], reverses: { entry, lines: [0] } }))

test('two answers to one question of the county, the first of which was forgotten, are named too', () => {
  const hub = openTestHub()
  const lines = [line(LOT, ROOM, `${NODE}/~adjusted`, 4)]
  const asked = hub.write(streamToNode(NODE), 'ask', { what: 'correct', place: ROOM, lot: LOT, lines, reason: '核对' }, [], null, 'ask-1')
  const ask = `${asked.stream}/${asked.epoch}/${asked.seq}`
  const answer = draft('correct', { ask }, { lines, refs: [ask] })
  const { bench, tail } = forgetful(
    (old) => void book(old, 'first', answer),
    (old) => hub.tell(old.ledger),
  )
  const again = book(bench, 'second', answer)
  giveBack(bench, tail)
  expect(named(bench)).toMatchObject([expect.objectContaining({ entry: expect.stringContaining(OWN) })])
  expect(Object.values(named(bench)[0] ?? {})).toContain(again.id)
  bench.ledger.close()
})

test('a salvaged file knows of every act whose entry it kept that it was booked, though the table of acts is gone', () => {
  const path = file()
  const first = openBench({ path, key })
  for (let at = 0; at < 40; at += 1) book(first, `a-${at}`, receipt(1))
  const page = Number(first.db.prepare(`select rootpage from sqlite_schema where name = 'action'`).pluck().get())
  first.ledger.close()
  const bytes = readFileSync(path)
  bytes.fill(0xee, (page - 1) * 4_096, page * 4_096)
  const damaged = file(bytes)
  writeFileSync(`${damaged}.pid`, '1')
  const { db, salvaged } = openLedgerFile(damaged, { synchronous: 'FULL', walPages: 0, upgrade: upgradeLedger(crypto) }, crypto, NOON_MS)
  closeDatabase(db)
  expect(salvaged?.lost).toEqual([])
  const bench = openBench({ path: damaged, key })
  for (let at = 0; at < 40; at += 1) expect(book(bench, `a-${at}`, receipt(1)).fresh).toBe(false)
  bench.ledger.close()
})

const KINDS = ENTRY_KINDS as unknown as Record<string, unknown>
const LATER = 'of-a-later-version'
const later = <Answer>(run: () => Answer): Answer => {
  KINDS[LATER] = { writer: 'any', moves: true, body: ENTRY_KINDS.receive.body }
  try {
    return run()
  } finally {
    delete KINDS[LATER]
  }
}

test('an act of a later version that is given back is known to be booked, while it is parked and after the upgrade', () => {
  const unknown = { ...receipt(7), kind: LATER as 'receive' }
  const card = openBench({ key })
  const batch = later(() => {
    const old = openBench({ key })
    book(old, 'later', unknown, receipt(1))
    book(old, 'alone', unknown)
    return tailOf(old)
  })
  giveBack(card, batch)
  expect(card.ledger.book({ action: 'later', act: 'later' }, () => [receipt(7)])).toMatchObject({
    fresh: false,
    entries: [{ entry: null }, {}],
  })
  // As a version left it that parked it and remembered nothing of its act.
  card.db.exec(`delete from action where action = 'alone'`)
  const path = file(card.db.serialize())
  later(() => {
    const upgraded = openBench({ path, key })
    expect(upgraded.ledger.read.units(LOT, ROOM)).toBe(15)
    for (const action of ['later', 'alone']) expect(book(upgraded, action, receipt(7)).fresh).toBe(false)
    upgraded.ledger.close()
  })
})

test('an act of a later version that stands twice is named when both can be read', () => {
  const unknown = { ...receipt(7), kind: LATER as 'receive' }
  const { bench, tail } = later(() => forgetful((old) => void book(old, 'later', unknown)))
  book(bench, 'later', receipt(7))
  giveBack(bench, tail)
  expect(named(bench)).toEqual([])
  const path = file(bench.db.serialize())
  bench.ledger.close()
  later(() => {
    const upgraded = openBench({ path, key })
    expect([named(upgraded).length, upgraded.ledger.read.units(LOT, ROOM)]).toEqual([1, 114])
    upgraded.ledger.close()
  })
})
