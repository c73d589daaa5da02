import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import type { Line } from '@lotkeeper/protocol/ledger/entry.ts'
import { lotOf, type PlaceId, virtualPlace } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Book } from '../ledger/contract.ts'
import { type Circumstances, type Decide, draftOf, tagsOf, textOf } from './draft.ts'
import { judgeExpiry } from './expired.ts'
import { packRefusal } from './packs.ts'
import { type Room, roomMeant } from './places.ts'
import { wholeUnits } from './quantity.ts'

/** Scraps units wherever they stand, held ones too; nothing bars it but a missing reason (R16). */
export const decideScrap: Decide<Omit<NodeBody<'scrap'>, 'action'>> = (book, request, at) => {
  const reason = textOf(request.reason)
  if (reason === null) return refuse('rules.reason-missing')
  const taken = takenFrom(book, { ...request, from: request.place }, at)
  if (isRefusal(taken)) return taken
  return [draftOf('scrap', at, { lines: [{ ...taken.line, to: virtualPlace(taken.room.owner, 'scrapped') }], body: { reason } })]
}

/**
 * Moves units between places of this node: to another room, into quarantine and out of it. What comes out of inspection this way is judged as an
 * acceptance is: an expired lot has to be accepted by name, with its reason.
 */
export const decideMove: Decide<Omit<NodeBody<'move'>, 'action'>> = (book, request, at) => {
  const taken = takenFrom(book, request, at)
  const to = roomMeant(book, at, request.to)
  if (isRefusal(taken)) return taken
  if (isRefusal(to)) return to
  if (request.from === request.to) return refuse('ledger.same-place', { place: request.from })
  const inspected = taken.room.state === 'pending' && to.state === 'available'
  const { lot } = request
  const judged = inspected ? judgeExpiry({ lot, expiry: book.lot(lot)?.expiry ?? null }, at.now, undefined) : {}
  if (isRefusal(judged)) return judged
  const reason = textOf(request.reason)
  return [draftOf('move', at, { lines: [{ ...taken.line, to: request.to }], body: reason === null ? {} : { reason } })]
}

interface Asked {
  readonly lot: string
  readonly from: PlaceId
  readonly units: number
  readonly tags?: readonly string[]
}

/** Units out of a room, as a line without its other end. More than stands there is the ledger's to refuse. */
const takenFrom = (
  book: Book,
  { lot, from, units, tags: said }: Asked,
  at: Circumstances,
): { readonly line: Omit<Line, 'to'>; readonly room: Room } | Refusal => {
  if (!lotOf(lot)) return refuse('ledger.lot-malformed', { lot })
  const room = roomMeant(book, at, from)
  const whole = wholeUnits(units)
  const tags = tagsOf(said)
  if (isRefusal(room)) return room
  if (isRefusal(whole)) return whole
  if (isRefusal(tags)) return tags
  const opened = packRefusal(book, { lot, from, units, tags })
  return opened ?? { line: { lot, from, units, entered: null, tags: [...tags] }, room }
}
