import type { NodeAnswer, NodeBody } from '@lotkeeper/protocol/api/node.ts'
import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { rawCodesOf } from '@lotkeeper/protocol/codes/raw-codes.ts'
import { decodeEpc } from '@lotkeeper/protocol/epc/decode.ts'
import type { Line } from '@lotkeeper/protocol/ledger/entry.ts'
import type { PackCode, PackLevel, ProvisionalBody } from '@lotkeeper/protocol/ledger/master.ts'
import { type LotKey, lotOf, normalLotNumber, placeOf } from '@lotkeeper/protocol/names.ts'
import { isRefusal, malformed, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { judgePacks } from '@lotkeeper/protocol/rules/packs.ts'
import type { Book, Draft } from '../ledger/contract.ts'
import { type Circumstances, type Decide, draftOf, textOf } from './draft.ts'
import { identifySymbols, type LotMeant } from './lot-facts.ts'
import type { SiteNow } from './now.ts'
import { byRawCode, epcOf, itemView } from './scan.ts'

/** Makes an item the county does not know yet, of what stands on its package: it is booked on at once, and the county decides later what it is. */
export const decideProvisional: Decide<Omit<NodeBody<'provisional'>, 'action'>> = (book, request, at) => {
  const code = request.scan ? codeOf(book, request.scan, at.now) : null
  if (isRefusal(code)) return code
  const known = (code && book.itemByCode(code)) ?? byRawCode(book, request.scan ?? '')
  if (known) return refuse('stockroom.item-known', { item: known.item.name.zh })
  const name = textOf(request.name)
  const unit = textOf(request.unit)
  if (name === null || unit === null) return malformed(name === null ? 'name' : 'unit', { zh: '不能为空', en: 'is empty' })
  const item = freeId(book, at)
  const packs = packsOf({ pack: textOf(request.pack?.pack) ?? unit, units: request.pack?.units ?? 1 }, unit, code)
  const wrong = judgePacks(item, packs)
  if (wrong) return wrong
  const body: ProvisionalBody = {
    ...{ is: 'item', item, name: { zh: name, en: '' }, model: textOf(request.model) ?? '', unit: { zh: unit, en: '' }, packs },
    ...(request.scan ? { scan: request.scan } : {}),
  }
  return [draftOf('provisional', at, { lines: [], body })]
}

/** The items this node made itself, and what the county made of them. */
export const provisionalRows = (book: Book): NodeAnswer<'provisionals'>['rows'] =>
  book
    .provisionals()
    .slice(0, ROWS_MAX)
    .map(({ item, name, state, now }) => ({ item, name, state, now: itemView(now) }))

/** The tags this node bound itself, and what the county made of them. */
export const tagRows = (book: Book): NodeAnswer<'provisionals'>['tags'] =>
  book.tagsMet(ROWS_MAX).map(({ epc, lot, state }) => {
    const { item = '', lotNumber = lot } = lotOf(lot) ?? {}
    return { epc, lotNumber, itemName: book.item(item)?.name ?? { zh: item, en: item }, state }
  })

/** The lots somebody wrote here before the county knew them, and what it made of them. */
export const lotRows = (book: Book): NodeAnswer<'provisionals'>['lots'] =>
  book.lotsMet(ROWS_MAX).map(({ lot, state, now }) => {
    const { item = '', lotNumber = lot } = lotOf(lot) ?? {}
    return { lot, lotNumber, itemName: book.item(item)?.name ?? { zh: item, en: item }, state, now: lotOf(now)?.lotNumber ?? now }
  })

/** Tags a person names that nobody registered: what each is on, for the county to confirm. */
export const boundTags = (book: Book, { tags, lot, expiry, pack, units }: Bound, at: Circumstances): readonly Draft<'provisional'>[] => {
  const of = lotOf(lot)
  const each = units / tags.length
  if (!of || !Number.isSafeInteger(each) || each < 1) return []
  const binding = { is: 'tag', item: of.item, lotNumber: of.lotNumber, expiry, pack, units: each } as const
  const strangers = tags.filter((epc) => book.tag(epc) === null)
  return strangers.length > TAGS_MAX ? [] : strangers.map((epc) => draftOf('provisional', at, { lines: [], body: { ...binding, epc } }))
}
interface Bound {
  readonly tags: readonly string[]
  readonly lot: LotKey
  readonly expiry: string | null
  readonly pack: string
  /** Of all the tags together. */
  readonly units: number
}

/**
 * A lot of a known item that comes from outside under a number a person wrote, the first time it is heard of here: for the county to say whether it is
 * one. An item that waits for that itself brings its lots along.
 */
export const writtenLot = (
  book: Book,
  { lot, isRead, expiry }: LotMeant,
  lines: readonly Line[],
  at: Circumstances,
): readonly Draft<'provisional'>[] => {
  const { item = '', lotNumber = '' } = lotOf(lot) ?? {}
  const isOurs = lines.every(({ from }) => placeOf(from)?.virtual === 'supplier')
  const isMade = book.item(item)?.version === 0
  const isHeardOf = isRead || lotNumber === normalLotNumber(null) || book.lot(lot) !== null || book.lotAnswered(lot)
  return isHeardOf || isMade || !isOurs ? [] : [draftOf('provisional', at, { lines: [], body: { is: 'lot', item, lotNumber, expiry } })]
}

/** What on the package names the thing: its GTIN, else its agency's code, else the whole text; a symbol of lot and dates alone names none. */
export const codeOf = (book: Book, scan: string, now: SiteNow): PackCode | Refusal | null => {
  const epc = epcOf(book, scan)
  const said = epc === null ? identifySymbols(scan, now) : decodeEpc(bytesOfHex(epc) ?? new Uint8Array())
  const gtin14 = isRefusal(said) ? null : said.gtin14
  if (gtin14 !== null) return { scheme: 'gtin', code: gtin14 }
  // A tag of no GTIN names one box, not the kind of thing in it.
  if (epc !== null) return null
  if (isRefusal(said)) return NO_GS1.includes(said.code) ? (rawCodesOf(scan)[0] ?? null) : said
  return 'agency' in said && said.agency ? said.agency.di : (rawCodesOf(scan)[0] ?? null)
}

/** The pack that was scanned, and the base unit where that is another. */
const packsOf = ({ pack, units }: Pick<PackLevel, 'pack' | 'units'>, unit: string, code: PackCode | null): PackLevel[] => {
  const gtin = code?.scheme === 'gtin' ? code.code : null
  const level: PackLevel = { pack, units, gtin, ...(code && gtin === null ? { codes: [code] } : {}) }
  return units === 1 ? [level] : [level, { pack: unit, units: 1, gtin: null }]
}

/**
 * Its name and a number no other thing of this node has: the second it was made, by the site's own time, which never goes back. A count would begin
 * anew on a new card, before the old history is back.
 */
const freeId = (book: Book, { node, now }: Circumstances): string => {
  let number = Math.floor(now.nowMs / 1_000)
  while (book.item(`${node}-new-${number}`) !== null) number += 1
  return `${node}-new-${number}`
}

/** The text is of somebody else's making; any other refusal says that it was misread. */
const NO_GS1: readonly string[] = ['codes.symbology-missing', 'codes.symbology-unknown', 'codes.not-gs1']
/** What is looked over on a page. */
const ROWS_MAX = 100
/** A pallet of them is a matter of the despatch, not of a desk. */
const TAGS_MAX = 16
