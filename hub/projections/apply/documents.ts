import type { DocumentBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import { entryOf, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import type { Placed } from './placed.ts'
import { NO_DOCUMENT } from './transit.ts'

/** Papers without effect on quantities: what was announced to whom [ledger-and-sync 1.6]. What came of it is told by the movements. */
export interface DocumentRows {
  readonly note: (placed: Placed) => void
  readonly forget: () => void
}

export const openDocumentRows = (db: Database, schema: SchemaName): DocumentRows => {
  const first = db
    .prepare<[string, string, string], string>(`select entry from ${schema}.document where doc = ? and type = ? and dst = ?`)
    .pluck()
  /** A hub restored from a backup writes again what its nodes still hold of its own: the act counts once. */
  const repeated = db
    .prepare<[string, number, string, string], number>(
      `select exists (select 1 from ${schema}.acted where action = ? and part = ? and (stream <> ? or epoch <> ?))`,
    )
    .pluck()
  const put = db.prepare(`insert into ${schema}.document values (?, ?, ?, ?, ?, ?, ?, ?)`)
  const announce = db.prepare(
    `insert into ${schema}.document_line values (?, ?, ?, ?) on conflict do update set announced = announced + excluded.announced`,
  )
  const last = db.prepare<[], number>(`select coalesce(max(ord), 0) from ${schema}.document`).pluck()
  let ord = last.get() ?? 0
  return {
    note: ({ id, entry }) => {
      const { action, part, stream, epoch } = entry
      if (repeated.get(action, part, stream, epoch) === 1) return
      const { doc, type, from, to, lines, due } = entry.body as DocumentBody
      if (doc === NO_DOCUMENT) return
      const known = first.get(doc, type, to)
      // One despatch may be told in several entries, but by one writer: another's copy of the same paper announces nothing more.
      if (known !== undefined && writerOf(entryOf(known)?.stream ?? '') !== writerOf(entry.stream)) return
      if (known === undefined) {
        ord += 1
        put.run(doc, type, from, to, ord, entry.occurredAt, due, id)
      }
      if (type === 'despatch-advice') for (const { lot, units } of lines) announce.run(doc, to, lot, units)
    },
    forget: () => {
      ord = last.get() ?? 0
    },
  }
}
