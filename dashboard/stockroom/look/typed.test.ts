import { expect, test } from 'vitest'
import { typedCode } from './typed.ts'

const GS = '\u001d'

test.for([
  ['the sign', '10B1␝21S7', `10B1${GS}21S7`],
  ['words', '10B1<GS>21S7{gs}30[GS]', `10B1${GS}21S7${GS}30${GS}`],
  ['escapes', '10B1\\x1d21S7&#29;30', `10B1${GS}21S7${GS}30`],
  ['the separator itself', `10B1${GS}21S7`, `10B1${GS}21S7`],
  ['blanks of the clipboard', '  (01)069 \r\n', '(01)069'],
  ['nothing', ' \n', ''],
] as const)('a typed separator: %s', ([, text, code]) => expect(typedCode(text)).toBe(code))
