import type { LotFact } from '@lotkeeper/protocol/ledger/entry.ts'
import { HUB, type LotKey, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import type { DiscrepancyRows } from './discrepancies.ts'
import type { Placed } from './placed.ts'

/** What is known of lots: a fact adds, it never erases; of two expiry dates the earlier rules until a person settles it [1.11]. */
export interface LotRows {
  /** The lot exists, whatever is known of it. */
  readonly ensure: (lot: LotKey) => void
  readonly learn: (fact: LotFact, told: Placed) => void
  readonly forget: () => void
}

export const openLotRows = (db: Database, discrepancies: DiscrepancyRows, schema: SchemaName): LotRows => {
  const add = db.prepare<[string, string, string, string]>(`insert or ignore into ${schema}.lot values (?, ?, ?, ?, null, null)`)
  const find = db.prepare<[string], LotRow>(`select lot_number, printed, expiry, produced from ${schema}.lot where lot = ?`)
  const put = db.prepare<[string, string | null, string | null, string]>(
    `update ${schema}.lot set printed = ?, expiry = ?, produced = ? where lot = ?`,
  )
  const seen = new Set<LotKey>()
  const ensure = (lot: LotKey) => {
    if (seen.has(lot)) return
    const slash = lot.indexOf('/')
    const lotNumber = lot.slice(slash + 1)
    add.run(lot, lot.slice(0, slash), lotNumber, lotNumber)
    if (seen.size >= LOTS_SEEN_MAX) seen.clear()
    seen.add(lot)
  }
  return {
    ensure,
    learn: (fact, { id, entry, receivedAtMs }) => {
      ensure(fact.lot)
      const known = find.get(fact.lot)
      if (!known) return
      const next = merged(known, fact)
      if (next.printed !== known.printed || next.expiry !== known.expiry || next.produced !== known.produced)
        put.run(next.printed, next.expiry, next.produced, fact.lot)
      if (known.expiry === null || fact.expiry === null || known.expiry === fact.expiry) return
      const site = writerOf(entry.stream) === HUB ? null : writerOf(entry.stream)
      const facts = { lot: fact.lot, known: known.expiry, told: fact.expiry }
      discrepancies.open({ kind: 'lot-expiry', site, subject: fact.lot, entry: id, atMs: receivedAtMs, facts })
    },
    forget: () => seen.clear(),
  }
}

interface LotRow {
  readonly lot_number: string
  readonly printed: string
  readonly expiry: string | null
  readonly produced: string | null
}

const merged = (known: LotRow, fact: LotFact): Pick<LotRow, 'printed' | 'expiry' | 'produced'> => ({
  // Until somebody says what the label prints, the normalised number stands in for it.
  printed: known.printed === known.lot_number && fact.printed !== '' ? fact.printed : known.printed,
  expiry: known.expiry === null || (fact.expiry !== null && fact.expiry < known.expiry) ? fact.expiry : known.expiry,
  produced: known.produced ?? fact.produced,
})

/** Lots known to have their row; only spares a look-up. */
const LOTS_SEEN_MAX = 100_000
