import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { holeOf } from '@lotkeeper/protocol/ledger/chain.ts'
import { judgeBatch } from '@lotkeeper/protocol/ledger/stream.ts'
import { STREAM_TO_ALL, streamOfNode } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, expect, test } from 'vitest'
import type { Database } from '../database.ts'
import { type Bench, crypto, draft, line, NODE, openBench, openTestHub } from './fixtures/bench.ts'

const OWN = streamOfNode(NODE)
const LOT = 'gauze/B1'
const PENDING = `${NODE}/main/pending`
const TRANSIT = `${NODE}/~transit`

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})
const file = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-damage-'))
  folders.push(folder)
  return join(folder, 'node.sqlite')
}

const receive = ({ ledger }: Bench, count: number): void => {
  for (let at = 0; at < count; at += 1) {
    const { epoch, seq } = ledger.head()
    ledger.book({ action: `a-${epoch}-${seq}`, act: 'a' }, () => [draft('receive', {}, { lines: [line(LOT, TRANSIT, PENDING, 1)] })])
  }
}
/** One letter of the text becomes another, as a bad cell of a card leaves it. */
const flip = (db: Database, stream: string, seq: number) =>
  db.prepare(`update log set body = replace(body, '"units":1', '"units":9') where stream = ? and seq = ?`).run(stream, seq)
const batchOf = ({ ledger }: Bench, from: number, upto: number) => {
  const batch = ledger.exchange.batch({ stream: OWN, epoch: ledger.head().epoch, from, upto })
  if (!batch) throw new Error('nothing to send')
  return batch
}
const toldHeld = ({ ledger }: Bench, stream = OWN, inVain: readonly number[] = []) =>
  ledger.exchange.toldTips([stream], (_stream, _epoch, seq) => inVain.includes(seq)).map(({ held }) => held)
const places = ({ ledger }: Bench) => ledger.exchange.holes().map(({ seq }) => seq)

test('a damaged entry leaves as a hole that chain and signature prove, and all that follows it leaves too', () => {
  const bench = openBench()
  receive(bench, 6)
  flip(bench.db, OWN, 4)
  const taken: string[] = []
  const hashes = new Map<number, Uint8Array>()
  let held = 0
  while (held < 7) {
    const batch = batchOf(bench, held + 1, 7)
    const tip = held > 0 ? { stream: OWN, epoch: batch.epoch, parent: null, held, headHash: '', applied: held } : null
    const judged = judgeBatch(crypto, { publicKey: bench.signer.publicKey, tip, hashAt: (_, seq) => hashes.get(seq) ?? null }, batch)
    if (judged.is !== 'taken') throw new Error(judged.is)
    for (const { seq, hash, hole } of judged.entries) {
      hashes.set(seq, hash)
      taken.push(hole ? `hole ${seq}` : `${seq}`)
    }
    held = batch.upto
  }
  expect(taken).toEqual(['1', '2', '3', 'hole 4', '5', '6', '7'])
  expect(bench.ledger.exchange.found()).toMatchObject([{ is: 'hole', stream: OWN, seq: 4 }])
  expect(bench.ledger.exchange.found()).toEqual([])
  expect(bench.db.prepare(`select count(*) from ledger where key like 'damaged %' and value like '%"units":9%'`).pluck().get()).toBe(1)
})

test('what the hub holds comes back and is mended by the very same text, and counts once', () => {
  const bench = openBench()
  receive(bench, 6)
  const whole = batchOf(bench, 1, 7)
  flip(bench.db, OWN, 4)
  flip(bench.db, OWN, 6)
  bench.ledger.exchange.inspect(100)
  expect([places(bench), toldHeld(bench), bench.ledger.exchange.tips([OWN])[0]?.held]).toEqual([[4, 6], [3], 7])
  const wrong = { ...whole, entries: whole.entries.map((text) => text.replace('"units":1', '"units":2')) }
  expect(bench.ledger.exchange.take(wrong, bench.signer.publicKey).is).toBe('refused')
  expect(bench.ledger.exchange.take(whole, bench.signer.publicKey)).toMatchObject({ is: 'taken', entries: [] })
  expect([places(bench), toldHeld(bench), bench.ledger.read.units(LOT, PENDING)]).toEqual([[], [7], 6])
  expect(bench.db.prepare(`select count(*) from ledger where key like 'damaged %' or key like 'hole %'`).pluck().get()).toBe(0)
  expect(batchOf(bench, 1, 7).entries).toEqual(whole.entries)
  expect(bench.ledger.rebuild()).toEqual([])
})

