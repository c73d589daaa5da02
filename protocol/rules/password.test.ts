import { expect, test } from 'vitest'
import { passwordFault } from './password.ts'

test.for([
  ['九个字符的口令不够', 'li', 'short'],
  ['三口铝锅 烧 lamian', 'li', null],
  ['tEn letters', 'li', null],
  ['password12', 'li', 'common'],
  ['Password and more', 'li', null],
  ['ababababababab', 'li', 'common'],
  ['wang.li 的口令很长', 'wang.li', 'common'],
  ['WANG.LI 的口令很长', 'wang.li', 'common'],
  ['li 的口令很长很长很', 'li', null],
  // Full-width letters are the same letters.
  ['ｐａｓｓｗｏｒｄ１２', 'li', 'common'],
] as const)('%s of %s: %s', ([password, login, fault]) => {
  expect(passwordFault(password, login)).toBe(fault)
})
