import type { DocumentBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import type { Entry, LotFact, TagBody } from '@lotkeeper/protocol/ledger/entry.ts'
import { type EntryId, entryId, lotOf, type PlaceId, placeOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { EntryAt } from './labels.ts'
import type { Owned } from './owned.ts'

/** What is announced to this site by documents, and what came in under each [ledger-and-sync 1.6]. Documents move nothing; both are only counted. */
export interface Papers {
  /**
   * A despatch advice to this site; what it says of lots and tags is the caller's to learn. `false` when it announces nothing: a hub restored from
   * a backup had told it before, or has taken it back.
   */
  readonly announced: (entry: Entry) => boolean
  /** The hub takes an advice back, which need not be held yet: the shipment was reversed at its sender. Answers what it had announced, once. */
  readonly withdrawn: (advice: Advice) => DocumentBody | null
  /** An own entry with a document. */
  readonly received: (entry: Entry) => void
}

/** What names an advice in whatever epoch the hub wrote it. */
export type Advice = Pick<Entry, 'action' | 'part'>

export const openPapers = (db: Database, owned: Owned, entryAt: EntryAt): Papers => {
  const find = db.prepare<[string, number], AdviceRow>('select entry, withdrawn from advice where action = ? and part = ?')
  const note = db.prepare<[string, number, EntryId | null, number]>('insert or replace into advice values (?, ?, ?, ?)')
  const expect = db.prepare<[object]>(
    `insert into expected (doc, lot, src, due, expiry, announced, entry) values (@doc, @lot, @from, @due, @expiry, @units, @entry)
     on conflict (doc, lot) do update set announced = announced + excluded.announced, due = coalesce(excluded.due, due)`,
  )
  const less = db.prepare<[number, string, string]>('update expected set announced = announced - ? where doc = ? and lot = ?')
  const none = db.prepare<[string]>('delete from expected where doc = ? and announced <= 0')
  const count = db.prepare<[object]>(
    `insert into received_under (lot, doc, units, from_transit) values (@lot, @doc, @units, @fromTransit)
     on conflict (lot, doc) do update set units = units + excluded.units, from_transit = from_transit + excluded.from_transit`,
  )
  return {
    announced: ({ action, part, stream, epoch, seq, body }) => {
      const known = find.get(action, part)
      if (known) return false
      const entry = entryId(stream, epoch, seq)
      note.run(action, part, entry, 0)
      const { doc, from, due, lines } = body as DocumentBody
      for (const { lot, units, expiry } of lines) expect.run({ doc, from, due, entry, lot, units, expiry })
      return true
    },
    withdrawn: ({ action, part }) => {
      const known = find.get(action, part)
      if (known?.withdrawn === 1) return null
      note.run(action, part, known?.entry ?? null, 1)
      const told = known && known.entry !== null ? entryAt(known.entry) : null
      if (!told) return null
      const body = told.body as DocumentBody
      for (const { lot, units } of body.lines) less.run(units, body.doc, lot)
      none.run(body.doc)
      return body
    },
    received: ({ doc, lines }) => {
      if (doc === null) return
      for (const { lot, from, to, units } of lines) {
        const side = comesFrom(owned, from, to) ?? comesFrom(owned, to, from)
        if (side === null) continue
        const came = owned.room(to) ? units : -units
        count.run({ lot, doc, units: came, fromTransit: side === 'transit' ? came : 0 })
      }
    },
  }
}

interface AdviceRow {
  /** `null` when the word that takes it back was held first. */
  readonly entry: EntryId | null
  readonly withdrawn: number
}

/** What a despatch advice says of its lots. */
export const factsOf = ({ lines }: DocumentBody): readonly LotFact[] =>
  lines.map(({ lot, expiry }) => ({ lot, printed: lotOf(lot)?.lotNumber ?? '-', expiry, produced: null }))

/** The tagged packs of an advice: they may come through a door here. Several on one line share its units where they can. */
export const tagsAnnounced = ({ lines, to }: DocumentBody): readonly TagBody[] =>
  lines.flatMap(({ lot, units, expiry, tags }) =>
    tags.map((epc) => {
      const share = Math.max(1, Math.floor(units / tags.length))
      return { epc, lot, printed: lotOf(lot)?.lotNumber ?? '-', expiry, pack: '', units: share, site: to }
    }),
  )

/** Goods come to a site out of its transit or from a supplier; the same the other way round takes a receipt back. */
const comesFrom = (owned: Owned, from: PlaceId, to: PlaceId): 'transit' | 'supplier' | null => {
  const name = placeOf(from)
  if (!owned.room(to) || name === null || !owned.owns(name.owner)) return null
  return name.virtual === 'transit' || name.virtual === 'supplier' ? name.virtual : null
}