test('a hole that is damaged in its turn is the same hole: nothing is told again, and mended it still counts once', () => {
  const bench = openBench()
  receive(bench, 3)
  const whole = batchOf(bench, 1, 4)
  flip(bench.db, OWN, 3)
  bench.ledger.exchange.inspect(100)
  const kept = () => bench.db.prepare(`select * from ledger where key like 'damaged %' or key like 'hole %' order by key`).all()
  const [before, text] = [kept(), batchOf(bench, 3, 3).entries]
  expect(bench.ledger.exchange.found()).toHaveLength(1)
  bench.db.prepare(`update log set body = replace(body, '{', '}') where stream = ? and seq = 3`).run(OWN)
  bench.ledger.exchange.inspect(100)
  expect([bench.ledger.exchange.found(), places(bench), kept(), batchOf(bench, 3, 3).entries]).toEqual([[], [3], before, text])
  bench.ledger.exchange.take(whole, bench.signer.publicKey)
  expect([places(bench), bench.ledger.read.units(LOT, PENDING), bench.ledger.rebuild()]).toEqual([[], 3, []])
})

test('after a refold a hole has no effect, a room below zero is covered, and mending takes effect then', () => {
  const bench = openBench()
  receive(bench, 2)
  bench.ledger.book({ action: 'use', act: 'use' }, () => [draft('issue', {}, { lines: [line(LOT, PENDING, `${NODE}/~consumed`, 2)] })])
  const whole = batchOf(bench, 1, 4)
  flip(bench.db, OWN, 3)
  bench.ledger.exchange.inspect(100)
  expect(bench.ledger.rebuild()).toContain('position')
  expect([bench.ledger.read.units(LOT, PENDING), bench.ledger.read.units(LOT, `${NODE}/~unexplained`)]).toEqual([0, -1])
  bench.ledger.exchange.take(whole, bench.signer.publicKey)
  expect([bench.ledger.read.units(LOT, PENDING), bench.ledger.read.units(LOT, `${NODE}/~unexplained`)]).toEqual([1, -1])
  expect(bench.ledger.rebuild()).toEqual([])
})

test('what a hub was asked for in vain it is told as held, and another hub is asked for it all the same', () => {
  const bench = openBench()
  receive(bench, 3)
  flip(bench.db, OWN, 2)
  bench.ledger.exchange.inspect(100)
  expect(toldHeld(bench)).toEqual([1])
  const sent = batchOf(bench, 2, 4)
  expect(holeOf(sent.entries[0] ?? '')).not.toBeNull()
  expect(bench.ledger.exchange.take(sent, bench.signer.publicKey)).toEqual({ is: 'duplicate' })
  expect([toldHeld(bench), toldHeld(bench, OWN, [2]), places(bench)]).toEqual([[1], [4], [2]])
})

