import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { DiscrepancyView } from '@lotkeeper/protocol/api/views.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { Database } from '../../database.ts'
import { PAGE_ROWS, pageOf, readCursor, writeCursor } from './pages.ts'

export interface DiscrepancyQuestions {
  /** Open ones first, then newest first. */
  readonly page: (query: HubQuery<'discrepancies'>) => HubAnswer<'discrepancies'> | Refusal
  readonly newestOpen: (rows: number) => readonly DiscrepancyView[]
  readonly at: (discrepancies: readonly string[]) => readonly DiscrepancyView[]
  readonly openCount: () => number
  readonly openBySite: () => ReadonlyMap<NodeId, number>
}

export const openDiscrepancies = (db: Database): DiscrepancyQuestions => {
  const county = db.prepare<[Bound], Found>(pageSql(''))
  const ofSite = db.prepare<[Bound], Found>(pageSql('site = @site and'))
  const newest = db.prepare<[number], Found>(`${COLUMNS} where closed_at is null order by opened_at desc, discrepancy limit ?`)
  const one = db.prepare<[string], Found>(`${COLUMNS} where discrepancy = ?`)
  const bySite = db.prepare<[], { readonly site: string | null; readonly n: number }>(
    'select site, count(*) as n from discrepancy where closed_at is null group by site',
  )
  return {
    page: (query) => {
      const key = readCursor('discrepancies', ['number', 'number', 'text'], query.cursor)
      if (isRefusal(key)) return key
      const limit = query.limit ?? PAGE_ROWS
      const [closed, openedAt, discrepancy] = key ?? [-1, 0, '']
      const bound = {
        site: query.site ?? '',
        closed: Number(closed),
        before: Number(openedAt),
        after: String(discrepancy),
        rows: limit + 1,
      }
      const page = pageOf((query.site === undefined ? county : ofSite).all(bound), limit, {
        row: viewOf,
        cursor: (row) => writeCursor('discrepancies', [row.closed_at === null ? 0 : 1, row.opened_at, row.discrepancy]),
      })
      return { rows: [...page.rows], next: page.next }
    },
    newestOpen: (rows) => newest.all(rows).map(viewOf),
    at: (discrepancies) => discrepancies.flatMap((id) => one.get(id) ?? []).map(viewOf),
    openCount: () => bySite.all().reduce((sum, { n }) => sum + n, 0),
    openBySite: () => new Map(bySite.all().flatMap(({ site, n }) => (site === null ? [] : [[site, n] as const]))),
  }
}

interface Found {
  readonly discrepancy: string
  readonly kind: string
  readonly severity: number
  readonly site: string | null
  readonly subject: string
  readonly title: string
  readonly entry: string | null
  readonly opened_at: number
  readonly closed_at: number | null
}
interface Bound {
  readonly site: string
  readonly closed: number
  readonly before: number
  readonly after: string
  readonly rows: number
}

const COLUMNS = 'select discrepancy, kind, severity, site, subject, title, entry, opened_at, closed_at from discrepancy'
const pageSql = (where: string) => `${COLUMNS} where ${where} (closed_at is not null, -opened_at, discrepancy) > (@closed, -@before, @after)
  order by closed_at is not null, -opened_at, discrepancy limit @rows`

const viewOf = (row: Found): DiscrepancyView => ({
  discrepancy: row.discrepancy,
  kind: row.kind,
  severity: row.severity,
  site: row.site,
  subject: row.subject,
  title: JSON.parse(row.title) as DiscrepancyView['title'],
  entry: row.entry,
  openedAt: new Date(row.opened_at).toISOString(),
  closedAt: row.closed_at === null ? null : new Date(row.closed_at).toISOString(),
})
