import { createDecipheriv, createHash, createPrivateKey, createPublicKey, diffieHellman, hkdfSync } from 'node:crypto'
import { bytesOfBase64url } from '@lotkeeper/protocol/bytes.ts'
import type { Sealed } from '@lotkeeper/protocol/wire/roster.ts'

/** Opens what was sealed to this node's signing key, with `about` as it was sealed; `null` for anything else. Never throws. */
export type Unseal = (sealed: Sealed, about: string) => string | null

/**
 * The X25519 key of an Ed25519 one, PKCS#8 PEM: SHA-512 of its seed, the first half [RFC 8032 5.1.5, RFC 7748 5]. One key for two uses, as in most
 * sealed boxes: an agreement under it tells nothing of a signature.
 */
export const openUnsealing = (signing: string): Unseal => {
  const seed = bytesOfBase64url(createPrivateKey(signing).export({ format: 'jwk' }).d ?? '')
  if (seed?.length !== KEY_BYTES) throw new TypeError('the signing key has no seed')
  const scalar = createHash('sha512').update(seed).digest().subarray(0, KEY_BYTES)
  // X25519 itself clears and sets the bits that must be so [RFC 7748 5].
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_X25519, scalar]), format: 'der', type: 'pkcs8' })
  const receiver = bytesOfBase64url(createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '') ?? new Uint8Array()
  return ({ ephemeral, nonce, box }, about) => {
    const [given, number, bytes] = [ephemeral, nonce, box].map(bytesOfBase64url)
    if (!given || !number || !bytes || bytes.length < TAG_BYTES) return null
    try {
      // A point of small order makes no secret: OpenSSL refuses it.
      const theirs = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: ephemeral }, format: 'jwk' })
      const shared = diffieHellman({ privateKey, publicKey: theirs })
      const secret = Buffer.from(hkdfSync('sha256', shared, Buffer.concat([given, receiver]), SEAL_NAME, KEY_BYTES))
      const decipher = createDecipheriv('aes-256-gcm', secret, number, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(about, 'utf8')).setAuthTag(bytes.subarray(-TAG_BYTES))
      return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8')
    } catch {
      return null
    }
  }
}

const KEY_BYTES = 32
const TAG_BYTES = 16
/** As the hub names this use of the secret. */
const SEAL_NAME = 'lotkeeper.seal.v1'
/** What PKCS#8 writes before 32 bytes of an X25519 private key [RFC 8410 7]. */
const PKCS8_X25519 = Buffer.from('302e020100300506032b656e04220420', 'hex')
