import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { AsOfRow } from '@lotkeeper/protocol/api/views.ts'
import { type CalendarDate, isCalendarDate } from '@lotkeeper/protocol/names.ts'
import { isRefusal, malformed, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { Database } from '../../database.ts'
import { dayAfter, dayStart } from '../calendar.ts'
import { itemOf, lotNumberOf, type Names } from './names.ts'
import { PAGE_ROWS, pageOf, readCursor, writeCursor } from './pages.ts'
import type { Records } from './records.ts'
import { amongSites, ownerSql, sitesAsked, sitesText } from './scope.ts'

/**
 * Stock in rooms at the end of a day of the county, by lot and place. As it truly was: the months before, and of that month what happened up to
 * then by the best time known. As it was known: today's books without what the hub came to know later [ledger-and-sync 1.10].
 */
export const openAsOf = (
  db: Database,
  names: () => Names,
  records: Records,
): ((query: HubQuery<'stockAsOf'>, within?: SiteScope) => HubAnswer<'stockAsOf'> | Refusal) => {
  const prepared = new Map<string, Statement>()
  const statementOf = (sql: string): Statement => {
    const statement = prepared.get(sql) ?? db.prepare<[Bound], Found>(sql)
    prepared.set(sql, statement)
    return statement
  }
  const known = db.prepare<[string], number>('select coalesce(max(mv), 0) from known_day where day <= ?').pluck()
  return (query, within = 'all') => {
    const after = readCursor('stockAsOf', ['text', 'text'], query.cursor)
    if (isRefusal(after)) return after
    if (!isCalendarDate(query.date)) return malformed('date', { zh: '不是日历上的日期', en: 'is no date of the calendar' })
    const limit = query.limit ?? PAGE_ROWS
    const [afterLot = '', afterPlace = ''] = (after ?? []).map(String)
    const { lot = '', date } = query
    const sites = sitesAsked(query.site, within)
    const items = query.item === undefined ? [] : records.family('item', records.resolved('item', query.item))
    const times = query.by === 'known' ? { upto: known.get(date) ?? 0 } : timesOf(date)
    const bound = { sites: sitesText(sites), items: JSON.stringify(items), lot, afterLot, afterPlace, ...times }
    const found: Found[] = []
    // Row by row: most positions of long ago are empty, and a page is cut as soon as it is full.
    for (const row of statementOf(pageSql(query, sites === 'all', after !== null)).iterate(bound)) {
      if (row.units !== 0) found.push(row)
      if (found.length > limit) break
    }
    const called = names()
    const page = pageOf(found, limit, {
      row: (row) => asOfRow(row, called),
      cursor: (row) => writeCursor('stockAsOf', [row.lot, row.place]),
    })
    return { rows: [...page.rows], next: page.next }
  }
}

interface Found {
  readonly lot: string
  readonly place: string
  readonly units: number
  readonly expiry: string | null
}
type Bound = Readonly<Record<string, string | number>>
interface Statement {
  readonly iterate: (bound: Bound) => IterableIterator<Found>
}

const timesOf = (date: CalendarDate) => {
  const month = date.slice(0, 7)
  return { month, from: dayStart(`${month}-01`), end: dayStart(dayAfter(date)) }
}

/** What movements of the position's lot did to its place. */
const MOVED = `select coalesce(sum(iif(m.dst = p.place, m.units, 0) - iif(m.src = p.place, m.units, 0)), 0) from movement m
  where m.lot = p.lot and (m.src = p.place or m.dst = p.place)`
const TRULY = `(select coalesce(sum(d.units_in - d.units_out), 0) from period_delta d where d.lot = p.lot and d.place = p.place and d.month < @month)
  + iif(exists (select 1 from period_delta d where d.lot = p.lot and d.place = p.place and d.month = @month),
    (${MOVED} and coalesce(m.dated, m.occurred) >= @from and coalesce(m.dated, m.occurred) < @end), 0)`
const KNOWN = `p.units - (${MOVED} and m.mv > @upto)`

/** Of each item a range of the primary key. */
const ITEM_LOTS = `json_each(@items) i cross join position p on p.lot >= i.value || '/' and p.lot < i.value || '0'`

const pageSql = (query: HubQuery<'stockAsOf'>, inAll: boolean, goingOn: boolean): string => {
  const where = ["instr(p.place, '/~') = 0"]
  if (!inAll) where.push(amongSites(ownerSql('p.place')))
  if (query.lot !== undefined) where.push('p.lot = @lot')
  if (goingOn) where.push('(p.lot, p.place) > (@afterLot, @afterPlace)')
  return `select p.lot, p.place, ${query.by === 'known' ? KNOWN : TRULY} as units, l.expiry from ${query.item === undefined ? 'position p' : ITEM_LOTS} left join lot l on l.lot = p.lot
    where ${where.join(' and ')} order by p.lot, p.place`
}

const asOfRow = ({ lot, place, units, expiry }: Found, names: Names): AsOfRow => {
  const item = names.item(itemOf(lot))
  const site = place.slice(0, place.indexOf('/'))
  return { site, place, item: item.item, itemName: item.name, unit: item.unit, lot, lotNumber: lotNumberOf(lot), expiry, units }
}
