import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { expect, it } from 'vitest'
import { sha256 } from './sha256.ts'

const bytes = (length: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, (_, at) => (at * 7 + length) % 256)
/** What the platform says, where it says anything. */
const known = async (message: Uint8Array<ArrayBuffer>): Promise<string> =>
  hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', message)))

it.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1_000])('of %i bytes is what the platform says', async (length) => {
  expect(hexOf(sha256(bytes(length)))).toBe(await known(bytes(length)))
})
it('of pieces is that of the whole', async () => {
  expect(hexOf(sha256(bytes(3), bytes(0), bytes(70)))).toBe(await known(Uint8Array.from([...bytes(3), ...bytes(70)])))
})
