import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../refusals.ts'
import { recognised } from './agency.ts'
import { readMa } from './ma.ts'
import { maCheckOf } from './ma-check.ts'
import type { AgencySaid } from './said.ts'

const DI = 'MA.156.M0.100472.11103316'
const codeOf = (text: string): string => {
  const said = readMa(text, 2026)
  return isRefusal(said) ? said.code : said.kind
}
const read = (text: string): AgencySaid => {
  const said = readMa(text, 2026)
  if (isRefusal(said)) throw new Error(`${said.code} ${said.en}`)
  return said
}

describe('units', () => {
  it.each([
    ['', {}],
    ['.LB1', { lot: 'B1' }],
    ['.M20250901', { manufactured: '2025-09-01' }],
    ['.P250901', { manufactured: '2025-09-01' }],
    ['.M250901.P20250901', { manufactured: '2025-09-01' }],
    ['.E20280831.V280830', { expiry: '2028-08-31', validUntil: '2028-08-30' }],
    ['.Y123.LB1', { lot: 'B1', unknown: [{ unit: 'Y', value: '123' }] }],
    ['.lB1', { unknown: [{ unit: 'l', value: 'B1' }] }],
    ['.L1.5', { lot: '1', unknown: [{ unit: '', value: '5' }] }],
    ['.LB/1*', { lot: 'B/1*' }],
    ['.LB1 ', { lot: 'B1' }],
    ['.L.S..', {}],
    ['/LB1/E280831', { lot: 'B1', expiry: '2028-08-31' }],
    ['*LB1*E280831', { lot: 'B1', expiry: '2028-08-31' }],
  ])('%s', (units, more) => {
    const { fields, di } = read(DI + units)
    const { communityCheckMatches: _alone, communityDiCheckMatches: _beside, ...parts } = fields
    const named = { country: '156', industry: 'M0', registrant: '100472', packageCode: '1', item: '110331', check: '6' }
    expect([parts, di]).toEqual([
      { ...named, ...more },
      { scheme: 'ma', code: DI },
    ])
  })
  it.each([
    ['E280831', '2028-08-31'],
    ['V280830', '2028-08-30'],
    ['E280831.V280830', '2028-08-30'],
    ['V280831.E280830', '2028-08-30'],
    ['LB1', null],
  ])('%s: usable through %s', (units, day) => expect(read(`${DI}.${units}`).expiry).toBe(day))
})

describe('the product', () => {
  it('that has not eight characters stays whole', () => {
    expect(read('MA.156.M0.100350.01004YA10017.LA').fields).toMatchObject({ item: '01004YA10017', product: '01004YA10017', lot: 'A' })
    expect(read('MA.156.M0.100350.01004YA10017').fields).not.toHaveProperty('packageCode')
  })
  it.each([
    ['ma.156.m0.100472.11103316.lb1.e280831', { industry: 'M0', lot: 'b1', expiry: '2028-08-31' }],
    ['https://www.example.cn/q/MA.156.M0.100472.11103316.LB1', { lot: 'B1' }],
    ['http://example.cn/q?from=a&code=MA.156.M0.100472.11103316.LB1&x=1#top', { lot: 'B1' }],
    ['HTTP://EXAMPLE.CN/MA.156.M0.100472.11103316/LB1', { lot: 'B1' }],
  ])('%s', (text, fields) => {
    expect(read(text)).toMatchObject({ di: { code: DI }, fields })
    expect(recognised(text, 2026)).toEqual(read(text))
  })
  it.each(['http://example.cn/', 'https://id.gs1.org/01/06901234567892', 'hello', 'MAMA', 'http://example.cn/MA.X'])(
    '%s is another thing',
    (text) => expect(recognised(text, 2026)).toBeNull(),
  )
})

