import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import type { Line } from '@lotkeeper/protocol/ledger/entry.ts'
import { type LotKey, placeOf, roomPlace, transitTo, virtualPlace } from '@lotkeeper/protocol/names.ts'
import { isRefusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Book, Draft } from '../ledger/contract.ts'
import { boxAtDoor, type DoorReceipt, twinOf } from './box-at-door.ts'
import { type Circumstances, type Decide, draftOf, firstRefusal, roomRefusal, tagsOf, textOf } from './draft.ts'
import { EXPIRED_RULE, type Override, setAside } from './expired.ts'
import type { LotMeant } from './lot-facts.ts'
import { boundTags, writtenLot } from './provisional.ts'
import { type Amount, amountOf, enteredPart } from './quantity.ts'
import { comingAs, lotArriving, onlyDespatch, stoppedBy } from './receivable.ts'
import { retiredAmong } from './retag.ts'

type Request = Omit<NodeBody<'receive'>, 'action'>

/**
 * Receives packs of a lot: from transit what is announced to this site, the rest from the supplier, into the room, pending; with `accept` on into
 * available. The very box the door booked within ten minutes is confirmed instead, by an entry that names the door's and moves nothing. What stands
 * in the way is set aside by a person, rule by rule, or nothing is received.
 */
export const decideReceive: Decide<Request> = (book, request, at) => {
  const item = book.item(request.item)
  if (!item) return refuse('stockroom.item-unknown', { code: request.item })
  const amount = amountOf(item, request.pack, request.quantity)
  const tags = tagsOf(request.tags)
  if (isRefusal(amount) || isRefusal(tags)) return firstRefusal(amount, tags) ?? []
  const retired = retiredAmong(book, tags)
  if (retired) return retired
  const named = comingAs(book, { item: item.item, lotNumber: request.lotNumber, tags })
  const meant = lotArriving(book, { ...request, item: named, tags }, at.now)
  if (isRefusal(meant)) return meant
  const wrong = roomRefusal(book, at, request.room)
  if (wrong) return wrong
  const doc = textOf(request.doc)
  const twin = request.anotherBox === true ? null : twinOf(book, { ...meant, units: amount.units, tags, doc }, at)
  const stopped = stoppedBy(book, { item, meant, tags, units: amount.units, doc, booked: twin !== null }, at.now)
  const overrides = setAside(stopped, [...(request.overrides ?? []), ...(request.override ? [request.override] : [])])
  if (isRefusal(overrides)) return overrides
  const receipt = { request, amount, tags, meant, doc, overrides }
  if (twin === null) return arrival(book, receipt, at)
  return isRefusal(twin) ? twin : confirmation(book, receipt, twin, at)
}

interface Receipt {
  readonly request: Request
  readonly amount: Amount
  readonly tags: readonly string[]
  readonly meant: LotMeant
  readonly doc: string | null
  /** Rules set aside, one for each that stood in the way. */
  readonly overrides: readonly Override[]
}

/**
 * Lines that bring units of a lot into a place. Under a despatch of another site all of them come out of transit, short or over: what is left open, or
 * below zero, is a matter of that document and lot [ledger-and-sync 1.3]. Else out of transit as far as tags announce them, the rest from the supplier.
 */
export const arrivalLines = (
  book: Book,
  coming: {
    readonly lot: LotKey
    readonly to: string
    readonly amount: Amount
    readonly tags: readonly string[]
    readonly doc: string | null
  },
  node: string,
): readonly Line[] => {
  const { lot, to, amount, tags, doc } = coming
  const despatched = doc !== null && book.despatched(doc)
  const announced = despatched ? amount.units : Math.min(amount.units, book.announced(lot))
  const parts = [
    { from: transitTo(node), units: announced },
    { from: virtualPlace(node, 'supplier'), units: amount.units - announced },
  ].filter(({ units }) => units > 0)
  // A tag names one box, so it goes with one line; where the parts are no whole packs, the first keeps what was said of both.
  const torn = parts.some(({ units }) => enteredPart(amount, units) === null)
  return parts.map(({ from, units }, order) => ({
    lot,
    from,
    to,
    units,
    entered: torn ? (order === 0 ? amount.entered : null) : enteredPart(amount, units),
    tags: order === 0 ? [...tags] : [],
  }))
}

const arrival = (book: Book, receipt: Receipt, at: Circumstances): readonly Draft[] => {
  const { request, amount, tags, meant } = receipt
  const doc = receipt.doc ?? onlyDespatch(book, { lot: meant.lot, units: amount.units })
  const pending = roomPlace(at.node, request.room, 'pending')
  const lines = arrivalLines(book, { lot: meant.lot, to: pending, amount, tags, doc }, at.node)
  const bound = boundTags(book, { tags, lot: meant.lot, expiry: meant.expiry, pack: request.pack, units: amount.units }, at)
  const received = [draftOf('receive', at, { lines, doc, body: bodyOf(receipt) }), ...furtherOverrides(receipt, doc, at), ...bound]
  const waiting = { from: pending, units: amount.units, entered: amount.entered, tags }
  const accepted = request.accept === true ? [acceptance({ ...receipt, doc }, waiting, at)] : []
  return [...received, ...accepted, ...writtenLot(book, meant, lines, at)]
}

/** The door moved the units; the scan adds what the label says, and with `accept` that the box was inspected. */
const confirmation = (book: Book, receipt: Receipt, twin: DoorReceipt, at: Circumstances): readonly Draft[] => {
  const confirming = draftOf('receive', at, { lines: [], refs: twin.entries, doc: receipt.doc, body: bodyOf(receipt) })
  const confirmed = [confirming, ...furtherOverrides(receipt, receipt.doc, at)]
  const pending = placeOf(twin.place)?.state === 'pending'
  const waiting = Math.min(twin.units, book.units(twin.lot, twin.place))
  if (receipt.request.accept !== true || !pending || waiting <= 0) return confirmed
  return [...confirmed, acceptance(receipt, { from: twin.place, units: waiting, entered: null, tags: boxAtDoor(book, twin) }, at)]
}

const acceptance = (
  { meant, doc, overrides }: Receipt,
  line: Pick<Line, 'from' | 'units' | 'entered'> & { readonly tags: readonly string[] },
  at: Circumstances,
): Draft<'accept'> => {
  const to = line.from.replace(/pending$/, 'available')
  const override = overrides.find(({ rule }) => rule === EXPIRED_RULE)
  return draftOf('accept', at, {
    doc,
    lines: [{ lot: meant.lot, from: line.from, to, units: line.units, entered: line.entered, tags: [...line.tags] }],
    body: override ? { override } : {},
  })
}

/** An entry keeps one override; each further one is an entry of its own that moves nothing. */
const furtherOverrides = ({ overrides }: Receipt, doc: string | null, at: Circumstances): readonly Draft<'receive'>[] =>
  overrides.slice(1).map((override) => draftOf('receive', at, { lines: [], doc, body: { override } }))

const bodyOf = ({ request, meant, overrides: [override] }: Receipt): Draft<'receive'>['body'] => ({
  lots: [meant.fact],
  ...(override ? { override } : {}),
  ...(request.scan ? { scan: request.scan } : {}),
})
