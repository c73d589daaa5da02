import { HUB_ROUTES } from '@lotkeeper/protocol/api/hub.ts'
import { DELTA, SNAPSHOT } from '@lotkeeper/protocol/api/live.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { beforeEach, describe, expect, it } from 'vitest'
import { EPOCH, line, NOW_MS, type WrittenCounty, writeCounty } from './questions/county.ts'
import { DELTA_ROWS_MAX, openQuestions, type Questions } from './questions.ts'

const SUPPLIER = 'hub/~supplier'
const STORE = 'qinglong/main/available'
const ENTRY_1 = `qinglong>*/${EPOCH}/1`
let county: WrittenCounty
let ask: Questions

beforeEach(() => {
  county = writeCounty()
  ask = openQuestions(county.db, () => NOW_MS)
  county.site({
    site: 'qinglong',
    name: { zh: '青龙镇卫生院', en: 'Qinglong' },
    zone: 'Asia/Shanghai',
    rooms: [{ room: 'main', name: { zh: '库房', en: 'Store' }, use: 'store' }],
  })
  county.site({ site: 'baishui', name: { zh: '白水乡卫生院', en: 'Baishui' }, zone: 'Pacific/Honolulu', rooms: [] })
  county.item({
    item: 'gauze',
    name: { zh: '医用纱布', en: 'Gauze 100%' },
    model: '10x10_8P',
    packs: [{ gtin: '06901234567892', pack: 'box', units: 50 }],
  })
  county.item({ item: 'mask', name: { zh: '口罩', en: 'Mask' }, nearDays: [30] })
})

const rowsOf = <Row>(page: { readonly rows: readonly Row[] } | object): readonly Row[] => {
  if (isRefusal(page) || !('rows' in page)) throw new Error(JSON.stringify(page))
  return page.rows as readonly Row[]
}
/** Stocks lots straight from the supplier. */
const stock = (...rows: readonly (readonly [lot: string, expiry: string | null, place: string, units: number])[]) => {
  for (const [lot, expiry, place, units] of rows) {
    county.lot(lot, expiry)
    county.entry({ lines: [line(lot, SUPPLIER, place, units)] })
  }
}
const tag = (epc: string, lot: string, site: string) =>
  county.row('tag', { epc, lot, pack: 'box', units: 50, site, registered_at: NOW_MS, entry: ENTRY_1 })
const discrepancy = (id: string, site: string | null, openedAt: number, closedAt: number | null) =>
  county.row('discrepancy', {
    ...{ discrepancy: id, kind: 'stream-fork', severity: 1, site, subject: 'qinglong>*', title: '{"zh":"分叉","en":"Fork"}' },
    ...{ opened_at: openedAt, closed_at: closedAt, source: 'log' },
  })
const lots = (query: Parameters<Questions['stock']>[0]) => rowsOf<{ lot: string }>(ask.stock(query)).map(({ lot }) => lot)

