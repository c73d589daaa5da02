import type { ProvisionalView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import { expect, it } from 'vitest'
import { deskActOf } from './keys.ts'

type One = Parameters<typeof deskActOf>[1]
const name = { zh: '导管', en: '' }
const met: ProvisionalView['met'] = { is: 'item', item: 'a-new-1', name, model: '', unit: name, packs: [] }
const tag: ProvisionalView['met'] = { is: 'tag', epc: '30AA', item: 'a-new-1', lotNumber: 'B1', expiry: null, pack: '盒', units: 20 }
const now = (known: boolean) => ({ item: 'a-new-1', name, known })
const like = (id: string): ProvisionalView['suggestions'][number] => ({ is: 'item', id, name, detail: '', why: 'name', score: 60 })
const OPEN: One = { state: 'open', met, now: now(false), suggestions: [like('a'), like('b')] }
const SETTLED: One = { ...OPEN, state: 'conflict' }
const TAG: One = { state: 'open', met: tag, now: now(true), suggestions: [] }
const LOT: One = {
  state: 'open',
  met: { is: 'lot', item: 'tube', lotNumber: 'B1', expiry: null },
  now: { ...now(true), lot: 'tube/B1' },
  suggestions: [{ ...like('tube/81'), is: 'lot' }],
}
const EARLY: One = { ...TAG, now: now(false) }

it.each<[string, One, string]>([
  ['ArrowDown', undefined, 'go 1'],
  ['ArrowUp', SETTLED, 'go -1'],
  ['c', OPEN, 'confirm'],
  ['C', OPEN, 'confirm'],
  ['r', OPEN, 'redirect'],
  ['k', OPEN, 'conflict'],
  ['1', OPEN, 'candidate 0'],
  ['2', OPEN, 'candidate 1'],
  ['3', OPEN, 'nothing'],
  ['0', OPEN, 'nothing'],
  ['x', OPEN, 'nothing'],
  ['c', undefined, 'nothing'],
  ['c', SETTLED, 'nothing'],
  ['1', SETTLED, 'nothing'],
  ['c', TAG, 'confirm'],
  ['r', TAG, 'nothing'],
  ['k', TAG, 'conflict'],
  ['c', EARLY, 'nothing'],
  ['c', LOT, 'confirm'],
  ['r', LOT, 'redirect'],
  ['1', LOT, 'candidate 0'],
])('%s at %#: %s', (key, one, wanted) => {
  const told = deskActOf(key, one)
  const more = told?.act === 'go' ? ` ${told.by}` : told?.act === 'candidate' ? ` ${told.at}` : ''
  expect(told ? `${told.act}${more}` : 'nothing').toBe(wanted)
})
