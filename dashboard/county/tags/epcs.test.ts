import { expect, it } from 'vitest'
import { readEpcs } from './epcs.ts'

const A = '3055A537C83775C42E189936'
const B = '3055A537C83775C42E18993A'
it.each([
  ['one a line', `${A}\n${B}\n`, [A, B], [], 0],
  ['parted in other ways', `${A}, ${B}；${A.toLowerCase()}`, [A, B], [], 1],
  ['no hex', `${A}\n批号\n12 34`, [A], ['批号', '12', '34'], 0],
  ['a word too short for whole 16-bit words', '3055A5', [], ['3055A5'], 0],
  ['nothing', '  \n', [], [], 0],
])('%s', (_what, text, epcs, wrong, twice) => expect(readEpcs(text)).toEqual({ epcs, wrong, twice }))
it('takes the longest EPC bank and nothing longer', () => {
  expect(readEpcs('A'.repeat(124)).epcs.length).toBe(1)
  expect(readEpcs('A'.repeat(128)).wrong.length).toBe(1)
})
