import type { NodeQuery, TaskView } from '@lotkeeper/protocol/api/node.ts'
import type { ItemView, MovementRow, SiteView, StockRow } from '@lotkeeper/protocol/api/views.ts'
import type { Entry, PassageBody, SiteBody } from '@lotkeeper/protocol/ledger/entry.ts'
import { isOwnRoom } from '@lotkeeper/protocol/ledger/movement.ts'
import { lotOf, type NodeId, placeOf, writerOf } from '@lotkeeper/protocol/names.ts'
import { expiryState } from '@lotkeeper/protocol/rules/expiry.ts'
import { byFefo } from '@lotkeeper/protocol/rules/fefo.ts'
import type { Book, Item, PositionRow, TaskRow } from '../ledger/contract.ts'
import { plainText, wordsAsked } from '../ledger/words.ts'
import type { AskTask } from '../stockroom/answer-ask.ts'
import { codeMetIn, isCodeMet } from '../stockroom/code-met.ts'
import type { SiteNow } from '../stockroom/now.ts'
import { itemView, scanView } from '../stockroom/scan.ts'
import { answersOf, isAsk, taskOf } from '../stockroom/settle.ts'
import { isOpening } from '../stockroom/take-over.ts'
import type { Levels } from './levels.ts'
import { openingView } from './opening-view.ts'

/** A page of a list: the rows, and the cursor of the next page. */
export interface Page<Row> {
  readonly rows: Row[]
  readonly next: string | null
}

/** Stock in the node's rooms: item by item, within an item first expiry first out (R15). */
export const stockPage = (book: Book, now: SiteNow, query: NodeQuery<'stock'>): Page<StockRow> => {
  const rows = book
    .positions()
    .filter(({ place, units }) => units !== 0 && isOwnRoom(book.owns, place))
    .map((row) => stockRow(book, now, row))
    .filter((row) => matches(query.search, stockWords(row, book)))
    .toSorted(byItemThenFefo)
  return pageFrom(rows, query)
}

export const itemsPage = (book: Book, { search, cursor, limit = LIMIT }: NodeQuery<'items'>): Page<ItemView> => {
  const from = cursorOf(cursor)
  const found = book.items({ search, from, limit: limit + 1 })
  return { rows: found.slice(0, limit).map(itemView), next: found.length > limit ? String(from + limit) : null }
}

/** Own movements, newest first; the cursor is the place of an entry in this node's order, so that nothing moves while it is read. */
export const movementsPage = (book: Book, levels: Levels, query: NodeQuery<'movements'>): Page<MovementRow> => {
  const limit = query.limit ?? LIMIT
  const before = cursorOf(query.cursor)
  const found = book.movements({ limit, ...(query.lot === undefined ? {} : { lot: query.lot }), ...(before === 0 ? {} : { before }) })
  const rows = found.flatMap(({ id, entry }) =>
    movementRows(book, levels.of(id), id, entry).filter((row) => query.lot === undefined || row.lot === query.lot),
  )
  return { rows, next: found.length === limit ? String(found.at(-1)?.at ?? 0) : null }
}

export const taskView = (book: Book, now: SiteNow, row: TaskRow): TaskView => {
  if (isOpening(row)) return openingView(book, now, row)
  if (isCodeMet(row)) return codeView(book, now, row)
  return isAsk(row) ? askView(book, row) : passageView(book, row)
}

const passageView = (book: Book, row: TaskRow): TaskView => {
  const { passage, outcome } = taskOf(row)
  const tag = book.tag(passage.epc)
  return {
    task: row.task,
    outcome,
    door: passage.door,
    epc: passage.epc,
    direction: passage.direction,
    certainty: passage.certainty,
    at: passage.at,
    tag: tag && {
      lot: tag.registration.lot,
      itemName: nameOf(book, lotOf(tag.registration.lot)?.item ?? ''),
      lotNumber: tag.registration.printed,
      expiry: tag.registration.expiry,
      units: tag.units,
      pack: tag.registration.pack,
      site: tag.registration.site,
      place: tag.place,
    },
    evidence: passage.evidence,
    ask: null,
    answers: answersOf(book, row),
  }
}

/** A code nobody knows, with all that is read in the text it stood in. */
const codeView = (book: Book, now: SiteNow, row: TaskRow): TaskView => {
  const { code, scan } = codeMetIn(row)
  const { rows } = scanView(book, { text: scan, at: Date.parse(row.entry.occurredAt), scanner: null }, now)
  return {
    ...NO_PASSAGE,
    task: row.task,
    outcome: 'code-met',
    at: row.entry.occurredAt,
    code: { ...code, scan, rows },
    answers: answersOf(book, row),
  }
}

/** What a task has instead of a door, a tag and a way. */
const NO_PASSAGE = { door: '', epc: '', direction: '', certainty: 0, tag: null, evidence: {}, ask: null }

/** A question that no passage made: there is no door, no tag and no way. */
const askView = (book: Book, row: AskTask): TaskView => {
  const { lot, place, what, lines, reason, by } = row.asks
  return {
    ...{
      task: row.task,
      outcome: 'asked',
      door: '',
      epc: '',
      direction: '',
      certainty: 0,
      at: row.entry.occurredAt,
      tag: null,
      evidence: {},
    },
    ask: {
      ...{ what, place, lot, reason, by },
      itemName: nameOf(book, lotOf(lot)?.item ?? ''),
      lotNumber: book.lot(lot)?.printed ?? lotOf(lot)?.lotNumber ?? '',
      book: book.units(lot, place),
      lines: lines.map(({ lot, from, to, units }) => ({ lot, from, to, units })),
    },
    answers: answersOf(book, row),
  }
}

