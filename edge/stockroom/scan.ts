import type { ScanView } from '@lotkeeper/protocol/api/node.ts'
import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { explain } from '@lotkeeper/protocol/codes/explain.ts'
import type { Identification } from '@lotkeeper/protocol/codes/identification.ts'
import { rawCodesOf } from '@lotkeeper/protocol/codes/raw-codes.ts'
import { decodeEpc } from '@lotkeeper/protocol/epc/decode.ts'
import type { EpcIdentity } from '@lotkeeper/protocol/epc/identity.ts'
import { isOwnRoom } from '@lotkeeper/protocol/ledger/movement.ts'
import { type CalendarDate, type LotKey, lotKey, lotOf } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { expiryState } from '@lotkeeper/protocol/rules/expiry.ts'
import { type ExpiryStanding, expiryWith } from '@lotkeeper/protocol/rules/lot-expiry.ts'
import type { Book, Item, ItemFound, TagRow } from '../ledger/contract.ts'
import { identifySymbols } from './lot-facts.ts'
import type { SiteNow } from './now.ts'
import { comingAs } from './receivable.ts'
import { symbolsOf } from './symbols.ts'

/** A text as it came: from the serial scanner, or (scanner `null`) from a wedge, a camera or a keyboard. */
export interface Scanned {
  readonly text: string
  readonly at: number
  readonly scanner: string | null
}

/** What a code says, and what this node knows of the thing. Books nothing; a refusal is explained in the view, never thrown away. */
export const scanView = (book: Book, scanned: Scanned, now: SiteNow): ScanView => {
  const epc = epcOf(book, scanned.text)
  const found = epc === null ? byCode(book, scanned.text, now) : byTag(book, epc)
  const { item, lot, expiry } = found
  const known = lot === null ? null : book.lotExpiry(lot)
  const last = known === null ? expiry : expiryWith(known, expiry)
  const notice = lot === null || known === null ? [] : differenceRows(lot, known, expiry)
  return {
    scan: scanned.text.slice(0, SCAN_LENGTH_MAX).toWellFormed(),
    at: new Date(scanned.at).toISOString(),
    scanner: scanned.scanner,
    refused: found.refused === null ? null : { code: found.refused.code, zh: clip(found.refused.zh, 500), en: clip(found.refused.en, 500) },
    rows: [...found.rows, ...notice],
    item: item === null ? null : itemView(item),
    pack: found.pack,
    packUnits: found.packUnits,
    lot,
    lotNumber: found.lotNumber,
    expiry: last,
    expiryState: expiryState(last, now.today, item?.nearDays).state,
    serial: found.serial,
    epc: epc?.slice(0, 124) ?? null,
    expected: lot === null ? 0 : expectedOf(book, lot),
    stock: lot === null ? [] : standingOf(book, lot),
  }
}

/** An item as pages see it. */
export const itemView = (item: Item): NonNullable<ScanView['item']> => ({ ...item })

interface Found {
  readonly refused: Refusal | null
  readonly rows: ScanView['rows']
  readonly item: Item | null
  readonly pack: string | null
  readonly packUnits: number | null
  readonly lot: LotKey | null
  readonly lotNumber: string | null
  readonly expiry: CalendarDate | null
  readonly serial: string | null
}

const byCode = (book: Book, text: string, now: SiteNow): Found => {
  const said = identifySymbols(text, now)
  const gtin14 = isRefusal(said) ? null : said.gtin14
  const known = (gtin14 === null ? null : book.itemByCode({ scheme: 'gtin', code: gtin14 })) ?? byRawCode(book, text)
  if (isRefusal(said))
    return known ? { ...NOTHING, ...packOf(known), rows: [codeRow(text), ...misreadRows(said)] } : { ...NOTHING, refused: said }
  const named = gtin14 ?? said.agency?.di?.code ?? null
  const lot =
    known === null || said.lot === null ? null : lotKey(comingAs(book, { item: known.item.item, lotNumber: said.lot, tags: [] }), said.lot)
  return {
    ...NOTHING,
    ...(known ? packOf(known) : {}),
    refused: named !== null && known === null ? refuse('stockroom.item-unknown', { code: named }) : null,
    rows: rowsOf(said, Number(now.today.slice(0, 4))),
    lot: lot === null || lotOf(lot) === null ? null : lot,
    lotNumber: said.lot,
    expiry: said.expiry,
    serial: said.serial,
  }
}

/** A local code, or one of another agency, by what the catalogue knows of it; the longest code rules. */
export const byRawCode = (book: Book, text: string): ItemFound | null => {
  for (const code of symbolsOf(text).flatMap(rawCodesOf)) {
    const found = book.itemByCode(code)
    if (found) return found
  }
  return null
}

const packOf = ({ item, pack, units }: ItemFound): Pick<Found, 'item' | 'pack' | 'packUnits'> => ({ item, pack, packUnits: units })

