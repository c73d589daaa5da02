import type { LotExpiryBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import type { LotFact } from '@lotkeeper/protocol/ledger/entry.ts'
import { HUB, type LotKey, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import { openLotDays } from '../lot-days.ts'
import type { DiscrepancyRows } from './discrepancies.ts'
import type { Placed } from './placed.ts'

/** What is known of lots: a fact adds, it never erases; of two expiry dates the earlier rules until a person settles it [1.11]. */
export interface LotRows {
  /** The lot exists, whatever is known of it. */
  readonly ensure: (lot: LotKey) => void
  readonly learn: (fact: LotFact, told: Placed) => void
  /** A person's word on the last day of a lot, or the hub's own that several stand against each other. */
  readonly settled: (told: Placed) => void
  readonly forget: () => void
}

export const openLotRows = (db: Database, discrepancies: DiscrepancyRows, schema: SchemaName): LotRows => {
  const add = db.prepare<[string, string, string, string]>(`insert or ignore into ${schema}.lot values (?, ?, ?, ?, null, null)`)
  const find = db.prepare<[string], LotRow>(`select lot_number, printed, expiry, produced from ${schema}.lot where lot = ?`)
  const put = db.prepare<[string, string | null, string | null, string]>(
    `update ${schema}.lot set printed = ?, expiry = ?, produced = ? where lot = ?`,
  )
  const tell = db.prepare<[string, string]>(`insert or ignore into ${schema}.lot_told values (?, ?)`)
  const answer = db.prepare<Answer>(`insert or ignore into ${schema}.lot_answer values (?, ?, ?, ?, ?, ?, ?, ?)`)
  const rule = db.prepare<[string, string]>(`update ${schema}.lot set expiry = ? where lot = ?`)
  const daysOf = openLotDays(db, schema)
  const judge = (lot: LotKey, { id, entry, receivedAtMs }: Placed): void => {
    const { expiry, open } = daysOf(lot)
    if (expiry !== null) rule.run(expiry, lot)
    if (open.length === 0) {
      discrepancies.close('lot-expiry', lot, receivedAtMs)
      return
    }
    const [known = '', ...others] = open
    const site = writerOf(entry.stream) === HUB ? null : writerOf(entry.stream)
    const facts = { lot, known, told: others.join(' / ') }
    discrepancies.open({ kind: 'lot-expiry', site, subject: lot, entry: id, atMs: receivedAtMs, facts })
  }
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
    learn: (fact, told) => {
      ensure(fact.lot)
      const known = find.get(fact.lot)
      if (!known) return
      const next = merged(known, fact)
      if (next.printed !== known.printed || next.expiry !== known.expiry || next.produced !== known.produced)
        put.run(next.printed, next.expiry, next.produced, fact.lot)
      if (known.expiry === null || fact.expiry === null || known.expiry === fact.expiry) return
      for (const day of [known.expiry, fact.expiry]) tell.run(fact.lot, day)
      judge(fact.lot, told)
    },
    settled: (placed) => {
      const { id, entry } = placed
      const { lot, told, expiry, version, reason } = entry.body as LotExpiryBody
      ensure(lot)
      const known = find.get(lot)?.expiry
      for (const day of [...told, ...(known == null ? [] : [known])]) tell.run(lot, day)
      if (expiry !== null) answer.run(lot, version, id, expiry, JSON.stringify(told), reason, entry.actor, entry.occurredAt)
      judge(lot, placed)
    },
    forget: () => seen.clear(),
  }
}

type Answer = [string, number, string, string, string, string | null, string | null, string]
interface LotRow {
  readonly lot_number: string
  readonly printed: string
  readonly expiry: string | null
  readonly produced: string | null
}

const merged = (known: LotRow, fact: LotFact): Pick<LotRow, 'printed' | 'expiry' | 'produced'> => ({
  // Until somebody says what the label prints, the normalised number stands in for it.
  printed: known.printed === known.lot_number && fact.printed !== '' ? fact.printed : known.printed,
  // Of two that differ the standing of all decides.
  expiry: known.expiry ?? fact.expiry,
  produced: known.produced ?? fact.produced,
})

/** Lots known to have their row; only spares a look-up. */
const LOTS_SEEN_MAX = 100_000
