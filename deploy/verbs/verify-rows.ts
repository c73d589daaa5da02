import type { Database } from '@lotkeeper/hub/database.ts'
import { bytesOfBase64url, hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { LogRow, SealRow, StoredLedger, StoredTrees, TipRow, ToldCheckpoint, TreeSpan } from '@lotkeeper/protocol/ledger/stored.ts'
import { HUB, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import { keyId, readCertificate, type SignedCertificate } from '@lotkeeper/protocol/wire/certificate.ts'

/** What the county's folder of keys beside a ledger says: its public key, and certificates that are in no table. */
export interface CountyKeys {
  readonly key: Uint8Array
  readonly certificates: readonly SignedCertificate[]
}

/** The rows of an open ledger file, one at a time; most tables named here are the same in both houses [ledger-and-sync 2]. */
export const rowsIn = (
  db: Database,
  kind: 'hub' | 'node',
  crypto: Parts,
  county: CountyKeys | null,
  witnessed: readonly ToldCheckpoint[] = [],
): StoredLedger => {
  const hashAt = db.prepare<[string, string, number], Uint8Array>('select hash from log where stream = ? and epoch = ? and seq = ?').pluck()
  const certified = certifiedIn(db, crypto, county)
  const keys = new Map(certified.flatMap(({ subject, key }) => (key ? [[`${subject} ${keyId(crypto, key)}`, key] as const] : [])))
  const hubKeys = certified.flatMap(({ subject, key }) => (subject === HUB && key ? [key] : []))
  return {
    log: logIn(db, kind),
    order: orderIn(db, kind),
    tips: tipsIn(db),
    seals: sealsIn(db, keys),
    certificates: county ? certified.map(({ where, key }) => ({ where, signed: key !== null })) : [],
    positions: positionsIn(db),
    lostEffects:
      kind === 'node' ? countIn(db, `select count(*) from ledger where key >= 'hole ' and key < 'hole!' and value = 'applied'`) : 0,
    hashAt: (stream, epoch, seq) => hashAt.get(stream, epoch, seq) ?? null,
    heldAt: kind === 'hub' ? heldIn(db) : null,
    trees: kind === 'hub' && hasTable(db, 'tree') ? treesIn(db) : null,
    hub: county && { keys: hubKeys, county: keyId(crypto, county.key) },
    witnessed,
  }
}

/** Every checkpoint the file of a node keeps. */
export const checkpointsIn = (db: Database, file: string): readonly ToldCheckpoint[] =>
  hasTable(db, 'checkpoint')
    ? db
        .prepare<[], { readonly epoch: string; readonly size: number; readonly text: string }>('select epoch, size, text from checkpoint')
        .all()
        .map(({ epoch, size, text }) => ({ where: `${file} ${epoch} ${size}`, text }))
    : []

export const hasTable = (db: Database, table: string): boolean =>
  db.prepare<[string], number>(`select count(*) from main.sqlite_schema where type = 'table' and name = ?`).pluck().get(table) === 1

interface PositionRow {
  readonly lot: string
  readonly place: string
  readonly units: number
}
interface StoredTipRow {
  readonly stream: string
  readonly epoch: string
  readonly parent_epoch: string | null
  readonly parent_seq: number
  readonly parent_hash: Uint8Array | null
  readonly held_seq: number
  readonly head_hash: Uint8Array
}
type StoredSealRow = Omit<SealRow, 'publicKey'>
/** Its hash comes as hexadecimal text: a row with bytes of its own costs twice as much to read. */
type StoredLogRow = readonly [number, string, string, number | null, number, ...(readonly [string, 0 | 1] | readonly [])]

/** Where an entry stands in each house's order and when it came; a node also keeps its kind, and names elsewhere what is parked. */
const COLUMNS = {
  hub: 'ord, received_at',
  node: `at, kept_at, kind, not exists (select 1 from parked p where p.stream = log.stream and p.epoch = log.epoch and p.seq = log.seq)`,
} as const

/** Epoch by epoch and piece by piece, as the log lies: its names need not be read with every row, and rows come cheaper by the hundred. */
function* logIn(db: Database, kind: 'hub' | 'node'): Generator<readonly LogRow[]> {
  const late = new Set(lateIn(db))
  const next = db.prepare<[string, string], { readonly stream: string; readonly epoch: string }>(
    'select stream, epoch from log where (stream, epoch) > (?, ?) order by stream, epoch limit 1',
  )
  const piece = db
    .prepare<[string, string, number], StoredLogRow>(
      `select seq, hex(hash), body, ${COLUMNS[kind]} from log where stream = ? and epoch = ? and seq > ? order by seq limit ${PIECE_ROWS}`,
    )
    .raw()
  for (let place = next.get('', ''); place; place = next.get(place.stream, place.epoch)) {
    const { stream, epoch } = place
    let rows = piece.all(stream, epoch, Number.MIN_SAFE_INTEGER)
    for (let last = rows.at(-1); last; last = rows.at(-1)) {
      yield rows.map(([seq, hex, body, ord, receivedAtMs, named = null, applied]) => {
        const isLate = late.size > 0 && late.has(`${stream}/${epoch}/${seq}`)
        const isApplied = applied === undefined ? ord !== null : applied === 1
        const hash = Buffer.from(hex, 'hex')
        return { stream, epoch, seq, hash, body, applied: isApplied, ord, kind: named, receivedAtMs, late: isLate }
      })
      rows = rows.length < PIECE_ROWS ? [] : piece.all(stream, epoch, last[0])
    }
  }
}

const PIECE_ROWS = 256

const heldIn = (db: Database): NonNullable<StoredLedger['heldAt']> => {
  const late = new Set(lateIn(db))
  const find = db.prepare<[string, string, number], Pick<LogRow, 'ord' | 'receivedAtMs'>>(
    'select ord, received_at as receivedAtMs from log where stream = ? and epoch = ? and seq = ?',
  )
  return (stream, epoch, seq) => {
    const row = find.get(stream, epoch, seq)
    return row ? { ...row, late: late.has(`${stream}/${epoch}/${seq}`) } : null
  }
}

/** Entries whose text came after their epoch had passed them as holes; they left their first place in the order empty. */
const lateIn = (db: Database): readonly string[] =>
  db.prepare<[], string>(`select substr(key, 6) from ledger where key >= 'hole/' and key < 'hole0' and value = 'late'`).pluck().all()

const orderIn = (db: Database, kind: 'hub' | 'node'): StoredLedger['order'] => {
  const last = countIn(
    db,
    kind === 'hub'
      ? `select coalesce(max(cast(value as integer)), 0) from ledger where key = 'ord'`
      : 'select coalesce(max(at), 0) from log',
  )
  return { last, dense: lateIn(db).length === 0 }
}

const countIn = (db: Database, sql: string): number => db.prepare<[], number>(sql).pluck().get() ?? 0

function* positionsIn(db: Database): Generator<PositionRow> {
  // The rows themselves, not what an index says of them.
  yield* db.prepare<[], PositionRow>('select lot, place, units from position not indexed').iterate()
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

interface Certified {
  readonly where: string
  readonly subject: string
  /** `null` when the county did not sign it, or it is not what its row says. */
  readonly key: Uint8Array | null
}

/** Signing keys by writer, of the certificates the county signed. One revoked since still proves what it signed. */
const certifiedIn = (db: Database, crypto: Parts, county: CountyKeys | null): readonly Certified[] => {
  if (county === null) return []
  const kept = db.prepare<[], SignedCertificate & { readonly node: string; readonly serial: number }>('select * from certificate').all()
  const rows = kept.map((row) => ({ ...row, where: `${row.node} ${row.serial}` }))
  const beside = county.certificates.map((signed) => ({ ...signed, node: null, serial: 0, where: 'keys/' }))
  return [...rows, ...beside].map(({ node, serial, where, ...signed }) => {
    const certificate = readCertificate(crypto, county.key, signed)
    // Of two certificates of one number, as two hubs may give, the later one to be met stands under the next that was free.
    const placed = certificate !== null && (node === null || (certificate.subject === node && certificate.serial <= serial))
    return { where, subject: certificate?.subject ?? '-', key: placed ? bytesOfBase64url(certificate.signingKey) : null }
  })
}

/** Piece by piece: a walk that ends in the middle leaves no statement open, or the file could not be closed. */
function* spansIn(db: Database): Generator<TreeSpan> {
  const next = db.prepare<[string, string, number], TreeSpan>(
    `select stream, epoch, seq, entries, hub_epoch as hubEpoch, leaf, at from tree_span where (stream, epoch, seq) > (?, ?, ?)
     order by stream, epoch, seq limit 1024`,
  )
  for (let spans = next.all('', '', 0), last = spans.at(-1); last; last = spans.at(-1)) {
    yield* spans
    spans = next.all(last.stream, last.epoch, last.seq)
  }
}

const treesIn = (db: Database): StoredTrees => {
  const tile = db
    .prepare<[string, number, number], Uint8Array>('select hashes from tree_tile where hub_epoch = ? and level = ? and tile = ?')
    .pluck()
  const tiles = db.prepare<[string, number], { readonly tile: number; readonly hashes: Uint8Array }>(
    'select tile, hashes from tree_tile where hub_epoch = ? and level = ? order by tile',
  )
  const places = db.prepare<[string], { readonly leaf: number; readonly entries: number }>(
    'select leaf, entries from tree_span where hub_epoch = ? order by leaf',
  )
  const heads = db.prepare<[string], { readonly size: number; readonly root: Uint8Array; readonly text: string }>(
    'select size, root, text from tree_head where hub_epoch = ? order by size',
  )
  return {
    trees: db
      .prepare<[], { readonly epoch: string; readonly first: string }>('select hub_epoch as epoch, first from tree order by ord')
      .all(),
    spans: spansIn(db),
    places: (epoch) => places.all(epoch),
    tiles: (epoch, level) => tiles.iterate(epoch, level),
    tile: (epoch, level, at) => tile.get(epoch, level, at) ?? null,
    heads: (epoch) => heads.all(epoch),
  }
}