const byTag = (book: Book, epc: string): Found => {
  const tag = book.tag(epc)
  const decoded = decodeEpc(bytesOfHex(epc) ?? new Uint8Array())
  const rows = isRefusal(decoded) ? [] : tagRowsOf(decoded)
  const serial = isRefusal(decoded) ? null : decoded.serial
  const refusal = tag?.retired ? refuse('stockroom.tag-retired', { epc, why: tag.retired.why }) : null
  if (tag) return { ...NOTHING, rows, serial, refused: refusal, ...registered(book, tag) }
  if (isRefusal(decoded)) return { ...NOTHING, refused: decoded }
  const known = decoded.gtin14 === null ? null : book.itemByCode({ scheme: 'gtin', code: decoded.gtin14 })
  const refused = refuse('stockroom.tag-unknown', { epc })
  return { ...NOTHING, ...(known ? packOf(known) : {}), refused, rows, serial }
}

const registered = (
  book: Book,
  { registration, units }: TagRow,
): Pick<Found, 'item' | 'pack' | 'packUnits' | 'lot' | 'lotNumber' | 'expiry'> => ({
  item: book.item(lotOf(registration.lot)?.item ?? ''),
  pack: registration.pack,
  packUnits: units ?? registration.units,
  lot: registration.lot,
  lotNumber: registration.printed,
  expiry: registration.expiry,
})

/** The EPC a text is: one this node knows, or hexadecimal that is no GS1 message (those begin with the AI of a key, and no EPC with such a header). */
export const epcOf = (book: Book, text: string): string | null => {
  const hex = text.trim().toUpperCase()
  if (!/^[0-9A-F]{16,124}$/.test(hex) || hex.length % 4 !== 0) return null
  if (book.tag(hex) !== null) return hex
  return !/^0[012]/.test(hex) && (/[A-F]/.test(hex) || hex.startsWith(SGTIN_HEADER)) ? hex : null
}

const rowsOf = (said: Identification, year: number): ScanView['rows'] =>
  explain(said, year).map(({ label, value }) => ({ zh: clip(label.zh, 120), en: clip(label.en, 120), value: clip(value, 200) }))

const tagRowsOf = ({ scheme, gtin14, serial, tagUri, elementString }: EpcIdentity): ScanView['rows'] => [
  ...(gtin14 === null ? [{ zh: '标签方案', en: 'Scheme', value: scheme }] : [{ zh: '商品条码', en: 'GTIN', value: gtin14 }]),
  ...(serial === null ? [] : [{ zh: '序列号', en: 'Serial', value: serial }]),
  { zh: '标签编码', en: 'Tag URI', value: clip(tagUri ?? elementString ?? scheme, 200) },
]

const codeRow = (text: string): ScanView['rows'][number] => ({ zh: '编码', en: 'Code', value: clip(text.trim(), 200) })

/** A label whose check is wrong may stand in a catalogue as it is; the person who scans it should know. */
const misreadRows = ({ code, zh, en }: Refusal): ScanView['rows'] =>
  code === 'codes.hibc-check-wrong' ? [{ zh: clip(zh, 120), en: clip(en, 120), value: code }] : []

/** What the label says against what is known; what a person has answered is no difference any more. */
const differenceRows = (lot: LotKey, { expiry: known, settled }: ExpiryStanding, said: CalendarDate | null): ScanView['rows'] =>
  said === null || known === null || said === known || settled.includes(said) ? [] : [conflictRow(lot, known, said)]

const conflictRow = (lot: LotKey, known: CalendarDate, expiry: CalendarDate): ScanView['rows'][number] => {
  const { zh, en, code } = refuse('catalog.lot-expiry-differs', { lot, known, expiry })
  return { zh: clip(zh, 120), en: clip(en, 120), value: code }
}

const standingOf = (book: Book, lot: LotKey): ScanView['stock'] =>
  book
    .positions()
    .filter((row) => row.lot === lot && row.units !== 0 && isOwnRoom(book.owns, row.place))
    .map(({ place, units }) => ({ place, units }))

/** Announced to this site, by tags and by despatches, and not yet here. */
const expectedOf = (book: Book, lot: LotKey): number =>
  book
    .expected()
    .filter((row) => row.lot === lot)
    .reduce((sum, { announced, received }) => sum + Math.max(0, announced - received), book.announced(lot))

const clip = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`).toWellFormed()

const NOTHING: Found = {
  refused: null,
  rows: [],
  item: null,
  pack: null,
  packUnits: null,
  lot: null,
  lotNumber: null,
  expiry: null,
  serial: null,
}
const SCAN_LENGTH_MAX = 300
/** SGTIN-96 [TDS 14.6.1]; a GS1 message that begins with AI (30) has no key and is no label. */
const SGTIN_HEADER = '30'
