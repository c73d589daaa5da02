import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { afterEach, describe, expect, test } from 'vitest'
import { openCrypto } from '../crypto.ts'
import { openKeys } from './keys.ts'
import { certify, makeAuthority, makeCertified, publicKeyOf, readRequest } from './x509.ts'

const NOW = Date.parse('2026-11-22T00:00:00.000Z')
const folders: string[] = []
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'keys-'))
  folders.push(made)
  return made
}
afterEach(() => {
  for (const one of folders.splice(0)) rmSync(one, { recursive: true })
})

describe('keys', () => {
  test('are made once, stay the same, and nobody else may read them', async () => {
    const home = folder()
    const parts = openCrypto()
    const first = await openKeys(home, parts, ['hub.county.lan'], NOW)
    const again = await openKeys(home, parts, ['hub.county.lan'], NOW + 1)
    expect(again).toMatchObject({
      authority: first.authority,
      tls: first.tls,
      adminToken: first.adminToken,
    })
    expect(again.identity.now().certificate).toEqual(first.identity.now().certificate)
    expect(readCertificate(parts, first.county.publicKey, first.identity.now().certificate)).toMatchObject({
      subject: 'hub',
      role: 'hub',
      incarnation: 1,
    })
    for (const name of readdirSync(home)) expect(statSync(join(home, name)).mode & 0o077).toBe(0)
  })

  test('a TLS certificate that ends soon is renewed over the same key', async () => {
    const home = folder()
    const first = await openKeys(home, openCrypto(), [], NOW)
    const later = await openKeys(home, openCrypto(), [], NOW + 750 * 86_400_000)
    expect(new X509Certificate(later.tls.certificate).validToDate > new X509Certificate(first.tls.certificate).validToDate).toBe(true)
    expect(later.identity.now().certificate).toEqual(first.identity.now().certificate)
  })

  test('a key file that holds no key is refused by name', async () => {
    const home = folder()
    writeFileSync(join(home, 'county.key'), 'no key at all')
    await expect(openKeys(home, openCrypto(), [], NOW)).rejects.toMatchObject({ code: 'keys.unreadable' })
  })

  test('the TLS certificate is made anew when the machine goes by another name', async () => {
    const home = folder()
    const first = await openKeys(home, openCrypto(), ['a.lan'], NOW)
    const other = await openKeys(home, openCrypto(), ['b.lan'], NOW)
    expect(new X509Certificate(first.tls.certificate).checkHost('a.lan')).toBe('a.lan')
    expect(new X509Certificate(other.tls.certificate).checkHost('a.lan')).toBeUndefined()
    expect(new X509Certificate(other.tls.certificate).checkHost('b.lan')).toBe('b.lan')
    expect(new X509Certificate(other.tls.certificate).verify(new X509Certificate(first.authority.certificate).publicKey)).toBe(true)
    // Nodes know the hub by its key, so a new name must not change it.
    expect(other.tls.key).toBe(first.tls.key)
    expect(other.identity.now().certificate).toEqual(first.identity.now().certificate)
  })
})

describe('certificates of the authority', () => {
  test('say what they were asked to say and nothing about signing others', async () => {
    const authority = await makeAuthority('county', NOW, Buffer.from('01', 'hex'))
    const node = await makeCertified(authority, {
      commonName: 'qinglong',
      names: [],
      use: 'client',
      fromMs: NOW,
      serial: Buffer.from('02', 'hex'),
    })
    const read = new X509Certificate(node.certificate)
    expect(read.subject).toBe('CN=qinglong')
    expect(read.ca).toBe(false)
    expect(read.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true)
    const page = await certify(authority, {
      commonName: 'qinglong',
      names: [{ type: 'ip', value: '192.168.1.7' }],
      publicKey: publicKeyOf(node.certificate),
      use: 'server',
      fromMs: NOW,
      serial: Buffer.from('03', 'hex'),
    })
    expect(new X509Certificate(page).checkIP('192.168.1.7')).toBe('192.168.1.7')
  })

  test('what is no request is none', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).toString()
    expect([
      await readRequest(''),
      await readRequest(rsa),
      await readRequest('-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----'),
    ]).toEqual([null, null, null])
  })
})
