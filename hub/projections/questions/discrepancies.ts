import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { DiscrepancyView } from '@lotkeeper/protocol/api/views.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { Database } from '../../database.ts'
import { PAGE_ROWS, pageOf, readCursor, writeCursor } from './pages.ts'
import { amongSites, sitesAsked, sitesText } from './scope.ts'

export interface DiscrepancyQuestions {
  /** Open ones first, then newest first. */
  readonly page: (query: HubQuery<'discrepancies'>, within?: SiteScope) => HubAnswer<'discrepancies'> | Refusal
  readonly newestOpen: (rows: number, within?: SiteScope) => readonly DiscrepancyView[]
  readonly at: (discrepancies: readonly string[]) => readonly DiscrepancyView[]
  readonly openCount: (within?: SiteScope) => number
  readonly openBySite: () => ReadonlyMap<NodeId, number>
}

export const openDiscrepancies = (db: Database): DiscrepancyQuestions => {
  const county = db.prepare<[Bound], Found>(pageSql(''))
  const ofSites = db.prepare<[Bound], Found>(pageSql(`${amongSites('site')} and`))
  const newest = db.prepare<[number], Found>(`${COLUMNS} where closed_at is null order by opened_at desc, discrepancy limit ?`)
  const newestOf = db.prepare<[{ readonly sites: string; readonly rows: number }], Found>(
    `${COLUMNS} where closed_at is null and ${amongSites('site')} order by opened_at desc, discrepancy limit @rows`,
  )
  const one = db.prepare<[string], Found>(`${COLUMNS} where discrepancy = ?`)
  const bySite = db.prepare<[], { readonly site: string | null; readonly n: number }>(
    'select site, count(*) as n from discrepancy where closed_at is null group by site',
  )
  return {
    page: (query, within = 'all') => {
      const key = readCursor('discrepancies', ['number', 'number', 'text'], query.cursor)
      if (isRefusal(key)) return key
      const limit = query.limit ?? PAGE_ROWS
      const [closed, openedAt, discrepancy] = key ?? [-1, 0, '']
      const sites = sitesAsked(query.site, within)
      const bound = {
        sites: sitesText(sites),
        closed: Number(closed),
        before: Number(openedAt),
        after: String(discrepancy),
        rows: limit + 1,
      }
      const page = pageOf((sites === 'all' ? county : ofSites).all(bound), limit, {
        row: viewOf,
        cursor: (row) => writeCursor('discrepancies', [row.closed_at === null ? 0 : 1, row.opened_at, row.discrepancy]),
      })
      return { rows: [...page.rows], next: page.next }
    },
    newestOpen: (rows, within = 'all') =>
      (within === 'all' ? newest.all(rows) : newestOf.all({ sites: sitesText(within), rows })).map(viewOf),
    at: (discrepancies) => discrepancies.flatMap((id) => one.get(id) ?? []).map(viewOf),
    openCount: (within = 'all') =>
      bySite.all().reduce((sum, { site, n }) => (within === 'all' || (site !== null && within.includes(site)) ? sum + n : sum), 0),
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
  readonly sites: string
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
