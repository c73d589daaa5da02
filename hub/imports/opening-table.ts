import type { SiteBody } from '@lotkeeper/protocol/ledger/entry.ts'
import type { OpeningLine } from '@lotkeeper/protocol/ledger/opening.ts'
import { lotKey, type ROOM_STATES, roomPlace } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { CatalogFacts } from '../ledger/contract.ts'
import { fold } from '../reference/fold.ts'
import { type Cells, dateIn, type Words, wordFor, wordIn } from './cells.ts'
import { type Column, openCellReader } from './columns.ts'
import { LIMITS } from './limits.ts'
import type { Look } from './look.ts'

/** Columns of the stock of an old system: one row a lot at a place. */
export const OPENING_COLUMNS: readonly Column[] = [
  { key: 'site', zh: '站点', en: 'Site', required: true },
  { key: 'room', zh: '库房', en: 'Room' },
  { key: 'state', zh: '状态', en: 'State' },
  { key: 'item', zh: '品种编号', en: 'Item id' },
  { key: 'code', zh: '条码', en: 'Code' },
  { key: 'name', zh: '名称', en: 'Name' },
  { key: 'model', zh: '型号', en: 'Model' },
  { key: 'specification', zh: '规格', en: 'Specification' },
  { key: 'lot', zh: '批号', en: 'Lot' },
  { key: 'expiry', zh: '有效期至', en: 'Expiry' },
  { key: 'quantity', zh: '数量', en: 'Quantity', required: true },
  { key: 'unit', zh: '单位', en: 'Unit' },
  { key: 'supplier', zh: '供应商', en: 'Supplier' },
  { key: 'counted', zh: '盘点日期', en: 'Counted on' },
  { key: 'doc', zh: '单据号', en: 'Document', required: true },
]

/** What a row says beside its item: every word of it read, nothing of it reckoned yet. */
export interface OpeningSaid {
  readonly site: SiteBody
  readonly room: SiteBody['rooms'][number]
  readonly state: (typeof ROOM_STATES)[number]
  readonly lotNumber: string
  readonly expiry: string | null
  readonly quantity: number
  readonly pack: string
  readonly supplier: string | null
  readonly counted: string | null
  readonly doc: string
}

/** Reads a row, or says the first thing that is wrong with it. */
export const openingIn = (cells: Cells, sites: readonly SiteBody[], look: Pick<Look, 'party'>): OpeningSaid | Refusal => {
  const read = openCellReader(OPENING_COLUMNS, cells, null, LIMITS)
  read.put('site', 'site', (cell) => siteIn(sites, cell) ?? refuse('imports.site-unknown', { site: cell }))
  read.put('state', 'state', (cell) => wordIn(STATES, cell), 'available')
  read.put('lotNumber', 'lot', (cell) => cell, '')
  read.put('expiry', 'expiry', dateIn, null)
  read.put('quantity', 'quantity', wholeIn)
  read.put('pack', 'unit', (cell) => cell, '')
  read.put('supplier', 'supplier', (cell) => look.party(cell) ?? refuse('imports.party-unknown', { name: cell }), null)
  read.put('counted', 'counted', dateIn, null)
  read.put('doc', 'doc', (cell) => (cell.length > DOC_CHARS ? undefined : cell))
  const fields = read.fields()
  if (isRefusal(fields)) return fields
  const room = roomIn(fields['site'] as SiteBody, cells.get('room') ?? '')
  // The reader has judged every field.
  return isRefusal(room) ? room : ({ ...fields, room } as unknown as OpeningSaid)
}

/** A row with its item: the line that a site is told, and how it stood in the table. */
export const openingLineOf = (said: OpeningSaid, item: ItemKnown): OpeningLine | Refusal => {
  const { site, room, state, lotNumber, expiry, quantity, pack, supplier } = said
  const isBase = ['', item.unit.zh, item.unit.en].includes(pack)
  const factor = isBase ? 1 : item.packs.find((one) => one.pack === pack)?.units
  if (factor === undefined) return refuse('catalog.pack-unknown', { item: item.name.zh, pack })
  const units = quantity * factor
  if (quantity < 1 || !Number.isSafeInteger(units)) return refuse('ledger.quantity-not-whole', { units: quantity })
  const lot = lotKey(item.id, lotNumber)
  return {
    ...{ lot, printed: (lotNumber === '' ? '-' : lotNumber).slice(0, PRINTED_CHARS), expiry, units, supplier },
    place: roomPlace(site.site, room.room, state),
    entered: isBase ? null : { quantity, pack, factorVersion: item.version },
  }
}
export type ItemKnown = Extract<CatalogFacts['records'][number]['ruling'], { readonly is: 'item' }>

export const stateCell = (state: string): string => wordFor(STATES, state)

const STATES: Words = {
  available: ['可用', '合格', '在库', '正常'],
  pending: ['待验', '待检'],
  held: ['隔离', '冻结', '不合格', '待处理'],
}
const DOC_CHARS = 96
const PRINTED_CHARS = 64

/** A site by its id or by a name that is one site's alone. */
const siteIn = (sites: readonly SiteBody[], said: string): SiteBody | null => {
  const named = sites.filter(({ name }) => fold(name.zh) === fold(said) || (name.en !== '' && fold(name.en) === fold(said)))
  return sites.find(({ site }) => site === said) ?? (named.length === 1 ? (named[0] ?? null) : null)
}

/** A room by its id or its name; a site with one store needs not say it. */
const roomIn = ({ name, rooms }: SiteBody, said: string): SiteBody['rooms'][number] | Refusal => {
  const stores = rooms.filter(({ use }) => use === 'store')
  const [only] = stores
  if (said === '' && stores.length === 1 && only) return only
  if (said === '') return refuse('imports.cell-missing', { column: '库房 / Room' })
  const room = rooms.find((one) => one.room === said || fold(one.name.zh) === fold(said) || fold(one.name.en) === fold(said))
  return room ?? refuse('imports.room-unknown', { site: name.zh, room: said })
}

/** Whole numbers, also as a workbook or a person writes them: 1200.0, 1,200. */
const wholeIn = (cell: string): number | undefined => {
  const digits = cell.replace(/(?<=\d)[,，](?=\d{3}(?:\D|$))/g, '').replace(/\.0+$/, '')
  return /^\d{1,12}$/.test(digits) ? Number(digits) : undefined
}
