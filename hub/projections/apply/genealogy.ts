import type { TransformBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { type EntryId, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import type { LotRows } from './lots.ts'
import type { Placed } from './placed.ts'

/** What came of what: one edge per pair of lots and transformation; it goes when the whole transformation was reversed. */
export interface Genealogy {
  readonly note: (placed: Placed) => void
  /** A transformation all of whose lines were undone made nothing. */
  readonly undo: (id: EntryId, original: Entry) => void
}

export const openGenealogy = (db: Database, lots: LotRows, schema: SchemaName): Genealogy => {
  const put = db.prepare(
    `insert into ${schema}.lot_edge values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do update set
     parent_units = parent_units + excluded.parent_units, child_units = child_units + excluded.child_units`,
  )
  const drop = db.prepare(`delete from ${schema}.lot_edge where parent = ? and child = ? and entry = ?`)
  const undone = db.prepare<[string], number>(`select count(*) from ${schema}.reversal where entry = ?`).pluck()
  return {
    note: ({ id, entry }) => {
      const { act, edges } = entry.body as TransformBody
      for (const { parent, child, parentUnits, childUnits } of edges) {
        lots.ensure(parent)
        lots.ensure(child)
        put.run(parent, child, id, act, parentUnits, childUnits, writerOf(entry.stream), entry.occurredAt)
      }
    },
    undo: (id, original) => {
      if (original.kind !== 'transform' || (undone.get(id) ?? 0) < original.lines.length) return
      for (const { parent, child } of (original.body as TransformBody).edges) drop.run(parent, child, id)
    },
  }
}
