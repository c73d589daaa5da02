import { createHash, createPublicKey, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { Parts, Signer } from '@lotkeeper/protocol/parts.ts'
import { certificateStanding } from '@lotkeeper/protocol/rules/renewal.ts'
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
  /** A new certificate of the same TLS key when the present one should not go on; `null` while it may. */
  readonly renewTls: (nowMs: number) => Promise<CertifiedKey | null>
  /** 32 secret bytes under which session tokens are made. */
  readonly sessionSecret: Uint8Array
  /** 32 secret bytes under which the secrets of webhooks lie in their file. */
  readonly webhookSecret: Uint8Array
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
    renewTls: async (now) => {
      const before = file.text('tls.crt', () => '')
      const renewed = await openTls(file, authority, names, now)
      return renewed.certificate === before ? null : renewed
    },
    sessionSecret: secretIn(file, 'session.secret'),
    webhookSecret: secretIn(file, 'webhooks.secret'),
    adminToken: file.text('admin.token', () => randomBytes(24).toString('base64url')),
  }
}

const secretIn = (file: KeyFolder, name: string): Uint8Array =>
  Buffer.from(
    file.text(name, () => randomBytes(32).toString('hex')),
    'hex',
  )

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
  if (known !== null && certificateStanding({ untilMs: new X509Certificate(known).validToDate.getTime() }, nowMs) === 'valid')
    return { key, certificate: known }
  const publicKey = createPublicKey(privateKeyIn(file, 'tls.key', key)).export({ type: 'spki', format: 'der' })
  const draft = { commonName: hostname(), names: wanted, publicKey, use: 'server', fromMs: nowMs, serial: randomBytes(16) } as const
  const certificate = await (await authorityRoom()).certify(authority, { ...draft, backdatedMs: SLOW_CLOCK_MS })
  file.write('tls.crt', certificate)
  file.write('tls.names', mark)
  return { key, certificate: certificate.trim() }
}

/**
 * So far back the hub's own certificate is good: it is renewed while nodes are at work, and one whose clock stopped with its battery months ago
 * must not find it to be of the future. With the life ahead it stays under the 825 days that browsers take.
 */
const SLOW_CLOCK_MS = 400 * 86_400_000

const ownNames = (names: readonly string[]): readonly AlternativeName[] => {
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter((one) => !one.internal && !one.address.startsWith('fe80')).map((one) => one.address),
  )
  const all = new Set(['localhost', '127.0.0.1', '::1', hostname(), ...addresses, ...names])
  return [...all].map((value) => ({ type: isAddress(value) ? 'ip' : 'dns', value }) as const)
}

const isAddress = (name: string): boolean => /^[0-9.]+$/.test(name) || name.includes(':')
