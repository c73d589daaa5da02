import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { SiteRow, SiteView, TagView } from '@lotkeeper/protocol/api/views.ts'
import type { Entry, SiteBody } from '@lotkeeper/protocol/ledger/entry.ts'
import { entryId } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import { codeKey, codesOf } from '@lotkeeper/protocol/rules/packs.ts'
import type { Database } from '../../database.ts'
import type { Acted, CatalogFacts, CatalogNames, CodeFact, ProvisionalFact, RecordFact, VersionedIs } from '../../ledger/contract.ts'
import { openLotDays } from '../lot-days.ts'
import { openTold } from '../told.ts'
import { openLotsNow } from './lots-now.ts'
import { itemOf, lotNumberOf } from './names.ts'
import { openNodeFacts } from './node-facts.ts'
import type { OpeningQuestions } from './openings.ts'
import { PAGE_ROWS, pageOf, readCursor, writeCursor } from './pages.ts'
import { itemView, type Records } from './records.ts'
import { amongSites, openLotSight, sitesAsked, sitesText } from './scope.ts'

/** Sites and tag registrations, as people list them and as the writer of directives checks them. */
export interface CatalogueQuestions {
  readonly sites: (within?: SiteScope) => HubAnswer<'sites'>
  readonly tags: (query: HubQuery<'tags'>, within?: SiteScope) => HubAnswer<'tags'> | Refusal
  readonly known: (names: CatalogNames, within?: SiteScope) => CatalogFacts
  readonly acted: (action: string) => readonly Acted[] | null
}

interface Beside {
  readonly provisional: (entry: string) => ProvisionalFact | null
  readonly openings: Pick<OpeningQuestions, 'byAct' | 'byDoc'>
}

export const openCatalogue = (db: Database, records: Records, beside: Beside): CatalogueQuestions => ({
  sites: openSites(db),
  tags: openTags(db),
  known: openKnown(db, records, beside),
  acted: openActed(db),
})

/** What a site says, without the version that says it. */
export const siteView = ({ site, name, zone, rooms }: Omit<SiteBody, 'version'>): SiteView => ({ site, name, zone, rooms })
export const siteRow = (site: SiteBody): SiteRow => ({ ...siteView(site), version: site.version })

/** A registration as it is shown, from its columns. */
export const tagView = (row: Omit<TagView, 'item' | 'lotNumber'>): TagView => ({
  ...row,
  item: itemOf(row.lot),
  lotNumber: lotNumberOf(row.lot),
})

/** A registration as it is shown, from its row. */
export const tagOfRow = ({ registered_at, ...row }: TagRow): TagView =>
  tagView({ ...row, registeredAt: new Date(registered_at).toISOString() })

const openSites = (db: Database): CatalogueQuestions['sites'] => {
  const all = db.prepare<[], { readonly body: string }>('select body from site order by site')
  const some = db.prepare<[string], { readonly body: string }>(
    'select body from json_each(?) cross join site on site = value order by site',
  )
  return (within = 'all') => {
    const found = within === 'all' ? all.all() : some.all(sitesText(within))
    return { rows: found.map(({ body }) => siteRow(JSON.parse(body) as SiteBody)) }
  }
}

const openTags = (db: Database): CatalogueQuestions['tags'] => {
  const page = (where: string) => db.prepare<[TagsBound], TagRow>(`${TAG_COLUMNS} where ${where} epc > @after order by epc limit @rows`)
  const tells = db
    .prepare<[{ readonly epc: string; readonly next: string; readonly sites: string }], number>(
      `select exists (select 1 from tag_event where epc = @epc and other = @next and ${amongSites('site')})`,
    )
    .pluck()
  /** The tag that took its place elsewhere is another site's. */
  const nextSeen = (tag: TagView, within: SiteScope): TagView => {
    if (within === 'all' || tag.next === null) return tag
    return tells.get({ epc: tag.epc, next: tag.next, sites: sitesText(within) }) === 1 ? tag : { ...tag, next: null }
  }
  const statements = {
    all: page(''),
    sites: page(`${amongSites('site')} and`),
    lot: page('lot = @lot and'),
    both: page(`lot = @lot and ${amongSites('site')} and`),
  }
  return (query, within = 'all') => {
    const key = readCursor('tags', ['text'], query.cursor)
    if (isRefusal(key)) return key
    const limit = query.limit ?? PAGE_ROWS
    const sites = sitesAsked(query.site, within)
    const narrowed = query.lot === undefined ? (sites === 'all' ? 'all' : 'sites') : sites === 'all' ? 'lot' : 'both'
    const bound = { sites: sitesText(sites), lot: query.lot ?? '', after: String(key?.[0] ?? ''), rows: limit + 1 }
    const found = pageOf(statements[narrowed].all(bound), limit, {
      row: (row) => nextSeen(tagOfRow(row), within),
      cursor: (row) => writeCursor('tags', [row.epc]),
    })
    return { rows: [...found.rows], next: found.next }
  }
}