describe('stock', () => {
  beforeEach(() => {
    stock(
      ['mask/-', null, STORE, 5],
      ['gauze/B2', '2027-03-01', STORE, 10],
      ['gauze/B1', '2026-11-22', 'baishui/main/pending', 20],
      ['mask/M1', '2026-11-21', STORE, 30],
      ['gauze/B2', '2027-03-01', 'qinglong/~transit', 99],
    )
  })

  it('comes soonest expiry first, without expiry last, rooms only', () => {
    expect(rowsOf(ask.stock({})).map((row) => pick(row, 'lot', 'place', 'units', 'daysLeft', 'expiryState'))).toEqual([
      ['mask/M1', STORE, 30, -1, 'expired'],
      // In Honolulu it is still the 21st.
      ['gauze/B1', 'baishui/main/pending', 20, 1, 'near'],
      ['gauze/B2', STORE, 10, 99, 'near'],
      ['mask/-', STORE, 5, null, 'unknown'],
    ])
  })

  it('goes by the item’s own thresholds', () => {
    stock(['mask/M2', '2027-03-01', STORE, 1])
    expect(rowsOf(ask.stock({ lot: 'mask/M2' })).map((row) => pick(row, 'daysLeft', 'expiryState'))).toEqual([[99, 'ok']])
  })

  it.each([
    [{ site: 'qinglong' }, ['mask/M1', 'gauze/B2', 'mask/-']],
    [{ site: 'qing' }, []],
    [{ item: 'gauze' }, ['gauze/B1', 'gauze/B2']],
    [{ item: 'gau' }, []],
    [{ site: 'qinglong', item: 'mask' }, ['mask/M1', 'mask/-']],
    [{ lot: 'gauze/B2' }, ['gauze/B2']],
    [{ expiring: 0 }, ['mask/M1']],
    [{ expiring: 1 }, ['mask/M1', 'gauze/B1']],
    [{ expiring: 99 }, ['mask/M1', 'gauze/B1', 'gauze/B2']],
    [{ search: '纱布' }, ['gauze/B1', 'gauze/B2']],
    [{ search: ' GAUZE ' }, ['gauze/B1', 'gauze/B2']],
    [{ search: '10x10_8' }, ['gauze/B1', 'gauze/B2']],
    [{ search: '6901234567892' }, ['gauze/B1', 'gauze/B2']],
    [{ search: 'b2' }, ['gauze/B2']],
    [{ search: '100%' }, ['gauze/B1', 'gauze/B2']],
    // Wild cards of LIKE and quotes are letters like others.
    [{ search: '10x10%8' }, []],
    [{ search: '%' }, ['gauze/B1', 'gauze/B2']],
    [{ search: '_' }, ['gauze/B1', 'gauze/B2']],
    [{ search: "' or 1=1 --" }, []],
  ])('asked for %j', (query, expected) => {
    expect(lots(query)).toEqual(expected)
  })

  it('is the same read page by page', () => {
    const whole = rowsOf(ask.stock({}))
    for (const limit of [1, 2, 3]) expect(everyPage((cursor) => ask.stock({ limit, ...cursor }))).toEqual(whole)
  })

  it('leaves out what has left its place', () => {
    county.entry({ lines: [line('gauze/B2', STORE, 'qinglong/~consumed', 10)] })
    expect(lots({ site: 'qinglong' })).toEqual(['mask/M1', 'mask/-'])
  })

  it('shows an item the catalogue does not know under its id', () => {
    stock(['new-thing/X', null, STORE, 1])
    expect(rowsOf(ask.stock({ item: 'new-thing' })).map((row) => pick(row, 'itemName'))).toEqual([[{ zh: 'new-thing', en: 'new-thing' }]])
  })
})

