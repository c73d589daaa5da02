import { expect, it } from 'vitest'
import { deviceStanding, deviceWord, shownState } from './devices.ts'
import { sayIn } from './language.ts'
import { SHARED_TEXTS } from './texts.ts'

it.each([
  ['reading', 'well', '正常'],
  ['connected', 'well', '正常'],
  ['opening', 'starting', '正在连接'],
  ['probing', 'starting', '正在连接'],
  ['lost', 'down', '已断开'],
  ['antennas-swapped', 'other', '天线可能接反'],
  ['antenna-dead', 'other', '天线没声音'],
  ['antenna-weak', 'ailing', '天线变弱'],
  ['on fire', 'other', '异常（on fire）'],
  ['constructor', 'other', '异常（constructor）'],
])('a device that is %s', (state, standing, word) => {
  expect([deviceStanding(state), deviceWord(state, sayIn(SHARED_TEXTS, 'zh'))]).toEqual([standing, word])
})

it.each([
  ['reading', ['antenna-weak'], 'antenna-weak'],
  ['reading', ['antenna-dead', 'antenna-weak'], 'antenna-dead'],
  ['reading', [], 'reading'],
  ['lost', ['antenna-weak'], 'lost'],
])('a device that is %s with %o is shown as %s', (state, codes, shown) => {
  const findings = codes.map((code) => ({ ...FINDING, code }))
  expect(shownState({ state, findings })).toBe(shown)
  expect(shownState({ state: 'reading', findings: [{ ...FINDING, label: LABEL }] })).toBe('reading')
})

const WORDS = { zh: '-', en: '-' }
const LABEL = { epc: 'AA', lot: null, itemName: null, lotNumber: null, pack: '' }
const FINDING = {
  code: '-',
  finding: '-',
  severity: 3,
  antenna: null,
  since: '2026-11-21T04:00:00.000Z',
  title: WORDS,
  remedy: WORDS,
  label: null,
}
