import { SCAN_VIEW } from '@lotkeeper/protocol/api/node-scans.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { codeOf, GAUZE, openSite } from './fixtures/site.ts'

const GTIN = GAUZE.packs[2]?.gtin ?? ''
const OTHER = GAUZE.packs[1]?.gtin ?? ''
const GS = '\u001d'
const KEY = `]C101${GTIN}`
const PARTS = `]C11728013110b1${GS}21S7`
const check = Compile(SCAN_VIEW)

/** Scans of one page, so many ms apart. */
const scanned = (
  texts: readonly string[],
  { everyMs = 2_000, devices = ['page'] }: { everyMs?: number; devices?: (string | null)[] } = {},
) => {
  const site = openSite()
  const views = texts.map((text, at) => {
    if (at > 0) site.clock.pass(everyMs)
    return site.stockroom.identify(text, devices[at % devices.length] ?? null)
  })
  for (const view of views) expect(check.Errors(view)).toEqual([])
  return { site, views, last: views.at(-1) }
}

test.for([
  ['the product, then lot and date', [KEY, PARTS]],
  ['lot and date, then the product', [PARTS, KEY]],
  ['with a misread between them', [KEY, `]C101${GTIN.slice(0, 13)}${(Number(GTIN.at(-1)) + 1) % 10}`, PARTS]],
  ['the bare number of an EAN first', [`]E0${'0690123400001'}`.replace('0690123400001', GAUZE.packs[0]?.gtin?.slice(1) ?? ''), PARTS]],
  ['a symbol that says the lot already, and one that adds the date', [`]C101${GTIN}10B1`, ']C117280131']],
] as const)('two symbols become one label: %s', ([, texts]) => {
  const { last, views } = scanned(texts)
  expect(views[0]?.pair).toMatchObject({ state: 'open', leftMs: 10_000, windowMs: 10_000 })
  expect(last?.pair).toMatchObject({ state: 'joined', wants: null, symbols: [texts[0], texts.at(-1)], differs: [] })
  expect(last).toMatchObject({
    refused: null,
    item: { item: 'gauze' },
    lot: 'gauze/B1',
    expiry: '2028-01-31',
    scan: `${texts[0]}\n${texts.at(-1)}`,
  })
})

test.for([
  ['beyond the window', [KEY, PARTS], { everyMs: 10_001 }],
  ['of two devices', [KEY, PARTS], { devices: ['page', 'tablet'] }],
  ['of devices nobody named', [KEY, PARTS], { devices: [null] }],
  ['the second has a key of its own', [`]C101${GTIN}`, `]C101${OTHER}10B1`], {}],
  ['the second is a logistic unit', [`]C101${GTIN}`, ']C100006901234000000013'], {}],
  ['the first said all there is to say', [`]C101${GTIN}1728013110B1`, ']C121S7'], {}],
  ['another box was scanned between them', [KEY, `]C101${OTHER}1728013110B9`, PARTS], {}],
  ['lot and date twice', [PARTS, PARTS], {}],
  ['nothing new', [`]C101${GTIN}10B1`, ']C110b1'], {}],
] as const)('never joined: %s', ([, texts, options]) => {
  const { last } = scanned(texts, { ...options, devices: [...('devices' in options ? options.devices : ['page'])] })
  expect(last?.pair?.state).not.toBe('joined')
  expect(last?.scan).toBe(texts.at(-1))
})

test.for([
  ['the lot', `]C101${GTIN}10B1`, ']C110B217280131', ['批号']],
  ['the date', `]C101${GTIN}17280131`, `]C11728020010B1`, ['有效期']],
  ['the day it was made', `]C101${GTIN}11260101`, `]C11126020110B1`, ['生产日期']],
] as const)('what contradicts the first stays apart, and says in what: %s', ([, first, second, differs]) => {
  const { last } = scanned([first, second])
  expect(last?.pair).toMatchObject({ state: 'apart', differs: differs.map((zh) => ({ zh })) })
  expect(last).toMatchObject({ item: null, lot: null })
})

test('day 00 and the last day, small and large letters contradict nothing', () => {
  const { last } = scanned([`]C101${GTIN}17280100`, `]C110b117280131`])
  expect(last?.pair?.state).toBe('joined')
})

test('the wait is ended by a touch, and a pair is taken apart: each symbol by itself, and neither waits any more', () => {
  const { site, views } = scanned([KEY])
  const ended = site.stockroom.part(views[0]?.pair?.pair ?? '')
  expect(ended).toMatchObject({ rows: [{ item: { item: 'gauze' }, lot: null }] })
  expect(site.stockroom.identify(PARTS, 'page')).toMatchObject({ item: null, pair: { state: 'open', wants: 'key' } })
  const pair = site.stockroom.identify(KEY, 'page').pair
  expect(pair?.state).toBe('joined')
  const apart = site.stockroom.part(pair?.pair ?? '')
  expect(apart).toMatchObject({
    rows: [
      { scan: PARTS, item: null },
      { scan: KEY, item: { item: 'gauze' }, lot: null },
    ],
  })
  expect(site.stockroom.part(pair?.pair ?? '')).toEqual(apart)
  expect(codeOf(site.stockroom.part('1-99'))).toBe('stockroom.pair-unknown')
})

test('the scanner on the table joins what it scans, never with what a page scanned', () => {
  const site = openSite()
  const told: (string | undefined)[] = []
  site.stockroom.followScans(({ pair }) => void told.push(pair?.state))
  const hear = (text: string) => site.stockroom.heard({ scanner: 'table', text, at: site.clock.now() })
  site.stockroom.identify(KEY, 'page')
  hear(PARTS)
  hear(KEY)
  expect(told).toEqual(['open', 'joined'])
  expect(site.stockroom.scans()).toMatchObject([{ lot: 'gauze/B1', pair: { state: 'joined' } }])
  const name = site.stockroom.scans()[0]?.pair?.pair ?? ''
  expect(isRefusal(site.stockroom.part(name))).toBe(false)
  expect(site.stockroom.scans().map(({ scan, pair }) => [scan, pair])).toEqual([
    [KEY, undefined],
    [PARTS, undefined],
  ])
  hear(KEY)
  expect(site.stockroom.scans()[0]?.pair?.state).toBe('open')
  site.clock.pass(10_000)
  expect(site.stockroom.scans()[0]?.pair).toBeUndefined()
})

test('what is booked from a pair keeps both texts, and its lot was read and not written', () => {
  const { site, last } = scanned([KEY, PARTS])
  const answer = site.stockroom.receive(
    {
      action: 'receive-01',
      item: 'gauze',
      lotNumber: last?.lotNumber ?? '',
      expiry: null,
      room: 'main',
      quantity: 1,
      pack: 'carton',
      scan: last?.scan ?? '',
    },
    null,
  )
  if (isRefusal(answer)) throw new Error(answer.en)
  const entries = answer.entries.map((id) => site.ledger.read.entry(id))
  expect(entries.map((entry) => entry?.kind)).toEqual(['receive'])
  expect(entries[0]?.body).toMatchObject({ scan: `${KEY}\n${PARTS}`, lots: [{ lot: 'gauze/B1', printed: 'b1', expiry: '2028-01-31' }] })
  expect(site.stockroom.identify(last?.scan ?? '')).toMatchObject({ lot: 'gauze/B1', expiry: '2028-01-31', stock: [{ units: 100 }] })
})
