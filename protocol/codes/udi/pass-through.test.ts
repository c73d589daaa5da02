import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../refusals.ts'
import { readAhm } from './ahm.ts'
import { readIccbba } from './iccbba.ts'

const iccbba = (text: string): unknown => {
  const said = readIccbba(text)
  return isRefusal(said) ? said.code : said
}

describe('ISBT 128 structures', () => {
  it.each([
    ['=/A9999XYZ100T0944', 'primary', { di: 'A9999XYZ100T0944' }],
    ['=)1TE123456A&)RZ12345678', 'concatenated', { di: '1TE123456A', lot: 'RZ12345678' }],
    ['=)1TE123456A &)RZ12345678', 'concatenated', { di: '1TE123456A', lot: 'RZ12345678' }],
    ['=A99971312345600=>014032', 'secondary', { din: 'A99971312345600', expiry: '2014-02-01' }],
    ['=>997366', 'secondary', 'codes.udi-date-wrong'],
    ['=>996366', 'secondary', { expiry: '1996-12-31' }],
    ['=>128366', 'secondary', { expiry: '2128-12-31' }],
    ['=}028060', 'secondary', { manufactured: '2028-02-29' }],
    ['&>0283662359', 'secondary', { expiry: '2028-12-31T23:59' }],
    ['&}0283660000', 'secondary', { manufactured: '2028-12-31T00:00' }],
    ['=+04000=A99971312345600', 'secondary', { din: 'A99971312345600', unknown: [{ unit: '=+', value: '04000' }] }],
    [
      '=%5100=<E0336V00',
      'secondary',
      {
        unknown: [
          { unit: '=%', value: '5100' },
          { unit: '=<', value: 'E0336V00' },
        ],
      },
    ],
    ['=/A9999XYZ100T0944=/A9999XYZ100T0944', 'primary', { di: 'A9999XYZ100T0944' }],
    ['=/A9999XYZ100T0944=)1TE123456A', '', 'codes.udi-repeated'],
    ['=/A9999XYZ100T094', '', 'codes.udi-part-wrong'],
    ['=,00002-', '', 'codes.udi-part-wrong'],
    ['=A9997131234560', '', 'codes.udi-part-wrong'],
    ['=>228001', '', 'codes.udi-date-wrong'],
    ['&>0283662460', '', 'codes.udi-date-wrong'],
    ['=>028000', '', 'codes.udi-date-wrong'],
    ['=', '', 'codes.udi-part-wrong'],
    ['==', '', 'codes.udi-part-wrong'],
    ['A9999', '', 'codes.udi-part-wrong'],
    ['', '', 'codes.udi-part-wrong'],
  ])('%s', (text, kind, wanted) => {
    if (typeof wanted === 'string') expect(iccbba(text)).toBe(wanted)
    else expect(iccbba(text)).toMatchObject({ kind, fields: wanted, notices: expect.any(Array) })
  })
  it('never throws', () => {
    const noise = fc.array(fc.constantFrom('=', '&', '/', ',', ')', '>', '1', 'A', '014032', '000025', '库', ' '), { maxLength: 20 })
    fc.assert(
      fc.property(
        fc.oneof(
          noise.map((all) => all.join('')),
          fc.string(),
        ),
        (text) => {
          expect(iccbba(text)).toBeTruthy()
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describe('AHM codes', () => {
  it.each([
    ['81234567890123456', { raw: '81234567890123456' }, '81234567890123456'],
    [
      '81234567890123456|BN01|SN7|MD250901|ED20280831',
      { lot: '01', serial: '7', manufactured: '2025-09-01', expiry: '2028-08-31' },
      '81234567890123456',
    ],
    ['8123|BD280831', { bestBefore: '2028-08-31' }, '8123'],
    ['8123|ED2808', { expiry: '2808' }, '8123'],
    ['8123|BN01|XX', { lot: '01', unknown: [{ unit: '', value: 'XX' }] }, '8123'],
    ['8123-4567', { raw: '8123-4567' }, '8123-4567'],
    ['|BN01', { raw: '|BN01' }, '|BN01'],
    ['8123456BN01', { raw: '8123456BN01' }, '8123456BN01'],
  ])('%s', (text, fields, code) => {
    expect(readAhm(text, 2026)).toMatchObject({ fields, di: { scheme: 'ahm', code }, notices: ['codes.ahm-layout-unknown'] })
  })
  it('books no day it cannot read', () => {
    expect(readAhm('8123|ED2808', 2026).expiry).toBeNull()
    expect(readAhm('8123|BD280831|ED280930', 2026).expiry).toBe('2028-09-30')
  })
})
