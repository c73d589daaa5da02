import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { placeOf } from '@lotkeeper/protocol/names.ts'
import { byFefo } from '@lotkeeper/protocol/rules/fefo.ts'

/** Rows that may be issued, by item, first expiry first out: available units in the store rooms; what a ward holds has been issued already. */
export const issuable = (rows: readonly StockRow[], isStore: (room: string) => boolean): ReadonlyMap<string, readonly StockRow[]> => {
  const shelves = new Map<string, StockRow[]>()
  for (const row of rows) {
    const place = placeOf(row.place)
    if (place?.state !== 'available' || !isStore(place.room) || row.units <= 0) continue
    shelves.set(row.item, [...(shelves.get(row.item) ?? []), row])
  }
  return new Map([...shelves].map(([item, mine]) => [item, mine.toSorted(firstOut)]))
}

/** The house's order of lots; the place settles ties so that rows never swap. */
export const soonestFirst = (one: StockRow, other: StockRow): number =>
  byFefo(fefoLot(one), fefoLot(other)) || (one.place < other.place ? -1 : 1)

/** For issue what has expired stands last: it is no lot to take. */
const firstOut = (one: StockRow, other: StockRow): number =>
  Number(one.expiryState === 'expired') - Number(other.expiryState === 'expired') || soonestFirst(one, other)

const fefoLot = (row: StockRow) => ({ id: row.lot, expiry: row.expiry, receivedAt: null, units: row.units })
