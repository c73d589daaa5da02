import type { DocumentBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import { withdrawnAction, withdrawsAction } from '@lotkeeper/protocol/ledger/despatch.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { entryId, entryOf, HUB, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import { openTold } from '../told.ts'
import type { Placed } from './placed.ts'
import { NO_DOCUMENT } from './transit.ts'

/** Papers without effect on quantities: what was announced to whom [ledger-and-sync 1.6]. What came of it is told by the movements. */
export interface DocumentRows {
  readonly note: (placed: Placed) => void
  /** An entry of the hub's own that takes a despatch advice back: what it announced is announced no longer. */
  readonly withdraw: (placed: Placed) => void
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
  const acted = db.prepare<[string, number], ActedRow>(`select stream, epoch, seq from ${schema}.acted where action = ? and part = ?`)
  const log = openTold(db)
  const isRepeated = ({ action, part, stream, epoch }: Entry): boolean => repeated.get(action, part, stream, epoch) === 1
  const less = db.prepare(`update ${schema}.document_line set announced = announced - ? where doc = ? and dst = ? and lot = ?`)
  const put = db.prepare(`insert into ${schema}.document values (?, ?, ?, ?, ?, ?, ?, ?)`)
  const announce = db.prepare(
    `insert into ${schema}.document_line values (?, ?, ?, ?) on conflict do update set announced = announced + excluded.announced`,
  )
  const last = db.prepare<[], number>(`select coalesce(max(ord), 0) from ${schema}.document`).pluck()
  let ord = last.get() ?? 0
  return {
    note: ({ id, entry }) => {
      if (isRepeated(entry)) return
      const { doc, type, from, to, lines, due } = entry.body as DocumentBody
      if (doc === NO_DOCUMENT) return
      const known = first.get(doc, type, to)
      // One despatch may be told in several entries, but by one writer: another's copy of the same paper announces nothing more.
      if (known !== undefined && writerOf(entryOf(known)?.stream ?? '') !== writerOf(entry.stream)) return
      if (known === undefined) {
        ord += 1
        put.run(doc, type, from, to, ord, entry.occurredAt, due, id)
      }
      // The word that takes it back may come first, out of an epoch of another hub.
      const withdrawn = acted.get(withdrawsAction(entry.action) ?? '', entry.part) !== undefined
      if (type === 'despatch-advice') for (const { lot, units } of lines) announce.run(doc, to, lot, withdrawn ? 0 : units)
    },
    withdraw: ({ entry }) => {
      const action = withdrawnAction(entry.action)
      if (action === null || writerOf(entry.stream) !== HUB || isRepeated(entry)) return
      const told = acted.get(action, entry.part)
      const advice = told && log.entry(entryId(told.stream, told.epoch, told.seq))
      if (!advice) return
      const { doc, to, lines } = advice.body as DocumentBody
      for (const { lot, units } of lines) less.run(units, doc, to, lot)
    },
    forget: () => {
      ord = last.get() ?? 0
    },
  }
}

interface ActedRow {
  readonly stream: string
  readonly epoch: string
  readonly seq: number
}
