import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { base64urlOf, hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { Parts, Signer } from '@lotkeeper/protocol/parts.ts'
import { type SignedCertificate, signCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { rawPublicKey, signerOf } from '../crypto.ts'
import { fault } from '../faults.ts'
import { type AlternativeName, type CertifiedKey, makeAuthority, makeCertified, publicKeyOf } from './x509.ts'

/** Every key of the hub, in a folder apart from the database: a hub restored from an old backup still accepts nodes enrolled since. */
export interface HubKeys {
  /** The county's word: signs certificates of nodes and of the hub. */
  readonly county: Signer & { readonly publicKey: Uint8Array }
  /** Signs the hub's own streams. */
  readonly hub: Signer
  readonly hubCertificate: SignedCertificate
  /** Rises each time this folder is opened by a hub set up or restored anew; county-signed. */
  readonly incarnation: number
  readonly authority: CertifiedKey
  readonly tls: CertifiedKey
  /** 32 secret bytes under which session tokens are made. */
  readonly sessionSecret: Uint8Array
  /** Lets the command line of this machine ask the hub; readable by its owner only. */
  readonly adminToken: string
}

/** Reads the keys, and makes those that are not there. `names` are added to what the hub's TLS certificate is good for. */
export const openKeys = async (folder: string, parts: Parts, names: readonly string[], nowMs: number): Promise<HubKeys> => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = keeper(folder)
  const countyKey = edKey(file, 'county.key')
  const county = { ...signerOf(parts, countyKey), publicKey: rawPublicKey(countyKey) }
  const authority = await certified(file, 'authority', () => makeAuthority('Lotkeeper county', nowMs, randomBytes(16)))
  const tls = await openTls(file, authority, names, nowMs)
  const hubKey = edKey(file, 'hub.key')
  const hub = signerOf(parts, hubKey)
  const incarnation = Number(file.text('incarnation', () => '1'))
  const hubCertificate = signCertificate(parts, county, {
    v: 1,
    subject: 'hub',
    role: 'hub',
    alg: 'Ed25519',
    signingKey: base64urlOf(rawPublicKey(hubKey)),
    tlsKey: hexOf(parts.sha256(publicKeyOf(tls.certificate))),
    from: file.text('hub.from', () => new Date(nowMs).toISOString()),
    serial: incarnation,
    incarnation,
    issuer: county.key,
  })
  return {
    county,
    hub,
    hubCertificate,
    incarnation,
    authority,
    tls,
    sessionSecret: Buffer.from(
      file.text('session.secret', () => randomBytes(32).toString('hex')),
      'hex',
    ),
    adminToken: file.text('admin.token', () => randomBytes(24).toString('base64url')),
  }
}

interface KeyFolder {
  readonly path: (name: string) => string
  /** The file's text; made, 0600, when absent. Written whole or not at all. */
  readonly text: (name: string, make: () => string) => string
  readonly write: (name: string, text: string) => void
}

const keeper = (folder: string): KeyFolder => {
  const path = (name: string) => join(folder, name)
  const write = (name: string, text: string) => {
    writeFileSync(path(`${name}.new`), text, { mode: 0o600 })
    chmodSync(path(`${name}.new`), 0o600)
    renameSync(path(`${name}.new`), path(name))
  }
  return {
    path,
    write,
    text: (name, make) => {
      if (!existsSync(path(name))) write(name, make())
      try {
        return readFileSync(path(name), 'utf8').trim()
      } catch (cause) {
        throw fault('keys.unreadable', { file: path(name), why: String(cause) }, cause)
      }
    },
  }
}

const edKey = (file: KeyFolder, name: string): KeyObject => {
  const pem = file.text(name, () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  try {
    return createPrivateKey(pem)
  } catch (cause) {
    throw fault('keys.unreadable', { file: file.path(name), why: 'no private key' }, cause)
  }
}

const certified = async (file: KeyFolder, name: string, make: () => Promise<CertifiedKey>): Promise<CertifiedKey> => {
  if (!existsSync(file.path(`${name}.crt`)) || !existsSync(file.path(`${name}.key`))) {
    const made = await make()
    file.write(`${name}.key`, made.key)
    file.write(`${name}.crt`, made.certificate)
  }
  return { key: file.text(`${name}.key`, () => ''), certificate: file.text(`${name}.crt`, () => '') }
}

/** The TLS certificate follows the machine's names: when they or the authority changed, it is made anew. */
const openTls = async (file: KeyFolder, authority: CertifiedKey, names: readonly string[], nowMs: number): Promise<CertifiedKey> => {
  const wanted = ownNames(names)
  const mark = createHash('sha256').update(authority.certificate).update(JSON.stringify(wanted)).digest('hex')
  const make = () =>
    makeCertified(authority, { commonName: hostname(), names: wanted, use: 'server', fromMs: nowMs, serial: randomBytes(16) })
  if (file.text('tls.names', () => mark) !== mark) {
    const made = await make()
    file.write('tls.key', made.key)
    file.write('tls.crt', made.certificate)
    file.write('tls.names', mark)
    return made
  }
  return certified(file, 'tls', make)
}

const ownNames = (names: readonly string[]): readonly AlternativeName[] => {
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter((one) => !one.internal && !one.address.startsWith('fe80')).map((one) => one.address),
  )
  const all = new Set(['localhost', '127.0.0.1', '::1', hostname(), ...addresses, ...names])
  return [...all].map((value) => ({ type: isAddress(value) ? 'ip' : 'dns', value }) as const)
}

const isAddress = (name: string): boolean => /^[0-9.]+$/.test(name) || name.includes(':')
