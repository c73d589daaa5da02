import { openCatalog } from '@lotkeeper/hub/catalog/catalog.ts'
import type { HubLedger } from '@lotkeeper/hub/ledger/contract.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect } from 'vitest'
import type { TestWriter } from '../writer.ts'
import {
  book,
  DAY_MS,
  EPOCH,
  type LedgerCounty,
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
} from './hub-county.ts'
import type { LedgerPromises } from './hub-ledger.ts'

const STORE = 'qinglong/main/available'
const KIT = 'kit/K1'

/** What every builder of the master ledger promises of the whole model: what came of what, counts, papers, whose places they are, true times. */
export const HUB_MODEL_PROMISES: LedgerPromises = {
  'tells what a lot was made of and what was made of it, to the last step, until it is undone': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, 100)
    const first = transform(writer, 'repack', [LOT, 40], ['gauze/R1', 80])
    transform(writer, 'kit', ['gauze/R1', 20], [KIT, 10])
    const { seq } = transform(writer, 'kit', [LOT, 10], [KIT, 10])
    await taken(ledger, parcelOf('qinglong', writer, 1))
    const up = await told(ledger.ask.genealogy({ lot: KIT }))
    expect(up.ancestors.map(({ parent, child, depth }) => [parent, child, depth])).toEqual([
      [LOT, KIT, 1],
      ['gauze/R1', KIT, 1],
      [LOT, 'gauze/R1', 2],
    ])
    expect(up).toMatchObject({ descendants: [], more: false })
    const down = await told(ledger.ask.genealogy({ lot: LOT }))
    expect(down.descendants.map(({ child, depth, childUnits }) => [child, depth, childUnits])).toEqual([
      ['gauze/R1', 1, 80],
      [KIT, 1, 10],
      [KIT, 2, 10],
    ])
    const view = await told(ledger.ask.lot({ lot: 'gauze/R1' }))
    expect(view.parents).toMatchObject([{ parent: LOT, parentUnits: 40, act: 'repack', entry: idOf(first.seq), site: 'qinglong' }])
    expect(view.children).toMatchObject([{ child: KIT }])
    undo(writer, seq, [line(LOT, 'qinglong/~transformed', ROOM, 10), line(KIT, ROOM, 'qinglong/~transformed', 10)])
    await taken(ledger, parcelOf('qinglong', writer, seq + 1))
    expect((await told(ledger.ask.genealogy({ lot: LOT }))).descendants).toHaveLength(2)
    expect(await ledger.ask.genealogy({ lot: 'none/X' })).toMatchObject({ refused: true, code: 'api.not-found' })
    expect(await ledger.audit()).toEqual([])
  },

  'walks a circle of lots once': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, 100)
    transform(writer, 'repack', [LOT, 10], ['gauze/R1', 10])
    transform(writer, 'repack', ['gauze/R1', 5], [LOT, 5])
    await taken(ledger, parcelOf('qinglong', writer, 1))
    expect((await told(ledger.ask.genealogy({ lot: LOT }))).descendants).toHaveLength(2)
    expect(await ledger.audit()).toEqual([])
  },

  'follows a tagged pack, also when units are taken out of it': async (county) => {
    const ledger = await ready(county)
    const writer = county.writer('qinglong')
    const moved = (kind: Entry['kind'], from: string, to: string, units: number, tags: readonly string[]) =>
      writer.add({ kind, lines: [{ ...line(LOT, from, to, units), tags: [...tags] }] })
    const at = async (epc: string) => {
      const { place, units } = await told(ledger.ask.tag({ epc }))
      return [place, units]
    }
    moved('receive', TRANSIT, ROOM, 100, ['30AA', '30BB'])
    moved('accept', ROOM, STORE, 50, ['30AA'])
    moved('issue', STORE, 'qinglong/~consumed', 8, ['30AA'])
    await taken(ledger, parcelOf('qinglong', writer, 1))
    expect([await at('30AA'), await at('30BB')]).toEqual([
      [STORE, 42],
      [ROOM, 50],
    ])
    moved('issue', STORE, 'qinglong/~consumed', 42, ['30AA'])
    await taken(ledger, parcelOf('qinglong', writer, 5))
    expect(await at('30AA')).toEqual(['qinglong/~consumed', 0])
    expect(await ledger.ask.tag({ epc: '30CC' })).toMatchObject({ refused: true, code: 'api.not-found' })
    expect(await ledger.audit()).toEqual([])
  },

  'keeps a count as it was observed, and names a difference until the next count': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, 50)
    count(writer, 48, 50, [line(LOT, ROOM, 'qinglong/~adjusted', 2)])
    await taken(ledger, parcelOf('qinglong', writer, 1))
    expect(await openKinds(ledger)).toEqual(['count-differs'])
    count(writer, 48, 48, [])
    await taken(ledger, parcelOf('qinglong', writer, 4))
    expect(await openKinds(ledger)).toEqual([])
    const rows = await rowsOf(ledger.ask.counts({ site: 'qinglong', lot: LOT }))
    expect(rows).toMatchObject([
      { counted: 48, book: 48, difference: 0, place: ROOM, entry: idOf(4) },
      { counted: 48, book: 50, difference: -2, reason: 'shelf by shelf' },
    ])
    expect(await rowsOf(ledger.ask.counts({ site: 'baihe' }))).toEqual([])
    expect(await ledger.audit()).toEqual([])
  },

  'tells how far a despatch has come, by its movements alone': async (county) => {
    const ledger = await ready(county, ['qinglong', 'baihe'])
    const sender = county.writer('baihe')
    const arrived = county.writer('qinglong')
    const status = async () => (await rowsOf(ledger.ask.documents({}))).map((row) => row.status)
    book(sender, 'ship', line(LOT, 'baihe/main/available', TRANSIT, 10), { doc: 'S-1' })
    await taken(ledger, parcelOf('baihe', sender, 1))
    expect(await rowsOf(ledger.ask.documents({ site: 'qinglong' }))).toMatchObject([
      {
        doc: 'S-1',
        type: 'despatch-advice',
        from: 'baihe',
        to: 'qinglong',
        lines: [{ lot: LOT, announced: 10, shipped: 10, received: 0 }],
      },
    ])
    expect([await status(), (await rowsOf(ledger.ask.documents({ open: true }))).length]).toEqual([['open'], 1])
    book(arrived, 'receive', line(LOT, TRANSIT, ROOM, 4), { doc: 'S-1' })
    await taken(ledger, parcelOf('qinglong', arrived, 1))
    expect(await status()).toEqual(['partly'])
    const { seq } = book(arrived, 'receive', line(LOT, TRANSIT, ROOM, 7), { doc: 'S-1' })
    await taken(ledger, parcelOf('qinglong', arrived, seq))
    expect(await status()).toEqual(['over'])
    // One too many is taken back; a reversal is no shipment.
    undo(arrived, seq, [line(LOT, ROOM, TRANSIT, 7)], { doc: 'S-1' })
    book(arrived, 'receive', line(LOT, TRANSIT, ROOM, 6), { doc: 'S-1' })
    await taken(ledger, parcelOf('qinglong', arrived, seq + 1))
    expect([await status(), await rowsOf(ledger.ask.documents({ open: true }))]).toEqual([['complete'], []])
    // Another that never left is open no longer, and announces nothing.
    book(sender, 'ship', line(LOT, 'baihe/main/available', TRANSIT, 8), { doc: 'S-2' })
    await taken(ledger, parcelOf('baihe', sender, 3))
    expect(await status()).toEqual(['open', 'complete'])
    const shipment = { entry: `baihe>*/${EPOCH}/3`, lines: [0] }
    book(sender, 'reverse', line(LOT, TRANSIT, 'baihe/main/available', 8), { doc: 'S-2', reverses: shipment })
    await taken(ledger, parcelOf('baihe', sender, 4))
    expect([await status(), await rowsOf(ledger.ask.documents({ open: true }))]).toEqual([['withdrawn', 'complete'], []])
    const [withdrawn] = await rowsOf(ledger.ask.documents({ limit: 1 }))
    expect(withdrawn).toMatchObject({ doc: 'S-2', lines: [{ announced: 0, shipped: 0, received: 0 }] })
    expect(await ledger.audit()).toEqual([])
  },

  'lets places pass to another node, which may then book there, and names what the old one books after': async (county) => {
    const ledger = await inCounty(county)
    const gone = received(county, 50)
    await taken(ledger, parcelOf('qinglong', gone, 1))
    await passed(ledger, 'qinglong', { epoch: EPOCH, seq: 2, hash: gone.tip().headHash }, 'baihe')
    const heir = county.writer('baihe')
    book(heir, 'move', line(LOT, ROOM, 'baihe/main/available', 20))
    await taken(ledger, parcelOf('baihe', heir, 1))
    expect(await openKinds(ledger)).toEqual([])
    expect((await ledger.ask.nodes()).rows).toMatchObject([
      { node: 'baihe', passedTo: null },
      { node: 'qinglong', passedTo: 'baihe' },
    ])
    // It was not gone after all: booked, and named once for the epoch, also in the next one.
    book(gone, 'issue', line(LOT, ROOM, 'qinglong/~consumed', 5))
    book(gone, 'issue', line(LOT, ROOM, 'qinglong/~consumed', 50))
    await taken(ledger, parcelOf('qinglong', gone, 3))
    const named = await rowsOf(ledger.ask.discrepancies({}))
    expect(named.map(({ kind, site }) => [kind, site]).sort()).toEqual([
      ['after-ownership', 'qinglong'],
      ['room-negative', 'baihe'],
    ])
    const { epoch, held: seq, headHash: hash } = gone.tip()
    const next = county.writer('qinglong', '00000000000000bb', { epoch, seq, hash })
    book(next, 'receive', line(LOT, TRANSIT, ROOM, 1))
    await taken(ledger, parcelOf('qinglong', next, 1))
    expect((await openKinds(ledger)).filter((kind) => kind === 'after-ownership')).toHaveLength(2)
    // A third node still may not.
    book(heir, 'move', line(LOT, 'xiaohe/main/available', 'baihe/main/available', 1))
    await taken(ledger, parcelOf('baihe', heir, 3))
    expect(await openKinds(ledger)).toContain('place-foreign')
    expect(await ledger.audit()).toEqual([])
  },

  'takes what a node wrote before its places passed as its own, whenever it comes': async (county) => {
    const ledger = await inCounty(county)
    const gone = received(county, 50, 7)
    // A hub made anew from a backup hears of the passing before it hears of what came before it.
    await passed(ledger, 'qinglong', { epoch: EPOCH, seq: 3, hash: gone.tip().headHash }, 'baihe')
    await taken(ledger, parcelOf('qinglong', gone, 1))
    expect(await openKinds(ledger)).toEqual([])
    book(gone, 'issue', line(LOT, ROOM, 'qinglong/~consumed', 1))
    await taken(ledger, parcelOf('qinglong', gone, 4))
    expect(await openKinds(ledger)).toEqual(['after-ownership'])
    // Its places pass back to it when it takes over from whoever took over from it.
    await passed(ledger, 'baihe', null, 'qinglong')
    expect((await ledger.ask.nodes()).rows.map(({ passedTo }) => passedTo)).toEqual(['qinglong', null])
    expect(await ledger.audit()).toEqual([])
  },

  'takes back that a place was foreign once it hears that the place had passed': async (county) => {
    const ledger = await inCounty(county)
    const gone = received(county, 50)
    await taken(ledger, parcelOf('qinglong', gone, 1))
    const heir = county.writer('baihe')
    book(heir, 'move', line(LOT, ROOM, 'baihe/main/available', 20))
    heir.add({ kind: 'move', lines: [line(LOT, ROOM, 'baihe/main/held', 1), line(LOT, 'xiaohe/main/held', 'baihe/main/held', 1)] })
    await taken(ledger, parcelOf('baihe', heir, 1))
    const foreign = async () => (await rowsOf(ledger.ask.discrepancies({}))).filter(({ kind }) => kind === 'place-foreign')
    const open = async () => (await foreign()).filter(({ closedAt }) => closedAt === null).map(({ entry }) => entry)
    expect(await open()).toHaveLength(2)
    // A hub made anew from a backup hears of the passing after it heard of what the heir booked there.
    await passed(ledger, 'qinglong', { epoch: EPOCH, seq: 2, hash: gone.tip().headHash }, 'baihe')
    // What it took from a third is another's still.
    expect(await open()).toEqual([`baihe>*/${EPOCH}/3`])
    expect(await foreign()).toHaveLength(2)
    expect(await ledger.audit()).toEqual([])
  },

  'lets no room go that is not empty': async (county) => {
    const ledger = await ready(county)
    const catalog = openCatalog(ledger)
    const name = { zh: '青龙', en: 'Qinglong' }
    const room = (id: string) => ({ room: id, name, use: 'store' as const })
    const site = (action: string, ...rooms: readonly string[]) =>
      catalog.createSite({ action, site: 'qinglong', name, zone: 'Asia/Shanghai', rooms: rooms.map(room) }, 'county')
    await site('make-site', 'main', 'clinic')
    const writer = received(county, 50)
    await taken(ledger, parcelOf('qinglong', writer, 1))
    const facts = { room: 'main', lot: LOT, units: 50 }
    expect(await site('drop-main', 'clinic')).toMatchObject({ refused: true, code: 'catalog.room-stocked', facts })
    expect(await site('drop-clinic', 'main')).toMatchObject({ rooms: [{ room: 'main' }] })
    book(writer, 'scrap', line(LOT, ROOM, 'qinglong/~scrapped', 50))
    await taken(ledger, parcelOf('qinglong', writer, 3))
    expect(await site('drop-main', 'clinic')).toMatchObject({ rooms: [{ room: 'clinic' }] })
  },

  'dates what a wrong clock wrote, before and after the truth is told, and leaves order and balances alone': async (county) => {
    const ledger = await ready(county)
    const writer = county.writer('qinglong')
    const wrong = (upMs: number) => ({ occurredAt: new Date(Date.parse('2020-01-01T00:00:00.000Z') + upMs).toISOString(), upMs })
    book(writer, 'receive', line(LOT, TRANSIT, ROOM, 50), wrong(3_600_000))
    await taken(ledger, parcelOf('qinglong', writer, 1))
    const trueAt = '2026-11-22T01:00:00.000Z'
    writer.add({ kind: 'clock', ...wrong(7_200_000), body: clock(7_200_000, trueAt) })
    book(writer, 'move', line(LOT, ROOM, STORE, 20), wrong(10_800_000))
    book(writer, 'move', line(LOT, ROOM, STORE, 1), { occurredAt: '2026-11-22T03:00:00.500Z', upMs: 14_400_000 })
    await taken(ledger, parcelOf('qinglong', writer, 3))
    const rows = await rowsOf(ledger.ask.movements({}))
    expect(rows.map(({ occurredAt, datedAt }) => [occurredAt, datedAt])).toEqual([
      ['2026-11-22T03:00:00.500Z', null],
      ['2020-01-01T03:00:00.000Z', '2026-11-22T02:00:00.000Z'],
      ['2020-01-01T01:00:00.000Z', '2026-11-22T00:00:00.000Z'],
    ])
    expect(await openKinds(ledger)).toEqual(['entries-redated'])
    expect(await stockOn(ledger, '2020-01-01', 'true')).toEqual({})
    expect(await stockOn(ledger, '2026-11-22', 'true')).toEqual({ [ROOM]: 29, [STORE]: 21 })
    expect(await ledger.audit()).toEqual([])
  },

  'tells what lay there at the end of a day, as it was and as it was known then': async (county) => {
    const ledger = await ready(county)
    const writer = county.writer('qinglong')
    // Midnight in the county is four in the afternoon in Greenwich.
    book(writer, 'receive', line(LOT, TRANSIT, ROOM, 50), { occurredAt: '2026-10-31T15:59:59.999Z' })
    book(writer, 'move', line(LOT, ROOM, STORE, 20), { occurredAt: '2026-10-31T16:00:00.000Z' })
    await taken(ledger, { ...parcelOf('qinglong', writer, 1, 2), receivedAtMs: RECEIVED_MS })
    await taken(ledger, { ...parcelOf('qinglong', writer, 3), receivedAtMs: RECEIVED_MS + DAY_MS })
    expect([await stockOn(ledger, '2026-10-30', 'true'), await stockOn(ledger, '2026-10-31', 'true')]).toEqual([{}, { [ROOM]: 50 }])
    expect(await stockOn(ledger, '2026-11-01', 'true')).toEqual({ [ROOM]: 30, [STORE]: 20 })
    expect([await stockOn(ledger, '2026-11-21', 'known'), await stockOn(ledger, '2026-11-22', 'known')]).toEqual([{}, { [ROOM]: 50 }])
    expect(await stockOn(ledger, '2026-11-23', 'known')).toEqual({ [ROOM]: 30, [STORE]: 20 })
    const one = await ledger.ask.stockAsOf({ date: '2026-11-23', by: 'known', limit: 1, site: 'qinglong', item: 'gauze', lot: LOT })
    expect(one).toMatchObject({ rows: [{ place: STORE }], next: expect.any(String) })
    expect(await ledger.ask.stockAsOf({ date: '2026-02-30', by: 'true' })).toMatchObject({ refused: true, code: 'api.request-malformed' })
    expect(await ledger.audit()).toEqual([])
  },
}

