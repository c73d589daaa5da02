import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Certificate, readCertificate, type SignedCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openCrypto } from '../crypto.ts'
import { openKeys } from './keys.ts'

const NOW = Date.parse('2026-11-22T00:00:00.000Z')
const crypto = openCrypto()
let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'identity-'))
})
afterEach(() => rmSync(home, { recursive: true }))

const open = async () => (await openKeys(home, crypto, [], NOW)).identity
const said = (signed: SignedCertificate): Certificate => JSON.parse(signed.certificate)

test('the next incarnation lies above all that is known, over the same key, and stays after a restart', async () => {
  const { county, identity } = await openKeys(home, crypto, [], NOW)
  const first = identity.now()
  expect(first).toMatchObject({ serial: 1, incarnation: 1 })
  const raised = identity.raise([], NOW + 1)
  expect(raised).toMatchObject({ serial: 2, incarnation: 2, signer: { key: first.signer.key } })
  expect(readCertificate(crypto, county.publicKey, raised.certificate)).toMatchObject({ subject: 'hub', serial: 2, incarnation: 2 })
  expect((await open()).now().certificate).toEqual(raised.certificate)
  // Restored with the keys it had then: what it learns of itself counts.
  writeFileSync(join(home, 'hub.certificate'), JSON.stringify(first.certificate))
  expect((await open()).raise([raised.certificate], NOW + 2)).toMatchObject({ serial: 3, incarnation: 3 })
})

test('a prepared key is spoken with once it is adopted, by hand or by the next start', async () => {
  const identity = await open()
  const before = identity.now().signer.key
  const next = identity.prepare([], NOW)
  expect([identity.now().signer.key, next.serial, next.incarnation]).toEqual([before, 2, 1])
  expect(identity.adopt().signer.key).toBe(next.signer.key)
  const again = await open()
  expect(again.now().certificate).toEqual(next.certificate)
  const third = again.prepare([next.certificate], NOW)
  // It died here: the next start finds the prepared key.
  expect((await open()).now()).toMatchObject({ serial: 3, signer: { key: third.signer.key } })
  expect(said((await open()).now().certificate).serial).toBe(3)
})

test('a start that died in the middle of adopting a key adopts it again', async () => {
  const identity = await open()
  const next = identity.prepare([], NOW)
  const { pem } = JSON.parse(readFileSync(join(home, 'hub.next'), 'utf8'))
  writeFileSync(join(home, 'hub.key'), pem)
  expect((await open()).now().certificate).toEqual(next.certificate)
  const other = (await open()).prepare([], NOW)
  identity.discard()
  expect((await open()).now().signer.key).not.toBe(other.signer.key)
})

test('a key that does not fit its certificate is certified anew', async () => {
  await open()
  rmSync(join(home, 'hub.key'))
  const made = (await open()).now()
  expect(made).toMatchObject({ serial: 2, incarnation: 1 })
  expect((await open()).now().certificate).toEqual(made.certificate)
})
