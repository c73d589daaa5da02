import { expect, test } from 'vitest'
import { rawCodesOf } from './raw-codes.ts'

const told = (text: string) => rawCodesOf(text).map(({ scheme, code }) => `${scheme} ${code}`)

test.for([
  [' L-77 ', ['local L-77']],
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
  ],
  [
    '+A123BJC5D6E71G',
    ['local +A123BJC5D6E71G', 'hibc +A123BJC5D6E71G', 'hibc +A123BJC5D6E71', 'hibc A123BJC5D6E71G', 'hibc A123BJC5D6E71'],
  ],
  ['+A99912345/$$52001510X3', ['local +A99912345/$$52001510X3', 'hibc +A99912345/$$52001510X3', 'hibc +A99912345', 'hibc A99912345']],
  ['81234567890123456|BN01', ['local 81234567890123456|BN01', 'ahm 81234567890123456|BN01', 'ahm 81234567890123456']],
  ['', []],
  ['x'.repeat(65), []],
  [
    'ma.156.m0.100221.a1/lB7',
    [
      'local ma.156.m0.100221.a1/lB7',
      'ma ma.156.m0.100221.a1/lB7',
      'ma ma.156.m0.100221.a1',
      'ma ma.156.m0.100221',
      'ma ma.156.m0',
      'ma ma.156',
      'ma ma',
      'ma MA.156.M0.100221.a1',
      'ma MA.156.M0.100221.A1',
    ],
  ],
  [
    'https://x.cn/MA.156.M0.1.A',
    ['local https://x.cn/MA.156.M0.1.A', 'ma MA.156.M0.1.A', 'ma MA.156.M0.1', 'ma MA.156.M0', 'ma MA.156', 'ma MA'],
  ],
  ['*+A99912345C*', ['local *+A99912345C*', 'hibc +A99912345C', 'hibc +A99912345', 'hibc A99912345C', 'hibc A99912345']],
  // Its check character is a blank.
  [
    '+Z99900999302035A ',
    ['local +Z99900999302035A', 'hibc +Z99900999302035A ', 'hibc +Z99900999302035A', 'hibc Z99900999302035A ', 'hibc Z99900999302035A'],
  ],
  ['=/A9999XYZ100T0944=,000025', ['local =/A9999XYZ100T0944=,000025', 'local A9999XYZ100T0944']],
] as const)('%s', ([text, codes]) => {
  expect(told(text)).toEqual(codes)
})
