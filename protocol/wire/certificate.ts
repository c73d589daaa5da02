import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { base64urlOf, bytesOfBase64url, hexOf } from '../bytes.ts'
import { canonicalText, readCanonical } from '../ledger/canonical.ts'
import { INSTANT, PUBLIC_KEY } from '../ledger/fields.ts'
import type { Parts, Signer } from '../parts.ts'
import { messageOf } from './envelope.ts'

/** Certificate v1: the county key says which keys a node (or the hub) signs and speaks TLS with. Final from the first commit (P-005). */
export const CERTIFICATE = Type.Object(
  {
    v: Type.Literal(1),
    /** Node id, or `hub`. */
    subject: Type.String({ pattern: '^[a-z][a-z0-9-]{1,31}$' }),
    role: Type.Union([Type.Literal('node'), Type.Literal('hub')]),
    alg: Type.Literal('Ed25519'),
    signingKey: PUBLIC_KEY,
    /** SHA-256 of the subject public key info of the TLS key, upper-case hex. */
    tlsKey: Type.String({ pattern: '^[0-9A-F]{64}$' }),
    from: INSTANT,
    /** Rises with every certificate of a subject. */
    serial: Type.Integer({ minimum: 1 }),
    /** For the hub: rises each time a hub is set up or restored; 0 for a node. */
    incarnation: Type.Integer({ minimum: 0 }),
    /** Key id of the county key. */
    issuer: Type.String({ pattern: '^[0-9A-F]{16}$' }),
  },
  { additionalProperties: false },
)
export type Certificate = Static<typeof CERTIFICATE>

/** A certificate with its proof, as it is stored and travels: the exact text, and the county's signature over it. */
export interface SignedCertificate {
  readonly certificate: string
  readonly signature: string
}

/**
 * A node shows a certificate of its own to a hub that does not know the key it signs with, or that of the hub it obeys to one below it (P-018); the
 * county's signature is all the proof it needs.
 */
export const CERTIFICATE_SHOWN = messageOf(
  'certificate',
  Type.Object(
    { certificate: Type.String({ maxLength: 4000 }), signature: Type.String({ maxLength: 128 }) },
    { additionalProperties: false },
  ),
)

/** Key id: the first 8 bytes of SHA-256 of the raw public key, upper-case hex. */
export const keyId = (parts: Parts, publicKey: Uint8Array): string => hexOf(parts.sha256(publicKey)).slice(0, 16)

/** Signs a certificate with the county key. */
export const signCertificate = (parts: Parts, county: Signer, certificate: Certificate): SignedCertificate => {
  const text = canonicalText(certificate)
  return { certificate: text, signature: base64urlOf(county.sign(covered(parts, text))) }
}

/** The certificate if the county key signed it, else `null`. */
export const readCertificate = (parts: Parts, countyKey: Uint8Array, signed: SignedCertificate): Certificate | null => {
  const signature = bytesOfBase64url(signed.signature)
  const value = readCanonical(signed.certificate)
  if (!signature || !check.Check(value)) return null
  const certificate = value as Certificate
  if (certificate.issuer !== keyId(parts, countyKey)) return null
  return parts.verify(countyKey, covered(parts, signed.certificate), signature) ? certificate : null
}

const covered = (parts: Parts, text: string): Uint8Array => parts.utf8(`lotkeeper.certificate.v1\n${text}\n`)
const check = Compile(CERTIFICATE)
