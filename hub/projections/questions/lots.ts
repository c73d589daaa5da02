import type { Database } from '../../database.ts'
import type { LotNamed } from '../../ledger/contract.ts'
import { itemOf, type Names } from './names.ts'

/** Lots by the beginning of their number, in stock, under way or used up. */
export const openLots = (
  db: Database,
  names: () => Names,
): ((query: { readonly number: string; readonly limit: number }) => readonly LotNamed[]) => {
  const range = db.prepare<[string, string, number], Omit<LotNamed, 'itemName'>>(
    'select lot, lot_number as lotNumber, expiry from lot where lot_number >= ? and lot_number < ? order by lot_number, lot limit ?',
  )
  return ({ number, limit }) => {
    const called = names()
    const from = number.toUpperCase()
    return range.all(from, `${from}\u{10ffff}`, limit).map((row) => ({ ...row, itemName: called.item(itemOf(row.lot)).name }))
  }
}
