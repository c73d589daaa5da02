import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import type { Line } from '@lotkeeper/protocol/ledger/entry.ts'
import { shortfall } from '@lotkeeper/protocol/ledger/movement.ts'
import { lotOf, roomPlace, transitTo } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { despatchNumber } from '../ledger/book/expected.ts'
import type { Book } from '../ledger/contract.ts'
import { type Circumstances, type Decide, draftOf, firstRefusal, roomRefusal, tagsOf, textOf } from './draft.ts'
import { foundLines } from './issue.ts'
import { packRefusal } from './packs.ts'
import { amountOf } from './quantity.ts'

type Request = Omit<NodeBody<'ship'>, 'action'>

/**
 * Ships packs to another site under one document: out of what is available into the transit of that site, where they stand until it receives them
 * [ledger-and-sync 1.3]. Dates bar nothing here: what is expired goes back to where it is destroyed.
 */
export const decideShip: Decide<Request> = (book, request, at) => {
  const wrong = roomRefusal(book, at, request.room)
  if (wrong) return wrong
  if (request.to === at.node) return refuse('ledger.same-place', { place: transitTo(at.node) })
  if (!book.sites().some(({ site }) => site === request.to)) return refuse('stockroom.site-unknown', { site: request.to })
  const lines: Line[] = []
  for (const asked of request.lines) {
    const shipped = shippedLines(book, request, asked, { at, before: lines })
    if (isRefusal(shipped)) return shipped
    lines.push(...shipped)
  }
  return [draftOf('ship', at, { lines, doc: textOf(request.doc) ?? despatchNumber(at.node, at.mark), body: {} })]
}

/** One line of the request, after the lines before it: what the shelf holds beyond the book is found first, if the person says so. */
const shippedLines = (
  book: Book,
  request: Request,
  asked: Request['lines'][number],
  { at, before }: { readonly at: Circumstances; readonly before: readonly Line[] },
): readonly Line[] | Refusal => {
  const { lot } = asked
  const named = lotOf(lot)
  if (!named) return refuse('ledger.lot-malformed', { lot })
  const item = book.item(named.item)
  if (!item) return refuse('stockroom.item-unknown', { code: named.item })
  const amount = amountOf(item, asked.pack, asked.quantity)
  const tags = tagsOf(asked.tags)
  if (isRefusal(amount) || isRefusal(tags)) return firstRefusal(amount, tags) ?? []
  const from = roomPlace(at.node, request.room, 'available')
  const stands = book.units(lot, from) + before.reduce((sum, line) => sum + shiftOf(line, lot, from), 0)
  const short = shortfall(stands, amount.units)
  if (request.moreThanBook !== true) {
    if (short > 0) return refuse('rules.more-than-book', { lot, place: from, asked: amount.units, book: Math.max(0, stands) })
    const opened = packRefusal(book, { lot, from, units: amount.units, tags })
    if (opened) return opened
  }
  const found = foundLines(at.node, { lot, to: from, units: short })
  return [...found, { lot, from, to: transitTo(request.to), units: amount.units, entered: amount.entered, tags: [...tags] }]
}

const shiftOf = (line: Line, lot: string, place: string): number => {
  if (line.lot !== lot) return 0
  return line.to === place ? line.units : line.from === place ? -line.units : 0
}
