import { createCipheriv, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, randomBytes } from 'node:crypto'
import { base64urlOf } from '@lotkeeper/protocol/bytes.ts'
import { montgomeryOf } from '@lotkeeper/protocol/wire/montgomery.ts'
import type { Sealed } from '@lotkeeper/protocol/wire/roster.ts'

/**
 * Seals a text to the owner of an Ed25519 key: X25519 with a key pair made for this seal and forgotten, HKDF-SHA-256 over both public halves, AES-256-GCM
 * [RFC 7748, RFC 5869, SP 800-38D]. `about` is bound and not kept: it opens only to whoever says the same. `null` where the key is none to seal to.
 */
export const sealTo = (
  to: { readonly key: string; readonly signingKey: Uint8Array },
  { text, about }: { readonly text: string; readonly about: string },
): Sealed | null => {
  const receiver = montgomeryOf(to.signingKey)
  if (!receiver) return null
  const { publicKey, privateKey } = generateKeyPairSync('x25519')
  const ephemeral = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  const theirs = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: base64urlOf(receiver) }, format: 'jwk' })
  const shared = diffieHellman({ privateKey, publicKey: theirs })
  const secret = Buffer.from(hkdfSync('sha256', shared, Buffer.concat([ephemeral, receiver]), SEAL_NAME, KEY_BYTES))
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', secret, nonce).setAAD(Buffer.from(about, 'utf8'))
  const box = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return { key: to.key, ephemeral: base64urlOf(ephemeral), nonce: base64urlOf(nonce), box: base64urlOf(box) }
}

/** Keeps this use of the derived secret apart from any other. */
const SEAL_NAME = 'lotkeeper.seal.v1'
const KEY_BYTES = 32
const NONCE_BYTES = 12
