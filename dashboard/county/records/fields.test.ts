import { describe, expect, it } from 'vitest'
import { sayIn } from '../../parts/language.ts'
import { ALL_TEXTS } from '../words.ts'
import { changedFields, type Fields, fieldLines, joinedOf, proposedOf } from './fields.ts'

const began: Fields = { name: { zh: '纱布', en: '' }, model: 'A', nearDays: [90, 30], unit: { zh: '片', en: '' } }
const mine: Fields = { ...began, model: 'B', nearDays: [90] }
const theirs: Fields = { ...began, model: 'C', class: 'II' }

describe('two changed one record', () => {
  it('they differ where either changed something', () => expect(changedFields(mine, theirs)).toEqual(['model', 'class', 'nearDays']))
  it('what one alone changed is proposed; where both did, nothing is', () =>
    expect(proposedOf(began, mine, theirs)).toEqual({ class: 'theirs', nearDays: 'mine' }))
  it('what was chosen is put into theirs', () => {
    const joined = joinedOf(mine, theirs, { model: 'mine', class: 'theirs', nearDays: 'mine' })
    expect(joined).toEqual({ ...began, model: 'B', class: 'II', nearDays: [90] })
    expect(joinedOf(mine, theirs, { class: 'mine' })).not.toHaveProperty('class')
  })
})

it.each([
  [
    'packs',
    [{ pack: '箱', units: 2000, gtin: '06901234567892', of: { pack: '盒', quantity: 20 } }],
    '箱 = 20 × 盒 = 2,000（06901234567892）',
  ],
  ['storage', [{ what: '温度', min: '2', max: '8', unit: '°C' }], '温度 2 ~ 8 °C'],
  ['storage', [{ what: '湿度', min: null, max: '80', unit: '%' }], '湿度 ≤ 80 %'],
  ['promises', { lot: true, serial: false, produced: false, expiry: true }, '批号 · 有效期'],
  ['roles', ['supplier', 'carrier'], '供应商 · 配送'],
  ['singleUse', false, '否'],
  ['until', null, '长期有效'],
  ['outside', null, '室外'],
] as const)('%s in words', (field, value, words) => {
  const parts = { say: sayIn(ALL_TEXTS, 'zh'), language: 'zh', sites: new Map() } as const
  expect(fieldLines({ [field]: value }, field, parts)).toEqual([words])
})