test('an action whose entry is damaged was booked: whenever it comes again it gets its first place, and books nothing', () => {
  const bench = openBench()
  const both = [1, 2].map((units) => draft('receive', {}, { lines: [line(LOT, TRANSIT, PENDING, units)] }))
  const ask = () => {
    const answer = bench.ledger.book({ action: 'in', act: 'in' }, () => both)
    if (isRefusal(answer)) throw new Error(answer.en)
    return answer
  }
  const first = ask()
  const whole = batchOf(bench, 1, 3)
  const [one, other] = first.entries
  const lacking = { ...first, fresh: false, entries: [one, { ...other, entry: null }] }
  bench.db.prepare(`update log set body = substr(body, 1, 40) where seq = 3`).run()
  expect(ask()).toEqual(lacking)
  bench.ledger.exchange.inspect(100)
  expect([places(bench), ask()]).toEqual([[3], lacking])
  expect([bench.ledger.rebuild().includes('position'), ask()]).toEqual([true, lacking])
  bench.ledger.exchange.take(whole, bench.signer.publicKey)
  expect([ask(), bench.ledger.read.units(LOT, PENDING)]).toEqual([{ ...first, fresh: false }, 3])
})

test('a task and a movement are not shown while their entry is damaged, and are back with its text', () => {
  const bench = openBench()
  receive(bench, 1)
  const seen = { ...({ door: 'gate', at: '2026-11-21T04:00:00.000Z', direction: 'uncertain', epc: '30AA' } as const), ring: null }
  const passage = { ...seen, certainty: 0.5, algorithm: 'test', evidence: {} }
  bench.ledger.book({ action: 'pass', act: 'pass' }, () => [draft('passage', { passage, outcome: 'uncertain' })])
  const { read, head, exchange } = bench.ledger
  const task = `${OWN}/${head().epoch}/3`
  const shown = () => [
    read.openTasks().length,
    read.task(task)?.task,
    read.movements({ limit: 9 }).length,
    read.recentReceipts(LOT, 0).length,
  ]
  const whole = batchOf(bench, 1, 3)
  expect(shown()).toEqual([1, task, 1, 1])
  bench.db.exec(`update log set body = replace(body, '"kind":', '"kimd":')`)
  exchange.inspect(100)
  expect(shown()).toEqual([0, undefined, 0, 0])
  exchange.take(whole, bench.signer.publicKey)
  expect(shown()).toEqual([1, task, 1, 1])
})

test('a damaged hash beside a whole text is written anew, and nothing is told', () => {
  const bench = openBench()
  receive(bench, 3)
  const before = bench.db.prepare('select seq, hash from log order by seq').all()
  for (const seq of [2, 4]) bench.db.prepare('update log set hash = zeroblob(32) where seq = ?').run(seq)
  bench.ledger.exchange.inspect(100)
  expect(bench.db.prepare('select seq, hash from log order by seq').all()).toEqual(before)
  expect(bench.ledger.exchange.found()).toEqual([])
})

test('the newest entries are checked at every start, the rest in turns; a restart remembers', () => {
  const path = file()
  const first = openBench({ path })
  receive(first, 5)
  flip(first.db, OWN, 3)
  first.ledger.close()
  const second = openBench({ path })
  expect(places(second)).toEqual([3])
  receive(second, 4)
  second.ledger.close()
  const third = openBench({ path })
  // It is told at every start: whoever keeps it may not have had time to.
  expect([places(third), third.ledger.exchange.found()]).toMatchObject([[3], [{ is: 'hole', seq: 3 }]])
  third.db
    .prepare(`update log set body = replace(body, '"units":1', '"units":8') where epoch = ? and seq = 5`)
    .run(second.ledger.head().epoch)
  third.ledger.exchange.inspect(2)
  expect(places(third)).toEqual([3])
  for (let turns = 0; turns < 8; turns += 1) third.ledger.exchange.inspect(2)
  expect(places(third)).toEqual([3, 5])
  third.ledger.close()
})

