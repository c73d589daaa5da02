import type { RetagBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { type EntryId, entryId, lotOf, type NodeId } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { TagSqlRow } from '../book/tags.ts'

/** Tags that were put on, replaced or retired by a person here: which pack each stands for from then on. */
export interface Retags {
  readonly note: (entry: Entry, at: number) => void
  /** A reversal of such an entry: both tags are what they were, and the pack stays where it went meanwhile. */
  readonly undo: (retag: Entry, by: EntryId) => void
}

export const openRetags = (db: Database, node: NodeId): Retags => {
  const sql = statementsOf(db)
  const rowOf = (epc: string | null) => (epc === null ? null : (sql.tag.get(epc) ?? null))
  return {
    note: (entry, at) => {
      const body = entry.body as RetagBody
      const id = entryId(entry.stream, entry.epoch, entry.seq)
      const before: Before = { from: rowOf(body.from), to: rowOf(body.to) }
      if (sql.retag.run(id, at, canonicalText(before)).changes === 0) return
      const pack = before.from ?? packOf(body, node)
      if (body.from !== null) sql.put.run({ ...pack, epc: body.from, place: null, ended: id })
      if (body.to !== null) sql.put.run({ ...pack, epc: body.to, units: body.left, place: body.place, ended: null })
    },
    undo: (retag, by) => {
      const id = entryId(retag.stream, retag.epoch, retag.seq)
      const known = sql.before.get(id)
      if (known === undefined || sql.undone.run(by, id).changes === 0) return
      const { from, to } = retag.body as RetagBody
      const before = JSON.parse(known) as Before
      const now = rowOf(to)
      if (to !== null && before.to) sql.put.run(before.to)
      else if (to !== null) sql.gone.run(to)
      if (from === null) return
      const stood = before.from ?? { ...packOf(retag.body as RetagBody, node), epc: from }
      // A pack that moved under its new tag is where that one took it.
      sql.put.run(now && now.ended === null ? { ...stood, lot: now.lot, units: now.units, place: now.place } : stood)
    },
  }
}

interface Before {
  readonly from: TagSqlRow | null
  readonly to: TagSqlRow | null
}

/** The pack as the entry says it, for a tag this node had no row of. */
const packOf = ({ lot, expiry, pack, units, left, place }: RetagBody, node: NodeId): Omit<TagSqlRow, 'epc'> => ({
  ...{ lot, printed: lotOf(lot)?.lotNumber ?? '-', expiry, pack, registered: units },
  ...{ site: node, doc: null, units: left, place, ended: null },
})

const statementsOf = (db: Database) => ({
  tag: db.prepare<[string], TagSqlRow>('select * from tag where epc = ?'),
  put: db.prepare<[TagSqlRow]>(
    `insert or replace into tag (epc, lot, printed, expiry, pack, registered, site, doc, units, place, ended)
     values (@epc, @lot, @printed, @expiry, @pack, @registered, @site, @doc, @units, @place, @ended)`,
  ),
  gone: db.prepare<[string]>('delete from tag where epc = ?'),
  retag: db.prepare<[string, number, string]>(
    'insert into retag (entry, at, undone, before) values (?, ?, null, ?) on conflict do nothing',
  ),
  before: db.prepare<[string], string>('select before from retag where entry = ?').pluck(),
  undone: db.prepare<[string, string]>('update retag set undone = ? where entry = ? and undone is null'),
})
