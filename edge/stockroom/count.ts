import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import type { Line } from '@lotkeeper/protocol/ledger/entry.ts'
import { type EntryId, entryId, lotOf, streamOfNode, virtualPlace } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { wantedBy } from '../ledger/apply/tasks.ts'
import type { Book } from '../ledger/contract.ts'
import { type Decide, draftOf, textOf } from './draft.ts'
import { lotRefusal, roomMeant } from './places.ts'

type Request = Omit<NodeBody<'count'>, 'action'>

/**
 * Counts a lot at a place: what lay there and what the book said at that place in the stream, with the difference against `adjusted` in the same entry
 * [ledger-and-sync 1.5]. Whoever asked for this very count is answered by it, named or not.
 */
export const decideCount: Decide<Request> = (book, request, at) => {
  const { place, lot, counted } = request
  if (!lotOf(lot)) return refuse('ledger.lot-malformed', { lot })
  const room = roomMeant(book, at, place)
  if (isRefusal(room)) return room
  const wrong = lotRefusal(book, lot) ?? wholeRefusal(counted)
  if (wrong) return wrong
  const stands = book.units(lot, place)
  if (request.book !== undefined && request.book !== stands) return refuse('stockroom.book-moved', { shown: request.book, book: stands })
  const asked = askedFor(book, request)
  if (isRefusal(asked)) return asked
  const { epoch, seq } = at.head()
  const reason = textOf(request.reason)
  const body = { place, lot, counted, book: stands, at: entryId(streamOfNode(at.node), epoch, seq), ...(reason === null ? {} : { reason }) }
  const lines = adjusting({ lot, place, by: counted - stands, adjusted: virtualPlace(room.owner, 'adjusted') })
  return [draftOf('count', at, { lines, refs: asked, body })]
}

/** The difference between shelf and book; none is no line. */
const adjusting = (found: {
  readonly lot: string
  readonly place: string
  readonly by: number
  readonly adjusted: string
}): readonly Line[] => {
  const { lot, place, by, adjusted } = found
  if (by === 0) return []
  const [from, to] = by > 0 ? [adjusted, place] : [place, adjusted]
  return [{ lot, from, to, units: Math.abs(by), entered: null, tags: [] }]
}

/** Open questions this count answers, the one it names first. */
const askedFor = (book: Book, { task, lot, place }: Request): readonly EntryId[] | Refusal => {
  const asks = (row: { readonly entry: Parameters<typeof wantedBy>[0] }) =>
    (wantedBy(row.entry) ?? []).some((one) => one.lot === lot && one.place === place)
  const named = task === undefined ? null : book.task(task)
  if (task !== undefined && !named) return refuse('stockroom.task-unknown', { task })
  if (named?.settledBy) return refuse('stockroom.task-settled', { task: named.task, by: named.settledBy })
  if (named && !asks(named)) return refuse('stockroom.answer-unknown', { answer: 'counted' })
  const open = book.openTasks().filter((row) => row.task !== named?.task && asks(row))
  return [...(named ? [named] : []), ...open].slice(0, REFS_MAX).map((row) => row.task)
}

const wholeRefusal = (counted: number): Refusal | null =>
  Number.isSafeInteger(counted) && counted >= 0 ? null : refuse('ledger.quantity-not-whole', { units: counted })

/** An entry names no more. */
const REFS_MAX = 64
