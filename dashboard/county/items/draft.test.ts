import { expect, it } from 'vitest'
import { itemFormOf, itemFormOfDevice, itemOf } from './draft.ts'

let made = 0
const newRow = (): string => {
  made += 1
  return `row ${made}`
}
const plain = {
  name: { zh: '纱布', en: 'Gauze' },
  model: '10x10',
  unit: { zh: '片', en: '' },
  packs: [{ pack: '片', units: 1, gtin: null }],
  nearDays: [90, 30],
}

it.each([
  ['with nothing but the needed', plain],
  [
    'with everything',
    {
      ...plain,
      specification: '8 层',
      class: 'II' as const,
      certificate: 'cert-1',
      manufacturer: 'maker',
      nhsa: `C${'1'.repeat(19)}`,
      singleUse: true,
      sterile: false,
      promises: { lot: true, serial: false, produced: false, expiry: true },
      storage: [{ what: '温度', min: '2', max: null, unit: '°C' }],
      from: '2027-01-01',
      retired: true as const,
    },
  ],
])('an item %s comes back from its form as it was', (_, item) => {
  expect(itemOf(itemFormOf('gauze', item, newRow))).toEqual(item)
})

it('days are read however they are separated, the highest first, each once', () => {
  expect(itemOf({ ...itemFormOf('a', plain, newRow), near: '30，90、90 / 180' }).nearDays).toEqual([180, 90, 30])
})

it('a device becomes an item with its packs, joined as the release says', () => {
  const truth = { lot: true, serial: null, produced: true, expiry: true }
  const device = {
    ...{ di: '06901234567892', version: 1, name: '注射器', trade: '', maker: '甲', certificate: '国械注准1', model: '5 mL', withdrawn: '' },
    ...{
      issuer: 'GS1',
      scheme: 'gtin' as const,
      creditCode: '',
      classCode: '',
      category: '',
      nhsa: 'x',
      key: '',
      singleUse: true,
      sterile: null,
    },
    promises: truth,
    packs: [
      { code: '06901234567892', level: '支', units: 1, of: null, quantity: 1 },
      { code: '16901234567899', level: '盒', units: 50, of: '06901234567892', quantity: 50 },
    ],
    storage: [],
  }
  const form = itemFormOfDevice(device, newRow)
  expect(form).toMatchObject({ zh: '注射器', model: '5 mL', singleUse: 'yes', sterile: '', promisesKnown: false })
  expect(form).not.toHaveProperty('nhsa')
  expect(form.levels?.[1]?.of).toBe(form.levels?.[0]?.row)
})
