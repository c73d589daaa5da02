import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BatchReading, type EpochTip, judgeBatch } from '@lotkeeper/protocol/ledger/stream.ts'
import { STREAM_TO_ALL, streamOfNode, streamToNode } from '@lotkeeper/protocol/names.ts'
import { BATCH_BYTES_MAX, writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { afterEach, expect, test } from 'vitest'
import { announce, type Bench, crypto, draft, line, NODE, openBench, openTestHub } from './fixtures/bench.ts'

const OWN = streamOfNode(NODE)
const LOT = 'gauze/B1'
const PENDING = `${NODE}/main/pending`
const TRANSIT = `${NODE}/~transit`

const receive = ({ ledger }: Bench, count: number, reason = ''): void => {
  const from = ledger.head().seq
  for (let at = 0; at < count; at += 1)
    ledger.book({ action: `a-${ledger.head().epoch}-${from + at}`, act: 'a' }, () => [
      draft('receive', reason === '' ? {} : { reason }, { lines: [line(LOT, TRANSIT, PENDING, 1)] }),
    ])
}

/** A peer that takes what it is sent, by the rules every receiver follows. */
const openPeer = (publicKey: Uint8Array) => {
  const hashes = new Map<string, Uint8Array>()
  const tips = new Map<string, EpochTip>()
  return {
    held: (epoch: string) => tips.get(epoch)?.held ?? 0,
    take: (batch: BatchReading) => {
      const tip = tips.get(batch.epoch) ?? null
      const judged = judgeBatch(crypto, { publicKey, tip, hashAt: (epoch, seq) => hashes.get(`${epoch}/${seq}`) ?? null }, batch)
      if (judged.is !== 'taken') return judged.is
      for (const entry of judged.entries) hashes.set(`${batch.epoch}/${entry.seq}`, entry.hash)
      const held = judged.entries.at(-1)?.seq ?? 0
      tips.set(batch.epoch, { stream: batch.stream, epoch: batch.epoch, parent: judged.parent, held, headHash: '', applied: held })
      return judged.is
    },
  }
}

const sendAll = ({ ledger }: Bench, peer: ReturnType<typeof openPeer>, from: number): readonly string[] => {
  const { epoch, seq } = ledger.head()
  const sent: string[] = []
  for (let at = from; at <= seq; ) {
    const batch = ledger.exchange.batch({ stream: OWN, epoch, from: at, upto: seq })
    if (!batch) throw new Error(`nothing to send at ${at}`)
    sent.push(`${batch.from}-${batch.upto} ${peer.take(batch)}`)
    at = batch.upto + 1
  }
  return sent
}

test('history is sent again from any point, and every batch ends at a signature that holds', () => {
  const bench = openBench()
  const first = openPeer(bench.signer.publicKey)
  for (const size of [1, 3, 70, 2]) {
    receive(bench, size)
    sendAll(bench, first, first.held(bench.ledger.head().epoch) + 1)
  }
  for (let from = 1; from <= 77; from += 1) {
    const peer = openPeer(bench.signer.publicKey)
    if (from > 1) sendAll(bench, peer, 1)
    expect(sendAll(bench, peer, from).every((one) => / (taken|duplicate)$/.test(one))).toBe(true)
    expect(peer.held(bench.ledger.head().epoch)).toBe(77)
  }
  expect(sendAll(bench, openPeer(bench.signer.publicKey), 1)).toEqual(['1-5 taken', '6-69 taken', '70-77 taken'])
})

test('re-sent history keeps its first signatures', () => {
  const bench = openBench()
  const { epoch } = bench.ledger.head()
  receive(bench, 9)
  const first = bench.ledger.exchange.batch({ stream: OWN, epoch, from: 1, upto: 4 })
  expect(bench.ledger.exchange.batch({ stream: OWN, epoch, from: 1, upto: 4 })).toEqual(first)
  bench.ledger.exchange.batch({ stream: OWN, epoch, from: 5, upto: 10 })
  const again = bench.ledger.exchange.batch({ stream: OWN, epoch, from: 2, upto: 7 })
  expect([again?.from, again?.upto, again?.signature]).toEqual([2, 4, first?.signature])
})

test('history sealed by a key that was given up is sealed anew when it has to be sent again', () => {
  const path = file()
  const first = openBench({ path })
  receive(first, 5)
  const { epoch } = first.ledger.head()
  const before = first.ledger.exchange.batch({ stream: OWN, epoch, from: 1, upto: 6 })
  first.ledger.close()
  const second = openBench({ path })
  const after = second.ledger.exchange.batch({ stream: OWN, epoch, from: 1, upto: 6 })
  expect([after?.entries, after?.headHash]).toEqual([before?.entries, before?.headHash])
  expect([before?.key, after?.key]).toEqual([first.signer.key, second.signer.key])
  const judged = (batch: BatchReading | null, publicKey: Uint8Array) => batch && openPeer(publicKey).take(batch)
  expect([judged(before, first.signer.publicKey), judged(after, second.signer.publicKey)]).toEqual(['taken', 'taken'])
  second.ledger.close()
})

test('a batch message stays within 128 KB and holds at least one entry', () => {
  const bench = openBench()
  const { epoch } = bench.ledger.head()
  receive(bench, 70, '"'.repeat(500))
  for (let at = 0; at < 12; at += 1) {
    const lines = Array.from({ length: 60 }, () => line(LOT, TRANSIT, PENDING, 1, ['0'.repeat(100)]))
    bench.ledger.book({ action: `big-${at}`, act: 'a' }, () => [draft('receive', {}, { lines })])
  }
  for (let from = 1; from <= 83; ) {
    const batch = bench.ledger.exchange.batch({ stream: OWN, epoch, from, upto: 83 })
    if (!batch) throw new Error('nothing')
    const bytes = Buffer.byteLength(writeBatch(batch, { source: `lotkeeper/${NODE}`, time: '2026-11-21T04:00:00.000Z' }))
    expect(bytes).toBeLessThanOrEqual(BATCH_BYTES_MAX)
    from = batch.upto + 1
  }
})

test('directives of the hub are taken, and what cannot be taken says why', () => {
  const { ledger } = openBench()
  const hub = openTestHub()
  const stream = streamToNode(NODE)
  announce(hub, { epc: '3034AA', lot: LOT, units: 10 })
  announce(hub, { epc: '3034BB', lot: LOT, units: 10 })
  const whole = hub.batch(stream)
  const take = (batch: BatchReading, key: Uint8Array | 'unknown' | 'revoked' = hub.publicKey) => {
    const judged = ledger.exchange.take(batch, key)
    return judged.is === 'refused' ? judged.code : judged.is
  }
  const seen = [
    ['the stream of another node', take({ ...whole, stream: 'hub>baihe' })],
    ['no certificate', take(whole, 'unknown')],
    ['the end before the beginning', take(hub.batch(stream, 3))],
    ['the beginning', take(hub.batch(stream, 1, 2))],
    ['the beginning again', take(hub.batch(stream, 1, 2))],
    ['all, overlapping', take(whole)],
    ['a forged signature', take({ ...hub.batch(stream, 3), signature: new Uint8Array(64) })],
    ['an altered entry', take({ ...whole, entries: whole.entries.map((text) => text.replace('"B1"', '"B2"')), headHash: '0'.repeat(64) })],
    ['a revoked key', take(hub.batch(stream, 2, 3), 'revoked')],
  ]
  expect(seen).toEqual([
    ['the stream of another node', 'wire.writer-foreign'],
    ['no certificate', 'wire.key-unknown'],
    ['the end before the beginning', 'gap'],
    ['the beginning', 'taken'],
    ['the beginning again', 'duplicate'],
    ['all, overlapping', 'taken'],
    ['a forged signature', 'duplicate'],
    ['an altered entry', 'wire.chain-broken'],
    ['a revoked key', 'duplicate'],
  ])
  expect(ledger.read.units(LOT, TRANSIT)).toBe(20)
  expect(ledger.exchange.tips([stream])[0]?.refused).toEqual([{ from: 1, hash: '0'.repeat(64), code: 'wire.chain-broken' }])
  expect(ledger.exchange.tips([OWN])).toHaveLength(1)
  expect(ledger.rebuild()).toEqual([])
})

test('a refused beginning is told though nothing of it is held, and forgotten once it comes right', () => {
  const { ledger } = openBench()
  const hub = openTestHub()
  announce(hub, { epc: '3034AA', lot: LOT, units: 10 })
  const batch = hub.batch(streamToNode(NODE))
  ledger.exchange.take({ ...batch, signature: new Uint8Array(64) }, hub.publicKey)
  const code = () => ledger.exchange.tips([streamToNode(NODE)]).map((tip) => [tip.held, tip.refused.map((one) => one.code)])
  expect(code()).toEqual([[0, ['wire.signature-wrong']]])
  expect(ledger.exchange.take(batch, hub.publicKey).is).toBe('taken')
  expect(code()).toEqual([[2, []]])
})

test('items, sites, certificates and revocations take effect', () => {
  const { ledger } = openBench()
  const hub = openTestHub()
  const item = {
    item: 'gauze',
    version: 1,
    name: { zh: '纱布', en: 'Gauze' },
    model: '10x10',
    unit: { zh: '片', en: 'piece' },
    packs: [{ gtin: '06901234567892', pack: 'box', units: 10 }],
    nearDays: [90],
  }
  hub.write(STREAM_TO_ALL, 'item', item)
  hub.write(STREAM_TO_ALL, 'item', { ...item, version: 3, packs: [{ gtin: '16901234567899', pack: 'carton', units: 100 }] })
  hub.write(STREAM_TO_ALL, 'item', { ...item, version: 2 })
  const site = { site: NODE, version: 1, name: { zh: '青龙', en: 'Qinglong' }, zone: 'Asia/Shanghai', rooms: [] }
  hub.write(streamToNode(NODE), 'site', site)
  const certificate = JSON.stringify({ subject: 'hub', serial: 2, signingKey: 'x'.repeat(43) })
  hub.write(STREAM_TO_ALL, 'certificate', { certificate, signature: 's' })
  hub.write(STREAM_TO_ALL, 'revoke', { node: 'baihe', key: '00112233AABBCCDD', reason: 'lost' })
  hub.tell(ledger)
  ledger.exchange.keepCertificate({ certificate, signature: 's' })
  expect(ledger.read.itemByCode({ scheme: 'gtin', code: '06901234567892' })).toBeNull()
  expect(ledger.read.itemByCode({ scheme: 'gtin', code: '16901234567899' })).toMatchObject({
    item: { version: 3 },
    pack: 'carton',
    units: 100,
  })
  expect(ledger.read.items()).toHaveLength(1)
  expect(ledger.read.site()).toEqual(site)
  expect(ledger.exchange.certificates()).toEqual([{ certificate, signature: 's' }])
  expect(ledger.exchange.revoked()).toEqual(['00112233AABBCCDD'])
  expect(ledger.rebuild()).toEqual([])
})

test('a registration taken back is forgotten unless its pack stands here', () => {
  const { ledger } = openBench()
  const hub = openTestHub()
  announce(hub, { epc: '3034AA', lot: LOT, units: 10 })
  announce(hub, { epc: '3034BB', lot: LOT, units: 10 })
  hub.tell(ledger)
  ledger.book({ action: 'in', act: 'in' }, () => [draft('receive', {}, { lines: [line(LOT, TRANSIT, PENDING, 10, ['3034BB'])] })])
  const tip = ledger.exchange.tips([streamToNode(NODE)])[0]
  for (const seq of [2, 3]) {
    const reverses = { entry: `${streamToNode(NODE)}/${tip?.epoch}/${seq}`, lines: [0] }
    hub.write(streamToNode(NODE), 'reverse', {}, [line(LOT, TRANSIT, 'hub/~supplier', 10)], reverses)
  }
  hub.tell(ledger)
  expect(ledger.read.tag('3034AA')).toBeNull()
  expect(ledger.read.tag('3034BB')?.place).toBe(PENDING)
  expect(ledger.read.units(LOT, TRANSIT)).toBe(-10)
  expect(ledger.rebuild()).toEqual([])
})

test('what a later version wrote is held and parked, and takes effect after the upgrade', () => {
  const path = file()
  const { ledger, db } = openBench({ path })
  const hub = openTestHub()
  hub.write(STREAM_TO_ALL, 'site', { site: NODE, version: 1, name: { zh: '青龙', en: '' }, zone: 'Asia/Shanghai', rooms: [] })
  hub.write(STREAM_TO_ALL, 'hologram' as 'revoke', { node: 'x', key: 'x', reason: 'x' })
  hub.write(STREAM_TO_ALL, 'revoke', { node: 'baihe', key: '0011', reason: 'lost' })
  hub.tell(ledger)
  const [tip] = ledger.exchange.tips([STREAM_TO_ALL])
  expect([tip?.held, tip?.applied]).toEqual([4, 2])
  expect(ledger.exchange.revoked()).toEqual(['0011'])
  expect(ledger.rebuild()).toEqual([])
  // As if this version had not known `site` when it came.
  db.exec(`insert into parked select stream, epoch, seq from log where kind = 'site'; delete from site`)
  ledger.close()
  const later = openBench({ path })
  expect(later.ledger.read.site()?.site).toBe(NODE)
  expect(later.ledger.exchange.tips([STREAM_TO_ALL])[0]?.applied).toBe(2)
  expect(later.ledger.rebuild()).toEqual([])
  later.ledger.close()
})

test('a new card pulls its history back: all of it applies, the room never falls below zero, and old actions still book once', () => {
  const old = openBench()
  receive(old, 5)
  const sent = old.ledger.exchange.batch({ stream: OWN, epoch: old.ledger.head().epoch, from: 1, upto: 6 })
  const used = line(LOT, PENDING, `${NODE}/~consumed`, 4)
  old.ledger.book({ action: 'use', act: 'use' }, () => [draft('issue', {}, { lines: [used] })])
  const tail = old.ledger.exchange.batch({ stream: OWN, epoch: old.ledger.head().epoch, from: 7, upto: 7 })
  const fresh = openBench()
  receive(fresh, 1)
  // Meanwhile the keeper has used up on paper what the new book says.
  fresh.ledger.book({ action: 'all', act: 'all' }, () => [draft('issue', {}, { lines: [line(LOT, PENDING, `${NODE}/~consumed`, 1)] })])
  const take = (batch: BatchReading | null) => batch && fresh.ledger.exchange.take(batch, old.signer.publicKey).is
  expect([take(sent), take(tail), take(tail)]).toEqual(['taken', 'taken', 'duplicate'])
  expect(fresh.ledger.read.units(LOT, PENDING)).toBe(1)
  expect(fresh.ledger.read.units(LOT, `${NODE}/~unexplained`)).toBe(0)
  expect(fresh.ledger.book({ action: 'use', act: 'use' }, () => [draft('issue', {}, { lines: [used] })])).toMatchObject({ fresh: false })
  expect(fresh.ledger.rebuild()).toEqual([])
  const parents = fresh.ledger.exchange.tips([OWN]).map((tip) => tip.epoch)
  expect(parents).toEqual([fresh.ledger.head().epoch, old.ledger.head().epoch])
})

test('pulled history that takes out more than the room has is covered from unexplained in the same commit', () => {
  const old = openBench()
  receive(old, 2)
  const { epoch } = old.ledger.head()
  const first = old.ledger.exchange.batch({ stream: OWN, epoch, from: 1, upto: 1 })
  old.ledger.exchange.batch({ stream: OWN, epoch, from: 2, upto: 3 })
  old.ledger.book({ action: 'use', act: 'use' }, () => [draft('issue', {}, { lines: [line(LOT, PENDING, `${NODE}/~consumed`, 2)] })])
  const fresh = openBench()
  const take = (from: number, upto: number) => {
    const batch = old.ledger.exchange.batch({ stream: OWN, epoch, from, upto })
    return batch && fresh.ledger.exchange.take(batch, old.signer.publicKey).is
  }
  if (first) fresh.ledger.exchange.take(first, old.signer.publicKey)
  expect(take(2, 3)).toBe('taken')
  fresh.ledger.book({ action: 'gone', act: 'gone' }, () => [draft('issue', {}, { lines: [line(LOT, PENDING, `${NODE}/~consumed`, 2)] })])
  expect(take(4, 4)).toBe('taken')
  expect(fresh.ledger.read.units(LOT, PENDING)).toBe(0)
  expect(fresh.ledger.read.units(LOT, `${NODE}/~unexplained`)).toBe(-2)
  expect(fresh.ledger.rebuild()).toEqual([])
})

test('entries beyond the running head are of another machine', () => {
  const key = openBench().signer
  const { ledger, signer } = openBench()
  receive({ ledger } as Bench, 1)
  const { epoch, seq } = ledger.head()
  const batch = ledger.exchange.batch({ stream: OWN, epoch, from: 1, upto: seq })
  if (!batch) throw new Error('nothing')
  const stranger = { ...batch, upto: seq + 1, entries: [...batch.entries, '{}'], key: key.key }
  expect(ledger.exchange.take(stranger, signer.publicKey)).toMatchObject({ is: 'fork', at: seq + 1 })
  expect(ledger.exchange.take(batch, signer.publicKey)).toEqual({ is: 'duplicate' })
})

test('on a full disk a directive is a gap: it comes again', () => {
  const path = file()
  const { ledger, db } = openBench({ path })
  const hub = openTestHub()
  const name = { zh: '名'.repeat(100), en: '' }
  for (let at = 0; at < 60; at += 1)
    hub.write(STREAM_TO_ALL, 'site', { site: `s${at}`, version: 1, name, zone: 'Asia/Shanghai', rooms: [] })
  db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true }))}`)
  expect(ledger.exchange.take(hub.batch(STREAM_TO_ALL), hub.publicKey)).toEqual({ is: 'gap', held: 0 })
  expect(ledger.exchange.tips([STREAM_TO_ALL])).toEqual([])
  db.pragma('max_page_count = 100000')
  receive({ ledger } as Bench, 1)
  const signatures = db.prepare('select count(*) from batch_signature where stream = ?').pluck()
  expect(signatures.get(STREAM_TO_ALL), 'a signature without what it signs').toBe(0)
  expect(ledger.exchange.take(hub.batch(STREAM_TO_ALL), hub.publicKey).is).toBe('taken')
  ledger.close()
})

test('what the hub said is remembered over a restart', () => {
  const path = file()
  const first = openBench({ path })
  const heldByHub = { epoch: first.ledger.head().epoch, seq: 1 }
  first.ledger.exchange.note({ hubAtMs: 1_000, heldByHub })
  first.ledger.exchange.note({ hubAtMs: 2_000 })
  first.ledger.close()
  const second = openBench({ path })
  expect(second.ledger.exchange.noted()).toEqual({ hubAtMs: 2_000, hubHeard: { boot: 'boot-1', upMs: 1_000 }, heldByHub })
  second.ledger.close()
})

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})
const file = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-exchange-'))
  folders.push(folder)
  return join(folder, 'node.sqlite')
}
