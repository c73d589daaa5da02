import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { ItemView, SiteView, TagView } from '@lotkeeper/protocol/api/views.ts'
import type { Entry, ItemBody, SiteBody } from '@lotkeeper/protocol/ledger/entry.ts'
import { entryId } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { Database } from '../../database.ts'
import type { Acted, CatalogFacts, CatalogNames } from '../../ledger/contract.ts'
import { itemOf, lotNumberOf } from './names.ts'
import { openNodeFacts } from './node-facts.ts'
import { PAGE_ROWS, pageOf, readCursor, writeCursor } from './pages.ts'

/** Items, sites and tag registrations, as people list them and as the writer of directives checks them. */
export interface CatalogueQuestions {
  readonly items: (query: HubQuery<'items'>) => HubAnswer<'items'> | Refusal
  readonly sites: () => HubAnswer<'sites'>
  readonly tags: (query: HubQuery<'tags'>) => HubAnswer<'tags'> | Refusal
  readonly known: (names: CatalogNames) => CatalogFacts
  readonly acted: (action: string) => readonly Acted[] | null
}

export const openCatalogue = (db: Database): CatalogueQuestions => ({
  items: openItems(db),
  sites: openSites(db),
  tags: openTags(db),
  known: openKnown(db),
  acted: openActed(db),
})

/** An item as it is shown: its directive's body. */
export const itemView = (body: ItemBody): ItemView => ({ ...body })

/** A site as it is shown. */
export const siteView = ({ site, name, zone, rooms }: SiteBody): SiteView => ({ site, name, zone, rooms })

/** A registration as it is shown, from its columns. */
export const tagView = (row: Omit<TagView, 'item' | 'lotNumber'>): TagView => ({
  ...row,
  item: itemOf(row.lot),
  lotNumber: lotNumberOf(row.lot),
})

const openItems = (db: Database): CatalogueQuestions['items'] => {
  const listed = db.prepare<[ItemsBound], ItemRow>('select item, body from item where item > @after order by item limit @rows')
  const searched = db.prepare<[ItemsBound], ItemRow>(`select item, body from item where item > @after
    and (instr(search, @text) > 0 or item in (select item from item_gtin where gtin = @gtin)) order by item limit @rows`)
  return (query) => {
    const key = readCursor('items', ['text'], query.cursor)
    if (isRefusal(key)) return key
    const limit = query.limit ?? PAGE_ROWS
    const search = query.search?.trim() ?? ''
    const bound = { after: String(key?.[0] ?? ''), rows: limit + 1, text: search.toLowerCase(), gtin: search.padStart(14, '0') }
    const page = pageOf((search === '' ? listed : searched).all(bound), limit, {
      row: (row) => itemView(JSON.parse(row.body) as ItemBody),
      cursor: (row) => writeCursor('items', [row.item]),
    })
    return { rows: [...page.rows], next: page.next }
  }
}

const openSites = (db: Database): CatalogueQuestions['sites'] => {
  const all = db.prepare<[], { readonly body: string }>('select body from site order by site')
  return () => ({ rows: all.all().map(({ body }) => siteView(JSON.parse(body) as SiteBody)) })
}

const openTags = (db: Database): CatalogueQuestions['tags'] => {
  const page = (where: string) => db.prepare<[TagsBound], TagRow>(`${TAG_COLUMNS} where ${where} epc > @after order by epc limit @rows`)
  const statements = {
    all: page(''),
    site: page('site = @site and'),
    lot: page('lot = @lot and'),
    both: page('lot = @lot and site = @site and'),
  }
  return (query) => {
    const key = readCursor('tags', ['text'], query.cursor)
    if (isRefusal(key)) return key
    const limit = query.limit ?? PAGE_ROWS
    const narrowed = query.lot === undefined ? (query.site === undefined ? 'all' : 'site') : query.site === undefined ? 'lot' : 'both'
    const bound = { site: query.site ?? '', lot: query.lot ?? '', after: String(key?.[0] ?? ''), rows: limit + 1 }
    const found = pageOf(statements[narrowed].all(bound), limit, {
      row: ({ registered_at, ...row }) => tagView({ ...row, registeredAt: new Date(registered_at).toISOString() }),
      cursor: (row) => writeCursor('tags', [row.epc]),
    })
    return { rows: [...found.rows], next: found.next }
  }
}

const openKnown = (db: Database): CatalogueQuestions['known'] => {
  const read = <Row>(sql: string) => {
    const statement = db.prepare<[string], Row>(sql)
    return (names: readonly string[]): Row[] => (names.length === 0 ? [] : statement.all(JSON.stringify(names)))
  }
  const bodies = (table: 'item' | 'site') =>
    read<{ readonly body: string }>(`select body from json_each(?) cross join ${table} on ${table} = value`)
  const items = bodies('item')
  const sites = bodies('site')
  const gtins = read<CatalogFacts['gtins'][number]>('select gtin, item from json_each(?) cross join item_gtin on gtin = value')
  const lots = read<CatalogFacts['lots'][number]>('select lot, expiry from json_each(?) cross join lot on lot = value')
  const nodes = openNodeFacts(db)
  const epcs = read<{ readonly epc: string }>('select epc from json_each(?) cross join tag on epc = value')
  return (names) => ({
    items: items(names.items).map(({ body }) => JSON.parse(body) as ItemBody),
    gtins: gtins(names.gtins),
    sites: sites(names.sites).map(({ body }) => JSON.parse(body) as SiteBody),
    lots: lots(names.lots),
    epcs: epcs(names.epcs).map(({ epc }) => epc),
    nodes: (names.nodes ?? []).map(nodes),
  })
}

const openActed = (db: Database): CatalogueQuestions['acted'] => {
  const entries = db.prepare<[string], { readonly body: string }>(`select g.body from acted a cross join log g
    on g.stream = a.stream and g.epoch = a.epoch and g.seq = a.seq where a.action = ? order by a.part`)
  return (action) => {
    const written = entries.all(action).map(({ body }) => JSON.parse(body) as Entry)
    return written.length === 0 ? null : written.map(actedOf)
  }
}

const actedOf = ({ stream, epoch, seq, kind, occurredAt, doc, body }: Entry): Acted => ({
  entry: entryId(stream, epoch, seq),
  kind,
  occurredAt,
  doc,
  body,
})

interface ItemsBound {
  readonly after: string
  readonly rows: number
  readonly text: string
  readonly gtin: string
}
interface ItemRow {
  readonly item: string
  readonly body: string
}
interface TagsBound {
  readonly site: string
  readonly lot: string
  readonly after: string
  readonly rows: number
}
type TagRow = Omit<TagView, 'item' | 'lotNumber' | 'registeredAt'> & { readonly registered_at: number }

const TAG_COLUMNS = 'select epc, lot, expiry, pack, units, site, doc, registered_at from tag'
