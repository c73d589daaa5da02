import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { Database } from '../../database.ts'
import type { VersionedIs } from '../../ledger/contract.ts'
import { type ItemPermits, openItemPermits } from './item-permits.ts'
import { PAGE_ROWS, type Page, pageOf, readCursor, writeCursor } from './pages.ts'
import { itemView, type Records, RULES, recordView, STANDS_ALONE } from './records.ts'
import { amongSites, sitesAsked, sitesText } from './scope.ts'
import { shownValidity, worstOf } from './validity.ts'

/** Lists of master data by id, each record once by the version that rules today; what is merged into another is not listed. */
export interface RecordLists {
  readonly items: (query: HubQuery<'items'>) => HubAnswer<'items'> | Refusal
  readonly parties: (query: HubQuery<'parties'>) => HubAnswer<'parties'> | Refusal
  readonly certificates: (query: HubQuery<'certificates'>) => HubAnswer<'certificates'> | Refusal
  readonly portals: (query: HubQuery<'portals'>, within?: SiteScope) => HubAnswer<'portals'> | Refusal
  readonly costCentres: (query: HubQuery<'costCentres'>, within?: SiteScope) => HubAnswer<'costCentres'> | Refusal
}

export const openRecordLists = (db: Database, records: Records): RecordLists => {
  const list = openList(db, records)
  const permits = openItemPermits(db, records)
  return {
    items: ({ permit, ...query }) => {
      const today = permits()
      const asked = { ...query, ...(permit === undefined ? {} : { permit: PERMIT_ASKED[permit](today) }) }
      return list('item', asked, (record) => ({ ...itemView(record), permit: today.worst(record) }))
    },
    parties: (query) =>
      list('party', query, (record) => ({
        ...recordView(record),
        validity: worstOf(record.licences.map((licence) => shownValidity(licence, records.today()))),
      })),
    certificates: (query) =>
      list('certificate', query, (record) => ({
        ...recordView(record),
        validity: shownValidity({ from: record.issued, until: record.until }, records.today()),
        holderName: record.holder === undefined ? null : (records.ruling('party', records.resolved('party', record.holder))?.name ?? null),
      })),
    portals: ({ site, ...query }, within = 'all') => list('portal', { ...query, sites: sitesAsked(site, within) }, recordView),
    // One of no site is the whole county's, and seen by all of it.
    costCentres: ({ site, ...query }, within = 'all') =>
      list('cost-centre', { ...query, sites: sitesAsked(site, within), siteless: site === undefined }, recordView),
  }
}

interface ListQuery {
  readonly search?: string
  readonly class?: string
  readonly permit?: PermitAsked
  readonly retired?: boolean
  readonly sites?: SiteScope
  /** Whether those of no site are among them. */
  readonly siteless?: boolean
  readonly role?: string
  readonly cursor?: string
  readonly limit?: number
}

/** Items whose permits stand so: the condition, and the ids of certificates and makers it names. */
interface PermitAsked {
  readonly where: string
  readonly certificates: readonly string[]
  readonly makers: readonly string[]
  /** Those that stand worse, which may not be among them. */
  readonly notCertificates: readonly string[]
  readonly notMakers: readonly string[]
}

const NOBODY = { certificates: [], makers: [], notCertificates: [], notMakers: [] }
const among = (certificates: string, makers: string): string =>
  `(coalesce(v.body ->> 'certificate', '') in (select value from json_each(@${certificates}))
    or coalesce(v.body ->> 'manufacturer', '') in (select value from json_each(@${makers})))`
const AMONG = among('certificates', 'makers')
const NOT_WORSE = `not ${among('notCertificates', 'notMakers')}`
const worse = ({ certificates, makers }: ReturnType<ItemPermits['ids']>) => ({ notCertificates: certificates, notMakers: makers })

