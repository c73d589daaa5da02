import { expect, it } from 'vitest'
import { fieldsIn } from '../records/use-save.ts'
import { partyFormOf, partyOf } from './draft.ts'

it('a party comes back from its form as it was', () => {
  const party = {
    name: { zh: '惠民医疗', en: '' },
    roles: ['supplier' as const],
    creditCode: '91110000MA01ABCD2X',
    licences: [{ kind: 'business' as const, number: '京 1', from: '2024-01-01', until: null, file: 'a'.repeat(64) }],
    retired: true as const,
  }
  expect(partyOf(partyFormOf('huimin', party))).toEqual(party)
})

it('what nobody filled in is left out', () => {
  const party = partyOf({ id: 'a', zh: ' 甲 ', roles: ['carrier'], creditCode: '', contact: '  ', licences: [], from: '', retired: false })
  expect(party).toEqual({ name: { zh: '甲', en: '' }, roles: ['carrier'], licences: [] })
})

it('what is masked is not sent back', () => {
  const fields = fieldsIn({ id: 'a', version: 1, name: { zh: '甲', en: '' }, roles: ['carrier'], licences: [], contact: '***' })
  expect(partyOf(partyFormOf('a', fields))).not.toHaveProperty('contact')
})
