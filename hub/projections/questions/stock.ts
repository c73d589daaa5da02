import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import type { NodeId, PlaceId } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import { todayIn } from '@lotkeeper/protocol/rules/expiry.ts'
import type { Database } from '../../database.ts'
import { COUNTY_ZONE } from '../calendar.ts'
import { itemOf, lotNumberOf, type Names } from './names.ts'
import { PAGE_ROWS, pageOf, readCursor, writeCursor } from './pages.ts'
import type { Records } from './records.ts'
import { amongSites, ownerSql, ROOMS_OF_SITES, sitesAsked, sitesText } from './scope.ts'

/**
 * Stock is what stands in rooms; what is on the way, used or scrapped is told by the lot's journey. Lots of an item that is merged into another stand
 * under the kept one, with the lot they were signed with.
 */
export interface StockQuestions {
  /** Soonest expiry first, lots without expiry last. */
  readonly page: (query: HubQuery<'stock'>, within?: SiteScope) => HubAnswer<'stock'> | Refusal
  /** The rows of these positions as they are now; a row with 0 units has left its place. Virtual places have none. */
  readonly at: (positions: readonly { readonly lot: string; readonly place: PlaceId }[]) => readonly StockRow[]
}

export const openStock = (db: Database, now: () => number, names: () => Names, records: Records): StockQuestions => {
  const prepared = new Map<string, Statement>()
  const statementOf = (sql: string): Statement => {
    const statement = prepared.get(sql) ?? db.prepare<[Bound], Found>(sql)
    prepared.set(sql, statement)
    return statement
  }
  const zones = db.prepare<[], { readonly site: string; readonly zone: string }>("select site, body ->> 'zone' as zone from site")
  const one = db.prepare<[string, string], Found>(ONE_POSITION)
  return {
    page: (query, within = 'all') => {
      const after = readCursor('stock', ['text', 'text', 'text'], query.cursor)
      if (isRefusal(after)) return after
      const limit = query.limit ?? PAGE_ROWS
      const known = names()
      const [afterExpiry = '', afterLot = '', afterPlace = ''] = (after ?? []).map(String)
      const horizon = query.expiring === undefined ? NO_HORIZON : horizonOf(zones.all(), query.expiring, now())
      const search = query.search?.trim() ?? ''
      const sites = sitesAsked(query.site, within)
      const found = statementOf(pageSql(query, { searching: search !== '', goingOn: after !== null, inAll: sites === 'all' })).all({
        sites: sitesText(sites),
        items: query.item === undefined ? '[]' : JSON.stringify(records.family('item', records.resolved('item', query.item))),
        lot: query.lot ?? '',
        text: search.toLowerCase(),
        number: search.toUpperCase(),
        gtin: search.padStart(14, '0'),
        ...horizon,
        afterExpiry,
        afterLot,
        afterPlace,
        rows: limit + 1,
      })
      const page = pageOf(found, limit, {
        row: (row) => stockRow(row, known),
        cursor: (row) => writeCursor('stock', [row.expiry ?? LAST, row.lot, row.place]),
      })
      return { rows: [...page.rows], next: page.next }
    },
    at: (positions) => {
      const known = names()
      return positions
        .filter(({ place }) => !place.includes('/~'))
        .flatMap(({ lot, place }) => {
          const row = one.get(lot, place)
          return row ? [stockRow(row, known)] : []
        })
    },
  }
}

interface Found {
  readonly lot: string
  readonly place: string
  readonly units: number
  readonly expiry: string | null
}
type Bound = Readonly<Record<string, string | number>>
type Statement = { readonly all: (bound: Bound) => Found[] }

/** Sorts after every calendar date. */
const LAST = '~'
const ONE_POSITION = `select p.lot, p.place, p.units, l.expiry from position p left join lot l on l.lot = p.lot where p.lot = ? and p.place = ?`

/**
 * Rooms sort before virtual places of the same owner (`~` sorts after letters), so a site's rooms are one range of `position_by_place`,
 * and an item's lots are one range of the primary key (`0` follows `/`), as are those of each item that is merged into it.
 */
const pageSql = (query: HubQuery<'stock'>, { searching, goingOn, inAll }: Wished): string => {
  const where = ['p.units <> 0']
  const ofItem = query.item !== undefined
  if (inAll || ofItem) where.push("instr(p.place, '/~') = 0")
  if (!inAll && ofItem) where.push(amongSites(ownerSql('p.place')))
  if (query.lot !== undefined) where.push('p.lot = @lot')
  if (query.expiring !== undefined) where.push(`l.expiry <= ${HORIZON}`)
  if (searching) where.push(SEARCH)
  if (goingOn) where.push("(coalesce(l.expiry, '~'), p.lot, p.place) > (@afterExpiry, @afterLot, @afterPlace)")
  const from = ofItem ? ITEM_LOTS : inAll ? 'position p' : ROOMS_OF_SITES
  return `${searching ? CALLED : ''} select p.lot, p.place, p.units, l.expiry from ${from} left join lot l on l.lot = p.lot
    where ${where.join(' and ')} order by coalesce(l.expiry, '~'), p.lot, p.place limit @rows`
}

interface Wished {
  readonly searching: boolean
  readonly goingOn: boolean
  readonly inAll: boolean
}
const ITEM_LOTS = `json_each(@items) i cross join position p on p.lot >= i.value || '/' and p.lot < i.value || '0'`

/** Items of that name, whatever their versions, and all that is merged into them; a thing no county knows yet is found by what its maker called it. */
const CALLED = `with recursive called(id) as (select id from master_version where kind = 'item' and instr(search, @text) > 0
  union select item from item_code where code = 'gtin:' || @gtin
  union select id from provisional where kind = 'item' and instr(lower(body ->> '$.name.zh'), @text) > 0
  union select r.id from called c join master_redirect r on r.kind = 'item' and r.target = c.id
    and r.version = (select max(version) from master_redirect where kind = 'item' and id = r.id))`
const SEARCH = `(substr(p.lot, 1, instr(p.lot, '/') - 1) in (select id from called)
  or instr(substr(p.lot, instr(p.lot, '/') + 1), @number) > 0)`

/** The last date that is within the horizon: the county's, but for sites whose calendar is on another day just now. */
const HORIZON = "coalesce((select value from json_each(@otherDays) where key = substr(p.place, 1, instr(p.place, '/') - 1)), @day)"
const NO_HORIZON = { day: '', otherDays: '{}' }

const horizonOf = (sites: readonly { readonly site: NodeId; readonly zone: string }[], days: number, nowMs: number) => {
  const lastDay = (zone: string) => addDays(todayIn(zone, nowMs), days)
  const day = lastDay(COUNTY_ZONE)
  const others = sites.filter(({ zone }) => zone !== COUNTY_ZONE).map(({ site, zone }) => [site, lastDay(zone)] as const)
  return { day, otherDays: JSON.stringify(Object.fromEntries(others.filter(([, other]) => other !== day))) }
}

const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

const stockRow = (row: Found, names: Names): StockRow => {
  const site = row.place.slice(0, row.place.indexOf('/'))
  const item = names.kept(itemOf(row.lot))
  return {
    site,
    place: row.place,
    item: item.item,
    itemName: item.name,
    unit: item.unit,
    lot: row.lot,
    lotNumber: lotNumberOf(row.lot),
    expiry: row.expiry,
    ...names.expiry(item.item, row.expiry, site),
    units: row.units,
  }
}
