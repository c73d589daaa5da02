import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { CERTIFICATE_LIFE_MS } from '@lotkeeper/protocol/rules/renewal.ts'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** A P-256 private key and a certificate of it, both PEM. */
export interface CertifiedKey {
  readonly key: string
  readonly certificate: string
}

/** What a request asks for, after its own signature was checked. */
export interface CertificateRequest {
  readonly commonName: string
  readonly names: readonly AlternativeName[]
  /** Subject public key info, DER. */
  readonly publicKey: Uint8Array
}
export interface AlternativeName {
  readonly type: 'dns' | 'ip'
  readonly value: string
}

/** What one certificate is to say. */
export interface CertificateDraft {
  readonly commonName: string
  readonly names: readonly AlternativeName[]
  readonly publicKey: Uint8Array
  readonly use: 'client' | 'server'
  readonly fromMs: number
  readonly serial: Uint8Array
  /** How long before `fromMs` it is good already; two days unless said otherwise. */
  readonly backdatedMs?: number
}

/** The one door of the X.509 library: the county's TLS authority. Makes the authority's own self-signed certificate. */
export const makeAuthority = async (commonName: string, fromMs: number, serial: Uint8Array): Promise<CertifiedKey> => {
  const keys = await webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: hexOfSerial(serial),
    name: [{ CN: [commonName] }],
    notBefore: new Date(fromMs - BACKDATED_MS),
    notAfter: new Date(fromMs + AUTHORITY_MS),
    signingAlgorithm: ECDSA,
    keys: known(keys),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(known(keys.publicKey)),
    ],
  })
  return { key: await pemOfKey(keys.privateKey), certificate: certificate.toString('pem') }
}

/** A fresh key with its certificate by the authority. */
export const makeCertified = async (authority: CertifiedKey, draft: Omit<CertificateDraft, 'publicKey'>): Promise<CertifiedKey> => {
  const keys = await webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify'])
  const publicKey = new Uint8Array(await webcrypto.subtle.exportKey('spki', keys.publicKey))
  return { key: await pemOfKey(keys.privateKey), certificate: await certify(authority, { ...draft, publicKey }) }
}

/** A certificate by the authority over somebody's public key, PEM. */
export const certify = async (authority: CertifiedKey, draft: CertificateDraft): Promise<string> => {
  const issuer = new X509Certificate(authority.certificate)
  const certificate = await X509CertificateGenerator.create({
    serialNumber: hexOfSerial(draft.serial),
    subject: [{ CN: [draft.commonName] }],
    issuer: issuer.subjectName,
    notBefore: new Date(draft.fromMs - (draft.backdatedMs ?? BACKDATED_MS)),
    notAfter: new Date(draft.fromMs + CERTIFICATE_LIFE_MS),
    publicKey: known(await webcrypto.subtle.importKey('spki', draft.publicKey, ECDSA, true, ['verify'])),
    signingKey: known(await signingKey(authority.key)),
    signingAlgorithm: ECDSA,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([draft.use === 'client' ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth]),
      ...(draft.names.length > 0 ? [new SubjectAlternativeNameExtension(draft.names.map(({ type, value }) => ({ type, value })))] : []),
    ],
  })
  return certificate.toString('pem')
}

/** Reads a PKCS#10 request; `null` when it is none, signed by another key than it names, or not over P-256. */
export const readRequest = async (pem: string): Promise<CertificateRequest | null> => {
  try {
    const request = new Pkcs10CertificateRequest(pem)
    const publicKey = new Uint8Array(request.publicKey.rawData)
    await webcrypto.subtle.importKey('spki', publicKey, ECDSA, true, ['verify'])
    if (!(await request.verify())) return null
    const names = request.extensions.find((one) => one instanceof SubjectAlternativeNameExtension)?.names.toJSON() ?? []
    return { commonName: request.subjectName.getField('CN')[0] ?? '', names: names.flatMap(nameOf), publicKey }
  } catch {
    return null
  }
}

/** Subject public key info of a PEM certificate, DER. */
export const publicKeyOf = (certificate: string): Uint8Array => new Uint8Array(new X509Certificate(certificate).publicKey.rawData)

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY_MS = 86_400_000
/** A node without a clock chip may believe it is yesterday. */
const BACKDATED_MS = 2 * DAY_MS
const AUTHORITY_MS = 20 * 365 * DAY_MS

const nameOf = (name: JsonGeneralName): readonly AlternativeName[] =>
  name.type === 'dns' || name.type === 'ip' ? [{ type: name.type, value: name.value }] : []

/** Node's keys under the library's own names for them, which differ where a browser's types are about. */
const known = <Key>(key: webcrypto.CryptoKey | webcrypto.CryptoKeyPair): Key => key as unknown as Key

const hexOfSerial = (serial: Uint8Array): string => Buffer.from(serial).toString('hex')

const pemOfKey = async (key: webcrypto.CryptoKey): Promise<string> => {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key))
  return `-----BEGIN PRIVATE KEY-----\n${der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`
}

const signingKey = (pem: string): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey('pkcs8', Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64'), ECDSA, false, ['sign'])
