import { expect, test } from 'vitest'
import type { PackLevel } from '../ledger/master.ts'
import { codesOf, judgePacks } from './packs.ts'

const box: PackLevel = { pack: '盒', units: 10, gtin: '06901234567892' }
const carton: PackLevel = { pack: '箱', units: 200, gtin: null, of: { pack: '盒', quantity: 20 } }

test.each([
  ['nothing but the base unit', [], null],
  ['two levels that fit', [box, carton], null],
  ['a level named twice', [box, { ...box, gtin: null }], 'catalog.pack-twice'],
  ['a factor of 0', [{ ...box, units: 0 }], 'catalog.factor-not-whole'],
  ['a factor of 2.5', [{ ...box, units: 2.5 }], 'catalog.factor-not-whole'],
  ['2.5 of the level below', [box, { ...carton, of: { pack: '盒', quantity: 2.5 } }], 'catalog.factor-not-whole'],
  ['units that are not the factor', [box, { ...carton, units: 199 }], 'catalog.pack-differs'],
  ['a level of one that is not there', [carton], 'catalog.pack-unknown'],
  ['a level of itself', [{ ...box, of: { pack: '盒', quantity: 1 } }], 'catalog.pack-loop'],
  [
    'a cycle of two',
    [
      { ...box, units: 10, of: { pack: '箱', quantity: 1 } },
      { ...carton, units: 10, of: { pack: '盒', quantity: 1 } },
    ],
    'catalog.pack-loop',
  ],
  ['a wrong check digit', [{ ...box, gtin: '06901234567891' }], 'catalog.gtin-wrong'],
  ['a short GTIN among the further codes', [{ ...box, codes: [{ scheme: 'gtin', code: '6901234567892' }] }], 'catalog.gtin-wrong'],
  ['one code on two levels', [box, { ...carton, gtin: box.gtin }], 'catalog.gtin-taken'],
  ['a code of another agency beside the GTIN', [{ ...box, codes: [{ scheme: 'ma', code: 'MA.156.M0.100001.01' }] }], null],
] as const)('%s', (_what, packs, code) => {
  expect(judgePacks('gauze', packs as readonly PackLevel[])?.code ?? null).toBe(code)
})

test('the first GTIN comes before the other codes', () => {
  expect(codesOf({ ...box, codes: [{ scheme: 'local', code: 'A1' }] }).map(({ code }) => code)).toEqual(['06901234567892', 'A1'])
})
