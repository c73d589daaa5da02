import type { DeviceView } from '@lotkeeper/protocol/api/hub-find.ts'
import { expect, it } from 'vitest'
import { formOfMet, type ItemSeenBy } from './met.ts'

const met: ItemSeenBy = {
  ...{ is: 'item', item: 'qinglong-new-1', name: { zh: '导管', en: '' }, model: 'Fr16', unit: { zh: '支', en: '' } },
  packs: [{ pack: '盒', units: 20, gtin: '06901234567892' }],
}
const DEVICE = {
  ...{ name: '一次性使用导尿管', model: 'Fr 16', nhsa: '', scheme: 'gtin', singleUse: true, sterile: null },
  promises: { lot: true, serial: null, produced: null, expiry: true },
} as unknown as DeviceView
let row = 0
const newRow = () => `row-${++row}`

it('is begun from what the keeper wrote', () => {
  expect(formOfMet(met, null, newRow)).toMatchObject({
    ...{ item: 'qinglong-new-1', zh: '导管', model: 'Fr16', unitZh: '支', near: '180, 90, 30' },
    levels: [{ pack: '盒', quantity: 20, codes: [{ scheme: 'gtin', code: '06901234567892' }] }],
  })
})

it.each([
  ['its packs where it has them', [{ code: '06901234567892', level: '盒', units: 50, of: null, quantity: 50 }], 50],
  ['the packs of the keeper where it has none', [], 20],
])('takes name, model and label from the public database, the unit from the keeper, and %s', (_what, packs, quantity) => {
  expect(formOfMet(met, { ...DEVICE, packs }, newRow)).toMatchObject({
    ...{ item: 'qinglong-new-1', zh: '一次性使用导尿管', model: 'Fr 16', unitZh: '支', singleUse: 'yes', promisesKnown: false },
    levels: [{ pack: '盒', quantity }],
  })
})
