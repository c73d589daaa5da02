import type { LotKey, PlaceId } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import { openBulk } from './bulk.ts'

/** A lot at a place: its units, and what gathers about it until the flush. Sums of its own hang on it, so that no key is built twice. */
export interface Position {
  readonly lot: LotKey
  readonly place: PlaceId
  units: number
  /** What came and went in the month that is being gathered. */
  month: string
  unitsIn: number
  unitsOut: number
  /** Where units went from here, by target; for a place of transit, what is open by document. */
  readonly flows: Map<PlaceId, Flow>
  readonly ways: Map<string, Way>
  changed: boolean
}

/** Units that went from a place to another since the last flush. */
export interface Flow {
  units: number
  n: number
  first: string
  last: string
}

/** Units on their way under one document, and since when its books are not even. */
export interface Way {
  readonly doc: string
  units: number
  since: number
  /** Shipped and received since the last flush. */
  shipped: number
  received: number
  changed: boolean
}

/** Units per lot and place: read once, summed in memory, written at the flush. Only this fold writes them, so what it remembers is true. */
export interface Positions {
  readonly at: (lot: LotKey, place: PlaceId) => Position
  /** Adds to a position, in a month. */
  readonly shift: (position: Position, units: number, month: string) => void
  /** Writes what was gathered for months, and only that. */
  readonly writeMonths: () => void
  readonly flush: () => readonly { readonly lot: LotKey; readonly place: PlaceId }[]
  readonly forget: () => void
}

export const openPositions = (db: Database, schema: SchemaName): Positions => {
  const find = db.prepare<[string, string], number>(`select units from ${schema}.position where lot = ? and place = ?`).pluck()
  const rows = openBulk(db, `${schema}.position`, 3, 'on conflict do update set units = excluded.units')
  const summed = 'units_in = units_in + excluded.units_in, units_out = units_out + excluded.units_out'
  const months = openBulk(db, `${schema}.period_delta`, 5, `on conflict do update set ${summed}`)
  const lots = new Map<LotKey, Map<PlaceId, Position>>()
  const changed: Position[] = []
  let known = 0
  const closeMonth = (position: Position): void => {
    if (position.unitsIn + position.unitsOut > 0)
      months.add(position.lot, position.place, position.month, position.unitsIn, position.unitsOut)
    position.unitsIn = 0
    position.unitsOut = 0
  }
  return {
    at: (lot, place) => {
      let places = lots.get(lot)
      if (!places) {
        places = new Map()
        lots.set(lot, places)
      }
      let position = places.get(place)
      if (!position) {
        const sums = { month: '', unitsIn: 0, unitsOut: 0, flows: new Map(), ways: new Map() }
        position = { lot, place, units: find.get(lot, place) ?? 0, ...sums, changed: false }
        places.set(place, position)
        known += 1
      }
      return position
    },
    shift: (position, units, month) => {
      if (position.month !== month) {
        closeMonth(position)
        position.month = month
      }
      position.units += units
      if (units > 0) position.unitsIn += units
      else position.unitsOut -= units
      // Beyond 2^53 a sum would silently lose units; the entry is held instead and a person told (H-004).
      if (!Number.isSafeInteger(position.units))
        throw new RangeError(`position of ${position.lot} at ${position.place} exceeds what can be counted`)
      if (position.changed) return
      position.changed = true
      changed.push(position)
    },
    writeMonths: () => {
      for (const position of changed) closeMonth(position)
      months.flush()
    },
    flush: () => {
      const written = changed.splice(0)
      for (const position of written) {
        rows.add(position.lot, position.place, position.units)
        closeMonth(position)
        position.changed = false
      }
      rows.flush()
      months.flush()
      if (known > POSITIONS_KEPT_MAX) {
        lots.clear()
        known = 0
      }
      return written
    },
    forget: () => {
      lots.clear()
      known = 0
      changed.length = 0
      rows.forget()
      months.forget()
    },
  }
}

/** Positions remembered between commits: about 50 MB. */
const POSITIONS_KEPT_MAX = 100_000
