import type { NodeBody, TaskView } from '@lotkeeper/protocol/api/node.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { AskRow, Book, Draft, TaskRow } from '../ledger/contract.ts'
import { decideCount } from './count.ts'
import { type Circumstances, draftOf, textOf } from './draft.ts'

type Request = Omit<NodeBody<'settle'>, 'action'>
export type AskTask = TaskRow & { readonly asks: AskRow }

/** What a question takes for an answer. */
export const answersToAsk = ({ asks }: AskTask): TaskView['answers'] => [asks.what === 'count' ? 'counted' : 'book', 'none']

/** Answers a question that no passage made: by counting, by booking the correction the county asks for, or by declining with a reason. */
export const answerAsk = (book: Book, task: AskTask, request: Request, at: Circumstances): readonly Draft[] | Refusal => {
  const answer = answersToAsk(task).find((one) => one === request.answer)
  if (answer === undefined) return refuse('stockroom.answer-unknown', { answer: request.answer })
  const reason = textOf(request.reason)
  if (answer === 'none') {
    if (reason === null) return refuse('rules.reason-missing')
    return [draftOf('settle', at, { lines: [], refs: [task.task], body: { task: task.task, answer, reason } })]
  }
  if (answer === 'counted') return counted(book, task, request, at)
  // What the rooms do not hold the ledger refuses: a correction that takes more than there is asks for a count first.
  const body = { ask: task.task, ...(reason === null ? {} : { reason }) }
  return [draftOf('correct', at, { lines: task.asks.lines, refs: [task.task], body })]
}

const counted = (book: Book, { task, asks }: AskTask, { units, reason }: Request, at: Circumstances): readonly Draft[] | Refusal => {
  if (units === undefined) return refuse('stockroom.units-missing')
  const { place, lot } = asks
  return decideCount(book, { place, lot, counted: units, task, ...(reason === undefined ? {} : { reason }) }, at)
}
