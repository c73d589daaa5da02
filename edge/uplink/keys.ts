import { bytesOfBase64url } from '@lotkeeper/protocol/bytes.ts'
import { HUB, type NodeId, type StreamId, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import { type Certificate, keyId, readCertificate, type SignedCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import type { EdgeExchange } from '../ledger/contract.ts'

/** Whose signature counts: certificates the county signed, from the enrolment, the hub's state and its directives, less what was revoked. */
export interface Keyring {
  /** The key that may sign for the writer of a stream, by its id in a batch. Own history counts under revoked keys too. */
  readonly keyFor: (stream: StreamId, key: string) => Uint8Array | 'unknown' | 'revoked'
  /** Keeps a certificate if the county signed it; answers it, else `null`. */
  readonly learn: (signed: SignedCertificate) => Certificate | null
  /** What the county said of a node, word for word. */
  readonly of: (node: NodeId) => readonly SignedCertificate[]
  /** The hub's certificates that are not revoked, the newest last. */
  readonly hub: () => readonly Certificate[]
  /** What the county said of the newest hub, word for word, if that one stands above this incarnation. */
  readonly overruling: (incarnation: number) => SignedCertificate | null
}

export interface Credentials {
  /** Raw Ed25519 key of the county. */
  readonly countyKey: Uint8Array
  /** What enrolment gave: the node's own certificate and the hub's. */
  readonly certificates: readonly SignedCertificate[]
}

export const openKeyring = (
  parts: Parts,
  credentials: Credentials,
  exchange: Pick<EdgeExchange, 'certificates' | 'keepCertificate' | 'revoked'>,
): Keyring => {
  const read = new Map<string, Certificate | null>()
  const certificateOf = (signed: SignedCertificate): Certificate | null => {
    const name = `${signed.signature} ${signed.certificate}`
    let certificate = read.get(name)
    if (certificate === undefined) {
      certificate = readCertificate(parts, credentials.countyKey, signed)
      if (read.size >= CERTIFICATES_KEPT_MAX) read.clear()
      read.set(name, certificate)
    }
    return certificate
  }
  const words = () =>
    [...credentials.certificates, ...exchange.certificates()].flatMap((signed) => {
      const certificate = certificateOf(signed)
      return certificate ? [{ signed, certificate }] : []
    })
  const signingKey = (certificate: Certificate): Uint8Array => bytesOfBase64url(certificate.signingKey) ?? new Uint8Array()
  const hubs = () => {
    const revoked = exchange.revoked()
    return words()
      .filter(({ certificate }) => certificate.role === 'hub' && !revoked.includes(keyId(parts, signingKey(certificate))))
      .toSorted(({ certificate: one }, { certificate: other }) => one.incarnation - other.incarnation || one.serial - other.serial)
  }
  return {
    keyFor: (stream, key) => {
      const writer = writerOf(stream)
      const found = words().find(({ certificate: one }) => one.subject === writer && keyId(parts, signingKey(one)) === key)
      if (!found) return 'unknown'
      // What a dead card signed before its key was revoked comes back from the hub, which took it then; nobody else sends our own stream.
      return writer === HUB && exchange.revoked().includes(key) ? 'revoked' : signingKey(found.certificate)
    },
    learn: (signed) => {
      const certificate = certificateOf(signed)
      if (certificate) exchange.keepCertificate(signed)
      return certificate
    },
    of: (node) => {
      const said = words().filter(({ certificate }) => certificate.subject === node)
      return [...new Map(said.map(({ signed }) => [signed.signature, signed])).values()]
    },
    hub: () => hubs().map(({ certificate }) => certificate),
    overruling: (incarnation) => {
      const newest = hubs().at(-1)
      return newest && newest.certificate.incarnation > incarnation ? newest.signed : null
    },
  }
}

/** A hub rotates its keys a few times in its life; certificates of other nodes travel in `hub>all` too. */
const CERTIFICATES_KEPT_MAX = 2_048
