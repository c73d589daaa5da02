import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  scryptSync,
  sign,
  verify,
} from 'node:crypto'
import { base64urlOf, bytesOfBase64url } from '@lotkeeper/protocol/bytes.ts'
import type { Parts, Signer } from '@lotkeeper/protocol/parts.ts'
import { keyId } from '@lotkeeper/protocol/wire/certificate.ts'

/** Hashing, verification and UTF-8 by Node itself. */
export const openCrypto = (): Parts => {
  const keys = new Map<string, KeyObject | null>()
  const keyOf = (raw: Uint8Array): KeyObject | null => {
    const name = base64urlOf(raw)
    let key = keys.get(name)
    if (key === undefined) {
      key = publicKeyOf(name)
      if (keys.size >= KEYS_KEPT_MAX) keys.clear()
      keys.set(name, key)
    }
    return key
  }
  return {
    sha256: (...chunks) => {
      const hash = createHash('sha256')
      for (const chunk of chunks) hash.update(chunk)
      return hash.digest()
    },
    verify: (publicKey, message, signature) => {
      const key = keyOf(publicKey)
      return key !== null && signature.length === SIGNATURE_BYTES && verify(null, message, key, signature)
    },
    utf8: (text) => Buffer.from(text, 'utf8'),
    text: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'),
  }
}

/** A signer with an Ed25519 private key in PKCS#8 PEM; throws when the PEM is no such key. */
export const openSigner = (parts: Parts, pem: string): Signer & { readonly publicKey: Uint8Array } => {
  const key = createPrivateKey(pem)
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError(`an Ed25519 key is needed, this is ${key.asymmetricKeyType}`)
  const publicKey = rawPublicKey(createPublicKey(key))
  return { key: keyId(parts, publicKey), publicKey, sign: (message) => sign(null, message, key) }
}

/** A new Ed25519 private key, PKCS#8 PEM. */
export const makeSigningKey = (): string => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** What stands in the settings instead of a PIN: scrypt with its cost and salt [RFC 7914]. */
export const hashPin = (pin: string): string => {
  const salt = randomBytes(16)
  return `scrypt$${SCRYPT_COST}$${base64urlOf(salt)}$${base64urlOf(scryptSync(pin, salt, HASH_BYTES, scryptOf(SCRYPT_COST)))}`
}

/** Form of a hash made by `hashPin`. */
export const PIN_HASH_PATTERN = '^scrypt\\$[0-9]{4,6}\\$[A-Za-z0-9_-]{22}\\$[A-Za-z0-9_-]{43}$'

const publicKeyOf = (x: string): KeyObject | null => {
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  } catch {
    return null
  }
}

const rawPublicKey = (key: KeyObject): Uint8Array => {
  const bytes = bytesOfBase64url(key.export({ format: 'jwk' }).x ?? '')
  if (!bytes) throw new TypeError('the key has no raw form')
  return bytes
}

const scryptOf = (cost: number) => ({ N: cost, r: 8, p: 1, maxmem: 256 * cost * 8 })

const SIGNATURE_BYTES = 64
const HASH_BYTES = 32
/** About 40 ms on a desk machine, some 200 ms on a Pi: a PIN is short, guessing it offline must cost. */
const SCRYPT_COST = 16_384
/** A node meets the keys of one hub and its own; more come only from forgers. */
const KEYS_KEPT_MAX = 64
