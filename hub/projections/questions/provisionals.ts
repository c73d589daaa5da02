import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { ProvisionalView, SuggestionView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import type { ProvisionalBody } from '@lotkeeper/protocol/ledger/master.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import { codeKey, codesOf } from '@lotkeeper/protocol/rules/packs.ts'
import type { Database } from '../../database.ts'
import type { ProvisionalFact } from '../../ledger/contract.ts'
import type { ProvisionalState } from '../apply/provisionals.ts'
import { openAlikeItems } from './alike.ts'
import { openAlikeLots } from './alike-lots.ts'
import { type LotsNow, openLotsNow } from './lots-now.ts'
import type { Names } from './names.ts'
import { PAGE_ROWS, pageOf, readCursor, writeCursor } from './pages.ts'
import type { Records } from './records.ts'
import { amongSites, openLotSight, sitesAsked, sitesText } from './scope.ts'

/** What nodes met that the county did not know: open ones first, then the newest; each open item with what it may really be. */
export interface ProvisionalQuestions {
  readonly page: (query: HubQuery<'provisionals'>, within?: SiteScope) => HubAnswer<'provisionals'> | Refusal
  readonly one: (entry: string) => ProvisionalFact | null
}

export const openProvisionals = (db: Database, records: Records, names: () => Names): ProvisionalQuestions => {
  const page = db.prepare<[Bound], Found>(`${COLUMNS} where ${NARROWED} and (@state = '' or p.state = @state)
    and (p.state <> 'open', -p.received_at, p.entry) > (@settled, -@before, @after) order by p.state <> 'open', -p.received_at, p.entry limit @rows`)
  const one = db.prepare<[string], Found>(`${COLUMNS} where p.entry = ?`)
  const waiting = db
    .prepare<[{ readonly all: number; readonly sites: string }], number>(
      `select count(*) from provisional where state = 'open' and (@all or ${amongSites('node')})`,
    )
    .pluck()
  const counted = db.prepare<[Narrowed], { readonly state: ProvisionalState; readonly n: number }>(
    `select p.state, count(*) as n from provisional p where ${NARROWED} group by p.state`,
  )
  const lots = openLotsNow(db)
  const suggest = openSuggestions(db, records, lots)
  const now = openNow(records)
  return {
    page: (query, within = 'all') => {
      const key = readCursor('provisionals', ['number', 'number', 'text'], query.cursor)
      if (isRefusal(key)) return key
      const limit = query.limit ?? PAGE_ROWS
      const [settled, before, after] = key ?? [-1, 0, '']
      const sites = sitesAsked(query.site, within)
      const narrowed = { all: sites === 'all' ? 1 : 0, sites: sitesText(sites), kind: query.kind ?? '', entry: query.entry ?? '' }
      const from = { settled: Number(settled), before: Number(before), after: String(after) }
      const found = page.all({ ...narrowed, ...from, state: query.state ?? '', rows: limit + 1 })
      const called = names()
      const rows = pageOf(found, limit, {
        row: (row) => ({ ...viewOf(row, called, { now, lots }), suggestions: suggest(row, within) }),
        cursor: (row) => writeCursor('provisionals', [row.state === 'open' ? 0 : 1, row.received_at, row.entry]),
      })
      const counts = { ...NONE, ...Object.fromEntries(counted.all(narrowed).map(({ state, n }) => [state, n])) }
      return {
        rows: [...rows.rows],
        next: rows.next,
        open: waiting.get({ all: within === 'all' ? 1 : 0, sites: sitesText(within) }) ?? 0,
        counts,
      }
    },
    one: (entry) => {
      const row = one.get(entry)
      if (!row) return null
      const body = JSON.parse(row.body) as ProvisionalBody
      const isItemKnown = now(body.item).known
      const redirects =
        body.is === 'item' ? (records.redirect('item', body.item)?.version ?? 0) : body.is === 'lot' ? lots.answers(row.id) : 0
      return { entry, node: row.node, state: row.state, target: row.target, body, isItemKnown, redirects }
    },
  }
}

/** What an item is by now: itself, or what it was merged into; and whether the county knows that. */
const openNow = (records: Records) => (item: string) => {
  const resolved = records.resolved('item', item)
  const known = records.ruling('item', resolved) !== null
  return { item: known ? resolved : item, known }
}

interface Found {
  readonly entry: string
  readonly node: string
  readonly id: string
  readonly body: string
  readonly actor: string | null
  readonly occurred: string
  readonly received_at: number
  readonly state: ProvisionalState
  readonly target: string | null
  readonly settled_by: string | null
  readonly reason: string | null
  readonly settled_actor: string | null
  readonly settled_at: string | null
}
/** By sites, kind and entry; an empty text narrows nothing. */
interface Narrowed {
  /** 1: of every site. */
  readonly all: number
  readonly sites: string
  readonly kind: string
  readonly entry: string
}
interface Bound extends Narrowed {
  readonly settled: number
  readonly before: number
  readonly after: string
  readonly state: string
  readonly rows: number
}
const NARROWED = `(@all or ${amongSites('p.node')}) and (@kind = '' or p.kind = @kind) and (@entry = '' or p.entry = @entry)`
const NONE = { open: 0, confirmed: 0, redirected: 0, conflict: 0 }

const COLUMNS = `select p.entry, p.node, p.id, p.body, p.actor, p.occurred, p.received_at, p.state, p.target, p.settled_by,
  o.reason, o.actor as settled_actor, o.occurred as settled_at from provisional p left join outcome o on o.entry = (
    select entry from outcome where kind = p.kind and id = p.id and (kind = 'lot' or of_entry = p.entry) order by version desc, entry desc limit 1)
    and o.kind = p.kind and o.id = p.id`

const viewOf = (
  row: Found,
  names: Names,
  { now, lots }: { readonly now: ReturnType<typeof openNow>; readonly lots: LotsNow },
): Omit<ProvisionalView, 'suggestions'> => {
  const met = JSON.parse(row.body) as ProvisionalBody
  const { item, known } = now(met.item)
  return {
    entry: row.entry,
    site: row.node,
    siteName: names.siteName(row.node),
    met,
    now: { item, name: names.item(item).name, known, ...(met.is === 'lot' ? { lot: lots.now(row.id) } : {}) },
    actor: row.actor,
    occurredAt: row.occurred,
    receivedAt: new Date(row.received_at).toISOString(),
    state: row.state,
    settled: settledOf(row),
  }
}

const settledOf = ({ settled_by: by, target: to, reason, settled_actor: actor, settled_at: at }: Found): ProvisionalView['settled'] =>
  by === null ? null : { by, to, reason, actor, at }

/** By a code of its packs first: that is no guess. Then by its name, with how alike they are. */
const openSuggestions = (db: Database, records: Records, lots: LotsNow) => {
  const codes = db.prepare<[string], { readonly item: string; readonly version: number }>(
    'select item, version from item_code where code = ?',
  )
  const alike = openAlikeItems(db, records)
  const lotsLike = openAlikeLots(db, lots)
  const isSeen = openLotSight(db)
  const view = (id: string, why: SuggestionView['why'], score: number): readonly SuggestionView[] => {
    const record = records.ruling('item', id)
    return record ? [{ is: 'item', id, name: record.name, detail: record.model, why, score }] : []
  }
  return (row: Found, within: SiteScope): SuggestionView[] => {
    const body = JSON.parse(row.body) as ProvisionalBody
    if (row.state === 'open' && body.is === 'lot') return lotsLike(row.id, (lot) => isSeen(lot, within))
    if (row.state !== 'open' || body.is !== 'item') return []
    const claims = body.packs.flatMap((level) => codesOf(level).flatMap((code) => codes.all(codeKey(code))))
    const ruling = claims.filter(({ item, version }) => records.ruling('item', item)?.version === version)
    const coded = [...new Set(ruling.map(({ item }) => records.resolved('item', item)))].flatMap((id) => view(id, 'code', 100))
    if (coded.length > 0) return coded
    return alike(`${body.name.zh} ${body.model}`).flatMap(({ id, score }) => view(id, 'name', score))
  }
}