const PERMIT_ASKED: Readonly<Record<NonNullable<HubQuery<'items'>['permit']>, (permits: ItemPermits) => PermitAsked>> = {
  none: () => ({ where: `v.body ->> 'certificate' is null`, ...NOBODY }),
  ended: ({ ids }) => ({ where: AMONG, ...NOBODY, ...ids('ended') }),
  ending: ({ ids }) => ({ where: `${AMONG} and ${NOT_WORSE}`, ...ids('ending'), ...worse(ids('ended')) }),
  valid: ({ ids }) => {
    const [ended, ending] = [ids('ended'), ids('ending')]
    const both = { certificates: [...ended.certificates, ...ending.certificates], makers: [...ended.makers, ...ending.makers] }
    return { where: `v.body ->> 'certificate' is not null and ${NOT_WORSE}`, ...NOBODY, ...worse(both) }
  },
}

/** A code is found in any length in which a GTIN is written: it is kept in 14 digits. */
const SEARCHED = `(exists (select 1 from master_version s where s.kind = v.kind and s.id = v.id and instr(s.search, @text) > 0)
  or v.id in (select item from item_code where code = 'gtin:' || @gtin and v.kind = 'item'))`

const openList = (db: Database, records: Records) => {
  const prepared = new Map<string, ReturnType<typeof db.prepare<[Bound], Found>>>()
  const statementOf = (where: readonly string[]) => {
    const sql = `select v.id, v.body from master_version v where v.kind = @is and v.id > @after and ${where.join(' and ')} order by v.id limit @rows`
    const statement = prepared.get(sql) ?? db.prepare<[Bound], Found>(sql)
    prepared.set(sql, statement)
    return statement
  }
  return <Is extends VersionedIs, Row>(
    is: Is,
    query: ListQuery,
    row: (record: RecordOf<Is>) => Row,
  ): { rows: Row[]; next: string | null } | Refusal => {
    const key = readCursor(is, ['text'], query.cursor)
    if (isRefusal(key)) return key
    const limit = query.limit ?? PAGE_ROWS
    const search = query.search?.trim() ?? ''
    const found = statementOf(conditionsOf(query, search)).all({
      ...{ is, after: String(key?.[0] ?? ''), today: records.today(), rows: limit + 1 },
      ...{ text: search.toLowerCase(), gtin: search.padStart(14, '0'), sites: sitesText(query.sites ?? 'all'), role: query.role ?? '' },
      ...{ class: query.class ?? '', ...textsOf(query.permit ?? NOBODY) },
    })
    const page: Page<Row> = pageOf(found, limit, {
      row: ({ body }) => row(JSON.parse(body) as RecordOf<Is>),
      cursor: ({ id }) => writeCursor(is, [id]),
    })
    return { rows: [...page.rows], next: page.next }
  }
}

const textsOf = ({ certificates, makers, notCertificates, notMakers }: Omit<PermitAsked, 'where'>) => ({
  certificates: JSON.stringify(certificates),
  makers: JSON.stringify(makers),
  notCertificates: JSON.stringify(notCertificates),
  notMakers: JSON.stringify(notMakers),
})

/** What tells few rows apart comes first: which version rules is asked of the rows that are left. */
const conditionsOf = (
  { retired, sites = 'all', siteless = false, role, permit, class: wanted }: ListQuery,
  search: string,
): readonly string[] => [
  ...(search === '' ? [] : [SEARCHED]),
  ...(permit === undefined ? [] : [permit.where]),
  ...(wanted === undefined ? [] : [`coalesce(v.body ->> 'class', 'none') = @class`]),
  RULES,
  STANDS_ALONE,
  ...(retired === undefined ? [] : [`v.body ->> 'retired' is ${retired ? 'not' : ''} null`]),
  ...(sites === 'all' ? [] : [`(${amongSites(`v.body ->> 'site'`)}${siteless ? ` or v.body ->> 'site' is null` : ''})`]),
  ...(role === undefined ? [] : [`exists (select 1 from json_each(v.body, '$.roles') where value = @role)`]),
]

interface Bound {
  readonly is: string
  readonly after: string
  readonly today: string
  readonly rows: number
  readonly text: string
  readonly gtin: string
  readonly sites: string
  readonly role: string
  readonly class: string
  readonly certificates: string
  readonly makers: string
  readonly notCertificates: string
  readonly notMakers: string
}
interface Found {
  readonly id: string
  readonly body: string
}