test('a damaged word of the hub comes again too, and the last entry of all', () => {
  const bench = openBench()
  const hub = openTestHub()
  for (const key of ['A1', 'A2', 'A3']) hub.write(STREAM_TO_ALL, 'revoke', { node: 'baihe', key, reason: 'lost' })
  hub.tell(bench.ledger)
  bench.db.prepare(`update log set body = replace(body, 'lost', 'l0st') where stream = ? and seq = 4`).run(STREAM_TO_ALL)
  bench.ledger.exchange.inspect(100)
  expect(toldHeld(bench, STREAM_TO_ALL)).toEqual([3])
  expect(bench.ledger.exchange.toldTips([STREAM_TO_ALL], () => false)[0]?.headHash).toHaveLength(64)
  bench.ledger.exchange.take(hub.batch(STREAM_TO_ALL, 4), hub.publicKey)
  expect(toldHeld(bench, STREAM_TO_ALL)).toEqual([4])
  expect(bench.ledger.rebuild()).toEqual([])
})

test('an entry that was parked and then damaged waits for its text only: mended it takes effect once, also after an upgrade', () => {
  const path = file()
  const bench = openBench({ path })
  const hub = openTestHub()
  for (const key of ['A1', 'A2']) hub.write(STREAM_TO_ALL, 'revoke', { node: 'baihe', key, reason: 'lost' })
  hub.tell(bench.ledger)
  const parked = () => bench.db.prepare('select count(*) from parked').pluck().get()
  bench.db.exec(`update log set kind = '?', body = replace(body, 'lost', 'l0st') where stream = '${STREAM_TO_ALL}' and seq = 2;
    insert into parked values ('${STREAM_TO_ALL}', (select epoch from log where stream = '${STREAM_TO_ALL}' limit 1), 2)`)
  expect(parked()).toBe(1)
  bench.ledger.exchange.inspect(100)
  expect([parked(), toldHeld(bench, STREAM_TO_ALL)]).toEqual([0, [1]])
  bench.ledger.exchange.take(hub.batch(STREAM_TO_ALL, 2), hub.publicKey)
  expect([parked(), toldHeld(bench, STREAM_TO_ALL), bench.ledger.rebuild()]).toEqual([0, [3], []])
})

test('a hole of the hub is kept, has no effect, and takes effect when the hub finds the text', () => {
  const bench = openBench()
  const hub = openTestHub()
  for (const key of ['A1', 'A2']) hub.write(STREAM_TO_ALL, 'revoke', { node: 'baihe', key, reason: 'lost' })
  const whole = hub.batch(STREAM_TO_ALL)
  const parts = [hub.batch(STREAM_TO_ALL, 1, 1), hub.batch(STREAM_TO_ALL, 2, 3)]
  const hash = bytesOfHex(hub.batch(STREAM_TO_ALL, 1, 2).headHash) ?? new Uint8Array()
  const holed = { ...parts[1], entries: [`{"hole":"${Buffer.from(hash).toString('hex').toUpperCase()}"}`, parts[1]?.entries[1] ?? ''] }
  for (const batch of [parts[0], holed]) if (batch) bench.ledger.exchange.take(batch as typeof whole, hub.publicKey)
  expect([bench.ledger.exchange.revoked(), bench.ledger.exchange.tips([STREAM_TO_ALL])[0]?.applied]).toEqual([['A2'], 3])
  expect([toldHeld(bench, STREAM_TO_ALL), toldHeld(bench, STREAM_TO_ALL, [2])]).toEqual([[1], [3]])
  expect(bench.ledger.exchange.take(whole, hub.publicKey)).toMatchObject({ is: 'taken' })
  expect(bench.ledger.exchange.revoked()).toEqual(['A1', 'A2'])
  expect(bench.ledger.rebuild()).toEqual([])
})

test('on a disk that takes nothing no damaged entry leaves', () => {
  const bench = openBench({ path: file() })
  receive(bench, 3)
  flip(bench.db, OWN, 2)
  bench.db.pragma('query_only = on')
  expect(bench.ledger.exchange.batch({ stream: OWN, epoch: bench.ledger.head().epoch, from: 1, upto: 4 })).toBeNull()
  bench.db.pragma('query_only = off')
  expect(bench.ledger.exchange.batch({ stream: OWN, epoch: bench.ledger.head().epoch, from: 1, upto: 4 })?.upto).toBe(1)
  bench.ledger.close()
})
