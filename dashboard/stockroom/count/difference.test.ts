import { expect, it } from 'vitest'
import { differenceOf, movedBook, signed } from './difference.ts'

it.each([
  [10, 10, 'same', 0],
  [0, 10, 'short', 10],
  [12, 10, 'over', 2],
  // A book below zero is not mended by hiding it: what is there is all over it.
  [3, -2, 'over', 5],
])('counted %i against a book of %i is %s by %i', (counted, book, is, units) => {
  expect(differenceOf(counted, book)).toEqual({ is, units })
})
it('reads the new book off a refusal, and off nothing else', () => {
  expect(movedBook({ code: 'stockroom.book-moved', facts: { shown: 9, book: 7 } })).toBe(7)
  expect(movedBook({ code: 'stockroom.book-moved', facts: {} })).toBeNull()
  expect(movedBook({ code: 'ledger.place-unknown', facts: { book: 7 } })).toBeNull()
  expect(movedBook(null)).toBeNull()
})
it('says a difference with its sign', () => expect([signed(-3), signed(2), signed(0)]).toEqual(['-3', '+2', '0']))
