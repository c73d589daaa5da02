import { SCAN_VIEW } from '@lotkeeper/protocol/api/node-scans.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { checkDigitOf } from '@lotkeeper/protocol/codes/check-digit.ts'
import { encodeSgtin96 } from '@lotkeeper/protocol/epc/encode.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { NODE } from '../ledger/fixtures/bench.ts'
import { GAUZE, openSite } from './fixtures/site.ts'

const GTIN = GAUZE.packs[2]?.gtin ?? ''
const STRANGER = `0690123400999${checkDigitOf('0690123400999')}`
const GS = '\u001d'
const check = Compile(SCAN_VIEW)
const epcOf = (serial: string): string => {
  const bytes = encodeSgtin96({ gtin: GTIN, serial, prefixDigits: 7, filter: 2 })
  if (isRefusal(bytes)) throw new Error(bytes.en)
  return hexOf(bytes)
}

test.for([
  ['a scanner with its AIM identifier', `]d201${GTIN}1728013110B1${GS}21S7`, { serial: 'S7' }],
  ['a wedge without', `01${GTIN}1728013110B1`, {}],
  ['a keyboard, in brackets', ` (01)${GTIN}(17)280131(10)b1`, { lotNumber: 'b1' }],
] as const)('%s: what it is, and what is here of it', ([, text, more]) => {
  const site = openSite()
  site.announce(epcOf('1'), 'gauze/B1', 100)
  site.put('gauze/B1 main/available 30 \n gauze/B1 main/pending 5 \n gauze/B2 main/available 9')
  const view = site.stockroom.identify(text)
  expect(check.Errors(view)).toEqual([])
  expect(view).toMatchObject({
    refused: null,
    scanner: null,
    item: { item: 'gauze', version: 3 },
    pack: 'carton',
    packUnits: 100,
    lot: 'gauze/B1',
    lotNumber: 'B1',
    expected: 100,
    stock: [
      { place: `${NODE}/main/available`, units: 30 },
      { place: `${NODE}/main/pending`, units: 5 },
    ],
    ...more,
  })
})

test('the earlier of two dates rules, and the difference is shown', () => {
  const site = openSite()
  site.announce(epcOf('1'), 'gauze/B1', 100, '2026-11-30')
  const view = site.stockroom.identify(`(01)${GTIN}(17)280131(10)B1`)
  expect(view).toMatchObject({ expiry: '2026-11-30', expiryState: 'near' })
  expect(view.rows.map(({ value }) => value)).toContain('catalog.lot-expiry-differs')
})

test.for([
  ['a wrong check digit', `]d201${GTIN.slice(0, 13)}${(Number(GTIN.at(-1)) + 1) % 10}10B1`, 'codes.check-digit-wrong', null],
  ['an item nobody knows', `]d201${STRANGER}10B1`, 'stockroom.item-unknown', null],
  ['a code that is none', 'hello', 'codes.symbology-missing', null],
  ['an empty scan', ']d2', 'codes.input-empty', null],
  ['a tag of a known item that nobody registered', epcOf('77'), 'stockroom.tag-unknown', 'gauze'],
  ['a tag from the factory', 'E28011700000020A7F1B22C3', 'epc.factory-default', null],
  ['a tag of no scheme', 'AAAA0000000000000000000F', 'epc.header-unassigned', null],
] as const)('%s is explained: %s', ([, text, code, item]) => {
  const { stockroom } = openSite()
  const view = stockroom.identify(text)
  expect(check.Errors(view)).toEqual([])
  expect(view.refused).toMatchObject({ code, zh: expect.stringMatching(/[\u4e00-\u9fff]/), en: expect.any(String) })
  expect(view.item?.item ?? null).toBe(item)
  expect(view.lot).toBeNull()
})

test('the second symbol of a label alone: its lot is read, its product asked for', () => {
  const { stockroom } = openSite()
  const view = stockroom.identify(`]d21728013110B1`)
  expect(view).toMatchObject({ refused: null, item: null, lot: null, lotNumber: 'B1', expiry: '2028-01-31' })
  expect(view.rows.map(({ value }) => value)).toContain('codes.key-missing')
})

test('a registered tag says its lot, in any letters', () => {
  const site = openSite()
  const epc = epcOf('5')
  site.announce(epc, 'gauze/B1', 100)
  const view = site.stockroom.identify(epc.toLowerCase())
  expect(check.Errors(view)).toEqual([])
  expect(view).toMatchObject({
    refused: null,
    epc,
    lot: 'gauze/B1',
    item: { item: 'gauze' },
    packUnits: 100,
    serial: '5',
    expiry: '2027-08-31',
  })
})

test('digits that begin with an application identifier are no tag', () => {
  const { stockroom } = openSite()
  expect(stockroom.identify(`01${GTIN}17280131`)).toMatchObject({ epc: null, item: { item: 'gauze' }, expiry: '2028-01-31' })
})

test('the last scans of the scanner are kept, told once, and read by today', () => {
  const site = openSite()
  const told: string[] = []
  const leave = site.stockroom.followScans(({ scan }) => void told.push(scan))
  for (let number = 0; number < 25; number += 1) site.stockroom.heard({ scanner: 'table', text: `code ${number}`, at: site.clock.now() })
  site.stockroom.heard({ scanner: 'table', text: `(01)${GTIN}(10)B1`, at: site.clock.now() })
  expect(site.stockroom.scans()).toHaveLength(20)
  site.put('gauze/B1 main/available 30')
  expect(site.stockroom.scans()[0]).toMatchObject({ scanner: 'table', lot: 'gauze/B1', stock: [{ units: 30 }] })
  expect(told).toHaveLength(26)
  leave()
  site.stockroom.heard({ scanner: 'table', text: 'x', at: site.clock.now() })
  expect(told).toHaveLength(26)
  site.stockroom.close()
})

test('a scan as long as a book, with half a letter at its end, is still a view', () => {
  const { stockroom } = openSite()
  const view = stockroom.identify(`${'书'.repeat(299)}\ud83d\ude00`)
  expect(check.Errors(view)).toEqual([])
  expect(view.scan.isWellFormed()).toBe(true)
})