const told = async <Answer>(asked: Promise<Answer>): Promise<Exclude<Answer, { readonly refused: true }>> => {
  const answer = await asked
  if (isRefusal(answer)) throw new Error(answer.en)
  return answer as Exclude<Answer, { readonly refused: true }>
}
const rowsOf = async <Row>(asked: Promise<{ readonly rows: readonly Row[] } | object>): Promise<readonly Row[]> =>
  ((await told(asked)) as { readonly rows: readonly Row[] }).rows

const stockOn = async (ledger: HubLedger, date: string, by: 'true' | 'known') =>
  Object.fromEntries((await rowsOf(ledger.ask.stockAsOf({ date, by }))).map((row) => [row.place, row.units]))

const idOf = (seq: number): string => `${STREAM}/${EPOCH}/${seq}`

type Share = readonly [lot: string, units: number]
const transform = (writer: TestWriter, act: 'repack' | 'kit', [parent, parentUnits]: Share, [child, childUnits]: Share): Entry =>
  writer.add({
    kind: 'transform',
    lines: [line(parent, ROOM, 'qinglong/~transformed', parentUnits), line(child, 'qinglong/~transformed', ROOM, childUnits)],
    body: { act, edges: [{ parent, child, parentUnits, childUnits }] },
  })

const undo = (writer: TestWriter, seq: number, lines: Entry['lines'], more: Partial<Entry> = {}): Entry =>
  writer.add({ kind: 'reverse', lines, reverses: { entry: idOf(seq), lines: lines.map((_, at) => at) }, ...more })

