import { createHash, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto'
import { base64urlOf } from '@lotkeeper/protocol/bytes.ts'
import type { NoteSigner } from '@lotkeeper/protocol/ledger/checkpoint.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import { keyId } from '@lotkeeper/protocol/wire/certificate.ts'

/** Hashing, Ed25519 and UTF-8 by `node:crypto`. Keys are imported once: importing costs more than verifying. */
export const openCrypto = (): Parts => {
  const keys = new Map<string, KeyObject | null>()
  const keyOf = (raw: Uint8Array): KeyObject | null => {
    const name = base64urlOf(raw)
    const known = keys.get(name)
    if (known !== undefined) return known
    if (keys.size >= KEYS_MAX) keys.clear()
    const key = importKey(name)
    keys.set(name, key)
    return key
  }
  return {
    sha256,
    verify: (publicKey, message, signature) => {
      const key = keyOf(publicKey)
      return key !== null && signature.length === 64 && verify(null, message, key, signature)
    },
    utf8: (text) => Buffer.from(text, 'utf8'),
    text: (bytes) => TEXT.decode(bytes),
  }
}

/** The signer of an Ed25519 private key. */
export const signerOf = (parts: Parts, privateKey: KeyObject): NoteSigner => ({
  key: keyId(parts, rawPublicKey(privateKey)),
  publicKey: rawPublicKey(privateKey),
  sign: (message) => sign(null, message, privateKey),
})

/** The raw 32 bytes of an Ed25519 key's public half. */
export const rawPublicKey = (key: KeyObject): Uint8Array => {
  const { x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  return Buffer.from(x ?? '', 'base64url')
}

const sha256: Parts['sha256'] = (...chunks) => {
  // The one-shot form is twice as fast as a hash object; entries are short, so joining them is cheap.
  const [only] = chunks
  if (chunks.length === 1 && only) return bytesOf(hash('sha256', only, 'binary'))
  let bytes = 0
  for (const chunk of chunks) {
    if (bytes + chunk.length > ONE_SHOT_BYTES_MAX) return streamed(chunks)
    JOINED.set(chunk, bytes)
    bytes += chunk.length
  }
  return bytesOf(hash('sha256', JOINED.subarray(0, bytes), 'binary'))
}

/** A digest as the bytes it is: asking for a buffer of its own costs three times as much as the hash. */
const bytesOf = (digest: string): Uint8Array => {
  const bytes = new Uint8Array(digest.length)
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = digest.charCodeAt(at)
  return bytes
}

const streamed = (chunks: readonly Uint8Array[]): Uint8Array => {
  const digest = createHash('sha256')
  for (const chunk of chunks) digest.update(chunk)
  return digest.digest()
}

const importKey = (x: string): KeyObject | null => {
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  } catch {
    return null
  }
}

const TEXT = new TextDecoder('utf-8', { ignoreBOM: true })
const ONE_SHOT_BYTES_MAX = 65_536
/** Where chunks are put together to be hashed: memory of their own for each would cost as much as the hash. */
const JOINED = new Uint8Array(ONE_SHOT_BYTES_MAX)
/** Public keys kept ready: more than any county has nodes. */
const KEYS_MAX = 4_096
