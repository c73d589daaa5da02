import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { MovementRow } from '@lotkeeper/protocol/api/views.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { entryId, HUB, writerOf } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { Database } from '../../database.ts'
import { INTO_ANOTHER, OUT_OF_ANOTHER, OWNER_OF_DST, OWNER_OF_SRC } from '../../ledger/sqlite/schema.ts'
import { openTold, type Told } from '../told.ts'
import { openLevels } from './levels.ts'
import { itemOf, lotNumberOf, type Names } from './names.ts'
import { PAGE_ROWS, pageOf, readCursor, writeCursor } from './pages.ts'
import type { Records } from './records.ts'
import { MOVEMENT_SEEN, sitesAsked, sitesText } from './scope.ts'

/** Names a movement line: `mv` is the hub's commit order. */
export interface MovementKey {
  readonly lot: string
  readonly mv: number
}

export interface MovementQuestions {
  /** Newest first by the hub's commit order. */
  readonly page: (query: HubQuery<'movements'>, within?: SiteScope) => HubAnswer<'movements'> | Refusal
  readonly newest: (rows: number, within?: SiteScope) => readonly MovementRow[]
  readonly ofLot: (lot: string, rows: number, within?: SiteScope) => readonly MovementRow[]
  readonly at: (keys: readonly MovementKey[]) => readonly MovementRow[]
}

export const openMovements = (db: Database, names: () => Names, records: Records): MovementQuestions => {
  const prepared = (name: PageName) => db.prepare<[Bound], Found>(PAGES[name])
  const pages: Readonly<Record<PageName, { readonly all: (bound: Bound) => Found[] }>> = {
    all: prepared('all'),
    site: prepared('site'),
    siteItem: prepared('siteItem'),
    item: prepared('item'),
    lot: prepared('lot'),
    siteLot: prepared('siteLot'),
    itemWithin: prepared('itemWithin'),
    lotWithin: prepared('lotWithin'),
  }
  const one = db.prepare<[MovementKey], Found>(`${COLUMNS} from movement m ${DETAILS} where m.lot = @lot and m.mv = @mv`)
  const levels = openLevels(db)
  const log = openTold(db)
  const orderOf = db.prepare<[{ readonly mv: number; readonly sites: string }], { readonly entry: string; readonly seen: number }>(ENTRY_AT)
  const keysWithin = openKeysWithin(db)
  // What was moved keeps its name; asked for by the kept item, it is among the rows.
  const itemsOf = (item: string) => JSON.stringify(records.family('item', records.resolved('item', item)))
  const read = (query: HubQuery<'movements'>, within: SiteScope, { before, rows }: Pick<Bound, 'before' | 'rows'>): readonly Found[] => {
    const { site = null, item, lot = '' } = query
    const sites = sitesAsked(query.site, within)
    if (sites.length === 0) return []
    if (sites !== 'all' && site === null && item === undefined && query.lot === undefined)
      return keysWithin(sites, before, rows).flatMap((key) => one.get(key) ?? [])
    return pages[pageNameOf(query, sites === 'all')].all({
      site,
      lot,
      before,
      rows,
      items: item === undefined ? '[]' : itemsOf(item),
      sites: sitesText(sites),
    })
  }
  const shown = (found: readonly Found[]) => {
    const row = openRows(log, names(), levels())
    return found.map(row)
  }
  return {
    page: (query, within = 'all') => {
      const after = readCursor('movements', ['number', 'text'], query.cursor)
      if (isRefusal(after)) return after
      const before = after === null ? Number.MAX_SAFE_INTEGER : Number(after[0])
      // Commit order belongs to this database: in one restored from a backup the cursor's number may mean another movement.
      // One that was made for other sites is unknown too: that it is known would tell of their movements.
      const at = after === null ? null : orderOf.get({ mv: before, sites: sitesText(within) })
      if (after !== null && (at?.entry !== after[1] || (within !== 'all' && at?.seen !== 1))) return refuse('live.cursor-unknown')
      const limit = query.limit ?? PAGE_ROWS
      const page = pageOf(read(query, within, { before, rows: limit + 1 }), limit, {
        row: openRows(log, names(), levels()),
        cursor: (found) => writeCursor('movements', [found.mv, entryOf(found)]),
      })
      return { rows: [...page.rows], next: page.next }
    },
    newest: (rows, within = 'all') => shown(read({}, within, { before: Number.MAX_SAFE_INTEGER, rows })),
    ofLot: (lot, rows, within = 'all') => shown(read({ lot }, within, { before: Number.MAX_SAFE_INTEGER, rows })),
    at: (keys) => shown(keys.flatMap((key) => one.get(key) ?? [])),
  }
}

interface Found {
  readonly mv: number
  readonly lot: string
  readonly stream: string
  readonly epoch: string
  readonly seq: number
  readonly line: number
  readonly kind: string
  readonly src: string
  readonly dst: string
  readonly units: number
  readonly occurred: string
  readonly dated: string | null
  readonly doc: string | null
  readonly reverses: string | null
  readonly site: string | null
  readonly received_at: number
  readonly by_entry: string | null
}
interface Bound {
  readonly site: string | null
  /** The item and all that is merged into it. */
  readonly items: string
  readonly sites: string
  readonly lot: string
  readonly before: number
  readonly rows: number
}
type PageName = keyof typeof PAGES

const COLUMNS = `select m.mv, m.lot, m.stream, m.epoch, m.seq, m.line, m.kind, m.src, m.dst, m.units, m.occurred, m.dated, m.doc, m.reverses,
  f.site, g.received_at, r.by_entry`
