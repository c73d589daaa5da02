import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import { openBulk } from './bulk.ts'
import type { Position, Way } from './positions.ts'

/**
 * Goods on their way, judged per (destination, document, lot), where short and over cannot cancel [1.3]. A row stands while units are open;
 * what was shipped and received under a document stays.
 */
export interface Transit {
  /** `doc` is `-` when no document was named; `back` when the line undoes another. */
  readonly shift: (position: Position, doc: string, units: number, told: { readonly atMs: number; readonly back: boolean }) => void
  readonly flush: () => void
  readonly forget: () => void
}

export const openTransit = (db: Database, schema: SchemaName): Transit => {
  const find = db.prepare<[string, string, string], { readonly units: number; readonly since: number }>(
    `select units, since from ${schema}.transit where place = ? and doc = ? and lot = ?`,
  )
  const put = db.prepare(
    `insert into ${schema}.transit values (?, ?, ?, ?, ?) on conflict do update set units = excluded.units, since = excluded.since`,
  )
  const drop = db.prepare(`delete from ${schema}.transit where place = ? and doc = ? and lot = ?`)
  const sums = 'shipped = shipped + excluded.shipped, received = received + excluded.received'
  const ship = openBulk(db, `${schema}.shipment_line`, 5, `on conflict do update set ${sums}`)
  const changed: { readonly position: Position; readonly way: Way }[] = []
  return {
    shift: (position, doc, units, { atMs, back }) => {
      let way = position.ways.get(doc)
      if (!way) {
        way = {
          doc,
          changed: false,
          shipped: 0,
          received: 0,
          ...(find.get(position.place, doc, position.lot) ?? { units: 0, since: atMs }),
        }
        position.ways.set(doc, way)
      }
      // The due time runs from the moment the books stopped being even.
      if (way.units === 0) way.since = atMs
      way.units += units
      // Goods that come in were shipped and goods that go out received; what undoes either goes the other way.
      if (units > 0 === back) way.received -= units
      else way.shipped += units
      if (way.changed) return
      way.changed = true
      changed.push({ position, way })
    },
    flush: () => {
      for (const { position, way } of changed) {
        way.changed = false
        if (way.doc !== NO_DOCUMENT) ship.add(way.doc, position.place, position.lot, way.shipped, way.received)
        way.shipped = 0
        way.received = 0
        if (way.units !== 0) put.run(position.place, way.doc, position.lot, way.units, way.since)
        else {
          drop.run(position.place, way.doc, position.lot)
          // A document that came to its end is not met again.
          position.ways.delete(way.doc)
        }
      }
      ship.flush()
      changed.length = 0
    },
    forget: () => {
      ship.forget()
      changed.length = 0
    },
  }
}

/** Stands for a document where none was named. */
export const NO_DOCUMENT = '-'
