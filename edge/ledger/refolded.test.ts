import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { holeText } from '@lotkeeper/protocol/ledger/chain.ts'
import { streamOfNode } from '@lotkeeper/protocol/names.ts'
import { afterEach, describe, expect, test } from 'vitest'
import { makeSigningKey } from '../crypto.ts'
import type { Database } from '../database.ts'
import { type Bench, draft, line, NODE, openBench, openTestHub } from './fixtures/bench.ts'

const OWN = streamOfNode(NODE)
const LOT = 'gauze/B1'
const KEY = makeSigningKey()
const PENDING = `${NODE}/main/pending`

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})
const file = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-refolded-'))
  folders.push(folder)
  return join(folder, 'node.sqlite')
}
const receive = ({ ledger }: Bench, count: number): void => {
  for (let at = 0; at < count; at += 1) {
    const { epoch, seq } = ledger.head()
    const lines = [line(LOT, `${NODE}/~transit`, PENDING, 1)]
    ledger.book({ action: `a-${epoch}-${seq}`, act: 'a' }, () => [draft('receive', {}, { lines })])
  }
}
const wholeOf = ({ ledger }: Bench) => {
  const { epoch, seq } = ledger.head()
  const batch = ledger.exchange.batch({ stream: OWN, epoch, from: 1, upto: seq })
  if (!batch) throw new Error('nothing to send')
  return batch
}
const units = ({ ledger }: Bench) => ledger.read.units(LOT, PENDING)
const places = ({ ledger }: Bench) => ledger.exchange.holes().map(({ seq }) => seq)
const change = (db: Database, seq: number, what: string, by: string) =>
  db.prepare(`update log set body = replace(body, ?, ?) where stream = ? and seq = ?`).run(what, by, OWN, seq)

/** A bad cell makes another entry of a text, one of an unknown kind, or no entry at all. */
const SPOILED = [
  ['another figure', '"units":1', '"units":9'],
  ['a kind of a later version', '"kind":"receive"', '"kind":"reseive"'],
  ['a text without lines', '"lines":[', '"limes":['],
  ['no JSON', '{', '}'],
] as const

describe('a text that was damaged before anybody read it again', () => {
  test.each(SPOILED)('%s: a refold takes it for the hole it is, names it, and its true text counts once', (_story, what, by) => {
    const bench = openBench()
    receive(bench, 4)
    const whole = wholeOf(bench)
    change(bench.db, 3, what, by)
    bench.ledger.rebuild()
    expect([units(bench), places(bench), bench.ledger.exchange.found()]).toMatchObject([3, [3], [{ is: 'hole', seq: 3 }]])
    expect(bench.ledger.exchange.take(whole, bench.signer.publicKey)).toMatchObject({ is: 'taken' })
    expect([units(bench), places(bench), bench.ledger.rebuild()]).toEqual([4, [], []])
  })

  test.each(SPOILED)('%s: so does an upgrade of the file', (_story, what, by) => {
    const path = file()
    const first = openBench({ path, key: KEY })
    receive(first, 4)
    const whole = wholeOf(first)
    change(first.db, 3, what, by)
    first.db.pragma('user_version = 6')
    first.ledger.close()
    const bench = openBench({ path, key: KEY })
    expect([units(bench), places(bench), bench.ledger.exchange.found()]).toMatchObject([3, [3], [{ is: 'hole', seq: 3 }]])
    bench.ledger.exchange.take(whole, bench.signer.publicKey)
    expect([units(bench), places(bench), bench.ledger.rebuild()]).toEqual([4, [], []])
    bench.ledger.close()
  })

  test('a hash that is damaged beside a whole text is written anew, and what stands behind it is whole', () => {
    const bench = openBench()
    receive(bench, 4)
    const hashes = () => bench.db.prepare('select hash, body from log order by seq').all()
    const before = hashes()
    bench.db.prepare('update log set hash = zeroblob(32) where seq = 3').run()
    expect([bench.ledger.rebuild(), units(bench), places(bench), hashes()]).toEqual([[], 4, [], before])
    // A batch may begin right behind it.
    bench.db.prepare('update log set hash = zeroblob(32) where seq = 3').run()
    bench.ledger.exchange.batch({ stream: OWN, epoch: bench.ledger.head().epoch, from: 4, upto: 5 })
    expect([places(bench), hashes()]).toEqual([[], before])
  })

  test('one that was parked does not take effect when it can be read at last', () => {
    const path = file()
    const hub = openTestHub()
    const stream = `hub>${NODE}`
    const first = openBench({ path })
    const tag = (epc: string) => ({ epc, lot: LOT, printed: 'B1', expiry: null, pack: 'carton', units: 1, site: NODE })
    for (const epc of ['3034AA', '3034BB']) hub.write(stream, 'tag', tag(epc), [line(LOT, 'hub/~supplier', `${NODE}/~transit`, 1)])
    // As a program left it that did not know the kind yet: the last entry is parked, and nothing of it was folded.
    for (const upto of [1, 2]) first.ledger.exchange.take(hub.batch(stream, upto, upto), hub.publicKey)
    first.ledger.exchange.take(hub.batch(stream, 3, 3), hub.publicKey)
    first.db.exec(`insert into parked select stream, epoch, seq from log where stream = '${stream}' and seq = 3;
      update log set kind = '?', body = replace(body, '"units":1', '"units":9') where stream = '${stream}' and seq = 3;
      update position set units = units + case place when 'hub/~supplier' then 1 else -1 end where lot = '${LOT}';
      delete from tag where epc = '3034BB'; delete from hub_act where act like '%${stream}:2%'`)
    first.ledger.close()
    const bench = openBench({ path })
    const transit = () => bench.ledger.read.units(LOT, `${NODE}/~transit`)
    expect([transit(), places(bench), bench.db.prepare('select count(*) from parked').pluck().get()]).toEqual([1, [3], 0])
    bench.ledger.exchange.take(hub.batch(stream, 3, 3), hub.publicKey)
    expect([transit(), bench.ledger.rebuild()]).toEqual([2, []])
    bench.ledger.close()
  })
})

test('a hole of the log whose mark is gone is marked again, and a mark without a hole is dropped', () => {
  const bench = openBench()
  receive(bench, 4)
  const whole = wholeOf(bench)
  change(bench.db, 3, '"units":1', '"units":9')
  bench.ledger.exchange.inspect(100)
  const { epoch } = bench.ledger.head()
  bench.db.exec(`delete from ledger where key like 'hole %';
    insert into ledger values ('hole ${OWN}/${epoch}/9', 'applied'), ('damaged ${OWN}/${epoch}/9', '${holeText(new Uint8Array(32))}')`)
  bench.ledger.rebuild()
  expect(places(bench)).toEqual([3])
  expect(bench.db.prepare(`select key from ledger where key like 'hole %' or key like 'damaged %' order by key`).pluck().all()).toEqual(
    ['damaged', 'hole'].map((what) => `${what} ${OWN}/${epoch}/3`),
  )
  bench.ledger.exchange.take(whole, bench.signer.publicKey)
  expect([units(bench), bench.ledger.rebuild()]).toEqual([4, []])
})
