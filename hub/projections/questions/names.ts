import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import type { SiteBody } from '@lotkeeper/protocol/ledger/entry.ts'
import {
  type CalendarDate,
  HUB,
  type ItemId,
  type LotKey,
  lotOf,
  type NodeId,
  type PlaceId,
  placeOf,
  type RoomState,
  type VirtualKind,
} from '@lotkeeper/protocol/names.ts'
import { EXPIRY_THRESHOLDS, expiryState, todayIn } from '@lotkeeper/protocol/rules/expiry.ts'
import type { Database } from '../../database.ts'
import { COUNTY_ZONE } from '../calendar.ts'
import { itemView, openRecords, type Records } from './records.ts'

/** A name in both languages. */
export interface NameText {
  readonly zh: string
  readonly en: string
}

/** What one question needs to put names and days to keys; each fact is read at most once per question. */
export interface Names {
  readonly site: (site: NodeId) => SiteBody | null
  readonly siteName: (site: NodeId) => NameText
  /** The item as it rules today, by its own record though it be merged into another; or a stand-in bearing its id when the catalogue does not know it (a node may be ahead of the catalogue). */
  readonly item: (item: ItemId) => ItemView
  /** The item it is now: the one it is merged into, or itself. */
  readonly kept: (item: ItemId) => ItemView
  readonly place: (place: PlaceId) => NameText
  readonly today: (site: NodeId) => CalendarDate
  readonly expiry: (item: ItemId, expiry: CalendarDate | null, site: NodeId) => ExpiryFacts
}

export interface ExpiryFacts {
  readonly daysLeft: number | null
  readonly expiryState: 'ok' | 'near' | 'expired' | 'unknown'
}

/** Longest name a view may carry. */
const NAME_LENGTH_MAX = 120

/** Makes the names of one question: call it anew for each, so that nothing known is older than the question. */
export const openNames = (db: Database, now: () => number, records: Records = openRecords(db, now)): (() => Names) => {
  const siteRow = db.prepare<[string], { readonly body: string }>('select body from site where site = ?')
  return () => {
    const site = once((id: NodeId) => parsed<SiteBody>(siteRow.get(id)))
    const item = once((id: ItemId) => {
      const record = records.ruling('item', id) ?? records.met(id)
      return record ? itemView(record) : standIn(id)
    })
    const today = once((id: NodeId) => todayIn(site(id)?.zone ?? COUNTY_ZONE, now()))
    const siteName = (id: NodeId): NameText => site(id)?.name ?? { zh: id, en: id }
    return {
      site,
      siteName,
      item,
      kept: once((id: ItemId) => {
        const kept = records.resolved('item', id)
        return item(records.ruling('item', kept) ? kept : id)
      }),
      today,
      place: once((place: PlaceId) => placeName(place, site, siteName)),
      expiry: (id, expiry, at) => expiryFacts(expiry, today(at), item(id).nearDays),
    }
  }
}

/** Lot number of a key as it is kept; the key itself where it is malformed. */
export const lotNumberOf = (lot: LotKey): string => lotOf(lot)?.lotNumber ?? lot

/** Item of a lot key. */
export const itemOf = (lot: LotKey): ItemId => lot.slice(0, lot.indexOf('/'))

const expiryFacts = (expiry: CalendarDate | null, today: CalendarDate, nearDays: readonly number[]): ExpiryFacts => {
  const known = expiryState(expiry, today, nearDays.length > 0 ? nearDays : EXPIRY_THRESHOLDS)
  return { daysLeft: known.state === 'unknown' ? null : known.daysLeft, expiryState: known.state }
}

const placeName = (place: PlaceId, site: Names['site'], siteName: Names['siteName']): NameText => {
  const read = placeOf(place)
  if (!read) return { zh: place, en: place }
  const what = read.virtual === null ? roomName(site(read.owner), read.room, read.state) : VIRTUAL_NAMES[read.virtual]
  if (read.owner === HUB) return what
  const owner = siteName(read.owner)
  return { zh: `${owner.zh} · ${what.zh}`.slice(0, NAME_LENGTH_MAX), en: `${owner.en} · ${what.en}`.slice(0, NAME_LENGTH_MAX) }
}

const roomName = (site: SiteBody | null, room: string, state: RoomState): NameText => {
  const name = site?.rooms.find((one) => one.room === room)?.name ?? { zh: room, en: room }
  return { zh: `${name.zh}${STATE_NAMES[state].zh}`, en: `${name.en}${STATE_NAMES[state].en}` }
}

const VIRTUAL_NAMES: Readonly<Record<VirtualKind, NameText>> = {
  supplier: { zh: '供应商', en: 'Supplier' },
  consumed: { zh: '已使用', en: 'Used' },
  scrapped: { zh: '报废', en: 'Scrapped' },
  adjusted: { zh: '盘点调整', en: 'Count adjustment' },
  transformed: { zh: '拆分转换', en: 'Transformed' },
  unexplained: { zh: '原因不明', en: 'Unexplained' },
  transit: { zh: '在途', en: 'On the way' },
}
const STATE_NAMES: Readonly<Record<RoomState, NameText>> = {
  pending: { zh: '（待验收）', en: ' (to inspect)' },
  available: { zh: '', en: '' },
  held: { zh: '（隔离）', en: ' (held)' },
}

const standIn = (item: ItemId): ItemView => ({
  item,
  version: 1,
  name: { zh: item, en: item },
  model: '',
  unit: { zh: '件', en: 'unit' },
  packs: [],
  nearDays: [],
})

const parsed = <Body>(row: { readonly body: string } | undefined): Body | null => (row ? (JSON.parse(row.body) as Body) : null)

const once = <Value>(read: (key: string) => Value): ((key: string) => Value) => {
  const known = new Map<string, Value>()
  return (key) => {
    const held = known.get(key)
    if (held !== undefined) return held
    const value = read(key)
    known.set(key, value)
    return value
  }
}
