import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import { testParts } from '../parts.ts'

/** Real crypto that remembers its answers: a season asks for the same few keys and signatures at every machine, and again at its end. */
export const seasonCrypto: Parts = {
  ...testParts,
  verify: (publicKey, message, signature) => {
    const name = [publicKey, message, signature].map((bytes) => Buffer.from(bytes).toString('latin1')).join('|')
    const known = verified.get(name)
    if (known !== undefined) return known
    const key = keyOf(publicKey)
    const right = key !== null && signature.length === SIGNATURE_BYTES && verify(null, message, key, signature)
    if (verified.size >= ANSWERS_KEPT_MAX) verified.clear()
    verified.set(name, right)
    return right
  },
}

const SIGNATURE_BYTES = 64
const ANSWERS_KEPT_MAX = 20_000
const verified = new Map<string, boolean>()
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex')
const parsed = new Map<string, KeyObject | null>()

const keyOf = (raw: Uint8Array): KeyObject | null => {
  const name = hexOf(raw)
  const known = parsed.get(name)
  if (known !== undefined) return known
  const key = raw.length === 32 ? createPublicKey({ key: Buffer.concat([SPKI_HEAD, raw]), format: 'der', type: 'spki' }) : null
  if (parsed.size >= KEYS_KEPT_MAX) parsed.clear()
  parsed.set(name, key)
  return key
}
const KEYS_KEPT_MAX = 256
