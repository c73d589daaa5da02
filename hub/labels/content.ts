import type { LabelBody, LabelWish } from '@lotkeeper/protocol/api/hub-labels.ts'
import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import { bracketsOf, type Element, messageOf } from '@lotkeeper/protocol/codes/elements.ts'
import { identifyScan } from '@lotkeeper/protocol/codes/identification.ts'
import { messageLengthOf, writeElements } from '@lotkeeper/protocol/codes/write-elements.ts'
import { linkOf } from '@lotkeeper/protocol/codes/write-link.ts'
import type { LabelNotice } from '@lotkeeper/protocol/label-refusals.ts'
import { type CalendarDate, isCalendarDate, lotKey, lotOf } from '@lotkeeper/protocol/names.ts'
import { isRefusal, malformed, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { CatalogFacts } from '../ledger/contract.ts'
import type { SymbolKind } from './symbols.ts'

/** What one label says, before it has a shape. */
export interface Content {
  readonly wish: LabelWish
  readonly item: ItemView
  readonly level: Level
  readonly expiry: CalendarDate | null
  readonly epc: TagToPrint | null
  /** What the symbol holds, FNC1 written as `^` in GS1 symbols; and the same for people. */
  readonly symbol: { readonly kind: SymbolKind; readonly payload: string }
  readonly says: string
  readonly elements: readonly Element[]
  readonly notices: readonly LabelNotice[]
}
export type Level = ItemView['packs'][number]
/** An EPC and the serial it carries. */
export interface TagToPrint {
  readonly hex: string
  readonly serial: string
}

/** The pack level a label is wished for; what is merged into another is asked for under that one's name. */
export const levelOf = ({ item: id, pack }: LabelWish, { items, records }: CatalogFacts): Wished | Refusal => {
  const to = records.find((one) => one.id === id)?.resolved
  if (to !== undefined && to !== id) return refuse('catalog.record-merged', { id, to })
  const item = items.find((one) => one.item === id)
  if (!item) return refuse('catalog.item-unknown', { item: id })
  const level = item.packs.find((one) => one.pack === pack)
  return level ? { item, level } : refuse('catalog.pack-unknown', { item: id, pack })
}
interface Wished {
  readonly item: ItemView
  readonly level: Level
}

/** What a label says, or why it cannot; `at` is its place in the request, `year` the one two-digit years are read against. */
export const judgeLabel = (body: LabelBody, { at, facts, year, epc }: Judging): Content | Refusal => {
  const wish = body.labels[at]
  if (!wish) return malformed(`labels/${at}`, { zh: '缺少', en: 'is missing' })
  const wished = levelOf(wish, facts)
  if (isRefusal(wished)) return wished
  const lot = wish.lotNumber === null ? null : lotKey(wish.item, wish.lotNumber)
  if (lot !== null && !lotOf(lot)) return refuse('ledger.lot-malformed', { lot })
  const known = facts.lots.find((one) => one.lot === lot)?.expiry ?? null
  if (wish.expiry !== null && !isCalendarDate(wish.expiry)) return refuse('catalog.expiry-malformed', { expiry: wish.expiry })
  if (wish.expiry !== null && known !== null && wish.expiry !== known)
    return refuse('catalog.lot-expiry-differs', { lot, known, expiry: wish.expiry })
  if (wish.produced != null && !isCalendarDate(wish.produced)) return malformed(`labels/${at}/produced`, NO_DAY)
  const expiry = wish.expiry ?? known
  const coded = body.scheme === 'local' ? localCode(body, wished) : gs1Code(body, wish, { ...wished, expiry, epc, year })
  return isRefusal(coded) ? coded : { wish, ...wished, expiry, epc, ...coded }
}
export interface Judging {
  readonly at: number
  readonly facts: CatalogFacts
  readonly year: number
  readonly epc: TagToPrint | null
}
const NO_DAY = { zh: '不是日期', en: 'is no calendar date' }
type Coded = Pick<Content, 'symbol' | 'says' | 'elements' | 'notices'>

interface Gs1 extends Wished, Pick<Judging, 'year' | 'epc'> {
  readonly expiry: CalendarDate | null
}

const gs1Code = ({ symbol }: LabelBody, wish: LabelWish, { item, level, expiry, epc, year }: Gs1): Coded | Refusal => {
  if (level.gtin === null) return refuse('labels.gtin-missing', { item: item.item, pack: level.pack })
  const serial = epc?.serial ?? wish.serial ?? null
  const elements = writeElements({ gtin: level.gtin, produced: wish.produced ?? null, expiry, lot: wish.lotNumber, serial }, year)
  if (isRefusal(elements)) return elements
  if (symbol === 'qr') {
    const link = linkOf(elements)
    if (isRefusal(link)) return link
    return { symbol: { kind: 'qr', payload: link }, says: link, elements, notices: [] }
  }
  const length = messageLengthOf(elements)
  if (symbol === 'code128' && length > GS1_128_MAX) return refuse('labels.symbol-full', { max: GS1_128_MAX, length })
  const kind = symbol === 'code128' ? 'gs1-128' : 'gs1-datamatrix'
  return { symbol: { kind, payload: messageOf(elements) }, says: bracketsOf(elements), elements, notices: [] }
}
/** Data characters of one GS1-128 [GenSpecs 5.4.3]. */
const GS1_128_MAX = 48

const localCode = ({ symbol }: LabelBody, { item, level }: Wished): Coded | Refusal => {
  const code = level.codes?.find(({ scheme }) => scheme === 'local')?.code
  if (code === undefined) return refuse('labels.code-missing', { item: item.item, pack: level.pack, proposal: proposalFor(item, level) })
  if (!isReadable(code)) return refuse('labels.code-unreadable', { code })
  return { symbol: { kind: symbol, payload: code }, says: code, elements: [], notices: [] }
}

/** A code of our own: the prefix tells it from every agency's, the number of the level stands for its name, which may be Chinese. */
const proposalFor = ({ item, packs }: ItemView, level: Level): string =>
  `${LOCAL_PREFIX}${item.slice(0, CODE_MAX - LOCAL_PREFIX.length - 3)}.${packs.indexOf(level) + 1}`
const LOCAL_PREFIX = 'LK-'
const CODE_MAX = 64

/** Whether a node that scans it finds the local code and nothing else: no GTIN, no GS1 message, no EPC, no address. */
const isReadable = (code: string): boolean =>
  /^[\x21-\x7e]{1,64}$/.test(code) &&
  !/^https?:/i.test(code) &&
  !/^[0-9A-Fa-f]{16,}$/.test(code) &&
  !code.startsWith(']') &&
  isRefusal(identifyScan(code, { referenceYear: 2000, guess: true }))
