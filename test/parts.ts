import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import type { Parts, Signer } from '@lotkeeper/protocol/parts.ts'
import { keyId } from '@lotkeeper/protocol/wire/certificate.ts'

/** Real crypto for tests of the pure protocol. */
export const testParts: Parts = {
  sha256: (...chunks) => {
    const hash = createHash('sha256')
    for (const chunk of chunks) hash.update(chunk)
    return new Uint8Array(hash.digest())
  },
  verify: (publicKey, message, signature) => {
    try {
      return verify(null, message, publicKeyOf(publicKey), signature)
    } catch {
      return false
    }
  },
  utf8: (text) => new TextEncoder().encode(text),
  text: (bytes) => new TextDecoder().decode(bytes),
}

/** A signer with its raw public key; from a 32-byte seed when the test must be repeatable. */
export const testSigner = (seed?: Uint8Array): Signer & { readonly publicKey: Uint8Array } => {
  const privateKey: KeyObject = seed
    ? createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' })
    : generateKeyPairSync('ed25519').privateKey
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  const publicKey = new Uint8Array(spki.subarray(spki.length - 32))
  return { key: keyId(testParts, publicKey), publicKey, sign: (message) => new Uint8Array(sign(null, message, privateKey)) }
}

const publicKeyOf = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]), format: 'der', type: 'spki' })
