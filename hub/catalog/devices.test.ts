import type { DeviceView } from '@lotkeeper/protocol/api/hub-find.ts'
import type { ProvisionalView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import { refuse } from '@lotkeeper/protocol/refusals.ts'
import { expect, it } from 'vitest'
import { CATALOG_EXAMPLES } from '../api/examples-catalog.ts'
import { withDevices } from './devices.ts'

const device: DeviceView = CATALOG_EXAMPLES.device.answer
const [example] = CATALOG_EXAMPLES.provisionals.answer.rows
const met = { ...example, suggestions: [] } as ProvisionalView
const alike = { is: 'item', id: 'gauze', name: { zh: '纱布', en: '' }, detail: '', why: 'name', score: 52 } as const
const byCode = { ...alike, why: 'code', score: 100 } as const

it.each([
  ['comes before what is only called alike', { suggestions: [alike] }, ['device', 'item'], 1],
  ['is not asked for where the county has the code', { suggestions: [byCode] }, ['item'], 0],
  ['is not asked for what is settled', { state: 'confirmed' }, [], 0],
] as const)('a device of the reference %s', async (_what, given, wanted, asked) => {
  const questions: string[] = []
  const rows = await withDevices([{ ...met, ...given } as ProvisionalView], async (di) => {
    questions.push(di)
    return device
  })
  expect(rows[0]?.suggestions.map(({ is }) => is)).toEqual(wanted)
  expect(questions).toHaveLength(asked)
})

it('one code is asked for once, and one that nobody knows suggests nothing', async () => {
  const questions: string[] = []
  const rows = await withDevices([met, met], async (di) => {
    questions.push(di)
    return refuse('api.not-found')
  })
  expect([rows.map(({ suggestions }) => suggestions), questions]).toEqual([[[], []], ['06901234567892']])
})
