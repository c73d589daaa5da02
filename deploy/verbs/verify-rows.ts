import type { Database } from '@lotkeeper/hub/database.ts'
import { bytesOfBase64url, hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { LogRow, SealRow, StoredLedger, TipRow } from '@lotkeeper/protocol/ledger/verify.ts'
import { writerOf } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import { keyId, readCertificate, type SignedCertificate } from '@lotkeeper/protocol/wire/certificate.ts'

/** What the county's folder of keys beside a ledger says: its public key, and certificates that are in no table. */
export interface CountyKeys {
  readonly key: Uint8Array
  readonly certificates: readonly SignedCertificate[]
}

/** The rows of an open ledger file, one at a time; the tables named here are the same in both houses [ledger-and-sync 2]. */
export const rowsIn = (db: Database, kind: 'hub' | 'node', crypto: Parts, county: CountyKeys | null): StoredLedger => {
  const hashAt = db.prepare<[string, string, number], Uint8Array>('select hash from log where stream = ? and epoch = ? and seq = ?').pluck()
  return {
    log: logIn(db, kind),
    tips: tipsIn(db),
    seals: sealsIn(db, keysIn(db, crypto, county)),
    positions: db.prepare<[], PositionRow>('select lot, place, units from position').iterate(),
    hashAt: (stream, epoch, seq) => hashAt.get(stream, epoch, seq) ?? null,
  }
}

interface PositionRow {
  readonly lot: string
  readonly place: string
  readonly units: number
}
type StoredLogRow = Omit<LogRow, 'applied'> & { readonly applied: 0 | 1 }
interface StoredTipRow {
  readonly stream: string
  readonly epoch: string
  readonly parent_epoch: string | null
  readonly parent_seq: number
  readonly parent_hash: Uint8Array | null
  readonly held_seq: number
  readonly head_hash: Uint8Array
}
type StoredSealRow = Omit<SealRow, 'publicKey'> & { readonly key: string }

/** How each house says that an entry is parked. */
const APPLIED = {
  hub: 'ord is not null',
  node: 'not exists (select 1 from parked p where p.stream = log.stream and p.epoch = log.epoch and p.seq = log.seq)',
} as const

function* logIn(db: Database, kind: 'hub' | 'node'): Generator<LogRow> {
  const sql = `select stream, epoch, seq, hash, body, ${APPLIED[kind]} as applied from log order by stream, epoch, seq`
  for (const row of db.prepare<[], StoredLogRow>(sql).iterate()) yield { ...row, applied: row.applied === 1 }
}

function* tipsIn(db: Database): Generator<TipRow> {
  for (const row of db.prepare<[], StoredTipRow>('select * from epoch').iterate()) {
    const { stream, epoch, parent_epoch, parent_seq, parent_hash } = row
    const parent = parent_epoch === null ? null : { epoch: parent_epoch, seq: parent_seq, hash: hexOf(parent_hash ?? new Uint8Array()) }
    yield { stream, epoch, parent, held: row.held_seq, headHash: hexOf(row.head_hash) }
  }
}

function* sealsIn(db: Database, keys: ReadonlyMap<string, Uint8Array>): Generator<SealRow> {
  const sql = 'select stream, epoch, upto_seq as upto, head_hash as headHash, key, sig as signature from batch_signature'
  for (const row of db.prepare<[], StoredSealRow>(sql).iterate())
    yield { ...row, publicKey: keys.get(`${writerOf(row.stream)} ${row.key}`) ?? null }
}

/** Signing keys by writer and key id, of the certificates the county signed. One revoked since still proves what it signed. */
const keysIn = (db: Database, crypto: Parts, county: CountyKeys | null): ReadonlyMap<string, Uint8Array> => {
  const keys = new Map<string, Uint8Array>()
  if (county === null) return keys
  const kept = db.prepare<[], SignedCertificate>('select certificate, signature from certificate').all()
  for (const signed of [...kept, ...county.certificates]) {
    const certificate = readCertificate(crypto, county.key, signed)
    const key = certificate && bytesOfBase64url(certificate.signingKey)
    if (certificate && key) keys.set(`${certificate.subject} ${keyId(crypto, key)}`, key)
  }
  return keys
}
