import { beforeEach, describe, expect, it } from 'vitest'
import type { Questions } from '../questions.ts'
import { type AskedCounty, askCounty, everyPage, pick, rowsOf, STORE } from './fixtures/asked.ts'
import { line } from './fixtures/county.ts'

let county: AskedCounty['county']
let ask: AskedCounty['ask']
let stock: AskedCounty['stock']
beforeEach(() => {
  ;({ county, ask, stock } = askCounty())
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

  it('goes by the thresholds of the item', () => {
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
