import { HUB_ROUTES } from '@lotkeeper/protocol/api/hub.ts'
import { DELTA, SNAPSHOT } from '@lotkeeper/protocol/api/live.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { beforeEach, describe, expect, it } from 'vitest'
import { type AskedCounty, askCounty, pick, STORE } from './questions/fixtures/asked.ts'
import { EPOCH, line } from './questions/fixtures/county.ts'
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
    ['snapshot', () => ask.snapshot(), Type.Omit(SNAPSHOT, ['cursor', 'at'])],
  ])('%s', (_, answer, schema) => {
    stock(['gauze/B1', '2027-01-01', STORE, 10], ['mask/M1', null, 'qinglong/~transit', 10])
    discrepancy('a', 'qinglong', 100, 300)
    expect(Compile(schema).Errors(answer())).toEqual([])
  })
})