describe('movements', () => {
  const lines = (query: Parameters<Questions['movements']>[0]) => rowsOf(ask.movements(query)).map((row) => pick(row, 'lot', 'units'))
  beforeEach(() => {
    county.entry({ lines: [line('gauze/B1', SUPPLIER, STORE, 1), line('mask/M1', SUPPLIER, STORE, 2, ['30AA'])], doc: 'PO-7' })
    county.entry({ stream: 'baishui>*', lines: [line('gauze/B1', SUPPLIER, 'baishui/main/pending', 3)] })
    county.entry({ kind: 'issue', lines: [line('gauze/B2', STORE, 'qinglong/~consumed', 4)] })
    county.entry({ stream: 'hub>qinglong', kind: 'tag', lines: [line('gauze/B1', SUPPLIER, 'qinglong/~transit', 5)] })
  })

  it.each([
    [
      {},
      [
        ['gauze/B1', 5],
        ['gauze/B2', 4],
        ['gauze/B1', 3],
        ['mask/M1', 2],
        ['gauze/B1', 1],
      ],
    ],
    [
      { site: 'qinglong' },
      [
        ['gauze/B1', 5],
        ['gauze/B2', 4],
        ['mask/M1', 2],
        ['gauze/B1', 1],
      ],
    ],
    [
      { item: 'gauze' },
      [
        ['gauze/B1', 5],
        ['gauze/B2', 4],
        ['gauze/B1', 3],
        ['gauze/B1', 1],
      ],
    ],
    [
      { site: 'qinglong', item: 'gauze' },
      [
        ['gauze/B1', 5],
        ['gauze/B2', 4],
        ['gauze/B1', 1],
      ],
    ],
    [
      { lot: 'gauze/B1' },
      [
        ['gauze/B1', 5],
        ['gauze/B1', 3],
        ['gauze/B1', 1],
      ],
    ],
    [{ lot: 'gauze/B1', site: 'baishui' }, [['gauze/B1', 3]]],
    [{ limit: 1 }, [['gauze/B1', 5]]],
    [{ site: 'nowhere' }, []],
  ])('asked for %j come newest first', (query, expected) => {
    expect(lines(query)).toEqual(expected)
    expect(
      everyPage((cursor) => ask.movements({ ...query, limit: 1, ...cursor }))
        .slice(0, expected.length)
        .map((row) => pick(row, 'lot', 'units')),
    ).toEqual(expected)
  })

  it('refuses a cursor whose commit order belongs to another database', () => {
    const page = ask.movements({ limit: 2 })
    const cursor = isRefusal(page) ? '' : (page.next ?? '')
    county.db.prepare('update movement set seq = 77 where lot = ? and mv = 4').run('gauze/B2')
    const again = ask.movements({ cursor })
    expect(isRefusal(again) && again.code).toBe('live.cursor-unknown')
  })

  it('show who decided them, what they carried and what undid them', () => {
    const passage = { certainty: 0.93 }
    county.entry({ lines: [line('mask/M1', SUPPLIER, STORE, 6)], body: { passage } })
    county.entry({
      lines: [line('mask/M1', SUPPLIER, STORE, 7)],
      body: { scan: ']C10106901234567892', override: { rule: 'rules.lot-expired', reason: '急救' } },
    })
    county.entry({ kind: 'reverse', lines: [line('mask/M1', STORE, SUPPLIER, 2)], reverses: { entry: ENTRY_1, lines: [1] } })
    const rows = rowsOf(ask.movements({ lot: 'mask/M1' }))
    expect(rows.map((row) => pick(row, 'units', 'evidence', 'reverses', 'reversedBy', 'override'))).toEqual([
      [2, { by: 'hand', certainty: null }, ENTRY_1, null, null],
      [7, { by: 'scan', certainty: null }, null, null, { rule: 'rules.lot-expired', reason: '急救' }],
      [6, { by: 'door', certainty: 0.93 }, null, null, null],
      [2, { by: 'hand', certainty: null }, null, `qinglong>*/${EPOCH}/7`, null],
    ])
    expect(pick(rows.at(-1), 'entry', 'line', 'tags', 'doc', 'occurredAt', 'receivedAt')).toEqual([
      ENTRY_1,
      1,
      ['30AA'],
      'PO-7',
      '2026-11-22T03:00:00.000Z',
      '2026-11-22T03:24:00.000Z',
    ])
    expect(rowsOf(ask.movements({ limit: 4 })).map((row) => pick(row, 'evidence'))[3]).toEqual([{ by: 'hub', certainty: null }])
  })
})

describe('a lot', () => {
  it('says where it is and where it went', () => {
    stock(['gauze/B1', '2027-01-01', STORE, 10])
    county.entry({ lines: [line('gauze/B1', STORE, 'qinglong/~consumed', 4)] })
    county.entry({ lines: [line('gauze/B1', STORE, 'qinglong/~consumed', 1)] })
    tag('30AA', 'gauze/B1', 'qinglong')
    const view = ask.lot({ lot: 'gauze/B1' })
    if (isRefusal(view)) throw new Error(view.en)
    expect(view.whereIs.map((row) => [row.placeName.zh, row.units])).toEqual([
      ['供应商', -10],
      ['青龙镇卫生院 · 库房', 5],
      ['青龙镇卫生院 · 已使用', 5],
    ])
    expect(view.whereWent.map((row) => [row.fromName.en, row.toName.en, row.units, row.movements])).toEqual([
      ['Supplier', 'Qinglong · Store', 10, 1],
      ['Qinglong · Store', 'Qinglong · Used', 5, 2],
    ])
    expect(view.journey.map(({ units }) => units)).toEqual([1, 4, 10])
    expect(pick(view, 'daysLeft', 'expiryState', 'lotNumber')).toEqual([40, 'near', 'B1'])
    expect(view.tags).toEqual([{ epc: '30AA', units: 50, pack: 'box', site: 'qinglong' }])
  })

  it('that nobody knows is not found', () => {
    const answer = ask.lot({ lot: 'gauze/NONE' })
    expect(isRefusal(answer) && answer.code).toBe('api.not-found')
  })
})

