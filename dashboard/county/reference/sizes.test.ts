import { expect, it } from 'vitest'
import { bytesText } from './sizes.ts'

it.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_536, '1.5 KB'],
  [300 * 2 ** 20, '300 MB'],
  [2.5 * 2 ** 30, '2.5 GB'],
])('%i is %s', (bytes, text) => expect(bytesText(bytes)).toBe(text))
