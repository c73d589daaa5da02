import type { LotKey, PlaceId } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'

/** Goods on their way, judged per (destination, document, lot), where short and over cannot cancel [1.3]. A row stands while units are open. */
export interface Transit {
  readonly shift: (way: Way, units: number, atMs: number) => void
  readonly flush: () => void
  readonly forget: () => void
}
export interface Way {
  readonly place: PlaceId
  /** `-` when no document was named. */
  readonly doc: string
  readonly lot: LotKey
}

export const openTransit = (db: Database, schema: SchemaName): Transit => {
  const find = db.prepare<[string, string, string], { readonly units: number; readonly since: number }>(
    `select units, since from ${schema}.transit where place = ? and doc = ? and lot = ?`,
  )
  const put = db.prepare(
    `insert into ${schema}.transit values (?, ?, ?, ?, ?) on conflict do update set units = excluded.units, since = excluded.since`,
  )
  const drop = db.prepare(`delete from ${schema}.transit where place = ? and doc = ? and lot = ?`)
  const open = new Map<string, Way & { units: number; since: number }>()
  return {
    shift: (way, units, atMs) => {
      const name = `${way.place}\n${way.doc}\n${way.lot}`
      let row = open.get(name)
      if (!row) {
        row = { ...way, ...(find.get(way.place, way.doc, way.lot) ?? { units: 0, since: atMs }) }
        open.set(name, row)
      }
      // The due time runs from the moment the books stopped being even.
      if (row.units === 0) row.since = atMs
      row.units += units
    },
    flush: () => {
      for (const { place, doc, lot, units, since } of open.values()) {
        if (units === 0) drop.run(place, doc, lot)
        else put.run(place, doc, lot, units, since)
      }
      open.clear()
    },
    forget: () => open.clear(),
  }
}
