import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import { roomPlace } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { type Decide, draftOf, roomRefusal, textOf } from './draft.ts'
import { judgeExpiry } from './expired.ts'
import { wholeUnits } from './quantity.ts'

/** Accepts inspected units of a lot: pending -> available (R35). More than is pending is refused by the ledger. */
export const decideAccept: Decide<Omit<NodeBody<'accept'>, 'action'>> = (book, request, at) => {
  const units = wholeUnits(request.units)
  if (isRefusal(units)) return units
  const wrong = roomRefusal(book, at, request.room)
  if (wrong) return wrong
  const { lot } = request
  const judged = judgeExpiry({ lot, expiry: book.lot(lot)?.expiry ?? null }, at.now, request.override)
  if (isRefusal(judged)) return judged
  const from = roomPlace(at.node, request.room, 'pending')
  const to = roomPlace(at.node, request.room, 'available')
  const reason = textOf(request.reason)
  const body = { ...judged, ...(reason === null ? {} : { reason }) }
  return [draftOf('accept', at, { lines: [{ lot, from, to, units, entered: null, tags: [] }], body })]
}
