import type { DocumentBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import type { Entry, LotFact, TagBody } from '@lotkeeper/protocol/ledger/entry.ts'
import { lotOf, type PlaceId, placeOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { Owned } from './owned.ts'

/** What is announced to this site by documents, and what came in under each [ledger-and-sync 1.6]. Documents move nothing; both are only counted. */
export interface Papers {
  /** A despatch advice to this site; what it says of lots and tags is the caller's to learn. */
  readonly announced: (body: DocumentBody, entry: string) => void
  /** The hub takes an advice back: the shipment was reversed at its sender. */
  readonly withdrawn: (body: DocumentBody) => void
  /** An own entry with a document. */
  readonly received: (entry: Entry) => void
}

export const openPapers = (db: Database, owned: Owned): Papers => {
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
    announced: ({ doc, from, due, lines }, entry) => {
      for (const { lot, units, expiry } of lines) expect.run({ doc, from, due, entry, lot, units, expiry })
    },
    withdrawn: ({ doc, lines }) => {
      for (const { lot, units } of lines) less.run(units, doc, lot)
      none.run(doc)
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
