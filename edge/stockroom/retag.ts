import type { NodeAnswer, NodeBody } from '@lotkeeper/protocol/api/node.ts'
import type { RetagBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { type EntryId, lotOf, placeOf } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Book, Draft, TagRow } from '../ledger/contract.ts'
import { type Circumstances, type Decide, draftOf, textOf } from './draft.ts'
import { amountOf } from './quantity.ts'
import { tagMeant } from './tag-meant.ts'

type Request = Omit<NodeBody<'retag'>, 'action'>

/**
 * Changes the label of a pack: another one, a first one for stock that stands here, or none any more. Nothing moves, so a door that reads the new one finds
 * it standing where the old one stood, and one that reads the old one again says so instead of taking goods in.
 */
export const decideRetag: Decide<Request> = (book, request, at) => {
  const why = textOf(request.reason)
  if (why === null) return refuse('rules.reason-missing')
  const [from, to] = [meantBy(book, request.from, at), meantBy(book, request.to, at)]
  if (isRefusal(from)) return from
  if (isRefusal(to)) return to
  if (from === to) return refuse('stockroom.tag-nothing')
  const used = to === null ? null : judgeNew(book, to)
  if (used) return used
  const pack = from === null ? untaggedPack(book, request) : taggedPack(book, from, to !== null)
  if (isRefusal(pack)) return pack
  return [draftOf('retag', at, { lines: [], body: { from, to, ...pack, why } })]
}

/** Takes it back: both labels are what they were, if the new one still stands for its pack here. */
export const undoRetag = (book: Book, { id, retag, reason }: Undoing, at: Circumstances): readonly Draft[] | Refusal => {
  const already = book.retagUndoneBy(id)
  if (already !== null) return refuse('ledger.reverse-twice', { entry: id, by: already })
  const { from, to, lot, left, place } = retag.body as RetagBody
  const now = to === null ? null : book.tag(to)
  if (to !== null && (!now || now.retired !== null || (now.place === null ? place !== null : !isHere(book, now.place))))
    return refuse('stockroom.tag-moved-on', { epc: to })
  // What it stood for may have left without a label since.
  if (from !== null && to === null && place !== null && book.units(lot, place) < (left ?? 0))
    return refuse('stockroom.tag-moved-on', { epc: from })
  if (from !== null && book.tag(from)?.retired?.entry !== id) return refuse('stockroom.tag-moved-on', { epc: from })
  return [draftOf('reverse', at, { lines: [], reverses: { entry: id, lines: [] }, refs: [id], body: { reason } })]
}
interface Undoing {
  readonly id: EntryId
  readonly retag: Entry
  readonly reason: string
}

/** Tags put on, replaced and retired here, newest first. */
export const retagRows = (book: Book): NodeAnswer<'retags'>['rows'] =>
  book.retags(ROWS_MAX).map(({ id, entry, undoneBy }) => {
    const { from, to, lot, pack, place, why } = entry.body as RetagBody
    const named = lotOf(lot)
    return {
      ...{ entry: id, at: entry.occurredAt, actor: entry.actor, from, to, lot, pack, place, why, undoneBy },
      itemName: book.item(named?.item ?? '')?.name ?? { zh: named?.item ?? lot, en: '' },
      lotNumber: named?.lotNumber ?? '-',
    }
  })

/** The first of them that stands for nothing any more. */
export const retiredAmong = (book: Book, epcs: readonly string[]): Refusal | null => {
  for (const epc of epcs) {
    const retired = book.tag(epc)?.retired
    if (retired) return refuse('stockroom.tag-retired', { epc, why: retired.why })
  }
  return null
}

type Pack = Omit<RetagBody, 'from' | 'to' | 'why'>

const meantBy = (book: Book, said: string | null, at: Circumstances): string | Refusal | null => {
  const text = textOf(said)
  return text === null ? null : tagMeant(book, text, at.now)
}

/** A label that stands for something, or is on its way with goods, is not stuck on other goods; one that was retired or used up may be. */
const judgeNew = (book: Book, epc: string): Refusal | null => {
  const tag = book.tag(epc)
  if (!tag || tag.retired !== null) return null
  if (tag.place === null) return refuse('stockroom.tag-announced', { epc, lot: tag.registration.lot })
  return isHere(book, tag.place) || isUnderWay(tag) ? refuse('stockroom.tag-in-use', { epc, lot: tag.registration.lot }) : null
}

const taggedPack = (book: Book, epc: string, replaced: boolean): Pack | Refusal => {
  const tag = book.tag(epc)
  if (!tag) return refuse('stockroom.tag-unknown', { epc })
  if (tag.retired) return refuse('stockroom.tag-retired', { epc, why: tag.retired.why })
  const { lot, expiry, pack, units } = tag.registration
  const here = tag.place === null || isHere(book, tag.place)
  // The label of a pack that was used up may still be thrown away by name; what is elsewhere is not this site's to say.
  if (!here && (replaced || isUnderWay(tag))) return refuse('stockroom.tag-not-here', { epc })
  return { lot, expiry: book.lot(lot)?.expiry ?? expiry, pack, units, left: tag.units, place: tag.place }
}

const untaggedPack = (book: Book, { lot = '', place = '', pack = '' }: Request): Pack | Refusal => {
  const known = book.lot(lot)
  if (!known) return refuse('stockroom.lot-unknown', { lot })
  if (!isHere(book, place)) return refuse('ledger.place-unknown', { place })
  const item = book.item(known.item)
  if (!item) return refuse('stockroom.item-unknown', { code: known.item })
  const amount = amountOf(item, pack, 1)
  if (isRefusal(amount)) return amount
  const standing = book.units(lot, place)
  const tagged = book.tagsOf(lot).reduce((sum, tag) => sum + (tag.place === place ? (tag.units ?? 0) : 0), 0)
  if (tagged + amount.units > standing) return refuse('stockroom.tags-exceed-stock', { lot, units: standing, tagged, asked: amount.units })
  return { lot, expiry: known.expiry, pack, units: amount.units, left: amount.units, place }
}

const isHere = (book: Book, place: string): boolean => {
  const name = placeOf(place)
  return name !== null && name.room !== null && book.owns(name.owner)
}

const isUnderWay = ({ place }: TagRow): boolean => placeOf(place ?? '')?.virtual === 'transit'

/** What is looked over on a page. */
const ROWS_MAX = 50
