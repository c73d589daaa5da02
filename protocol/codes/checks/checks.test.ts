import { describe, expect, it, test } from 'vitest'
import { isRefusal } from '../../refusals.ts'
import { valueRefusal } from '../ai-spec.ts'
import { AIS } from '../ais.ts'
import { CHECKS, type CheckName } from './table.ts'

const codeOf = (ai: string, value: string): string => {
  const row = AIS.get(ai)
  const answer = row ? valueRefusal(row, value, 2026) : null
  return isRefusal(answer) ? answer.code : 'read'
}

const FAMILY = '123'
const COMPANY = '0614141'
/** Company, offer code, saving of one digit, purchase of one digit and its code and family. */
const OFFER = `${COMPANY}01234515110${FAMILY}`
const COUPON = 'codes.coupon-wrong'

/** One AI for each check: right values, wrong values, and what is said of the wrong ones. */
const CASES: readonly (readonly [CheckName, ai: string, right: string, wrong: string, code: string])[] = [
  ['csum', '00', '369012340000000017 000000000000000000', '369012340000000018 639012340000000017', 'codes.check-digit-wrong'],
  [
    'csumalpha',
    '8013',
    '1987654Ad4X4bL5ttr2310c2K 109999822',
    '1987654Ad4X4bL5ttr2310c2J 1987654Ad4X4bL5ttr2310cK2',
    'codes.check-pair-wrong',
  ],
  ['gcppos1', '8004', '1234 1234A/b 9999-0', '123A 123 A1234 12-34', 'codes.prefix-wrong'],
  ['gcppos2', '01', '06901234567892', '', 'codes.prefix-wrong'],
  ['yymmd0', '17', '280229 271200 000100', '270229 271301 270001 270132', 'codes.date-wrong'],
  ['yymmdd', '7006', '280229 991231', '280200 270229 271301', 'codes.date-wrong'],
  ['yyyymmdd', '7250', '19200229 20261231 20000229', '19000229 20261200 20261301 20260100', 'codes.date-wrong'],
  ['hhmi', '7003', '2808312359 2808310000', '2808312400 2808312360 2808319999', 'codes.time-wrong'],
  ['hh', '8008', '28083100 28083123', '28083124 28083199', 'codes.time-wrong'],
  ['mi', '8008', '2808310000 2808312359', '2808312360', 'codes.time-wrong'],
  ['ss', '8008', '280831000000 280831235959', '280831235960', 'codes.time-wrong'],
  ['iso3166', '422', '156 840 004 894', '000 001 157 895 999', 'codes.country-wrong'],
  ['iso3166999', '7030', '999A 156A', '998A 000A', 'codes.country-wrong'],
  ['iso3166alpha2', '4307', 'CN US ZW AD', 'cn EU ZZ UK XX', 'codes.country-wrong'],
  ['iso4217', '3910', '1561 9781 0081', '0011 0001 9981', 'codes.currency-wrong'],
  ['iso5218', '7252', '0 1 2 9', '3 8', 'codes.sex-wrong'],
  ['iban', '8007', 'GB82WEST12345698765432 DE89370400440532013000', 'GB83WEST12345698765432 ZQ82WEST12345698765432', 'codes.iban-wrong'],
  ['iban', '8007', 'FR1420041010050500013M02606', 'GB82west12345698765432 GB82WEST12 GB82 1', 'codes.iban-wrong'],
  ['yesno', '4321', '0 1', '2 9', 'codes.flag-wrong'],
  ['nonzero', '8001', '00010000100101 99999999999999', '00000000100101 00010000000101 00010000100001', 'codes.number-zero'],
  ['zero', '8003', '06901234567892', '16901234567892 96901234567892', 'codes.zero-missing'],
  ['nozeroprefix', '8011', '1 999999999999', '0 012', 'codes.zero-leading'],
  ['hasnondigit', '8014', '1987654Ad4X4bL5ttr2310c2K', '109999822', 'codes.letter-missing'],
  ['winding', '8001', '00010000100111 00010000100191', '00010000100121 00010000100181', 'codes.winding-wrong'],
  ['importeridx', '7040', '1AB- 1AB_ 1ABa 1AB0', '1AB/ 1AB= 1AB.', 'codes.importer-wrong'],
  ['mediatype', '7241', '01 10 80 99', '00 11 79', 'codes.carrier-type-wrong'],
  ['packagetype', '7041', 'CT PX 9 201 X12 APE', 'ZZZ 7 ct XX', 'codes.package-type-wrong'],
  ['pcenc', '4300', 'A%20B %E4%B8%AD %2b A', '% A% A%2 A%GG %%20', 'codes.percent-wrong'],
  ['pieceoftotal', '8006', '069012345678920102 069012345678920202', '069012345678920302 069012345678920001', 'codes.piece-wrong'],
  ['posinseqslash', '7258', '1/2 2/2 9/9', '3/2 0/1 1/0 /12 12/ 123 1-2', 'codes.sequence-wrong'],
  ['hyphen', '4331', '001250 001250-', '0012501 001250+', 'codes.hyphen-missing'],
  ['latitude', '4309', '00000000000000000000 18000000003600000000', '18000000010000000000 99999999990000000000', 'codes.latitude-wrong'],
  ['longitude', '4309', '00000000003600000000', '00000000003600000001 00000000009999999999', 'codes.longitude-wrong'],
  [
    'couponcode',
    '8110',
    `${OFFER} ${OFFER}10110${FAMILY}${COMPANY} ${OFFER}2110${FAMILY}9`,
    `7614141012345 0 0614141 ${OFFER.slice(0, -1)}`,
    COUPON,
  ],
  ['couponcode', '8110', `${OFFER}32808314280801 ${OFFER}3280831`, `${OFFER}32808014280831 ${OFFER}3280800 ${OFFER}34`, COUPON],
  ['couponcode', '8110', `${OFFER}50123456 ${OFFER}59123456789012345`, `${OFFER}5012345 ${OFFER}5 ${OFFER}X`, COUPON],
  [
    'couponcode',
    '8110',
    `${OFFER}616141414 ${OFFER}90001 ${OFFER}96291`,
    `${OFFER}60614141 ${OFFER}93001 ${OFFER}90301 ${OFFER}90002`,
    COUPON,
  ],
  [
    'couponcode',
    '8110',
    `${OFFER}10110${FAMILY}92110${FAMILY}9`,
    `${OFFER}14110${FAMILY}9 ${OFFER}10110${FAMILY}7 ${OFFER}8 ${OFFER}2110${FAMILY}910`,
    COUPON,
  ],
  ['couponposoffer', '8112', '006141410123450123456 106141410123450123456', '206141410123450123456 00614141012345012345', COUPON],
  ['couponposoffer', '8112', '0161414140123459012345678901234', '07614141012345012345 0061414101234501234567', COUPON],
  ['padding', '8030', 'AAAA== AAAAA= abc-_9', 'AAA== A= AAA=== AA=A ===', 'codes.padding-wrong'],
]

describe('every check', () => {
  it.each(CASES)('%s in (%s): %s, but not %s', (name, ai, right, wrong, code) => {
    expect(AIS.get(ai)?.parts.some(({ checks }) => checks.includes(name))).toBe(true)
    for (const value of words(right)) expect([value, codeOf(ai, value)]).toEqual([value, 'read'])
    for (const value of words(wrong)) expect([value, codeOf(ai, value)]).toEqual([value, code])
  })
  test('is tried here', () => expect(Object.keys(CHECKS).filter((name) => !CASES.some(([tried]) => tried === name))).toEqual([]))
  test('a company prefix is looked for behind the first digit', () => {
    expect(CHECKS.gcppos2.passes('X12345')).toBe(true)
    expect(CHECKS.gcppos2.passes('01X345')).toBe(false)
  })
})

const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '')
