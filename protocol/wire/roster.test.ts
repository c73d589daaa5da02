import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { testParts } from '../../test/parts.ts'
import { base64urlOf, hexOf } from '../bytes.ts'
import { montgomeryOf } from './montgomery.ts'
import { isRosterKeeper, readRoster, rosterDigest, writeRoster } from './roster.ts'

const SAMPLE = readFileSync(new URL('../../test/fixtures/wire/v1/roster.json', import.meta.url), 'utf8').trimEnd()
const CHAINED = readFileSync(new URL('../../test/fixtures/wire/v1/entries-hub-8.ndjson', import.meta.url), 'utf8')

test('a roster reads as it was written, and its digest is the one in the chain', () => {
  const roster = readRoster(SAMPLE)
  if (!roster) throw new Error('roster.json reads no more')
  expect([roster.keepers.map(({ name }) => name), writeRoster(roster)]).toEqual([['王芳', 'Li “Sam” 强'], SAMPLE])
  expect(CHAINED).toContain(rosterDigest(testParts, SAMPLE))
  // Nothing that must be erasable stands in the chain.
  for (const { name, pinHash } of roster.keepers) expect(CHAINED.includes(name) || CHAINED.includes(pinHash)).toBe(false)
})

test.for([
  ['with a space', (text: string) => text.replace('{', '{ ')],
  ['with somebody twice', (text: string) => text.replace('u-9Qx4', 'u-7Jr2')],
  ['with a verifier that costs too little', (text: string) => text.replace('16384', '1024')],
  ['with a verifier that costs too much', (text: string) => text.replace('16384', '1048576')],
  ['with a field nobody knows', (text: string) => text.replace('"role"', '"phone":"1","role"')],
  ['cut', (text: string) => text.slice(0, -1)],
] as const)('a text %s is no roster', ([, spoil]) => {
  expect(readRoster(spoil(SAMPLE))).toBeNull()
})

test('a name of half letters has no canonical form', () => {
  const row = { keeper: 'u-1', name: 'a', pinHash: `scrypt$16384$${'A'.repeat(22)}$${'A'.repeat(43)}`, role: 'keeper' }
  expect([isRosterKeeper(row), isRosterKeeper({ ...row, name: '\ud800' }), isRosterKeeper({ ...row, role: 'root' })]).toEqual([
    true,
    false,
    false,
  ])
})

// The public key of a signing key and the X25519 one of the same seed, as published for Ed25519 test vector 1 [RFC 8032 7.1] by the map of RFC 7748 4.1.
const VECTOR = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'
const MAPPED = 'D85E07EC22B0AD881537C2F44D662D1A143CF830C57ACA4305D85C7A90F6B62E'

test('a signing key is mapped to the key that agrees with its seed', () => {
  expect(hexOf(montgomeryOf(Buffer.from(VECTOR, 'hex')) ?? new Uint8Array())).toBe(MAPPED)
  const { privateKey } = generateKeyPairSync('ed25519')
  const own = Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '', 'base64url')
  const mapped = montgomeryOf(own)
  const other = generateKeyPairSync('x25519')
  const theirs = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: base64urlOf(mapped ?? new Uint8Array()) }, format: 'jwk' })
  expect(diffieHellman({ privateKey: other.privateKey, publicKey: theirs })).toHaveLength(32)
})

test.for([
  ['31 bytes', '00'.repeat(31)],
  ['the neutral point', `01${'00'.repeat(31)}`],
  ['the point of order 2', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
  ['a point of order 4', '00'.repeat(32)],
  ['a point of order 8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
  ['a number beyond the field', 'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
] as const)('%s is no key to seal to', ([, hex]) => {
  expect(montgomeryOf(Buffer.from(hex, 'hex'))).toBeNull()
})
