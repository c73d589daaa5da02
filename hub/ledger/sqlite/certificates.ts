import { bytesOfBase64url } from '@lotkeeper/protocol/bytes.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import { keyId, readCertificate, type SignedCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import type { Database } from '../../database.ts'

/** Which keys may sign for whom, and the one-time codes by which a node comes to have one. */
export interface Certificates {
  /** Raw public key of a writer's key id, or why it may not sign. */
  readonly publicKey: (writer: string, key: string) => Uint8Array | 'unknown' | 'revoked'
  /** The key itself, revoked or not: for what a person took all the same, and for nothing else. */
  readonly certified: (writer: string, key: string) => Uint8Array | 'unknown'
  /** When a key was revoked, by the word that revoked it. */
  readonly revokedAt: (writer: string, key: string) => string | null
  /** Keeps a certificate the county key signed; `null` when it did not. A known one changes nothing. */
  readonly keep: (signed: SignedCertificate) => null | { readonly subject: string; readonly key: string; readonly fresh: boolean }
  readonly revoke: (node: NodeId, key: string, at: string) => void
  readonly nodes: () => readonly {
    readonly node: NodeId
    readonly certificates: readonly SignedCertificate[]
    readonly revoked: readonly string[]
  }[]
  /** Every certificate of the hub itself that is known, also those another hub of the county had. */
  readonly hub: () => readonly SignedCertificate[]
  readonly forget: () => void
}

export const openCertificates = (db: Database, parts: Parts, countyKey: Uint8Array): Certificates => {
  const find = db.prepare<[string, string], CertificateRow>(
    'select * from certificate where node = ? and key = ? order by serial desc limit 1',
  )
  const kept = db.prepare<[string, string], number>('select exists (select 1 from certificate where node = ? and certificate = ?)').pluck()
  // Two hubs of one county may give the same number: the later one to be met takes the next that is free.
  const add = db.prepare(
    `insert into certificate select @node, case when exists (select 1 from certificate where node = @node and serial = @serial)
     then (select max(serial) + 1 from certificate where node = @node) else @serial end, @key, @certificate, @signature, null`,
  )
  // A revocation may be met before the certificate it speaks of, when history comes back in pieces.
  const barred = db.prepare('insert or ignore into ledger values (?, ?)')
  const barredAt = db.prepare<[string], string>('select value from ledger where key = ?').pluck()
  const barOf = (node: string, key: string) => `revoked/${node}/${key}`
  const revoked = db.prepare('update certificate set revoked_at = ? where node = ? and key = ? and revoked_at is null')
  const every = db.prepare<[], CertificateRow>(`select * from certificate where node <> 'hub' order by node, serial`)
  const all = db.prepare<[string], CertificateRow>('select * from certificate where node = ? order by serial')
  const known = new Map<string, Uint8Array | 'revoked'>()
  const keyIn = (row: CertificateRow | undefined): Uint8Array | 'unknown' => {
    const certificate = row && readCertificate(parts, countyKey, row)
    return (certificate && bytesOfBase64url(certificate.signingKey)) || 'unknown'
  }
  const read = (writer: string, key: string): Uint8Array | 'unknown' | 'revoked' => {
    const row = find.get(writer, key)
    const raw = keyIn(row)
    return raw !== 'unknown' && row?.revoked_at != null ? 'revoked' : raw
  }
  return {
    publicKey: (writer, key) => {
      const name = `${writer}\n${key}`
      const standing = known.get(name) ?? read(writer, key)
      if (standing !== 'unknown') known.set(name, standing)
      return standing
    },
    certified: (writer, key) => keyIn(find.get(writer, key)),
    revokedAt: (writer, key) => barredAt.get(barOf(writer, key)) ?? null,
    keep: (signed) => {
      const certificate = readCertificate(parts, countyKey, signed)
      const raw = certificate && bytesOfBase64url(certificate.signingKey)
      if (!certificate || !raw) return null
      const key = keyId(parts, raw)
      const { subject: node, serial } = certificate
      const fresh = kept.get(node, signed.certificate) === 0
      if (fresh) add.run({ node, serial, key, certificate: signed.certificate, signature: signed.signature })
      const at = barredAt.get(barOf(node, key))
      if (fresh && at !== undefined) revoked.run(at, node, key)
      return { subject: node, key, fresh }
    },
    revoke: (node, key, at) => {
      barred.run(barOf(node, key), at)
      revoked.run(at, node, key)
      known.delete(`${node}\n${key}`)
    },
    nodes: () => {
      const rows = Map.groupBy(every.all(), ({ node }) => node)
      return [...rows].map(([node, list]) => ({
        node,
        certificates: list.map(({ certificate, signature }) => ({ certificate, signature })),
        revoked: list.filter(({ revoked_at }) => revoked_at !== null).map(({ key }) => key),
      }))
    },
    hub: () => all.all('hub').map(({ certificate, signature }) => ({ certificate, signature })),
    forget: () => known.clear(),
  }
}

interface CertificateRow extends SignedCertificate {
  readonly node: string
  readonly serial: number
  readonly key: string
  readonly revoked_at: string | null
}

/** Codes are kept as hashes; one node may have several that are not yet used. */
export interface Enrolments {
  /** `false` when the node has a certificate and the code is not meant to replace it. */
  readonly make: (enrolment: {
    readonly node: NodeId
    readonly secretHash: string
    readonly untilMs: number
    readonly replace: boolean
  }) => boolean
  readonly redeem: (node: NodeId, secretHash: string, signingKey: string, nowMs: number) => boolean
  /** Every code of the node, used or not, is worth nothing from now on. */
  readonly end: (node: NodeId, nowMs: number) => void
}

export const openEnrolments = (db: Database): Enrolments => {
  const certified = db.prepare<[string], number>('select count(*) from certificate where node = ? and revoked_at is null').pluck()
  const add = db.prepare('insert or ignore into enrolment values (?, ?, ?, ?, null, null)')
  const use = db.prepare(
    `update enrolment set used_ms = @nowMs, used_key = @signingKey
     where node = @node and secret_hash = @secretHash and until_ms > @nowMs and (used_ms is null or used_key = @signingKey)`,
  )
  const end = db.prepare<[number, string]>('update enrolment set until_ms = min(until_ms, ?) where node = ?')
  return {
    end: (node, nowMs) => void end.run(nowMs, node),
    make: ({ node, secretHash, untilMs, replace }) => {
      if (!replace && (certified.get(node) ?? 0) > 0) return false
      add.run(node, secretHash, untilMs, replace ? 1 : 0)
      return true
    },
    redeem: (node, secretHash, signingKey, nowMs) => use.run({ node, secretHash, signingKey, nowMs }).changes > 0,
  }
}
