import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { DocumentRow } from '@lotkeeper/protocol/api/views.ts'
import { transitTo } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { Database } from '../../database.ts'
import { itemOf, lotNumberOf, type Names } from './names.ts'
import { PAGE_ROWS, pageOf, readCursor, writeCursor } from './pages.ts'
import { amongSites, sitesAsked, sitesText } from './scope.ts'

/** Despatches, newest first, with what was announced, shipped and received; how far they have come follows from the movements. */
export const openPapers = (
  db: Database,
  names: () => Names,
): ((query: HubQuery<'documents'>, within?: SiteScope) => HubAnswer<'documents'> | Refusal) => {
  const page = db.prepare<[Bound], Found>(PAGE)
  const lines = db.prepare<[Readonly<Record<string, string>>], LineFound>(LINES)
  return (query, within = 'all') => {
    const after = readCursor('documents', ['number'], query.cursor)
    if (isRefusal(after)) return after
    const limit = query.limit ?? PAGE_ROWS
    const before = after === null ? Number.MAX_SAFE_INTEGER : Number(after[0])
    const open = query.open === undefined ? null : Number(query.open)
    const called = names()
    const sites = sitesAsked(query.site, within)
    const found = pageOf(page.all({ all: sites === 'all' ? 1 : 0, sites: sitesText(sites), open, before, rows: limit + 1 }), limit, {
      row: ({ doc, type, from, to, at }): DocumentRow => {
        const told = lines.all({ doc, to, transit: transitTo(to) })
        return { doc, type, from, to, at, status: statusOf(told), lines: told.map((line) => lineRow(line, called)) }
      },
      cursor: ({ ord }) => writeCursor('documents', [ord]),
    })
    return { rows: [...found.rows], next: found.next }
  }
}

interface Bound {
  /** 1: of every site. */
  readonly all: number
  readonly sites: string
  readonly open: number | null
  readonly before: number
  readonly rows: number
}
interface Found extends Pick<DocumentRow, 'doc' | 'type' | 'from' | 'to' | 'at'> {
  readonly ord: number
}
interface LineFound {
  readonly lot: string
  /** Whether any movement bore the document. */
  readonly moved: number
  readonly announced: number
  readonly shipped: number
  readonly received: number
}

/** Open is what has not come to an even end: something announced and nothing shipped yet, or lines whose two sides differ. */
const PAGE = `select ord, doc, type, src as "from", dst as "to", at from (
    select d.*, (not exists (select 1 from shipment_line s where s.doc = d.doc and s.place = d.dst || '/~transit')
        and exists (select 1 from document_line l where l.doc = d.doc and l.dst = d.dst and l.announced > 0))
      or exists (select 1 from shipment_line s where s.doc = d.doc and s.place = d.dst || '/~transit' and s.shipped <> s.received) as uneven
    from document d where d.type = 'despatch-advice' and d.ord < @before and (@all or ${amongSites('d.src')} or ${amongSites('d.dst')}))
  where @open is null or uneven = @open order by ord desc limit @rows`
const LINES = `select coalesce(l.lot, s.lot) as lot, coalesce(l.announced, 0) as announced,
    coalesce(s.shipped, 0) as shipped, coalesce(s.received, 0) as received, s.lot is not null as moved
  from (select lot, announced from document_line where doc = @doc and dst = @to) l
  full join (select lot, shipped, received from shipment_line where doc = @doc and place = @transit) s on s.lot = l.lot order by 1`

const statusOf = (lines: readonly LineFound[]): DocumentRow['status'] => {
  if (lines.some(({ shipped, received }) => received > shipped)) return 'over'
  const even = lines.every(({ shipped, received }) => received === shipped)
  if (lines.every(({ announced, shipped, received }) => announced === 0 && shipped === 0 && received === 0)) return 'withdrawn'
  if (even) return lines.some(({ moved }) => moved === 1) ? 'complete' : 'open'
  return lines.some(({ received }) => received > 0) ? 'partly' : 'open'
}

const lineRow = ({ lot, announced, shipped, received }: LineFound, names: Names): DocumentRow['lines'][number] => {
  const item = names.item(itemOf(lot))
  // A reversal may come without what it undoes: the sum below nothing is the ledger's, no person's.
  const sums = { announced, shipped: Math.max(0, shipped), received: Math.max(0, received) }
  return { lot, lotNumber: lotNumberOf(lot), itemName: item.name, unit: item.unit, ...sums }
}
