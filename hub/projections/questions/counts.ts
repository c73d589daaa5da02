import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { CountRow } from '@lotkeeper/protocol/api/views.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { Database } from '../../database.ts'
import { itemOf, lotNumberOf, type Names } from './names.ts'
import { PAGE_ROWS, pageOf, readCursor, writeCursor } from './pages.ts'

/** Counts as they were observed, newest first by the hub's order. */
export const openCounts = (db: Database, names: () => Names): ((query: HubQuery<'counts'>) => HubAnswer<'counts'> | Refusal) => {
  const page = db.prepare<[Bound], Found>(
    `select ord, entry, site, place, lot, counted, book, occurred as at, actor, reason from count_observation
     where ord < @before and (@site is null or site = @site) and (@lot is null or lot = @lot) order by ord desc limit @rows`,
  )
  return (query) => {
    const after = readCursor('counts', ['number'], query.cursor)
    if (isRefusal(after)) return after
    const limit = query.limit ?? PAGE_ROWS
    const before = after === null ? Number.MAX_SAFE_INTEGER : Number(after[0])
    const called = names()
    const found = pageOf(page.all({ site: query.site ?? null, lot: query.lot ?? null, before, rows: limit + 1 }), limit, {
      row: ({ ord: _, ...row }): CountRow => ({
        ...row,
        lotNumber: lotNumberOf(row.lot),
        itemName: called.item(itemOf(row.lot)).name,
        difference: row.counted - row.book,
      }),
      cursor: ({ ord }) => writeCursor('counts', [ord]),
    })
    return { rows: [...found.rows], next: found.next }
  }
}

type Found = Omit<CountRow, 'lotNumber' | 'itemName' | 'difference'> & { readonly ord: number }
interface Bound {
  readonly site: string | null
  readonly lot: string | null
  readonly before: number
  readonly rows: number
}
