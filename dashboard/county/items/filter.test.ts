import type { ValidityView } from '@lotkeeper/protocol/api/hub-catalog.ts'
import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import { expect, it } from 'vitest'
import { belongs } from './filter.ts'

const item = (given: Partial<ItemView>): ItemView => ({
  ...{ item: 'a', version: 1, name: { zh: '甲', en: '' }, model: '', unit: { zh: '片', en: '' }, packs: [], nearDays: [] },
  ...given,
})
const states = new Map<string, ValidityView>([
  ['old', { state: 'ended', daysLeft: -1, threshold: null }],
  ['soon', { state: 'ending', daysLeft: 20, threshold: 30 }],
])

it.each<[Partial<ItemView>, Readonly<Record<string, string>>, boolean]>([
  [{}, {}, true],
  [{ retired: true }, {}, false],
  [{ retired: true }, { retired: 'yes' }, true],
  [{}, { retired: 'yes' }, false],
  [{ retired: true }, { retired: 'all' }, true],
  [{ class: 'II' }, { class: 'II' }, true],
  [{ class: 'III' }, { class: 'II' }, false],
  [{}, { class: 'none' }, true],
  [{ certificate: 'old' }, { paper: 'ended' }, true],
  [{ certificate: 'soon' }, { paper: 'ending' }, true],
  [{ certificate: 'fine' }, { paper: 'holds' }, true],
  [{ certificate: 'soon' }, { paper: 'holds' }, false],
  [{}, { paper: 'none' }, true],
])('%j asked for by %j: %s', (given, choice, shown) => expect(belongs(item(given), choice, states)).toBe(shown))
