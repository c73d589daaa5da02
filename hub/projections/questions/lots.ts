import type { SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { Database } from '../../database.ts'
import type { LotNamed } from '../../ledger/contract.ts'
import { itemOf, type Names } from './names.ts'
import { openLotSight } from './scope.ts'

/** Lots by the beginning of their number, in stock, under way or used up, of those the asker may see. */
export const openLots = (
  db: Database,
  names: () => Names,
): ((query: { readonly number: string; readonly limit: number }, within?: SiteScope) => readonly LotNamed[]) => {
  const range = db.prepare<[string, string], Omit<LotNamed, 'itemName'>>(
    'select lot, lot_number as lotNumber, expiry from lot where lot_number >= ? and lot_number < ? order by lot_number, lot',
  )
  const isSeen = openLotSight(db)
  return ({ number, limit }, within = 'all') => {
    const called = names()
    const from = number.toUpperCase()
    const found: Omit<LotNamed, 'itemName'>[] = []
    let looks = 0
    // Row by row: many may begin so, and a page is cut as soon as it is full.
    for (const row of range.iterate(from, `${from}\u{10ffff}`)) {
      looks += 1
      if (isSeen(row.lot, within)) found.push(row)
      if (found.length >= limit || looks >= LOTS_LOOKED_AT) break
    }
    return found.map((row) => ({ ...row, itemName: called.item(itemOf(row.lot)).name }))
  }
}

/** Lots of one beginning looked at for one answer: whoever types so little has not said which. */
const LOTS_LOOKED_AT = 20_000
