import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { PermitRow } from '@lotkeeper/protocol/api/hub-catalog.ts'
import type { Licence, RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import type { CalendarDate } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { PERMIT_WARNS_DAYS } from '@lotkeeper/protocol/rules/validity.ts'
import type { Database } from '../../database.ts'
import { dayOf } from '../calendar.ts'
import { PAGE_ROWS, pageOf, readCursor, writeCursor } from './pages.ts'
import { type Records, RULES, STANDS_ALONE } from './records.ts'
import { shownValidity } from './validity.ts'

/**
 * Licences and certificates that ended or end soon, worst first. Of retired records nothing is told, nor of merged ones: the record they are
 * now speaks for them.
 */
export const openPermits = (db: Database, records: Records): ((query: HubQuery<'permits'>) => HubAnswer<'permits'> | Refusal) => {
  const page = db.prepare<[Bound], Found>(PERMITS)
  const byField = { certificate: concernedBy(db, 'certificate'), party: concernedBy(db, 'manufacturer') }
  return (query) => {
    const key = readCursor('permits', ['text', 'text', 'text', 'number'], query.cursor)
    if (isRefusal(key)) return key
    const limit = query.limit ?? PAGE_ROWS
    const today = records.today()
    const [until, is, id, at] = key ?? ['', '', '', 0]
    const bound = { until: String(until), is: String(is), id: String(id), at: Number(at), today, rows: limit + 1 }
    const found = page.all({ ...bound, edge: edgeOf(today, query.within ?? Math.max(...PERMIT_WARNS_DAYS)) })
    const shown = pageOf(found, limit, {
      row: (row) => permitRow(row, records, (is, id) => byField[is](records.family(is, id), today)),
      cursor: (row) => writeCursor('permits', [row.until, row.is, row.id, row.at]),
    })
    return { rows: [...shown.rows], next: shown.next }
  }
}

const HOLDS = `${RULES} and ${STANDS_ALONE} and v.body ->> 'retired' is null`
/** Items one permit names; the others are counted. */
const ITEMS_SHOWN = 10

const permitRow = (row: Found, records: Records, concerned: Concerned): PermitRow => {
  const record = JSON.parse(row.body) as RecordOf<'party'> | RecordOf<'certificate'>
  const licence: Licence | null = record.is === 'party' ? (record.licences[row.at] ?? null) : null
  const from = record.is === 'certificate' ? record.issued : (licence?.from ?? null)
  const holder = record.is === 'certificate' ? record.holder : record.id
  const party = holder === undefined ? null : records.ruling('party', records.resolved('party', holder))
  const items = concerned(record.is, record.id)
  return {
    is: row.is,
    id: record.id,
    number: record.is === 'certificate' ? record.number : (licence?.number ?? ''),
    kind: licence?.kind ?? null,
    from,
    until: row.until,
    validity: shownValidity({ from, until: row.until }, records.today()),
    party: party ? { id: party.id, name: party.name } : null,
    items: items.slice(0, ITEMS_SHOWN).map(({ id, zh, en }) => ({ id, name: { zh, en } })),
    itemsInAll: items.length,
  }
}

type Concerned = (is: 'certificate' | 'party', id: string) => readonly ConcernedItem[]

/** Items that name one of these ids in a field. */
const concernedBy = (db: Database, field: 'certificate' | 'manufacturer') => {
  const items = db.prepare<[{ readonly ids: string; readonly today: string }], ConcernedItem>(
    `select v.id, v.body ->> '$.name.zh' as zh, v.body ->> '$.name.en' as en from master_version v indexed by item_by_${field}
     where v.kind = 'item' and v.body ->> '${field}' in (select value from json_each(@ids)) and ${HOLDS} order by v.id`,
  )
  return (ids: readonly string[], today: string): readonly ConcernedItem[] => items.all({ ids: JSON.stringify(ids), today })
}

/** The day so many days after. */
export const edgeOf = (today: CalendarDate, days: number): CalendarDate => dayOf(Date.parse(`${today}T00:00:00.000Z`) + days * DAY_MS)
const DAY_MS = 86_400_000

const PERMITS = `
  select * from (
    select 'certificate' as "is", v.id, 0 as at, v.body ->> 'until' as until, v.body from master_version v indexed by certificate_by_until
    where v.kind = 'certificate' and v.body ->> 'until' <= @edge and ${HOLDS}
    union all
    select 'licence', v.id, l.key, l.value ->> 'until', v.body from master_version v, json_each(v.body, '$.licences') l
    where v.kind = 'party' and l.value ->> 'until' <= @edge and ${HOLDS})
  where (until, "is", id, at) > (@until, @is, @id, @at) order by until, "is", id, at limit @rows`
interface Bound {
  readonly until: string
  readonly is: string
  readonly id: string
  readonly at: number
  readonly today: string
  readonly edge: string
  readonly rows: number
}
interface Found {
  readonly is: 'licence' | 'certificate'
  readonly id: string
  readonly at: number
  readonly until: string
  readonly body: string
}
interface ConcernedItem {
  readonly id: string
  readonly zh: string
  readonly en: string
}
