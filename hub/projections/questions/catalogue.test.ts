import { beforeEach, describe, expect, it } from 'vitest'
import type { Questions } from '../questions.ts'
import { type AskedCounty, askCounty, everyPage, pick, rowsOf, STORE } from './fixtures/asked.ts'

let county: AskedCounty['county']
let ask: AskedCounty['ask']
let stock: AskedCounty['stock']
let tag: AskedCounty['tag']
beforeEach(() => {
  ;({ county, ask, stock, tag } = askCounty())
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
      codes: ['gtin:06901234567892', 'gtin:0'],
      sites: ['baishui', 'y'],
      lots: ['gauze/B1', 'gauze/Z'],
      epcs: ['30AA'],
    })
    expect(known).toMatchObject({
      items: [{ item: 'gauze', version: 1 }],
      codes: [{ code: 'gtin:06901234567892', item: 'gauze', units: 50, resolved: 'gauze' }],
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
