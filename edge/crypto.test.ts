import { generateKeyPairSync, scryptSync } from 'node:crypto'
import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { expect, test } from 'vitest'
import { hashPin, makeSigningKey, openCrypto, openSigner, PIN_HASH_PATTERN } from './crypto.ts'

const crypto = openCrypto()
const bytes = (hex: string) => bytesOfHex(hex) ?? new Uint8Array()

test('SHA-256 over chunks is SHA-256 over the whole [FIPS 180-4]', () => {
  const abc = 'BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD'
  expect(hexOf(crypto.sha256(crypto.utf8('a'), crypto.utf8('bc')))).toBe(abc)
})

test('text goes to UTF-8 and back, malformed bytes become U+FFFD', () => {
  expect(hexOf(crypto.utf8('纱布'))).toBe('E7BAB1E5B883')
  expect(crypto.text(bytes('E7BAB1E5B883'))).toBe('纱布')
  expect(crypto.text(bytes('41FF42'))).toBe('A\uFFFDB')
})

test('Ed25519 as in RFC 8032 7.1, test 3', () => {
  const key = bytes('FC51CD8E6218A1A38DA47ED00230F0580816ED13BA3303AC5DEB911548908025')
  const signature = bytes(
    '6291D657DEEC24024827E69C3ABE01A30CE548A284743A445E3680D7DB5AC3AC18FF9B538D16F290AE67F760984DC6594A7C15E9716ED28DC027BECEEA1EC40A',
  )
  const rows = [
    ['as it is', crypto.verify(key, bytes('AF82'), signature)],
    ['another message', crypto.verify(key, bytes('AF83'), signature)],
    ['a short signature', crypto.verify(key, bytes('AF82'), signature.subarray(1))],
    ['a short key', crypto.verify(key.subarray(1), bytes('AF82'), signature)],
  ]
  expect(rows.filter(([, holds]) => holds)).toEqual([['as it is', true]])
})

test('a signer signs what its public key verifies, and no other key serves', () => {
  const signer = openSigner(crypto, makeSigningKey())
  const message = crypto.utf8('lotkeeper')
  expect(crypto.verify(signer.publicKey, message, signer.sign(message))).toBe(true)
  expect(signer.key).toMatch(/^[0-9A-F]{16}$/)
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  expect(() => openSigner(crypto, other)).toThrow('Ed25519')
})

test('what stands for a PIN is its scrypt with a fresh salt [RFC 7914]', () => {
  const hash = hashPin('2468')
  expect(hash).toMatch(new RegExp(PIN_HASH_PATTERN))
  expect(hashPin('2468')).not.toBe(hash)
  const [, cost, salt = '', derived] = hash.split('$')
  const again = scryptSync('2468', Buffer.from(salt, 'base64url'), 32, { N: Number(cost), r: 8, p: 1, maxmem: 2 ** 26 })
  expect(again.toString('base64url')).toBe(derived)
})
