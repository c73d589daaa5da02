import { placeOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { DiscrepancyRows } from '../../projections/apply/discrepancies.ts'
import { discrepancyName } from '../discrepancies.ts'

/** What time alone makes a discrepancy: goods on their way past the due time. Runs inside the transaction that is open. */
export const openSweep = (db: Database, discrepancies: DiscrepancyRows, dueMs: number): ((nowMs: number) => void) => {
  const overdue = db.prepare<[number], { readonly place: string; readonly doc: string; readonly lot: string; readonly units: number }>(
    'select place, doc, lot, units from transit where since <= ?',
  )
  const open = db.prepare<[], { readonly discrepancy: string; readonly subject: string }>(
    `select discrepancy, subject from discrepancy where kind = 'transit-residue' and closed_at is null`,
  )
  return (nowMs) => {
    const names = new Set<string>()
    for (const { place, doc, lot, units } of overdue.all(nowMs - dueMs)) {
      const subject = `${place} ${doc} ${lot}`
      names.add(discrepancyName('transit-residue', subject))
      const site = placeOf(place)?.owner ?? null
      discrepancies.open({ kind: 'transit-residue', site, subject, entry: null, atMs: nowMs, facts: { place, doc, lot, units } })
    }
    for (const { discrepancy, subject } of open.all()) if (!names.has(discrepancy)) discrepancies.close('transit-residue', subject, nowMs)
  }
}
