import type { NodeAnswer, NodeQuery } from '@lotkeeper/protocol/api/node.ts'
import type { MaintenanceBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import type { Entry, GapBody } from '@lotkeeper/protocol/ledger/entry.ts'
import { isMaintenanceWork, MAINTENANCE } from '@lotkeeper/protocol/rules/maintenance.ts'
import type { Book } from '../ledger/contract.ts'
import { GAP_REASONS } from '../serial/gap.ts'
import type { HealthStore, PastFinding } from './store.ts'
import { findingView } from './words.ts'

/** A page of what happened to the devices: gaps and work out of the ledger, findings out of the health file, newest first. */
export type DevicePast = (query: NodeQuery<'devicePast'>) => NodeAnswer<'devicePast'>

export const pastOf =
  (book: Pick<Book, 'deviceEntries' | 'tag' | 'item'>, store: Pick<HealthStore, 'past'>): DevicePast =>
  ({ limit = LIMIT, cursor }) => {
    const before = placeOf(cursor)
    const rows = [
      ...book.deviceEntries(before, limit).map(({ id, atMs, entry }) => ({ id, atMs, row: entryRow(entry) })),
      ...store.past(before, limit).map((past) => ({ id: past.id, atMs: past.sinceMs, row: findingRow(past, book) })),
    ]
      .toSorted((one, other) => other.atMs - one.atMs || (one.id < other.id ? 1 : -1))
      .slice(0, limit)
    const last = rows.at(-1)
    return {
      rows: rows.map(({ id, atMs, row }) => ({ ...row, id, at: new Date(atMs).toISOString() })),
      next: rows.length === limit && last ? `${Math.round(last.atMs)} ${last.id}` : null,
    }
  }

type Row = Omit<NodeAnswer<'devicePast'>['rows'][number], 'id' | 'at'>

const entryRow = ({ kind, body, actor }: Entry): Row => {
  if (kind === 'gap') {
    const { device, to, why } = body as GapBody
    return { is: 'gap', device, antenna: null, to, title: reasonOf(why), words: null, actor: null }
  }
  const { device, antenna, what, words } = body as MaintenanceBody
  const title = isMaintenanceWork(what) ? MAINTENANCE[what] : { zh: what, en: what }
  return { is: 'maintenance', device, antenna, to: null, title: { zh: title.zh, en: title.en }, words, actor }
}

const findingRow = (past: PastFinding, book: Pick<Book, 'tag' | 'item'>): Row => {
  const { title, label } = findingView(past, book)
  const words = label === null ? null : [label.epc, label.lotNumber, label.pack].filter(Boolean).join(' · ')
  const to = past.endedMs === null ? null : new Date(past.endedMs).toISOString()
  return { is: 'finding', device: past.device, antenna: past.antenna, to, title, words, actor: null }
}

/** The entry says the reason's code, then what the system said. */
const reasonOf = (why: string): { readonly zh: string; readonly en: string } => {
  const [code = '', ...rest] = why.split(' ')
  const known = Object.entries(GAP_REASONS).find(([name]) => name === code)?.[1]
  const detail = rest.join(' ')
  const count = code === 'reader.overrun' && /^\d+$/.test(detail) ? { zh: `（${detail} 条）`, en: ` (${detail})` } : { zh: '', en: '' }
  return known ? { zh: known.zh + count.zh, en: known.en + count.en } : { zh: why, en: why }
}

const placeOf = (cursor: string | undefined): { readonly atMs: number; readonly id: string } => {
  const [, ms, id] = /^(\d{1,16}) (.{1,200})$/.exec(cursor ?? '') ?? []
  return ms === undefined || id === undefined ? { atMs: Number.MAX_SAFE_INTEGER, id: '' } : { atMs: Number(ms), id }
}

const LIMIT = 30
