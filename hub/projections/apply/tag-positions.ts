import type { Entry, Line } from '@lotkeeper/protocol/ledger/entry.ts'
import { type PlaceId, placeOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import type { Placed } from './placed.ts'

/** Where each tagged pack stands and what is left in it: the last movement that named the tag, in the hub's order, tells. */
export interface TagPositions {
  readonly move: (placed: Placed, line: Line) => void
}

export const openTagPositions = (db: Database, schema: SchemaName): TagPositions => {
  const find = db.prepare<[string], TagAt>(`select place, units from ${schema}.tag_position where epc = ?`)
  const put = db.prepare(`insert or replace into ${schema}.tag_position values (?, ?, ?, ?, ?, ?)`)
  return {
    move: ({ id, entry }, line) => {
      const known = line.tags.map((epc) => find.get(epc) ?? null)
      const shares = sharesOf(line, known)
      line.tags.forEach((epc, at) => {
        const next = movedTo(entry, line, known[at] ?? null, shares[at] ?? null)
        put.run(epc, line.lot, next.place, next.units, id, entry.occurredAt)
      })
    },
  }
}

interface TagAt {
  readonly place: PlaceId
  readonly units: number | null
}

/** Units of a line by tag: one tag carries all; several what is left in them if that adds up, else nobody knows. */
const sharesOf = ({ tags, units }: Line, known: readonly (TagAt | null)[]): readonly (number | null)[] => {
  if (tags.length === 1) return [units]
  const sum = known.reduce((total: number | null, tag) => (total === null || tag?.units == null ? null : total + tag.units), 0)
  if (sum === units) return known.map((tag) => tag?.units ?? null)
  const fresh = known.every((tag) => tag === null) && units % tags.length === 0
  return tags.map(() => (fresh ? units / tags.length : null))
}

/** Acts that take units out of a pack leave it standing with the remainder; all others move the pack itself. */
const movedTo = ({ kind }: Entry, line: Line, known: TagAt | null, units: number | null): TagAt => {
  const opened = OPENING.includes(kind) && known !== null && known.place === line.from
  if (opened && known.units === null) return known
  if (opened && known.units !== null && units !== null && units < known.units) return { place: known.place, units: known.units - units }
  // What was taken from a pack comes back into it.
  if (kind === 'reverse' && known?.place === line.to) {
    return { place: line.to, units: known.units === null || units === null ? null : known.units + units }
  }
  return { place: line.to, units: holds(line.to) ? units : 0 }
}

const OPENING: readonly string[] = ['issue', 'scrap', 'count']
/** A pack stands in a room or is on its way; one used up holds nothing. */
const holds = (place: PlaceId): boolean => {
  const name = placeOf(place)
  return name?.room != null || name?.virtual === 'transit'
}
