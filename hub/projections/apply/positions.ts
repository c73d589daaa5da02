import type { LotKey, PlaceId } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'

/** Units per lot and place: read once, summed in memory, written at the flush. Only this fold writes them, so what it remembers is true. */
export interface Positions {
  /** Adds to a position; answers the sum after it. */
  readonly shift: (lot: LotKey, place: PlaceId, units: number) => number
  readonly units: (lot: LotKey, place: PlaceId) => number
  readonly flush: () => readonly { readonly lot: LotKey; readonly place: PlaceId }[]
  readonly forget: () => void
}

export const openPositions = (db: Database, schema: SchemaName): Positions => {
  const find = db.prepare<[string, string], number>(`select units from ${schema}.position where lot = ? and place = ?`).pluck()
  const put = db.prepare<[string, string, number]>(
    `insert into ${schema}.position values (?, ?, ?) on conflict do update set units = excluded.units`,
  )
  const known = new Map<string, { readonly lot: LotKey; readonly place: PlaceId; units: number; dirty: boolean }>()
  const dirty: { readonly lot: LotKey; readonly place: PlaceId; units: number; dirty: boolean }[] = []
  const positionOf = (lot: LotKey, place: PlaceId) => {
    const name = `${lot}\n${place}`
    let position = known.get(name)
    if (!position) {
      position = { lot, place, units: find.get(lot, place) ?? 0, dirty: false }
      known.set(name, position)
    }
    return position
  }
  return {
    shift: (lot, place, units) => {
      const position = positionOf(lot, place)
      position.units += units
      // Beyond 2^53 a sum would silently lose units; the entry is held instead and a person told.
      if (!Number.isSafeInteger(position.units)) throw new RangeError(`position of ${lot} at ${place} exceeds what can be counted`)
      if (!position.dirty) {
        position.dirty = true
        dirty.push(position)
      }
      return position.units
    },
    units: (lot, place) => positionOf(lot, place).units,
    flush: () => {
      const changed = dirty.splice(0)
      for (const position of changed) {
        put.run(position.lot, position.place, position.units)
        position.dirty = false
      }
      if (known.size > POSITIONS_KEPT_MAX) known.clear()
      return changed.map(({ lot, place }) => ({ lot, place }))
    },
    forget: () => {
      known.clear()
      dirty.length = 0
    },
  }
}

/** Positions remembered between commits: about 30 MB. */
const POSITIONS_KEPT_MAX = 100_000
