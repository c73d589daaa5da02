import { readEntry } from '@lotkeeper/protocol/ledger/entry.ts'
import type { BatchReading } from '@lotkeeper/protocol/ledger/stream.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { expect } from 'vitest'
import { book, EPOCH, type LedgerCounty, LOT, line, parcelOf, RECEIVED_MS, ready, TRANSIT, taken } from './hub-county.ts'
import type { LedgerPromises } from './hub-ledger.ts'

/** What every builder of the master ledger promises of goods under way: the receiver hears of them, once. */
export const HUB_DESPATCH_PROMISES: LedgerPromises = {
  'tells each receiver what was sent to it, in the commit that takes the shipment': async (county) => {
    const ledger = await ready(county, ['qinglong', 'baihe', 'shilong'])
    const writer = county.writer('baihe')
    const lots = [{ lot: LOT, printed: 'B2509', expiry: '2028-08-31', produced: null }]
    const tags = ['303416']
    const lines = [
      { ...line(LOT, 'baihe/main/available', TRANSIT, 5), tags },
      line('glove/-', 'baihe/main/available', 'shilong/~transit', 2),
      line('glove/-', 'baihe/main/available', TRANSIT, 3),
      line('glove/-', 'baihe/~supplier', TRANSIT, 7),
      line('glove/-', 'baihe/main/available', 'baihe/~transit', 7),
    ]
    writer.add({ kind: 'ship', doc: 'S-1', lines, body: { lots } })
    await taken(ledger, parcelOf('baihe', writer, 1))
    expect(await told(ledger, 'hub>qinglong')).toMatchObject([
      { kind: 'epoch' },
      {
        kind: 'document',
        action: 'despatch:baihe/00000000000000aa/2',
        part: 0,
        doc: 'S-1',
        refs: [`baihe>*/${EPOCH}/2`],
        body: {
          doc: 'S-1',
          type: 'despatch-advice',
          from: 'baihe',
          to: 'qinglong',
          due: null,
          lines: [
            { lot: LOT, units: 5, expiry: '2028-08-31', tags },
            { lot: 'glove/-', units: 3, expiry: null, tags: [] },
          ],
        },
      },
    ])
    expect(await told(ledger, 'hub>shilong')).toMatchObject([{}, { part: 1, body: { to: 'shilong', lines: [{ units: 2 }] } }])
    expect(await ledger.audit()).toEqual([])
  },

  'tells it once, and once that it was taken back: not for a duplicate, a restart, a fold from the log': async (county) => {
    const ledger = await ready(county, ['qinglong', 'baihe'])
    const writer = shipped(county, 5)
    const reverses = { entry: `baihe>*/${EPOCH}/2`, lines: [0] }
    book(writer, 'reverse', line(LOT, TRANSIT, 'baihe/main/available', 5), { doc: 'S-1', reverses })
    await taken(ledger, parcelOf('baihe', writer, 1, 2), parcelOf('baihe', writer, 1), parcelOf('baihe', writer, 2))
    await ledger.rebuild()
    const again = await county.open()
    await taken(again, parcelOf('baihe', writer, 1))
    expect(await again.tips(['hub>qinglong'])).toMatchObject([{ held: 3 }])
    expect(await again.audit()).toEqual([])
  },

  'tells it when a parked shipment is applied at last': async (county) => {
    const ledger = await ready(county, ['qinglong', 'baihe'])
    const writer = county.writer('baihe')
    for (let times = 0; times < 2; times += 1)
      book(writer, 'receive', line(LOT, 'baihe/~transit', 'baihe/main/available', Number.MAX_SAFE_INTEGER))
    book(writer, 'ship', line(LOT, 'baihe/main/available', TRANSIT, 5), { doc: 'S-1' })
    await taken(ledger, parcelOf('baihe', writer, 1))
    expect(await ledger.tips(['hub>qinglong'])).toEqual([])
    const { epoch, held: seq, headHash: hash } = writer.tip()
    const next = county.writer('baihe', '00000000000000bb', { epoch, seq, hash })
    book(next, 'scrap', line(LOT, 'baihe/main/available', 'baihe/~scrapped', Number.MAX_SAFE_INTEGER))
    book(next, 'move', line(LOT, 'baihe/~adjusted', 'baihe/~transit', Number.MAX_SAFE_INTEGER))
    await taken(ledger, parcelOf('baihe', next, 1))
    const again = await county.open()
    expect(await told(again, 'hub>qinglong')).toMatchObject([{}, { kind: 'document', doc: 'S-1' }])
    expect(await again.audit()).toEqual([])
  },

  'counts it once after a restore, whichever comes first: the shipment again, or its own word back': async (county) => {
    const ledger = await ready(county, ['qinglong', 'baihe'])
    const writer = shipped(county, 5)
    await taken(ledger, parcelOf('baihe', writer, 1))
    const word = await ledger.batch({ stream: 'hub>qinglong', epoch: ledger.epoch, from: 1, upto: 2 })
    if (!word) throw new Error('the hub said nothing')
    for (const order of ['word', 'shipment']) {
      const other = county.another()
      try {
        // Opened once more: the epoch the other hub wrote in is no longer its own.
        await other.open()
        const restored = await ready(other, ['qinglong', 'baihe'])
        const parcels = [parcelWith(word), parcelOf('baihe', writer, 1)]
        await taken(restored, ...(order === 'word' ? parcels : parcels.reverse()))
        expect(await restored.tips(['hub>qinglong'])).toHaveLength(order === 'word' ? 1 : 2)
        expect(await restored.audit()).toEqual([])
        await other.close()
        expect(other.look('select announced from document_line')).toEqual([{ announced: 5 }])
      } finally {
        await other.drop()
      }
    }
  },

  'takes its word back in the commit that undoes the shipment, for each receiver once all that goes to it is undone': async (county) => {
    const ledger = await ready(county, ['qinglong', 'baihe', 'shilong'])
    const writer = county.writer('baihe')
    const shelf = 'baihe/main/available'
    const lines = [line(LOT, shelf, TRANSIT, 5), line('glove/-', shelf, 'shilong/~transit', 2), line('glove/-', shelf, TRANSIT, 3)]
    writer.add({ kind: 'ship', doc: 'S-1', lines })
    const undo = (...numbers: readonly number[]) => {
      const back = numbers.map((at) => lines[at]).flatMap((one) => (one ? [{ ...one, from: one.to, to: one.from }] : []))
      writer.add({ kind: 'reverse', doc: 'S-1', lines: back, reverses: { entry: `baihe>*/${EPOCH}/2`, lines: [...numbers] } })
    }
    undo(0)
    await taken(ledger, parcelOf('baihe', writer, 1))
    expect((await told(ledger, 'hub>qinglong')).map(({ kind }) => kind)).toEqual(['epoch', 'document'])
    undo(2, 1)
    await taken(ledger, parcelOf('baihe', writer, 4))
    const action = `withdraw:baihe/${EPOCH}/2`
    const fixed = { kind: 'reverse', action, doc: 'S-1', refs: [`baihe>*/${EPOCH}/4`], lines: [], body: {} }
    for (const [part, to] of ['qinglong', 'shilong'].entries()) {
      const reverses = { entry: `hub>${to}/${ledger.epoch}/2`, lines: [] }
      expect(await told(ledger, `hub>${to}`)).toMatchObject([{}, { kind: 'document' }, { ...fixed, part, reverses }])
    }
    // What undoes something else, or another's, takes nothing back.
    book(writer, 'ship', line(LOT, shelf, TRANSIT, 1), { doc: 'S-2' })
    const thief = county.writer('shilong')
    for (const [entry, of] of [
      [`baihe>*/${EPOCH}/4`, writer],
      [`baihe>*/${EPOCH}/5`, thief],
    ] as const)
      book(of, 'reverse', line(LOT, TRANSIT, shelf, 1), { doc: 'S-2', reverses: { entry, lines: [0] } })
    await taken(ledger, parcelOf('baihe', writer, 5), parcelOf('shilong', thief, 1))
    expect((await told(ledger, 'hub>qinglong')).map(({ kind }) => kind)).toEqual(['epoch', 'document', 'reverse', 'document'])
    expect(await ledger.audit()).toEqual([])
  },

  'counts word and word back once after a restore, in whatever order they come': async (county) => {
    const ledger = await ready(county, ['qinglong', 'baihe'])
    const writer = shipped(county, 5)
    const reverses = { entry: `baihe>*/${EPOCH}/2`, lines: [0] }
    book(writer, 'reverse', line(LOT, TRANSIT, 'baihe/main/available', 5), { doc: 'S-1', reverses })
    await taken(ledger, parcelOf('baihe', writer, 1))
    const word = (upto: number) => ledger.batch({ stream: 'hub>qinglong', epoch: ledger.epoch, from: 1, upto })
    const [whole, first] = [await word(3), await word(2)]
    if (!whole || !first) throw new Error('the hub said nothing')
    const [ship, back] = [parcelOf('baihe', writer, 1, 2), parcelOf('baihe', writer, 3)]
    for (const [order, hubStreams] of [
      [[ship, back, parcelWith(whole)], 2],
      [[ship, parcelWith(whole), back], 2],
      [[parcelWith(first), ship, back], 2],
    ] as const) {
      const other = county.another()
      try {
        await other.open()
        const restored = await ready(other, ['qinglong', 'baihe'])
        for (const parcel of order) await taken(restored, parcel)
        expect(await restored.tips(['hub>qinglong'])).toHaveLength(hubStreams)
        expect(await restored.ask.documents({})).toMatchObject({ rows: [{ doc: 'S-1', status: 'withdrawn' }] })
        expect(await restored.ask.documents({ open: true })).toMatchObject({ rows: [] })
        expect(await restored.audit()).toEqual([])
        await other.close()
        expect(other.look('select announced from document_line')).toEqual([{ announced: 0 }])
      } finally {
        await other.drop()
      }
    }
  },

  'tells of a shipment with more tags than fit, without the tags': async (county) => {
    const ledger = await ready(county, ['qinglong', 'baihe'])
    const writer = county.writer('baihe')
    const tags = Array.from({ length: 120 }, (_, at) => (0xf000 + at).toString(16).toUpperCase().padStart(120, '3'))
    writer.add({ kind: 'ship', lines: [{ ...line(LOT, 'baihe/main/available', TRANSIT, 120), tags }], body: {} })
    await taken(ledger, parcelOf('baihe', writer, 1))
    expect(await told(ledger, 'hub>qinglong')).toMatchObject([{}, { body: { doc: '-', lines: [{ units: 120, tags: [] }] } }])
  },
}

const shipped = (county: LedgerCounty, units: number) => {
  const writer = county.writer('baihe')
  book(writer, 'ship', line(LOT, 'baihe/main/available', TRANSIT, units), { doc: 'S-1' })
  return writer
}

/** The entries of a stream of the hub's own, as a node would read them. */
const told = async (ledger: Awaited<ReturnType<LedgerCounty['open']>>, stream: string) => {
  const batch = await ledger.batch({ stream, epoch: ledger.epoch, from: 1, upto: 64 })
  return (batch?.entries ?? []).map((text) => {
    const reading = readEntry(text)
    if (!reading.known) throw new Error(text)
    return reading.entry
  })
}

const parcelWith = (batch: BatchReading) => ({
  node: 'qinglong',
  payload: Buffer.from(writeBatch(batch, { source: '/nodes/qinglong', time: '2026-11-22T01:02:04.000Z' })),
  receivedAtMs: RECEIVED_MS,
})
