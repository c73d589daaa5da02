import { createHash } from 'node:crypto'
import type { Database } from '@lotkeeper/hub/database.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { OpenedLedger } from './ledger-file.ts'
import { hasTable } from './verify-rows.ts'

/**
 * A ledger whole as lines of JSON: a header with what is in it, table by table their columns and rows, at the end the SHA-256 of all before. What
 * follows from the entries is left out, for it is folded again; keys and enrolment codes never travel.
 */
export const FORMAT = 1

/** One table that no other gives back. */
export interface PortableTable {
  readonly table: string
  /** The primary key: rows stand in its order, so that the same ledger is the same file. */
  readonly order: string
  /** Rows that stay behind. */
  readonly where?: string
}

const SHARED = [
  // Where the marker of a restored ledger stands, it belongs to that one file.
  { table: 'ledger', order: 'key', where: `key <> 'restored'` },
  { table: 'certificate', order: 'node, serial, key' },
  { table: 'epoch', order: 'ord' },
  { table: 'log', order: 'stream, epoch, seq' },
  { table: 'batch_signature', order: 'stream, epoch, upto_seq' },
] as const satisfies readonly PortableTable[]

export const PORTABLE: Readonly<Record<'hub' | 'node', readonly PortableTable[]>> = {
  hub: [
    ...SHARED,
    { table: 'quarantine', order: 'node, hash' },
    { table: 'quarantine_count', order: 'node, code' },
    { table: 'node_life', order: 'node' },
    { table: 'tree', order: 'ord' },
    { table: 'tree_span', order: 'stream, epoch, seq' },
    { table: 'tree_tile', order: 'hub_epoch, level, tile' },
    { table: 'tree_head', order: 'hub_epoch, size' },
    { table: 'digest', order: 'node' },
    { table: 'hub_have', order: 'node, stream, epoch' },
    { table: 'discrepancy', order: 'discrepancy', where: `source = 'event'` },
  ],
  node: [...SHARED, { table: 'action', order: 'action' }, { table: 'revoked', order: 'key' }],
}

export interface PortableHeader {
  readonly lotkeeper: 'ledger'
  readonly format: typeof FORMAT
  readonly kind: 'hub' | 'node'
  readonly owner: string
  /** Rows of each table that has any. */
  readonly tables: Readonly<Record<string, number>>
}
export interface PortableColumns {
  readonly table: string
  readonly columns: readonly string[]
  /** Those of them whose values are bytes, as upper-case hex. */
  readonly blobs: readonly string[]
}

/** What a ledger would be as lines, without the end of line. */
export const headerOf = ({ kind, owner, db }: Pick<OpenedLedger, 'kind' | 'owner' | 'db'>): PortableHeader => {
  const counts = PORTABLE[kind].map(({ table, where }) => [table, hasTable(db, table) ? countOf(db, table, where) : 0] as const)
  return { lotkeeper: 'ledger', format: FORMAT, kind, owner, tables: Object.fromEntries(counts.filter(([, count]) => count > 0)) }
}

export function* linesOfLedger({ kind, db }: Pick<OpenedLedger, 'kind' | 'db'>, header: PortableHeader): Generator<string> {
  yield JSON.stringify(header)
  for (const { table, order, where } of PORTABLE[kind].filter(({ table }) => header.tables[table] !== undefined)) {
    const columns = columnsOf(db, table)
    const names = columns.map(({ name }) => name)
    const blobs = columns.filter(({ type }) => type === 'BLOB').map(({ name }) => name)
    yield JSON.stringify({ table, columns: names, blobs } satisfies PortableColumns)
    const rows = db.prepare<[], readonly unknown[]>(`select ${names.join(', ')} from ${table} ${whereOf(where)} order by ${order}`).raw()
    for (const row of rows.iterate()) yield JSON.stringify(row.map((value) => (value instanceof Uint8Array ? hexOf(value) : value)))
  }
}

/** Digest over lines with their ends, as the last line of the file says it. */
export const openDigest = () => {
  const hash = createHash('sha256')
  return {
    add: (line: string) => void hash.update(`${line}\n`, 'utf8'),
    end: (): string => JSON.stringify({ sha256: hash.digest('hex').toUpperCase() }),
  }
}

export const columnsOf = (db: Database, table: string): readonly { readonly name: string; readonly type: string }[] =>
  db
    .prepare<[string], { readonly name: string; readonly type: string }>(
      `select name, upper(type) as type from pragma_table_info(?, 'main')`,
    )
    .all(table)

const countOf = (db: Database, table: string, where: string | undefined): number =>
  db
    .prepare<[], number>(`select count(*) from ${table} ${whereOf(where)}`)
    .pluck()
    .get() ?? 0
const whereOf = (where: string | undefined): string => (where === undefined ? '' : `where ${where}`)