const ENTRY_NAME = `m.stream || '/' || m.epoch || '/' || m.seq`
/** What else a row shows, each by its key. `cross join` holds the order: the page is cut before the details are read. */
const DETAILS = `cross join log g on g.stream = m.stream and g.epoch = m.epoch and g.seq = m.seq
  left join feed f on f.mv = m.mv left join reversal r on r.entry = ${ENTRY_NAME} and r.line = m.line`
const ENTRY_AT = `select ${ENTRY_NAME} as entry, ${MOVEMENT_SEEN} as seen from feed f cross join movement m on m.lot = f.lot and m.mv = f.mv where f.mv = @mv`

/** Keys of the page first (`lot`, `mv`), by the narrowest order there is; then the rows. */
const pageSql = (keys: string) => `with page as materialized (${keys} limit @rows)
  ${COLUMNS} from page p cross join movement m on m.lot = p.lot and m.mv = p.mv ${DETAILS} order by m.mv desc`
const PAGES = {
  all: pageSql('select lot, mv from feed where mv < @before order by mv desc'),
  site: pageSql('select lot, mv from feed where site = @site and mv < @before order by mv desc'),
  siteItem: pageSql(
    `select lot, mv from feed where site = @site and mv < @before
      and substr(lot, 1, instr(lot, '/') - 1) in (select value from json_each(@items)) order by mv desc`,
  ),
  item: pageSql(`select m.lot, m.mv from json_each(@items) i cross join movement m on m.lot >= i.value || '/' and m.lot < i.value || '0'
    where m.mv < @before order by m.mv desc`),
  lot: pageSql('select lot, mv from movement where lot = @lot and mv < @before order by mv desc'),
  siteLot: pageSql(`select m.lot, m.mv from movement m cross join feed f on f.mv = m.mv and f.site = @site
    where m.lot = @lot and m.mv < @before order by m.mv desc`),
  itemWithin:
    pageSql(`select m.lot, m.mv from json_each(@items) i cross join movement m on m.lot >= i.value || '/' and m.lot < i.value || '0'
    cross join feed f on f.mv = m.mv where m.mv < @before and ${MOVEMENT_SEEN} order by m.mv desc`),
  lotWithin: pageSql(`select m.lot, m.mv from movement m cross join feed f on f.mv = m.mv
    where m.lot = @lot and m.mv < @before and ${MOVEMENT_SEEN} order by m.mv desc`),
} as const

/** The newest movements some sites see: what each wrote, and what others wrote of its places. */
const openKeysWithin = (db: Database) => {
  const prepared = (sql: string) =>
    db.prepare<[Pick<Bound, 'site' | 'before' | 'rows'>], MovementKey>(`${sql} and mv < @before order by mv desc limit @rows`)
  const ways = [
    prepared('select lot, mv from feed where site = @site'),
    prepared(`select lot, mv from movement indexed by movement_into where ${OWNER_OF_DST} = @site and ${INTO_ANOTHER}`),
    prepared(`select lot, mv from movement indexed by movement_out_of where ${OWNER_OF_SRC} = @site and ${OUT_OF_ANOTHER}`),
  ]
  return (sites: Exclude<SiteScope, 'all'>, before: number, rows: number): readonly MovementKey[] => {
    const found = new Map(
      sites.flatMap((site) => ways.flatMap((way) => way.all({ site, before, rows }).map((key) => [key.mv, key] as const))),
    )
    return [...found.values()].toSorted((one, other) => other.mv - one.mv).slice(0, rows)
  }
}

const pageNameOf = ({ site, item, lot }: HubQuery<'movements'>, inAll: boolean): PageName => {
  if (!inAll && site === undefined) return lot === undefined ? 'itemWithin' : 'lotWithin'
  if (lot !== undefined) return site === undefined ? 'lot' : 'siteLot'
  if (item !== undefined) return site === undefined ? 'item' : 'siteItem'
  return site === undefined ? 'all' : 'site'
}

const entryOf = (found: Found): string => entryId(found.stream, found.epoch, found.seq)

/** Makes rows; the lines of one entry share one reading of its text. Of one that is damaged the tables know what moved, and not by whom. */
const openRows = (log: Told, names: Names, levelOf: ReturnType<ReturnType<typeof openLevels>>): ((found: Found) => MovementRow) => {
  const entries = new Map<string, Entry | null>()
  return (found) => {
    const name = entryOf(found)
    const entry = entries.has(name) ? (entries.get(name) ?? null) : log.entry(name)
    entries.set(name, entry)
    const item = names.item(itemOf(found.lot))
    return {
      entry: name,
      line: found.line,
      kind: found.kind,
      site: found.site ?? writerOf(found.stream),
      item: item.item,
      itemName: item.name,
      unit: item.unit,
      lot: found.lot,
      lotNumber: lotNumberOf(found.lot),
      from: found.src,
      to: found.dst,
      units: found.units,
      occurredAt: found.occurred,
      receivedAt: new Date(found.received_at).toISOString(),
      datedAt: found.dated,
      level: levelOf(found.stream, found.epoch, found.seq),
      actor: entry?.actor ?? null,
      device: entry?.device ?? null,
      doc: found.doc,
      tags: entry?.lines[found.line]?.tags ?? [],
      reverses: found.reverses,
      reversedBy: found.by_entry,
      evidence: evidenceOf(found.stream, entry?.body ?? {}),
      override: (entry?.body['override'] as MovementRow['override'] | undefined) ?? null,
    }
  }
}

/** Who decided it: a door that saw the tag, a scan, a hand; the hub for its own entries. */
const evidenceOf = (stream: string, body: Entry['body']): MovementRow['evidence'] => {
  if (writerOf(stream) === HUB) return { by: 'hub', certainty: null }
  const passage = body['passage'] as { readonly certainty: number } | undefined
  if (passage) return { by: 'door', certainty: passage.certainty }
  return { by: body['scan'] === undefined ? 'hand' : 'scan', certainty: null }
}
