import { type LotKey, lotOf, normalLotNumber } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { judgeLabel, judgePapers } from '@lotkeeper/protocol/rules/receipt.ts'
import type { Book, Item } from '../ledger/contract.ts'
import { lotsInTransit } from './expected.ts'
import { byDay, expiredRefusal } from './expired.ts'
import { type LotMeant, type LotSaid, lotMeant } from './lot-facts.ts'
import type { SiteNow } from './now.ts'

/** What is about to be received. */
export interface Coming {
  readonly item: Item
  readonly meant: LotMeant
  readonly tags: readonly string[]
  readonly units: number
  readonly doc: string | null
  /** The door has booked this box already. */
  readonly booked: boolean
}

/** Every rule that stands in the way of a receipt: the lot's last day, the item's papers (R36), what the label promises and nobody said. */
export const stoppedBy = (book: Book, coming: Coming, now: SiteNow): readonly Refusal[] => {
  const { item, meant, tags } = coming
  const papers = {
    item,
    certificate: item.certificate === undefined ? null : book.record('certificate', item.certificate),
    maker: item.manufacturer === undefined ? null : book.record('party', item.manufacturer),
  }
  const expired = expiredRefusal(meant, now)
  const said = {
    lot: lotOf(meant.lot)?.lotNumber !== normalLotNumber(null),
    expiry: meant.expiry !== null,
    produced: meant.produced !== null,
    serial: meant.serial !== null || tags.length > 0,
  }
  const label = isFromTransit(book, coming) ? null : judgeLabel(item, said)
  const byPapers = judgePapers(papers, { today: now.today, produced: meant.produced }).map((refusal) => byDay(refusal, now))
  return [...(expired ? [expired] : []), ...byPapers, ...(label ? [label] : [])]
}

/** What another site or the county has sent had its label read when it first came in. */
const isFromTransit = (book: Book, { meant: { lot }, units, doc, booked }: Coming): boolean =>
  booked || book.announced(lot) > 0 || (doc !== null && book.despatched(doc)) || onlyDespatch(book, { lot, units }) !== null

/** Where nobody said a document, no tag announces the lot and one despatch alone has so many of it open, it is that despatch. */
export const onlyDespatch = (book: Book, { lot, units }: { readonly lot: LotKey; readonly units: number }): string | null => {
  if (book.announced(lot) > 0) return null
  const open = book.expected().filter((row) => row.lot === lot && row.announced > row.received)
  const [only] = open
  return open.length === 1 && only && only.announced - only.received >= units ? only.doc : null
}

/**
 * The item whose lot is meant: the kept one of a merge, unless what comes was sent under the name of a merged one. Then it keeps that name, or it would
 * stay under way for ever.
 */
export const comingAs = (
  book: Book,
  { item, lotNumber, tags }: { readonly item: string; readonly lotNumber: string; readonly tags: readonly string[] },
): string => {
  const number = normalLotNumber(lotNumber)
  const sent = [
    ...tags.flatMap((epc) => book.tag(epc)?.registration.lot ?? []),
    ...book.expected().flatMap(({ lot, announced, received }) => (announced > received ? [lot] : [])),
    ...lotsInTransit(book).filter((lot) => book.announced(lot) > 0),
  ].flatMap((lot) => lotOf(lot) ?? [])
  const other = sent.find((one) => one.item !== item && one.lotNumber === number && book.item(one.item)?.item === item)
  return other?.item ?? item
}

/**
 * The lot that comes in. What a person wrote is booked as the lot the county says it is, printed as it was written; what a label says, or what was sent
 * under that very number, keeps it.
 */
export const lotArriving = (book: Book, said: LotSaid & { readonly tags: readonly string[] }, now: SiteNow): LotMeant | Refusal => {
  const meant = lotMeant(book, said, now)
  if (isRefusal(meant) || meant.isRead || isSentAs(book, meant.lot, said.tags)) return meant
  const is = lotOf(book.lotNow(meant.lot))
  const led = is ? lotMeant(book, { ...said, lotNumber: is.lotNumber }, now) : meant
  return isRefusal(led) ? led : { ...led, fact: { ...led.fact, printed: meant.fact.printed } }
}

const isSentAs = (book: Book, lot: LotKey, tags: readonly string[]): boolean =>
  book.announced(lot) > 0 ||
  tags.some((epc) => book.tag(epc)?.registration.lot === lot) ||
  book.expected().some((row) => row.lot === lot && row.announced > row.received)
