import type { RetagBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { type EntryId, placeOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { Book, TagRow } from '../contract.ts'

/** A tag as its table has it. */
export interface TagSqlRow {
  readonly epc: string
  readonly lot: string
  readonly printed: string
  readonly expiry: string | null
  readonly pack: string
  readonly registered: number
  readonly site: string
  readonly doc: string | null
  readonly units: number | null
  readonly place: string | null
  /** The entry that retired it. */
  readonly ended: string | null
}

/** Electronic labels: what each stands for, and what people did to them. */
export const openTags = (
  db: Database,
  entry: (id: EntryId) => Entry | null,
): Pick<Book, 'tag' | 'tagsOf' | 'standing' | 'retags' | 'retagUndoneBy'> => {
  const one = db.prepare<[string], TagSqlRow>('select * from tag where epc = ?')
  const lot = db.prepare<[string], TagSqlRow>('select * from tag where lot = ? order by epc')
  const retags = db.prepare<[number], { readonly id: EntryId; readonly undoneBy: EntryId | null }>(
    'select entry as id, undone as undoneBy from retag order by at desc limit ?',
  )
  const undone = db.prepare<[string], string | null>('select undone from retag where entry = ?').pluck()
  const whyEnded = (id: string): string => (entry(id)?.body as RetagBody | undefined)?.why ?? ''
  const tagOf = (row: TagSqlRow): TagRow => ({
    epc: row.epc,
    registration: {
      ...{ epc: row.epc, lot: row.lot, printed: row.printed, expiry: row.expiry },
      ...{ pack: row.pack, units: row.registered, site: row.site },
    },
    ...{ doc: row.doc, units: row.units, place: row.place },
    retired: row.ended === null ? null : { entry: row.ended, why: whyEnded(row.ended) },
  })
  return {
    tag: (epc) => {
      const row = one.get(epc)
      return row ? tagOf(row) : null
    },
    tagsOf: (key) => lot.all(key).map(tagOf),
    standing: (epc) => {
      const row = one.get(epc)
      if (!row) return null
      // What left this node's rooms and comes back is not known by its old content.
      const gone = row.place !== null && placeOf(row.place)?.room == null
      return {
        ...{ lot: row.lot, units: gone ? null : row.units, site: row.site, place: row.place, doc: row.doc },
        retired: row.ended !== null,
      }
    },
    retags: (limit) =>
      retags.all(limit).flatMap((row) => {
        const written = entry(row.id)
        return written ? [{ ...row, entry: written }] : []
      }),
    retagUndoneBy: (id) => undone.get(id) ?? null,
  }
}