describe('the board', () => {
  it('sums a site: items, lots, units, expired, near, on the way, last movement', () => {
    stock(
      ['gauze/B1', '2026-11-21', STORE, 10],
      ['gauze/B2', '2027-01-01', STORE, 20],
      ['gauze/B2', '2027-01-01', 'qinglong/main/held', 2],
      ['mask/M1', '2027-01-01', STORE, 30],
      ['mask/M2', null, 'qinglong/~transit', 40],
    )
    county.entry({ lines: [line('gauze/B2', 'qinglong/~transit', STORE, 15)], occurredAt: '2026-11-22T03:11:00.000Z' })
    const [summary] = ask.siteSummaries(['qinglong']).sites
    expect(pick(summary, 'items', 'lots', 'units', 'expired', 'near', 'inTransit', 'lastMovementAt')).toEqual([
      2,
      3,
      77,
      1,
      1,
      40,
      '2026-11-22T03:11:00.000Z',
    ])
  })

  it('shows a node that never called, one that lives and one that went', () => {
    const life = { since: NOW_MS, last_heard: NOW_MS }
    county.row('node_life', { ...life, node: 'qinglong', online: 1, software: '0.1.0', skew_ms: -20, waiting: 3 })
    county.row('node_life', { ...life, node: 'shiqiao', online: 0 })
    const epoch = { stream: 'qinglong>*', head_hash: Buffer.alloc(32) }
    county.row('epoch', { ...epoch, ord: 1, epoch: 'ffffffffffffffff', held_seq: 9, applied_seq: 9 })
    county.row('epoch', { ...epoch, ord: 2, epoch: EPOCH, held_seq: 12, applied_seq: 12 })
    discrepancy('d1', 'qinglong', 5, null)
    expect(ask.nodes().rows.map((row) => pick(row, 'node', 'state', 'epoch', 'held', 'waiting', 'clockSkewMs', 'discrepancies'))).toEqual([
      ['baishui', 'never', null, 0, 0, null, 0],
      ['qinglong', 'online', EPOCH, 12, 3, -20, 1],
      ['shiqiao', 'offline', null, 0, 0, null, 0],
    ])
    expect(ask.overview()).toMatchObject({ today: '2026-11-22', discrepancies: 1 })
  })

  it('lists discrepancies open first, newest first, page by page', () => {
    discrepancy('a', 'qinglong', 100, 300)
    discrepancy('b', 'baishui', 100, null)
    discrepancy('c', null, 200, null)
    discrepancy('d', 'qinglong', 200, null)
    discrepancy('e', 'qinglong', 400, 500)
    const ids = (rows: readonly unknown[]) => rows.map((row) => pick(row, 'discrepancy')[0]).join('')
    expect(ids(rowsOf(ask.discrepancies({})))).toBe('cdbea')
    expect(ids(everyPage((cursor) => ask.discrepancies({ limit: 1, ...cursor })))).toBe('cdbea')
    expect(ids(rowsOf(ask.discrepancies({ site: 'qinglong' })))).toBe('dea')
    expect(ids(ask.snapshot().discrepancies)).toBe('cdb')
    expect(ask.snapshot().openDiscrepancies).toBe(3)
  })
})

describe('the catalogue', () => {
  it('pages and searches items', () => {
    expect(everyPage((cursor) => ask.items({ limit: 1, ...cursor })).map((row) => pick(row, 'item')[0])).toEqual(['gauze', 'mask'])
    expect(rowsOf(ask.items({ search: '口罩' })).map((row) => pick(row, 'item')[0])).toEqual(['mask'])
    expect(rowsOf(ask.items({ search: '06901234567892' })).map((row) => pick(row, 'item')[0])).toEqual(['gauze'])
    expect(rowsOf(ask.items({ search: '%%' }))).toEqual([])
  })

  it('pages tags by site and lot', () => {
    tag('30AA', 'gauze/B1', 'qinglong')
    tag('30AB', 'gauze/B2', 'qinglong')
    tag('30AC', 'gauze/B1', 'baishui')
    const epcs = (query: Parameters<Questions['tags']>[0]) =>
      everyPage((cursor) => ask.tags({ limit: 1, ...query, ...cursor })).map((row) => pick(row, 'epc')[0])
    expect(epcs({})).toEqual(['30AA', '30AB', '30AC'])
    expect(epcs({ site: 'qinglong' })).toEqual(['30AA', '30AB'])
    expect(epcs({ lot: 'gauze/B1' })).toEqual(['30AA', '30AC'])
    expect(epcs({ lot: 'gauze/B1', site: 'baishui' })).toEqual(['30AC'])
  })

  it('tells what it knows of names, and what an action wrote', () => {
    stock(['gauze/B1', '2027-01-01', STORE, 1])
    const known = ask.known({
      items: ['gauze', 'x'],
      gtins: ['06901234567892'],
      sites: ['baishui', 'y'],
      lots: ['gauze/B1', 'gauze/Z'],
      epcs: ['30AA'],
    })
    expect(known).toMatchObject({
      items: [{ item: 'gauze', version: 1 }],
      gtins: [{ gtin: '06901234567892', item: 'gauze' }],
      sites: [{ site: 'baishui' }],
      lots: [{ lot: 'gauze/B1', expiry: '2027-01-01' }],
      epcs: [],
    })
    county.entry({ action: 'page-0000001', part: 1, kind: 'tag', lines: [], body: { epc: 'B' } })
    county.entry({ action: 'page-0000001', part: 0, kind: 'tag', lines: [], body: { epc: 'A' } })
    expect(ask.acted('page-0000001')?.map(({ body }) => body['epc'])).toEqual(['A', 'B'])
    expect(ask.acted('page-0000002')).toBeNull()
  })
})

