import type { NodeBody, TaskView } from '@lotkeeper/protocol/api/node.ts'
import { type OpeningLine, takenBody, takenLines } from '@lotkeeper/protocol/ledger/opening.ts'
import { type LotKey, type PlaceId, placeOf } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Book, Draft, OpeningRow, TaskRow } from '../ledger/contract.ts'
import { type Circumstances, draftOf, textOf } from './draft.ts'
import { roomMeant } from './places.ts'

type Request = Omit<NodeBody<'settle'>, 'action'>
export type OpeningTask = TaskRow & { readonly opening: OpeningRow }

/** Whether the task is to take over the stock of an old system. */
export const isOpening = (task: TaskRow): task is OpeningTask => task.opening !== null

/** What such a task takes for an answer. */
export const answersToOpening = (): TaskView['answers'] => ['take', 'none']

/**
 * Takes over what the county tells, all parts of it in one act, or leaves it with a reason. What stands here of the same lots already may be the same goods:
 * that is said before, and booked beside it only by somebody who says that they are others.
 */
export const answerOpening = (book: Book, task: OpeningTask, request: Request, at: Circumstances): readonly Draft[] | Refusal => {
  const { act, doc, parts } = task.opening
  const reason = textOf(request.reason)
  if (request.answer === 'none') {
    if (reason === null) return refuse('rules.reason-missing')
    const body = { is: 'refused', act, opening: task.task, reason } as const
    return [draftOf('take-over', at, { lines: [], doc, refs: [task.task], body })]
  }
  if (request.answer !== 'take') return refuse('stockroom.answer-unknown', { answer: request.answer })
  const lines = parts.flatMap((part) => part.lines)
  const wrong = judgeRooms(book, lines, at) ?? judgeStanding(book, lines, request)
  if (wrong) return wrong
  return parts.map(({ part, opening, lines: told }) =>
    draftOf('take-over', at, {
      ...{ lines: takenLines(told), doc, refs: [opening] },
      body: takenBody({ act, part, opening, lines: told, reason }),
    }),
  )
}

/** Units of a lot that stand in rooms of the same owner already: what was received, counted or taken over before. */
export const standingBeside = (book: Book): ((lot: LotKey, place: PlaceId) => number) => {
  const sums = new Map<string, number>()
  for (const { lot, place, units } of book.positions()) {
    const name = placeOf(place)
    if (name?.room != null) sums.set(`${name.owner} ${lot}`, (sums.get(`${name.owner} ${lot}`) ?? 0) + units)
  }
  return (lot, place) => sums.get(`${placeOf(place)?.owner ?? ''} ${lot}`) ?? 0
}

const judgeRooms = (book: Book, lines: readonly OpeningLine[], at: Circumstances): Refusal | null =>
  [...new Set(lines.map(({ place }) => place))].map((place) => roomMeant(book, at, place)).find(isRefusal) ?? null

const judgeStanding = (book: Book, lines: readonly OpeningLine[], { sure }: Request): Refusal | null => {
  if (sure === true) return null
  const standing = standingBeside(book)
  const twice = lines.filter(({ lot, place }) => standing(lot, place) > 0)
  const [first] = twice
  if (first === undefined) return null
  const lots = new Set(twice.map(({ lot }) => lot)).size
  return refuse('stockroom.opening-standing', { lots, lot: first.lot, units: standing(first.lot, first.place) })
}
