import { type EntryId, entryId, entryOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { Moved, MovedAt } from '../../ledger/contract.ts'
import type { MovementKey, MovementQuestions } from './movements.ts'

/**
 * What moved after a place, forwards. A place whose number means another entry by now is found again by its entry (a table made anew); where the
 * file does not hold that any more (an older backup) it goes on from its end, and says so: what nodes bring again then comes again.
 */
export const openMoved = (
  db: Database,
  movements: Pick<MovementQuestions, 'at'>,
): ((query: { readonly after: MovedAt | null; readonly limit: number }) => Moved) => {
  const entryAt = db.prepare<[number], Found>(`${PLACE} where f.mv = ?`)
  const end = db.prepare<[], Found>(`${PLACE} where f.mv = (select max(mv) from feed)`)
  const next = db.prepare<[number, number], MovementKey>('select lot, mv from feed where mv > ? order by mv limit ?')
  const again = db.prepare<[string, string, number], number | null>(
    'select max(mv) from movement where stream = ? and epoch = ? and seq = ?',
  )
  const placeOf = (found: Found | undefined): MovedAt | null =>
    found ? { mv: found.mv, entry: entryId(found.stream, found.epoch, found.seq) } : null
  const anew = (entry: EntryId): number | null => {
    const place = entryOf(entry)
    return place && (again.pluck().get(place.stream, place.epoch, place.seq) ?? null)
  }
  return ({ after, limit }) => {
    if (after === null) return { rows: [], at: placeOf(end.get()) ?? START, lost: false }
    const from = after.mv === 0 || placeOf(entryAt.get(after.mv))?.entry === after.entry ? after.mv : anew(after.entry)
    if (from === null) return { rows: [], at: placeOf(end.get()) ?? START, lost: true }
    const keys = next.all(from, limit)
    const last = keys.at(-1)
    return { rows: movements.at(keys), at: last ? placeOf(entryAt.get(last.mv)) : { ...after, mv: from }, lost: false }
  }
}

interface Found {
  readonly mv: number
  readonly stream: string
  readonly epoch: string
  readonly seq: number
}
const PLACE = 'select f.mv, m.stream, m.epoch, m.seq from feed f cross join movement m on m.lot = f.lot and m.mv = f.mv'
/** Before the first movement of all. */
const START: MovedAt = { mv: 0, entry: '' }