/** The site as the hub told it; before that, what the settings know. */
export const siteView = (book: Book, node: NodeId, zone: string): SiteView => {
  const site = book.site()
  if (!site) return { site: node, name: { zh: node, en: node }, zone, rooms: [] }
  return siteOf(site)
}

/** A site as pages see it. */
export const siteOf = ({ site, name, zone, rooms }: SiteBody): SiteView => ({
  ...{ site, name, zone },
  rooms: rooms.map(({ room, name, use }) => ({ room, name, use })),
})

const stockRow = (book: Book, now: SiteNow, { lot, place, units }: PositionRow): StockRow => {
  const known = book.lot(lot)
  const name = lotOf(lot)
  const item = book.item(name?.item ?? '')
  const expiry = known?.expiry ?? null
  const state = expiryState(expiry, now.today, item && item.nearDays.length > 0 ? item.nearDays : undefined)
  return {
    site: placeOf(place)?.owner ?? '',
    place,
    item: name?.item ?? '',
    itemName: nameOf(book, name?.item ?? ''),
    unit: item?.unit ?? { zh: '个', en: 'unit' },
    lot,
    lotNumber: known?.printed ?? name?.lotNumber ?? '',
    expiry,
    daysLeft: 'daysLeft' in state ? state.daysLeft : null,
    expiryState: state.state,
    units,
  }
}

const movementRows = (book: Book, level: MovementRow['level'], id: string, entry: Entry): readonly MovementRow[] =>
  entry.lines.map((line, number) => {
    const item = lotOf(line.lot)?.item ?? ''
    return {
      entry: id,
      line: number,
      kind: entry.kind,
      site: writerOf(entry.stream),
      item,
      itemName: nameOf(book, item),
      unit: book.item(item)?.unit ?? { zh: '个', en: 'unit' },
      lot: line.lot,
      lotNumber: book.lot(line.lot)?.printed ?? lotOf(line.lot)?.lotNumber ?? '',
      from: line.from,
      to: line.to,
      units: line.units,
      occurredAt: entry.occurredAt,
      receivedAt: null,
      datedAt: datedOf(book, entry),
      level,
      actor: entry.actor,
      device: entry.device,
      doc: entry.doc,
      tags: line.tags,
      reverses: entry.reverses?.entry ?? null,
      reversedBy: book.reversedBy(id, number),
      evidence: evidenceOf(entry),
      override: (entry.body['override'] as MovementRow['override'] | undefined) ?? null,
    }
  })

const datedOf = (book: Book, entry: Entry): string | null => {
  const ms = book.dated(entry)
  return ms === null ? null : new Date(ms).toISOString()
}

const evidenceOf = (entry: Entry): MovementRow['evidence'] => {
  const passage = entry.body['passage'] as PassageBody | undefined
  if (passage) return { by: 'door', certainty: passage.certainty }
  return { by: entry.body['scan'] === undefined ? 'hand' : 'scan', certainty: null }
}

const byItemThenFefo = (one: StockRow, other: StockRow): number =>
  PINYIN.compare(one.itemName.zh, other.itemName.zh) || inOrder(one.item, other.item) || byFefo(fefoOf(one), fefoOf(other))

const fefoOf = ({ lot, place, expiry, units }: StockRow) => ({ id: `${lot} ${place}`, expiry, receivedAt: null, units })
const inOrder = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

const nameOf = (book: Book, item: string): ItemView['name'] => book.item(item)?.name ?? { zh: item === '' ? '-' : item, en: item }

const itemWords = ({ item, name, model, packs }: Pick<Item, 'item' | 'name' | 'model' | 'packs'>): readonly string[] => [
  item,
  name.zh,
  name.en,
  model,
  ...packs.map(({ gtin }) => gtin ?? ''),
]
const stockWords = (row: StockRow, book: Book): readonly string[] => {
  const item = book.item(row.item)
  return [row.lot, row.lotNumber, ...(item ? itemWords(item) : [row.item])]
}

/** Whether every word asked for stands somewhere in the row. */
const matches = (search: string | undefined, words: readonly string[]): boolean => {
  const text = plainText(words.join('\n'))
  return wordsAsked(search).every((word) => text.includes(word))
}

const pageFrom = <Row>(
  rows: readonly Row[],
  { cursor, limit = LIMIT }: { readonly cursor?: string; readonly limit?: number },
): Page<Row> => {
  const from = cursorOf(cursor)
  const upto = from + limit
  return { rows: rows.slice(from, upto), next: upto < rows.length ? String(upto) : null }
}

/** A cursor this node gave; anything else begins at the beginning. */
const cursorOf = (cursor: string | undefined): number => (cursor !== undefined && /^[1-9]\d{0,14}$/.test(cursor) ? Number(cursor) : 0)

/** How a Chinese list of goods is ordered. */
const PINYIN = new Intl.Collator('zh-Hans-CN')
const LIMIT = 100
