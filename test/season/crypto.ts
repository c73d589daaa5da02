import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import { testParts } from '../parts.ts'

/** Real crypto, with every public key parsed once: a season verifies thousands of signatures of a handful of keys. */
export const seasonCrypto: Parts = {
  ...testParts,
  verify: (publicKey, message, signature) => {
    const key = keyOf(publicKey)
    return key !== null && signature.length === SIGNATURE_BYTES && verify(null, message, key, signature)
  },
}

const SIGNATURE_BYTES = 64
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