describe('what a commit changed', () => {
  it('becomes rows: stock as it is now, emptied places as 0, no virtual places', () => {
    stock(['gauze/B1', '2027-01-01', STORE, 10])
    const mv = county.entry({ lines: [line('gauze/B1', STORE, 'qinglong/~consumed', 10)] })
    const rows = ask.deltaRows({
      movements: [{ lot: 'gauze/B1', mv }],
      positions: [
        { lot: 'gauze/B1', place: STORE },
        { lot: 'gauze/B1', place: 'qinglong/~consumed' },
      ],
      discrepancies: [],
    })
    expect(rows?.stock.map((row) => pick(row, 'place', 'units'))).toEqual([[STORE, 0]])
    expect(rows?.movements.map((row) => pick(row, 'to', 'units'))).toEqual([['qinglong/~consumed', 10]])
    const cursor = { epoch: EPOCH, seq: 1 }
    expect(
      Compile(DELTA).Errors({ after: cursor, cursor, at: '', sites: ask.siteSummaries(['qinglong']).sites, ...rows, openDiscrepancies: 0 }),
    ).toEqual([])
  })

  it('is not told row by row when it is much', () => {
    const positions = Array.from({ length: DELTA_ROWS_MAX + 1 }, () => ({ lot: 'gauze/B1', place: STORE }))
    expect(ask.deltaRows({ movements: [], positions, discrepancies: [] })).toBeNull()
  })
})

describe('every answer keeps its schema', () => {
  it.each([
    ['overview', () => ask.overview(), Type.Omit(HUB_ROUTES.overview.answer, ['cursor'])],
    ['stock', () => ask.stock({ limit: 1 }), HUB_ROUTES.stock.answer],
    ['movements', () => ask.movements({ limit: 1 }), HUB_ROUTES.movements.answer],
    ['lot', () => ask.lot({ lot: 'gauze/B1' }), HUB_ROUTES.lot.answer],
    ['nodes', () => ask.nodes(), HUB_ROUTES.nodes.answer],
    ['sites', () => ask.sites(), HUB_ROUTES.sites.answer],
    ['items', () => ask.items({ limit: 1 }), HUB_ROUTES.items.answer],
    ['discrepancies', () => ask.discrepancies({}), HUB_ROUTES.discrepancies.answer],
    ['snapshot', () => ask.snapshot(), Type.Omit(SNAPSHOT, ['cursor', 'at'])],
  ])('%s', (_, answer, schema) => {
    stock(['gauze/B1', '2027-01-01', STORE, 10], ['mask/M1', null, 'qinglong/~transit', 10])
    discrepancy('a', 'qinglong', 100, 300)
    expect(Compile(schema).Errors(answer())).toEqual([])
  })
})

/** Every row of a question read by following its cursors. */
const everyPage = (page: (cursor: { readonly cursor?: string }) => unknown): unknown[] => {
  const rows: unknown[] = []
  for (let next: string | null = '', turn = 0; next !== null && turn < 50; turn += 1) {
    const answer = page(next === '' ? {} : { cursor: next }) as { readonly rows: readonly unknown[]; readonly next: string | null }
    rows.push(...answer.rows)
    next = answer.next
  }
  return rows
}

const pick = (row: unknown, ...names: readonly string[]): unknown[] =>
  names.map((name) => (row as Record<string, unknown> | undefined)?.[name])
