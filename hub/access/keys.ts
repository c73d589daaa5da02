import { createHash, createPublicKey, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { Parts, Signer } from '@lotkeeper/protocol/parts.ts'
import { rawPublicKey, signerOf } from '../crypto.ts'
import { type KeyFolder, openKeyFolder, privateKeyIn } from './folder.ts'
import { type HubIdentity, openIdentity } from './identity.ts'
import type { AlternativeName, CertifiedKey } from './x509.ts'

/** Every key of the hub, in a folder apart from the database: a hub restored from an old backup still accepts nodes enrolled since. */
export interface HubKeys {
  /** The county's word: signs certificates of nodes and of the hub. */
  readonly county: Signer & { readonly publicKey: Uint8Array }
  /** As what the hub speaks; it may change while the hub runs. */
  readonly identity: HubIdentity
  readonly authority: CertifiedKey
  readonly tls: CertifiedKey
  /** 32 secret bytes under which session tokens are made. */
  readonly sessionSecret: Uint8Array
  /** Lets the command line of this machine ask the hub; readable by its owner only. */
  readonly adminToken: string
}

/** Reads the keys, and makes those that are not there. `names` are added to what the hub's TLS certificate is good for. */
export const openKeys = async (folder: string, parts: Parts, names: readonly string[], nowMs: number): Promise<HubKeys> => {
  const file = openKeyFolder(folder)
  const countyKey = file.privateKey('county.key')
  const county = { ...signerOf(parts, countyKey), publicKey: rawPublicKey(countyKey) }
  const authority = await certified(file, 'authority', async () =>
    (await authorityRoom()).makeAuthority('Lotkeeper county', nowMs, randomBytes(16)),
  )
  const tls = await openTls(file, authority, names, nowMs)
  const identity = openIdentity(file, parts, { county, tlsKey: tlsKeyDigest(parts, tls.certificate), nowMs })
  return {
    county,
    identity,
    authority,
    tls,
    sessionSecret: Buffer.from(
      file.text('session.secret', () => randomBytes(32).toString('hex')),
      'hex',
    ),
    adminToken: file.text('admin.token', () => randomBytes(24).toString('base64url')),
  }
}

/** SHA-256 of the public key of a PEM certificate, as our certificates name TLS keys. */
export const tlsKeyDigest = (parts: Parts, certificate: string): string =>
  hexOf(parts.sha256(new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' })))

/** The authority's room holds the heaviest library of the hub; it is loaded only when something is to be certified. */
const authorityRoom = () => import('./x509.ts')

const certified = async (file: KeyFolder, name: string, make: () => Promise<CertifiedKey>): Promise<CertifiedKey> => {
  if (!existsSync(file.path(`${name}.crt`)) || !existsSync(file.path(`${name}.key`))) {
    const made = await make()
    file.write(`${name}.key`, made.key)
    file.write(`${name}.crt`, made.certificate)
  }
  return { key: file.text(`${name}.key`, () => ''), certificate: file.text(`${name}.crt`, () => '') }
}

/**
 * The TLS key stays: nodes know the hub by it. Its certificate follows the machine's names and is renewed before it ends.
 */
const openTls = async (file: KeyFolder, authority: CertifiedKey, names: readonly string[], nowMs: number): Promise<CertifiedKey> => {
  const wanted = ownNames(names)
  const mark = createHash('sha256').update(authority.certificate).update(JSON.stringify(wanted)).digest('hex')
  const key = file.text('tls.key', () =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  )
  const known = existsSync(file.path('tls.crt')) && file.text('tls.names', () => '') === mark ? file.text('tls.crt', () => '') : null
  if (known !== null && new X509Certificate(known).validToDate.getTime() - nowMs > RENEW_MS) return { key, certificate: known }
  const publicKey = createPublicKey(privateKeyIn(file, 'tls.key', key)).export({ type: 'spki', format: 'der' })
  const draft = { commonName: hostname(), names: wanted, publicKey, use: 'server', fromMs: nowMs, serial: randomBytes(16) } as const
  const certificate = await (await authorityRoom()).certify(authority, draft)
  file.write('tls.crt', certificate)
  file.write('tls.names', mark)
  return { key, certificate: certificate.trim() }
}

/** A certificate that ends sooner than this is made anew at start. */
const RENEW_MS = 90 * 86_400_000

const ownNames = (names: readonly string[]): readonly AlternativeName[] => {
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter((one) => !one.internal && !one.address.startsWith('fe80')).map((one) => one.address),
  )
  const all = new Set(['localhost', '127.0.0.1', '::1', hostname(), ...addresses, ...names])
  return [...all].map((value) => ({ type: isAddress(value) ? 'ip' : 'dns', value }) as const)
}

const isAddress = (name: string): boolean => /^[0-9.]+$/.test(name) || name.includes(':')
