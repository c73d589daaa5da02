import fc from 'fast-check'
import { expect, test } from 'vitest'
import { base64urlOf, bytesOfBase64url, bytesOfHex, hexOf, sameBytes } from './bytes.ts'

test('hex and base64url go there and back, as Node has them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      expect(hexOf(bytes)).toBe(Buffer.from(bytes).toString('hex').toUpperCase())
      expect(base64urlOf(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
      expect(bytesOfHex(hexOf(bytes))).toEqual(bytes)
      expect(bytesOfBase64url(base64urlOf(bytes))).toEqual(bytes)
    }),
  )
})

test('what is neither', () => {
  expect(['0', 'GG', '0x'].map(bytesOfHex)).toEqual([null, null, null])
  // a dangling letter, a foreign letter, and bits set beyond the last byte
  expect(['A', '+A', 'AB'].map(bytesOfBase64url)).toEqual([null, null, null])
})

test('same bytes', () => {
  expect([
    sameBytes(new Uint8Array([1, 2]), new Uint8Array([1, 2])),
    sameBytes(new Uint8Array([1]), new Uint8Array([1, 2])),
    sameBytes(new Uint8Array([1, 3]), new Uint8Array([1, 2])),
  ]).toEqual([true, false, false])
})
