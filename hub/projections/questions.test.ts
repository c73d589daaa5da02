import { HUB_ROUTES } from '@lotkeeper/protocol/api/hub.ts'
import { DELTA, SNAPSHOT } from '@lotkeeper/protocol/api/live.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { beforeEach, describe, expect, it } from 'vitest'
import { type AskedCounty, askCounty, ENTRY_1, pick, STORE } from './questions/fixtures/asked.ts'
import { EPOCH, line } from './questions/fixtures/county.ts'
import { GENEALOGY_EDGES_MAX } from './questions/genealogy.ts'
import { DELTA_ROWS_MAX } from './questions.ts'

let county: AskedCounty['county']
let ask: AskedCounty['ask']
let stock: AskedCounty['stock']
let tag: AskedCounty['tag']
let discrepancy: AskedCounty['discrepancy']
beforeEach(() => {
  ;({ county, ask, stock, tag, discrepancy } = askCounty())
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
    expect(view.tags).toEqual([{ epc: '30AA', units: 50, pack: 'box', site: 'qinglong', place: null }])
  })

  it('that nobody knows is not found', () => {
    const answer = ask.lot({ lot: 'gauze/NONE' })
    expect(isRefusal(answer) && answer.code).toBe('api.not-found')
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
    ['stockAsOf', () => ask.stockAsOf({ date: '2026-11-30', by: 'true' }), HUB_ROUTES.stockAsOf.answer],
    ['stockAsOf as known', () => ask.stockAsOf({ date: '2026-11-30', by: 'known' }), HUB_ROUTES.stockAsOf.answer],
    ['genealogy', () => ask.genealogy({ lot: 'gauze/B1' }), HUB_ROUTES.genealogy.answer],
    ['tag', () => ask.tag({ epc: '30AA' }), HUB_ROUTES.tag.answer],
    ['counts', () => ask.counts({ limit: 1 }), HUB_ROUTES.counts.answer],
    ['documents', () => ask.documents({ limit: 1 }), HUB_ROUTES.documents.answer],
    ['snapshot', () => ask.snapshot(), Type.Omit(SNAPSHOT, ['cursor', 'at'])],
  ])('%s', (_, answer, schema) => {
    stock(['gauze/B1', '2027-01-01', STORE, 10], ['mask/M1', null, 'qinglong/~transit', 10])
    discrepancy('a', 'qinglong', 100, 300)
    writeModel()
    expect(Compile(schema).Errors(answer())).toEqual([])
  })
})

/** Two rows of everything that stands beside the sums, so that pages have a next one. */
const writeModel = () => {
  const occurred = '2026-11-22T03:00:00.000Z'
  const entry = ENTRY_1
  const kin = { entry, act: 'kit', parent_units: 2, child_units: 1, site: 'qinglong', occurred }
  county.row('lot_edge', { parent: 'gauze/B1', child: 'mask/M1', ...kin })
  county.row('lot_edge', { parent: 'mask/M1', child: 'gauze/B1', ...kin })
  county.row('tag_position', { epc: '30AA', lot: 'gauze/B1', place: STORE, units: null, entry, occurred })
  for (const ord of [1, 2]) {
    const counted = { site: 'qinglong', place: STORE, lot: 'gauze/B1', counted: 3, book: -1, occurred, actor: null, reason: null }
    county.row('count_observation', { entry: `qinglong>*/${EPOCH}/${ord}`, ord, ...counted })
    const paper = { type: 'despatch-advice', src: 'baishui', dst: 'qinglong', at: occurred, entry }
    county.row('document', { doc: `S-${ord}`, ord, ...paper })
    county.row('document_line', { doc: `S-${ord}`, dst: 'qinglong', lot: 'gauze/B1', announced: 5 })
    county.row('shipment_line', { doc: `S-${ord}`, place: 'qinglong/~transit', lot: 'mask/M1', shipped: -2, received: 0 })
  }
}

describe('papers', () => {
  it('tell their lines from both sides, and no sum below nothing', () => {
    writeModel()
    const page = ask.documents({ limit: 1 })
    expect(page).toMatchObject({
      rows: [
        {
          doc: 'S-2',
          status: 'over',
          lines: [
            { lot: 'gauze/B1', announced: 5, shipped: 0, received: 0 },
            { lot: 'mask/M1', announced: 0, shipped: 0, received: 0 },
          ],
        },
      ],
    })
    const next = isRefusal(page) ? '' : (page.next ?? '')
    expect(ask.documents({ limit: 1, cursor: next, site: 'baishui' })).toMatchObject({ rows: [{ doc: 'S-1' }], next: null })
    expect([ask.documents({ site: 'nowhere' }), ask.documents({ open: false })]).toMatchObject([{ rows: [] }, { rows: [] }])
  })
})

describe('a genealogy that is very wide', () => {
  it('is cut, and says so', () => {
    const kin = { act: 'split', parent_units: 1, child_units: 1, site: 'qinglong', occurred: '2026-11-22T03:00:00.000Z' }
    stock(['gauze/B1', null, STORE, 1])
    for (let at = 0; at <= GENEALOGY_EDGES_MAX; at += 1)
      county.row('lot_edge', { parent: 'gauze/B1', child: `mask/M${at}`, entry: ENTRY_1, ...kin })
    const whole = ask.genealogy({ lot: 'gauze/B1' })
    expect(whole).toMatchObject({ ancestors: [], more: true })
    expect(!isRefusal(whole) && whole.descendants).toHaveLength(GENEALOGY_EDGES_MAX)
  })
})
