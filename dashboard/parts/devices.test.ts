import { expect, it } from 'vitest'
import { deviceStanding, deviceWord } from './devices.ts'
import { sayIn } from './language.ts'
import { SHARED_TEXTS } from './texts.ts'

it.each([
  ['reading', 'well', '正常'],
  ['connected', 'well', '正常'],
  ['opening', 'starting', '正在连接'],
  ['probing', 'starting', '正在连接'],
  ['lost', 'down', '已断开'],
  ['on fire', 'other', '异常（on fire）'],
  ['constructor', 'other', '异常（constructor）'],
])('a device that is %s', (state, standing, word) => {
  expect([deviceStanding(state), deviceWord(state, sayIn(SHARED_TEXTS, 'zh'))]).toEqual([standing, word])
})
