import type { BodyOf } from '@lotkeeper/protocol/ledger/entry.ts'
import { writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import type { DiscrepancyRows } from './discrepancies.ts'
import type { LotRows } from './lots.ts'
import type { Placed } from './placed.ts'

/** Counts as they were observed; what they changed is in their entry's lines, like any movement [ledger-and-sync 1.5]. */
export interface CountRows {
  readonly note: (placed: Placed) => void
  readonly forget: () => void
}

export const openCountRows = (
  db: Database,
  rooms: { readonly lots: LotRows; readonly discrepancies: DiscrepancyRows },
  schema: SchemaName,
): CountRows => {
  const put = db.prepare(`insert into ${schema}.count_observation values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const last = db.prepare<[], number>(`select coalesce(max(ord), 0) from ${schema}.count_observation`).pluck()
  let ord = last.get() ?? 0
  return {
    note: ({ id, entry, receivedAtMs }) => {
      const { place, lot, counted, book, reason } = entry.body as BodyOf<'count'>
      const site = writerOf(entry.stream)
      ord += 1
      rooms.lots.ensure(lot)
      put.run(id, ord, site, place, lot, counted, book, entry.occurredAt, entry.actor, reason ?? null)
      const subject = `${place} ${lot}`
      // A count speaks of now: an older one of the same shelf is settled by it, whatever it found.
      rooms.discrepancies.close('count-differs', subject, receivedAtMs)
      if (counted === book) return
      const facts = { place, lot, counted, book }
      rooms.discrepancies.open({ kind: 'count-differs', site, subject, entry: id, atMs: receivedAtMs, facts })
    },
    forget: () => {
      ord = last.get() ?? 0
    },
  }
}