describe('refusals', () => {
  it.each([
    ['MA', 'codes.ma-parts-missing'],
    ['MA.156.M0.100472', 'codes.ma-parts-missing'],
    ['XX.156.M0.100472.11103316', 'codes.ma-parts-missing'],
    ['MA.15.M0.100472.11103316', 'codes.udi-part-wrong'],
    ['MA.156..100472.11103316', 'codes.udi-part-wrong'],
    ['MA.156.M0..11103316', 'codes.udi-part-wrong'],
    ['MA.156.M0.100472.', 'codes.udi-part-wrong'],
    ['MA.156.M0.100472.1110 316', 'codes.udi-part-wrong'],
    [`${DI}.E281301`, 'codes.udi-date-wrong'],
    [`${DI}.E280800`, 'codes.udi-date-wrong'],
    [`${DI}.V2808`, 'codes.udi-date-wrong'],
    [`${DI}.M2028083`, 'codes.udi-date-wrong'],
    [`${DI}.L${'A'.repeat(41)}`, 'codes.udi-part-wrong'],
    [`${DI}.LA.LB`, 'codes.udi-repeated'],
    [`${DI}.M250901.P250902`, 'codes.udi-repeated'],
  ])('%s: %s', (text, code) => expect(codeOf(text)).toBe(code))
})

describe('the unofficial check digit', () => {
  it.each([
    ['MA.156.M0.100472.1110331', '6', [true, false]],
    ['MA.156.M0.100011.2cscp02', '3', [true, false]],
    ['MA.156.M0.100761.2123456', '1', [false, true]],
    ['MA.156.M0.100204.1335176', '4', [true, false]],
    ['MA.156.M0.100350.01004YA1001', '7', [true, false]],
    ['.SLMSAGAAAC.M210628.LAY21062803.E220628.V220627', '3', [true, false]],
    // A 9 is skipped or counted.
    ['.L199', '8', [true, false]],
    ['.L199', '0', [false, false]],
    ['.L19', '0', [false, true]],
    ['库', '0', [false, true]],
  ])('%s %s', (text, digit, [matches, differs]) => expect(maCheckOf(text, digit)).toEqual({ matches, differs }))
  it.each([
    [DI, { communityCheckMatches: true }, false],
    ['MA.156.M0.100472.11103317', { communityCheckMatches: false }, true],
    ['MA.156.M0.100011.2cscp023.Ste002.M200206.L343432.D555555.E200228.V200307.C9', { communityPiCheckMatches: true }, false],
    ['MA.156.M0.100011.2cscp023.Ste002.M200206.L343432.D555555.E200228.V200307.C8', { communityPiCheckMatches: false }, true],
    ['MA.156.M0.100221.A1', { communityCheckMatches: false }, false],
  ])('%s is read whatever it says', (text, fields, isNoticed) => {
    expect(read(text).fields).toMatchObject(fields)
    expect(read(text).notices.includes('codes.ma-check-differs')).toBe(isNoticed)
  })
})

describe('whatever is fed', () => {
  const alnum = (minLength: number, maxLength: number) =>
    fc.array(fc.constantFrom(...'0123456789ABCDEFGXYZabcxyz'), { minLength, maxLength }).map((all) => all.join(''))
  const day = fc
    .date({ min: new Date('2000-01-01'), max: new Date('2049-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10))
  it('a code that was written reads back', () => {
    const parts = fc.record({ item: alnum(6, 6), lot: alnum(1, 20), serial: alnum(1, 20), expiry: day, isLong: fc.boolean() })
    fc.assert(
      fc.property(parts, ({ item, lot, serial, expiry, isLong }) => {
        const date = expiry.slice(isLong ? 0 : 2).replaceAll('-', '')
        expect(read(`MA.156.M0.100472.2${item}7.L${lot}.S${serial}.E${date}`)).toMatchObject({
          lot,
          serial,
          expiry,
          fields: { item, packageCode: '2', check: '7' },
        })
      }),
      { numRuns: 300 },
    )
  })
  it('never throws', () => {
    const noise = fc.array(fc.constantFrom('.', 'MA', '156', 'M0', '/', '*', 'L', 'E', '280831', 'C', 'a', ' ', '库'), { maxLength: 16 })
    fc.assert(
      fc.property(
        fc.oneof(
          noise.map((all) => `MA.${all.join('')}`),
          noise.map((all) => `${DI}.${all.join('')}`),
          fc.string(),
        ),
        (text) => {
          expect(codeOf(text)).toMatch(/^(?:codes\.|primary|concatenated)/)
        },
      ),
      { numRuns: 1000 },
    )
  })
})