const openKnown = (db: Database, records: Records, { provisional, openings }: Beside): CatalogueQuestions['known'] => {
  const read = <Row>(sql: string) => {
    const statement = db.prepare<[string], Row>(sql)
    return (names: readonly string[]): Row[] => (names.length === 0 ? [] : statement.all(JSON.stringify(names)))
  }
  const sites = read<{ readonly body: string }>('select body from json_each(?) cross join site on site = value')
  const led = openLotsNow(db)
  const days = openLotDays(db)
  const lots = read<Pick<CatalogFacts['lots'][number], 'lot' | 'expiry'>>(
    'select lot, expiry from json_each(?) cross join lot on lot = value',
  )
  const nodes = openNodeFacts(db)
  const epcs = read<{ readonly epc: string }>('select epc from json_each(?) cross join tag on epc = value')
  const standing = read<CatalogFacts['standing'][number]>(
    `select p.lot, place, units from json_each(?) cross join position p on p.lot = value where units <> 0 and instr(place, '/~') = 0`,
  )
  const codes = openCodes(db, records)
  const isSeen = openLotSight(db)
  return (names, within = 'all') => ({
    items: names.items.flatMap((id) => records.ruling('item', id) ?? []).map(itemView),
    sites: sites(names.sites).map(({ body }) => JSON.parse(body) as SiteBody),
    lots: lots(names.lots.filter((lot) => isSeen(lot, within))).map((row) => ({ ...row, now: led.now(row.lot), days: days(row.lot) })),
    epcs: epcs(names.epcs).map(({ epc }) => epc),
    nodes: (names.nodes ?? []).map(nodes),
    records: (names.records ?? []).flatMap(({ is, id }) => factOf(records, is, id) ?? []),
    codes: [...new Set([...(names.codes ?? []), ...(names.codesOf ?? []).flatMap((item) => familyCodes(records, item))])].flatMap(codes),
    provisionals: (names.provisionals ?? []).flatMap((entry) => provisional(entry) ?? []),
    openings: (names.openings ?? []).flatMap((one) => (typeof one === 'string' ? (openings.byAct(one) ?? []) : openings.byDoc(one))),
    standing: standing(names.standing ?? []),
  })
}

const factOf = (records: Records, is: VersionedIs, id: string): RecordFact | null => {
  const redirect = records.redirect(is, id)
  // What a node made and the county redirected has no record of its own, and yet the redirect can be taken back.
  const met = is === 'item' && redirect?.to != null ? records.met(id) : null
  const latest = records.latest(is, id) ?? met
  const ruling = records.ruling(is, id) ?? met
  if (!latest || !ruling) return null
  return { is, id, latest, ruling, redirect, resolved: records.resolved(is, id), family: records.family(is, id) }
}

const familyCodes = (records: Records, item: string): readonly string[] =>
  records
    .family('item', item)
    .flatMap((id) => [records.ruling('item', id), records.latest('item', id)])
    .flatMap((record) => (record?.is === 'item' ? record.packs.flatMap((level) => codesOf(level).map(codeKey)) : []))

/** Who has a code: by the version that rules, or by one that is yet to rule. What only an older version had is free again. */
const openCodes = (db: Database, records: Records) => {
  const held = db.prepare<[string], Omit<CodeFact, 'resolved'> & { readonly version: number }>(
    'select code, item, units, version from item_code where code = ?',
  )
  return (code: string): CodeFact[] =>
    held
      .all(code)
      .filter(({ item, version }) => version >= (records.ruling('item', item)?.version ?? 0))
      .map(({ item, units }) => ({ code, item, units, resolved: records.resolved('item', item) }))
}

const openActed = (db: Database): CatalogueQuestions['acted'] => {
  const entries = db
    .prepare<[string], string>(`select stream || '/' || epoch || '/' || seq from acted where action = ? order by part`)
    .pluck()
  const log = openTold(db)
  return (action) => {
    const written = entries.all(action).flatMap((id) => log.entry(id) ?? [])
    return written.length === 0 ? null : written.map(actedOf)
  }
}

const actedOf = ({ stream, epoch, seq, kind, actor, occurredAt, doc, body }: Entry): Acted => ({
  entry: entryId(stream, epoch, seq),
  kind,
  actor,
  occurredAt,
  doc,
  body,
})

interface TagsBound {
  readonly sites: string
  readonly lot: string
  readonly after: string
  readonly rows: number
}
/** A registration as its table has it. */
export type TagRow = Omit<TagView, 'item' | 'lotNumber' | 'registeredAt'> & { readonly registered_at: number }

/** One that was named by a movement after it had ended is in use again, whatever was said of it before. */
export const TAG_COLUMNS = `select epc, lot, expiry, pack, units, site, doc, registered_at, next, case
  when ended is null or exists (select 1 from tag_position p where p.epc = tag.epc) then 'live' when next is null then 'retired' else 'replaced' end as state
  from tag`