const count = (writer: TestWriter, counted: number, booked: number, lines: Entry['lines']): Entry =>
  writer.add({ kind: 'count', lines, body: { place: ROOM, lot: LOT, counted, book: booked, at: idOf(2), reason: 'shelf by shelf' } })

const clock = (upMs: number, trueAt: string) => ({
  boot: 'boot-1',
  upMs,
  clockAt: '2020-01-01T02:00:00.000Z',
  trueAt,
  source: 'hub' as const,
})

const passed = async (ledger: HubLedger, from: string, tip: { epoch: string; seq: number; hash: string } | null, to: string) => {
  const fixed = { stream: 'hub>all', kind: 'ownership', part: 0, actor: null, doc: null, lines: [] } as const
  const written = await ledger.write([{ ...fixed, action: `pass-${from}-${to}`, body: { from, tip, to, reason: 'closed' } }])
  if (isRefusal(written)) throw new Error(written.en)
}

/** Two nodes that were on line once. */
const inCounty = async (county: LedgerCounty): Promise<HubLedger> => {
  const ledger = await ready(county, ['qinglong', 'baihe'])
  const birth = { epoch: EPOCH, software: '0.2.0', boot: 'boot-1', at: new Date(RECEIVED_MS).toISOString(), devices: [] }
  for (const node of ['qinglong', 'baihe']) {
    await ledger.noteBirth(node, { ...birth, node }, RECEIVED_MS)
    await ledger.noteDeath(node, 'gone', RECEIVED_MS)
  }
  return ledger
}
