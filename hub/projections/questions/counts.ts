import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { CountRow } from '@lotkeeper/protocol/api/views.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { Database } from '../../database.ts'
import { itemOf, lotNumberOf, type Names } from './names.ts'
import { PAGE_ROWS, pageOf, readCursor, writeCursor } from './pages.ts'
import { amongSites, sitesAsked, sitesText } from './scope.ts'

/** Counts as they were observed, newest first by the hub's order. */
export const openCounts = (
  db: Database,
  names: () => Names,
): ((query: HubQuery<'counts'>, within?: SiteScope) => HubAnswer<'counts'> | Refusal) => {
  const page = db.prepare<[Bound], Found>(
    `select ord, entry, site, place, lot, counted, book, occurred as at, actor, reason from count_observation
     where ord < @before and (@all or ${amongSites('site')}) and (@lot is null or lot = @lot) order by ord desc limit @rows`,
  )
  return (query, within = 'all') => {
    const after = readCursor('counts', ['number'], query.cursor)
    if (isRefusal(after)) return after
    const limit = query.limit ?? PAGE_ROWS
    const before = after === null ? Number.MAX_SAFE_INTEGER : Number(after[0])
    const called = names()
    const sites = sitesAsked(query.site, within)
    const found = pageOf(
      page.all({ all: sites === 'all' ? 1 : 0, sites: sitesText(sites), lot: query.lot ?? null, before, rows: limit + 1 }),
      limit,
      {
        row: ({ ord: _, ...row }): CountRow => ({
          ...row,
          lotNumber: lotNumberOf(row.lot),
          itemName: called.item(itemOf(row.lot)).name,
          difference: row.counted - row.book,
        }),
        cursor: ({ ord }) => writeCursor('counts', [ord]),
      },
    )
    return { rows: [...found.rows], next: found.next }
  }
}

type Found = Omit<CountRow, 'lotNumber' | 'itemName' | 'difference'> & { readonly ord: number }
interface Bound {
  /** 1: of every site. */
  readonly all: number
  readonly sites: string
  readonly lot: string | null
  readonly before: number
  readonly rows: number
}
