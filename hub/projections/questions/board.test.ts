import { beforeEach, describe, expect, it } from 'vitest'
import { type AskedCounty, askCounty, everyPage, pick, rowsOf, STORE } from './fixtures/asked.ts'
import { EPOCH, line, NOW_MS } from './fixtures/county.ts'

let county: AskedCounty['county']
let ask: AskedCounty['ask']
let stock: AskedCounty['stock']
let discrepancy: AskedCounty['discrepancy']
beforeEach(() => {
  ;({ county, ask, stock, discrepancy } = askCounty())
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
