import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect } from 'vitest'
import {
  book,
  DAY_MS,
  EPOCH,
  LOT,
  line,
  openKinds,
  parcelOf,
  RECEIVED_MS,
  ROOM,
  ready,
  received,
  STREAM,
  TRANSIT,
  taken,
  unitsAt,
} from './hub-county.ts'
import type { LedgerPromises } from './hub-ledger.ts'

/** What every builder of the master ledger promises of its sums: they follow from the log, and what does not fit together is booked and named. */
export const HUB_BOOK_PROMISES: LedgerPromises = {
  'sums every lot over all places to nothing, and folds the same sums from the log': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, 40, 2)
    book(writer, 'accept', line(LOT, ROOM, 'qinglong/main/available', 30))
    book(writer, 'issue', line(LOT, 'qinglong/main/available', 'qinglong/~consumed', 7))
    book(writer, 'ship', line(LOT, 'qinglong/main/available', 'baihe/~transit', 5), { doc: 'S-1' })
    await taken(ledger, parcelOf('qinglong', writer, 1))
    const found = await ledger.ask.lot({ lot: LOT })
    if (isRefusal(found)) throw new Error(found.en)
    expect(found.whereIs.reduce((sum, { units }) => sum + units, 0)).toBe(0)
    expect(await ledger.audit()).toEqual([])
    await ledger.rebuild()
    expect(await ledger.audit()).toEqual([])
    expect(await unitsAt(ledger, LOT, 'baihe/~transit')).toBe(5)
  },

  'books what an owner should not have written, and names it': async (county) => {
    const ledger = await ready(county)
    const writer = county.writer('qinglong')
    book(writer, 'issue', line(LOT, 'qinglong/main/available', 'qinglong/~consumed', 4))
    const first = book(writer, 'receive', line(LOT, 'hub/~supplier', 'qinglong/main/available', 1))
    const reverses = { entry: `${STREAM}/${EPOCH}/${first.seq}`, lines: [0] }
    book(writer, 'reverse', line(LOT, 'qinglong/main/available', 'hub/~supplier', 1), { reverses })
    book(writer, 'reverse', line(LOT, 'qinglong/main/available', 'hub/~supplier', 9), { reverses })
    await taken(ledger, parcelOf('qinglong', writer, 1))
    expect(await unitsAt(ledger, LOT, 'qinglong/main/available')).toBe(-13)
    const kinds = ['place-foreign', 'place-foreign', 'place-foreign', 'reversal-differs', 'reversed-twice', 'room-negative']
    expect(await openKinds(ledger)).toEqual(kinds)
    expect(await ledger.audit()).toEqual([])
    book(writer, 'receive', line(LOT, TRANSIT, 'qinglong/main/available', 13))
    await taken(ledger, parcelOf('qinglong', writer, 6))
    expect(await openKinds(ledger)).not.toContain('room-negative')
    expect(await ledger.audit()).toEqual([])
  },

  'names an act that a node says it booked twice until either entry is taken back, in whatever order it hears of it': async (county) => {
    const ledger = await ready(county)
    const writer = county.writer('qinglong')
    const pair = () => {
      const [entry, again] = [0, 1].map(() => book(writer, 'receive', line(LOT, TRANSIT, ROOM, 3)).seq)
      return { is: 'act-twice', entry: `${STREAM}/${EPOCH}/${entry}`, again: `${STREAM}/${EPOCH}/${again}` }
    }
    const say = (words: object) => writer.add({ kind: 'alarm', body: { alarm: 'a', action: 'raised', reason: JSON.stringify(words) } })
    const undo = (entry: string) => book(writer, 'reverse', line(LOT, ROOM, TRANSIT, 3), { reverses: { entry, lines: [0] } })
    const [first, second, before] = [pair(), pair(), pair()]
    say(first)
    say(second)
    undo(before.entry)
    say(before)
    // Words about the stream of another, and no words, name nothing.
    say({ ...first, again: `baihe>*/${EPOCH}/3` })
    say({ is: 'act-twice' })
    await taken(ledger, parcelOf('qinglong', writer, 1))
    expect(await openKinds(ledger)).toEqual(['act-twice', 'act-twice'])
    expect(await ledger.audit()).toEqual([])
    undo(first.again)
    undo(second.entry)
    await taken(ledger, parcelOf('qinglong', writer, writer.texts.length - 1))
    expect(await openKinds(ledger)).toEqual([])
    expect(await ledger.audit()).toEqual([])
    await ledger.rebuild()
    expect([await openKinds(ledger), await ledger.audit()]).toEqual([[], []])
  },

  'takes what a node met for the time being, books on it, and keeps every override of a receipt': async (county) => {
    const ledger = await ready(county)
    const writer = county.writer('qinglong')
    const [item, lot] = ['qinglong-new-1795233600', 'qinglong-new-1795233600/N1']
    const packs = [{ pack: '盒', units: 20, gtin: null, codes: [{ scheme: 'local', code: '库-18' }] }]
    const unit = { zh: '支', en: '' }
    writer.add({ kind: 'provisional', body: { is: 'item', item, name: { zh: '新导管', en: '' }, model: '', unit, packs, scan: '库-18' } })
    book(writer, 'receive', line(lot, 'qinglong/~supplier', ROOM, 40), {
      body: { override: { rule: 'rules.item-retired', reason: '急用' } },
    })
    writer.add({ kind: 'receive', body: { override: { rule: 'rules.licence-ended', reason: '已续' } } })
    const tag = { is: 'tag', epc: '30699B587B8716400012D687', item, lotNumber: 'N1', expiry: null, pack: '盒', units: 20 }
    writer.add({ kind: 'provisional', body: tag })
    await taken(ledger, parcelOf('qinglong', writer, 1))
    expect(await unitsAt(ledger, lot, ROOM)).toBe(40)
    expect(await ledger.tips([STREAM])).toMatchObject([{ held: 5, applied: 5, refused: [] }])
    expect(await openKinds(ledger)).toEqual([])
    expect(await ledger.audit()).toEqual([])
  },

  'names units that nobody can explain, until their booking is reversed': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, 40, 2)
    const found = line(LOT, 'qinglong/~unexplained', ROOM, 3)
    const { seq } = book(writer, 'issue', found)
    await taken(ledger, parcelOf('qinglong', writer, 1))
    expect(await openKinds(ledger)).toEqual(['units-unexplained'])
    const { rows } = await ledger.ask.discrepancies({}).then((page) => (isRefusal(page) ? { rows: [] } : page))
    const entry = `${STREAM}/${EPOCH}/${seq}`
    expect(rows).toMatchObject([{ subject: entry, entry, site: 'qinglong', title: { zh: expect.stringContaining(`多 3（批号 ${LOT}`) } }])
    expect(await ledger.audit()).toEqual([])
    book(writer, 'reverse', line(LOT, ROOM, 'qinglong/~unexplained', 3), { reverses: { entry, lines: [0] } })
    await taken(ledger, parcelOf('qinglong', writer, seq + 1))
    expect(await openKinds(ledger)).toEqual([])
    expect(await ledger.audit()).toEqual([])
  },

  'lets the earlier of two expiry dates rule and names the conflict': async (county) => {
    const ledger = await ready(county)
    const writer = county.writer('qinglong')
    const lots = (expiry: string) => ({ body: { lots: [{ lot: LOT, printed: 'B2509', expiry, produced: null }] } })
    book(writer, 'receive', line(LOT, TRANSIT, ROOM, 1), lots('2028-08-31'))
    book(writer, 'receive', line(LOT, TRANSIT, ROOM, 1), lots('2027-08-31'))
    await taken(ledger, parcelOf('qinglong', writer, 1))
    expect(await ledger.ask.lot({ lot: LOT })).toMatchObject({ expiry: '2027-08-31' })
    expect(await openKinds(ledger)).toEqual(['lot-expiry'])
  },

  'names goods on their way past their time, per document, and closes it when they arrive': async (county) => {
    const ledger = await ready(county, ['qinglong', 'baihe'])
    const writer = county.writer('baihe')
    book(writer, 'ship', line(LOT, 'baihe/main/available', TRANSIT, 5), { doc: 'S-1' })
    book(writer, 'ship', line(LOT, 'baihe/main/available', TRANSIT, 5), { doc: 'S-2' })
    await taken(ledger, parcelOf('baihe', writer, 1))
    await ledger.sweep(RECEIVED_MS + DAY_MS)
    expect((await openKinds(ledger)).filter((kind) => kind === 'transit-residue')).toEqual([])
    const arrived = county.writer('qinglong')
    // Ten units under one document are not five and five: short and over must not cancel.
    book(arrived, 'receive', line(LOT, TRANSIT, ROOM, 10), { doc: 'S-1' })
    await taken(ledger, parcelOf('qinglong', arrived, 1))
    await ledger.sweep(RECEIVED_MS + 4 * DAY_MS)
    expect((await openKinds(ledger)).filter((kind) => kind === 'transit-residue')).toHaveLength(2)
    book(arrived, 'reverse', line(LOT, ROOM, TRANSIT, 5), { doc: 'S-1' })
    book(arrived, 'receive', line(LOT, TRANSIT, ROOM, 5), { doc: 'S-2' })
    await taken(ledger, parcelOf('qinglong', arrived, 3))
    await ledger.sweep(RECEIVED_MS + 4 * DAY_MS)
    expect((await openKinds(ledger)).filter((kind) => kind === 'transit-residue')).toEqual([])
  },

  'applies what was parked as soon as a start finds that it can': async (county) => {
    const ledger = await ready(county)
    const first = received(county, Number.MAX_SAFE_INTEGER)
    book(first, 'receive', line(LOT, 'qinglong/~unexplained', ROOM, Number.MAX_SAFE_INTEGER))
    book(first, 'issue', line(LOT, ROOM, 'qinglong/~consumed', 5))
    await taken(ledger, parcelOf('qinglong', first, 1))
    expect(await ledger.tips([STREAM])).toMatchObject([{ held: 4, applied: 2 }])
    const { epoch, held: seq, headHash: hash } = first.tip()
    const next = county.writer('qinglong', '00000000000000bb', { epoch, seq, hash })
    book(next, 'scrap', line(LOT, ROOM, 'qinglong/~scrapped', Number.MAX_SAFE_INTEGER))
    await taken(ledger, parcelOf('qinglong', next, 1))
    const again = await county.open()
    expect(await again.tips([STREAM])).toMatchObject([{ held: 4, applied: 4 }, { held: 2 }])
    expect(await unitsAt(again, LOT, ROOM)).toBe(Number.MAX_SAFE_INTEGER - 5)
    expect(await openKinds(again)).not.toContain('entry-not-applied')
    expect(await again.audit()).toEqual([])
  },

  'finds in an audit what was changed behind its back, and mends it by folding the log again': async (county) => {
    const ledger = await ready(county)
    await taken(ledger, parcelOf('qinglong', received(county, 40, 2), 1))
    await county.close()
    county.tamper(`update position set units = units + 1 where place = '${ROOM}'`)
    county.tamper('delete from feed where mv = 1')
    const again = await county.open()
    const found = await again.audit()
    expect(found.join()).toContain('position: the log gives')
    expect(found.join()).toContain('feed: the log gives')
    expect(found.join()).toContain(`lot ${LOT}: the sum over all places is 1`)
    await again.rebuild()
    expect(await again.audit()).toEqual([])
  },
}
