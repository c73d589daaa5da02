import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import type { Line, LotFact } from '@lotkeeper/protocol/ledger/entry.ts'
import { shortfall } from '@lotkeeper/protocol/ledger/movement.ts'
import { type LotKey, lotOf, type PlaceId, roomPlace, virtualPlace } from '@lotkeeper/protocol/names.ts'
import { isRefusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Book } from '../ledger/contract.ts'
import { type Decide, draftOf, firstRefusal, roomRefusal, tagsOf } from './draft.ts'
import { judgeExpiry } from './expired.ts'
import { type LotMeant, lotMeant } from './lot-facts.ts'
import { tagRefusal } from './packs.ts'
import { amountOf } from './quantity.ts'

/**
 * Issues packs of a lot to a department of the site, or as used. FEFO is shown, never forced; an expired lot needs an override with a reason; more
 * than the book says needs `moreThanBook`, and then what the shelf held beyond the book is booked in the same entry [ledger-and-sync 1.4].
 */
export const decideIssue: Decide<Omit<NodeBody<'issue'>, 'action'>> = (book, request, at) => {
  const named = lotOf(request.lot)
  if (!named) return refuse('ledger.lot-malformed', { lot: request.lot })
  const item = book.item(named.item)
  if (!item) return refuse('stockroom.item-unknown', { code: named.item })
  const amount = amountOf(item, request.pack, request.quantity)
  const tags = tagsOf(request.tags)
  const meant = lotMeant(book, { ...named, scan: request.scan }, at.now)
  if (isRefusal(amount) || isRefusal(tags) || isRefusal(meant)) return firstRefusal(amount, tags, meant) ?? []
  const to = request.to === undefined || request.to === '' ? null : request.to
  const wrong =
    tagRefusal(book, meant.lot, tags) ??
    roomRefusal(book, at, request.room) ??
    (to === null ? null : roomRefusal(book, at, to, 'department'))
  if (wrong) return wrong
  const judged = judgeExpiry(meant, at.now, request.override)
  if (isRefusal(judged)) return judged
  const { lot } = meant
  const from = roomPlace(at.node, request.room, 'available')
  const short = shortfall(book.units(lot, from), amount.units)
  if (short > 0 && request.moreThanBook !== true) {
    const facts = { lot, place: from, asked: amount.units, book: Math.max(0, book.units(lot, from)) }
    return refuse('rules.more-than-book', { ...facts, pending: book.units(lot, roomPlace(at.node, request.room, 'pending')) })
  }
  const use = {
    lot,
    from,
    to: to === null ? virtualPlace(at.node, 'consumed') : roomPlace(at.node, to, 'available'),
    units: amount.units,
    entered: amount.entered,
    tags: [...tags],
  }
  return [
    draftOf('issue', at, {
      lines: [...foundLines(at.node, { lot, to: from, units: short }), use],
      body: { ...learnt(book, meant), ...judged, ...(request.scan ? { scan: request.scan } : {}) },
    }),
  ]
}

/** What the shelf held beyond the book, before it is used: a wrong book never blocks work, and the difference has a name. */
export const foundLines = (node: string, found: { readonly lot: LotKey; readonly to: PlaceId; readonly units: number }): readonly Line[] =>
  found.units > 0 ? [{ ...found, from: virtualPlace(node, 'unexplained'), entered: null, tags: [] }] : []

/** Units booked from `unexplained` by some lines. */
export const unexplainedIn = (lines: readonly Pick<Line, 'from' | 'units'>[]): number =>
  lines.reduce((sum, line) => sum + (line.from.endsWith('/~unexplained') ? line.units : 0), 0)

/** What the scan told of the lot that the book does not know. */
const learnt = (book: Book, { lot, fact }: LotMeant): { readonly lots?: LotFact[] } => {
  const known = book.lot(lot)
  return known && (fact.expiry === null || fact.expiry === known.expiry) ? {} : { lots: [fact] }
}
