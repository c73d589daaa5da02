import { checkDigitOf } from '@lotkeeper/protocol/codes/check-digit.ts'
import type { MasterRecord, RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { expect, test } from 'vitest'
import { openSite } from './fixtures/site.ts'

const whole = (digits: string): string => `${digits}${checkDigitOf(digits)}`
/** The same thing in each length that a GTIN has. */
const EIGHT = whole('9638507')
const TWELVE = whole('61414100073')
const THIRTEEN = whole('690123456780')
const CASE = whole('1690123456780')

const item = (id: string, version: number, more: Partial<RecordOf<'item'>> = {}): RecordOf<'item'> => ({
  ...{ is: 'item', id, version, name: { zh: id, en: '' }, model: 'M', unit: { zh: '支', en: 'piece' }, nearDays: [90], packs: [] },
  ...more,
})
const told = (...records: readonly MasterRecord[]) => {
  const site = openSite()
  for (const record of records) site.hub.write(STREAM_TO_ALL, 'master', { records: [record] })
  site.hub.tell(site.ledger)
  /** `item pack units` of a scanned text; the code of what refuses it. */
  const read = (text: string): string => {
    const { item, pack, packUnits, refused } = site.stockroom.identify(text)
    return item === null ? (refused?.code ?? '-') : `${item.item} ${pack ?? '-'} ${packUnits ?? '-'}`
  }
  return { ...site, read }
}
const pack = (name: string, units: number, gtin: string, more: object = {}) => ({
  pack: name,
  units,
  gtin: gtin.padStart(14, '0'),
  ...more,
})
const tube = item('tube', 1, {
  packs: [
    pack('箱', 200, CASE, {
      codes: [
        { scheme: 'local', code: '库-1' },
        { scheme: 'local', code: 'A_C%' },
      ],
    }),
    pack('盒', 20, THIRTEEN, { codes: [{ scheme: 'gtin', code: TWELVE.padStart(14, '0') }] }),
    pack('支', 1, EIGHT),
  ],
})

test.for([
  ['8 digits of a small symbol', `]E4${EIGHT}`, 'tube 支 1'],
  ['8 digits typed', EIGHT, 'tube 支 1'],
  ['12 digits typed', TWELVE, 'tube 盒 20'],
  ['12 digits as a scanner sends them', `]E00${TWELVE}`, 'tube 盒 20'],
  ['13 digits', `]E0${THIRTEEN}`, 'tube 盒 20'],
  ['13 digits typed', THIRTEEN, 'tube 盒 20'],
  ['14 digits in a GS1 message', `]d2010${THIRTEEN}10B1`, 'tube 盒 20'],
  ['14 digits in brackets', `(01)0${THIRTEEN}`, 'tube 盒 20'],
  ['another indicator is another pack', `]C101${CASE}`, 'tube 箱 200'],
  ['an indicator nobody gave', `]C101${whole('2690123456780')}`, 'stockroom.item-unknown'],
  ['a wrong check digit', `]E0${THIRTEEN.slice(0, 12)}${(Number(THIRTEEN.at(-1)) + 1) % 10}`, 'codes.check-digit-wrong'],
  ['a code of our own', '库-1', 'tube 箱 200'],
  ['signs that a search would take for any letter', 'A_C%', 'tube 箱 200'],
  ['and what such a search would have found', 'ABCD', 'codes.symbology-missing'],
  ['any letters', '%', 'codes.symbology-missing'],
] as const)('%s', ([, text, found]) => expect(told(tube).read(text)).toBe(found))

test('a pack holds what its version says on the day, and nothing of tomorrow', () => {
  const next = item('tube', 2, { from: '2026-11-22', packs: [pack('盒', 24, THIRTEEN), pack('箱', 240, whole('3690123456780'))] })
  const { read, clock } = told(tube, next)
  const asked = () => [read(`]E0${THIRTEEN}`), read(`]C101${CASE}`), read(`]C101${whole('3690123456780')}`)]
  expect(asked()).toEqual(['tube 盒 20', 'tube 箱 200', 'stockroom.item-unknown'])
  clock.pass(86_400_000)
  expect(asked()).toEqual(['tube 盒 24', 'stockroom.item-unknown', 'tube 箱 240'])
})

test('of two items that claim a code the one that is still bought has it; given up by both, it is known all the same', () => {
  const other = item('other', 1, { packs: [pack('袋', 5, THIRTEEN)] })
  expect(told(tube, other).read(THIRTEEN)).toBe('other 袋 5')
  expect(told(tube, other, { ...other, version: 2, retired: true }).read(THIRTEEN)).toBe('tube 盒 20')
  expect(told({ ...tube, retired: true }).read(THIRTEEN)).toBe('tube 盒 20')
})

test('a merged item is read as the kept one: by the same code, else by the same units, else without a pack', () => {
  const merged = (...packs: RecordOf<'item'>['packs']) =>
    told(tube, item('kept', 1, { packs }), { is: 'redirect', id: 'tube', version: 1, of: 'item', to: 'kept' }).read(THIRTEEN)
  expect(merged(pack('小盒', 20, THIRTEEN))).toBe('kept 小盒 20')
  expect(merged(pack('中盒', 20, CASE))).toBe('kept 中盒 20')
  expect(merged(pack('大盒', 50, CASE))).toBe('kept - -')
})

test('units are counted exactly, as far as a number is exact', () => {
  const most = Number.MAX_SAFE_INTEGER
  expect(told(item('grain', 1, { packs: [pack('船', most, THIRTEEN)] })).read(THIRTEEN)).toBe(`grain 船 ${most}`)
})
