import { expect, test } from 'vitest'
import { isAgencyCode, rawCodesOf } from './raw-codes.ts'

const told = (text: string) => rawCodesOf(text).map(({ scheme, code }) => `${scheme} ${code}`)

test.for([
  [' L-77 ', ['local L-77'], false],
  [
    ']Q1MA.156.M0.100221.A1.B7',
    [
      'local MA.156.M0.100221.A1.B7',
      'ma MA.156.M0.100221.A1.B7',
      'ma MA.156.M0.100221.A1',
      'ma MA.156.M0.100221',
      'ma MA.156.M0',
      'ma MA.156',
      'ma MA',
    ],
    true,
  ],
  [
    '+A123BJC5D6E71G',
    ['local +A123BJC5D6E71G', 'hibc +A123BJC5D6E71G', 'hibc +A123BJC5D6E71', 'hibc A123BJC5D6E71G', 'hibc A123BJC5D6E71'],
    true,
  ],
  ['+A99912345/$$52001510X3', ['local +A99912345/$$52001510X3', 'hibc +A99912345/$$52001510X3', 'hibc +A99912345', 'hibc A99912345'], true],
  ['81234567890123456|BN01', ['local 81234567890123456|BN01', 'ahm 81234567890123456|BN01', 'ahm 81234567890123456'], false],
  ['', [], false],
  ['x'.repeat(65), [], false],
] as const)('%s', ([text, codes, agency]) => {
  expect(told(text)).toEqual(codes)
  expect(isAgencyCode(text)).toBe(agency)
})
