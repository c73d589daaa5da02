import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { CHAIN_START, hashAfter, holeText } from '@lotkeeper/protocol/ledger/chain.ts'
import type { BatchReading } from '@lotkeeper/protocol/ledger/stream.ts'
import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { expect } from 'vitest'
import { testParts } from '../parts.ts'
import type { TestWriter } from '../writer.ts'
import { book, EPOCH, LOT, line, openKinds, parcelOf, RECEIVED_MS, ROOM, ready, received, STREAM, taken, unitsAt } from './hub-county.ts'
import type { LedgerPromises } from './hub-ledger.ts'

/** What every builder of the master ledger promises of damaged entries and of batches it took in part. */
export const HUB_HOLE_PROMISES: LedgerPromises = {
  'goes on behind a damaged entry, names it, and folds the same sums again': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, 1, 10, 100, 1000)
    await taken(ledger, parcelOf('qinglong', writer, 1, 2))
    expect((await taken(ledger, holed(writer, 3, 5, 3)))[0]).toMatchObject({ judgement: 'taken', taken: 3 })
    const holes = [{ seq: 3, before: hexOf(writer.hashes[1] ?? CHAIN_START) }]
    expect(await ledger.tips([STREAM])).toMatchObject([{ held: 5, applied: 5, holes }])
    expect(await unitsAt(ledger, LOT, ROOM)).toBe(1101)
    expect(await openKinds(ledger)).toEqual(['hole'])
    await ledger.rebuild()
    expect(await unitsAt(ledger, LOT, ROOM)).toBe(1101)
    expect(await ledger.audit()).toEqual([])
    const again = await county.open()
    expect(await again.tips([STREAM])).toMatchObject([{ held: 5, applied: 5, holes }])
    // The history goes back with the hole in it, each batch provable by its own seal.
    expect(await again.batch({ stream: STREAM, epoch: EPOCH, from: 1, upto: 5 })).toMatchObject({ from: 1, upto: 2 })
    const rest = await again.batch({ stream: STREAM, epoch: EPOCH, from: 3, upto: 5 })
    expect(rest).toMatchObject({ upto: 5, entries: [holeText(writer.hashes[2] ?? CHAIN_START), writer.texts[3], writer.texts[4]] })
  },

  'fills a hole with its true text whenever it comes, as the newest of all, and folds the same again': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, 1, 10)
    const before = book(writer, 'issue', line(LOT, ROOM, 'qinglong/~consumed', 20))
    const reverses = { entry: `${STREAM}/${EPOCH}/${before.seq}`, lines: [0] }
    // Which of two reversals is the second depends on the order: the filled one must stay the later.
    book(writer, 'reverse', line(LOT, 'qinglong/~consumed', ROOM, 20), { reverses })
    book(writer, 'reverse', line(LOT, 'qinglong/~consumed', ROOM, 20), { reverses })
    await taken(ledger, parcelOf('qinglong', writer, 1, 4), holed(writer, 5, 6, 5))
    expect(await openKinds(ledger)).toEqual(['hole'])
    const audited = await ledger.audit()
    expect((await taken(ledger, parcelOf('qinglong', writer, 1, 6)))[0]).toMatchObject({ judgement: 'taken', taken: 1 })
    expect((await taken(ledger, parcelOf('qinglong', writer, 1, 6)))[0]).toMatchObject({ judgement: 'duplicate', taken: 0 })
    expect(await openKinds(ledger)).toEqual(['reversed-twice'])
    expect((await ledger.tips([STREAM]))[0]?.holes).toBe(undefined)
    expect(await unitsAt(ledger, LOT, ROOM)).toBe(31)
    expect([...audited, ...(await ledger.audit())]).toEqual([])
    book(writer, 'receive', line(LOT, 'qinglong/~transit', ROOM, 5))
    await taken(ledger, parcelOf('qinglong', writer, 7))
    await ledger.rebuild()
    expect(await ledger.audit()).toEqual([])
    const again = await county.open()
    expect(await unitsAt(again, LOT, ROOM)).toBe(36)
    expect(await again.audit()).toEqual([])
    await county.close()
    expect(county.look(`select seq from log where stream = '${STREAM}' order by ord`)).toEqual(
      [1, 2, 3, 4, 6, 5, 7].map((seq) => ({ seq })),
    )
  },

  'goes on from nothing while the first entry of an epoch is a hole, and from its parent once it is filled': async (county) => {
    const ledger = await ready(county)
    const first = received(county, 1)
    await taken(ledger, parcelOf('qinglong', first, 1))
    const { epoch, held: seq, headHash: hash } = first.tip()
    const next = county.writer('qinglong', '00000000000000bb', { epoch, seq, hash })
    book(next, 'receive', line(LOT, 'qinglong/~transit', ROOM, 5))
    await taken(ledger, holed(next, 1, 2, 1))
    expect(await ledger.tips([STREAM])).toMatchObject([{}, { held: 2, applied: 2, parent: null }])
    await taken(ledger, parcelOf('qinglong', next, 1))
    expect(await (await county.open()).tips([STREAM])).toMatchObject([{}, { held: 2, parent: { epoch, seq, hash } }])
    expect(await openKinds(await county.open())).toEqual([])
  },

  'passes a hole among what was parked when it reads the rest': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, Number.MAX_SAFE_INTEGER)
    book(writer, 'receive', line(LOT, 'qinglong/~unexplained', ROOM, 5))
    book(writer, 'move', line(LOT, ROOM, 'qinglong/~consumed', 5))
    book(writer, 'move', line(LOT, ROOM, 'qinglong/~consumed', 3))
    await taken(ledger, parcelOf('qinglong', writer, 1, 3), holed(writer, 4, 5, 4))
    expect(await ledger.tips([STREAM])).toMatchObject([{ held: 5, applied: 2 }])
    const { epoch, held: seq, headHash: hash } = writer.tip()
    const next = county.writer('qinglong', '00000000000000bb', { epoch, seq, hash })
    book(next, 'scrap', line(LOT, ROOM, 'qinglong/~scrapped', Number.MAX_SAFE_INTEGER))
    await taken(ledger, parcelOf('qinglong', next, 1))
    const again = await county.open()
    expect(await again.tips([STREAM])).toMatchObject([{ held: 5, applied: 5 }, { held: 2 }])
    expect(await unitsAt(again, LOT, ROOM)).toBe(2)
    expect(await again.audit()).toEqual([])
  },

  'sends a hole for a text its own file no longer holds as it was, and says so': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, 1, 10, 100)
    await taken(ledger, parcelOf('qinglong', writer, 1, 2), parcelOf('qinglong', writer, 3))
    await county.close()
    county.tamper(`update log set body = replace(body, '"units":10', '"units":90') where seq = 3`)
    const again = await county.open()
    expect(await again.batch({ stream: STREAM, epoch: EPOCH, from: 1, upto: 4 })).toMatchObject({
      upto: 2,
      entries: writer.texts.slice(0, 2),
    })
    const rest = await again.batch({ stream: STREAM, epoch: EPOCH, from: 3, upto: 4 })
    expect(rest).toMatchObject({ upto: 4, entries: [holeText(writer.hashes[2] ?? CHAIN_START), writer.texts[3]] })
    expect(await openKinds(again)).toEqual(['hole'])
  },

  'fills a hole with its true text under a key revoked since, and takes nothing else and no seal with it': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, 1, 10, 100)
    await taken(ledger, parcelOf('qinglong', writer, 1, 2), holed(writer, 3, 4, 3))
    const key = county.signerOf('qinglong').key
    const body = { node: 'qinglong', key, reason: 'the machine is gone' }
    await ledger.write([{ stream: STREAM_TO_ALL, kind: 'revoke', action: 'revoke', part: 0, doc: null, actor: 'zhang', lines: [], body }])
    const [filled] = await taken(ledger, parcelOf('qinglong', writer, 2))
    expect([filled, await unitsAt(ledger, LOT, ROOM), await openKinds(ledger)]).toMatchObject([{ judgement: 'taken', taken: 1 }, 111, []])
    expect(await ledger.tips([STREAM])).toMatchObject([{ held: 4, applied: 4 }])
    expect(await ledger.audit()).toEqual([])
    book(writer, 'receive', line(LOT, 'qinglong/~transit', ROOM, 5))
    expect((await taken(ledger, parcelOf('qinglong', writer, 3)))[0]).toMatchObject({ judgement: 'refused' })
    expect(await openKinds(ledger)).toEqual(['key-revoked'])
    await county.close()
    expect(county.look(`select upto_seq from batch_signature where stream = '${STREAM}'`)).toEqual([{ upto_seq: 2 }, { upto_seq: 4 }])
  },

  'books a reversal of what its own file damaged, and says nothing of what it cannot read': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, 10, 20)
    const shipped = [2, 3].map((seq) => ({ entry: `${STREAM}/${EPOCH}/${seq}`, lines: [0] }))
    await taken(ledger, parcelOf('qinglong', writer, 1))
    await county.close()
    // One is no JSON any more, of the other a figure is another one.
    county.tamper(`update log set body = '{' || body where seq = 2 and stream = '${STREAM}';
      update log set body = replace(body, '"units":20', '"units":90') where seq = 3 and stream = '${STREAM}'`)
    const again = await county.open()
    for (const [at, reverses] of shipped.entries())
      book(writer, 'reverse', line(LOT, ROOM, 'qinglong/~transit', at === 0 ? 10 : 20), { reverses, actor: 'zhang' })
    expect((await taken(again, parcelOf('qinglong', writer, 4)))[0]).toMatchObject({ judgement: 'taken', taken: 2 })
    expect(await again.tips([STREAM])).toMatchObject([{ held: 5, applied: 5 }])
    expect([await unitsAt(again, LOT, ROOM), await openKinds(again)]).toEqual([0, []])
    const page = await again.ask.movements({})
    expect(isRefusal(page) ? [] : page.rows.map(({ units, actor }) => [units, actor !== null])).toEqual([
      [20, true],
      [10, true],
      [20, false],
      [10, false],
    ])
  },

  'makes a hole of what was damaged while it was parked, and goes on behind it': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, Number.MAX_SAFE_INTEGER)
    book(writer, 'receive', line(LOT, 'qinglong/~unexplained', ROOM, 5))
    for (const units of [5, 3]) book(writer, 'move', line(LOT, ROOM, 'qinglong/~consumed', units))
    await taken(ledger, parcelOf('qinglong', writer, 1))
    expect(await ledger.tips([STREAM])).toMatchObject([{ held: 5, applied: 2 }])
    const { epoch, held: seq, headHash: hash } = writer.tip()
    const next = county.writer('qinglong', '00000000000000bb', { epoch, seq, hash })
    book(next, 'scrap', line(LOT, ROOM, 'qinglong/~scrapped', Number.MAX_SAFE_INTEGER))
    await taken(ledger, parcelOf('qinglong', next, 1))
    await county.close()
    county.tamper(`update log set body = replace(body, '"units":5', '"units":4') where epoch = '${EPOCH}' and seq = 4`)
    const again = await county.open()
    expect((await again.tips([STREAM]))[0]).toMatchObject({ held: 5, applied: 5, holes: [{ seq: 4 }] })
    const open = ['hole', 'units-unexplained']
    expect([await unitsAt(again, LOT, ROOM), await openKinds(again), await again.audit()]).toEqual([2, open, []])
    await taken(again, parcelOf('qinglong', writer, 4))
    expect([await unitsAt(again, LOT, ROOM), await openKinds(again)]).toEqual([-3, ['room-negative', 'units-unexplained']])
  },

  'keeps no seal for a head it did not take': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, 1, 10)
    const { texts, hashes } = writer as unknown as { texts: string[]; hashes: Uint8Array[] }
    texts.push('{"no":"entry"}')
    hashes.push(hashAfter(testParts, hashes.at(-1) ?? CHAIN_START, '{"no":"entry"}'))
    expect((await taken(ledger, parcelOf('qinglong', writer, 1)))[0]).toMatchObject({ judgement: 'taken', taken: 3 })
    expect((await taken(ledger, parcelOf('qinglong', writer, 4)))[0]).toMatchObject({ judgement: 'refused' })
    await county.close()
    expect(county.look('select upto_seq from batch_signature')).toEqual([])
  },
}

/** A parcel with holes in the place of these entries. */
const holed = (writer: TestWriter, from: number, upto: number, ...at: readonly number[]) => {
  const batch = writer.batch(from, upto)
  const entries = batch.entries.map((text, index) =>
    at.includes(from + index) ? holeText(writer.hashes[from + index - 1] ?? CHAIN_START) : text,
  )
  return parcelWith({ ...batch, entries })
}

const parcelWith = (batch: BatchReading) => ({
  node: 'qinglong',
  payload: Buffer.from(writeBatch(batch, { source: '/nodes/qinglong', time: '2026-11-22T01:02:04.000Z' })),
  receivedAtMs: RECEIVED_MS,
})
