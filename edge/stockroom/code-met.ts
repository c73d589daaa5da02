import type { NodeBody, TaskView } from '@lotkeeper/protocol/api/node.ts'
import type { CodeMetBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Book, Draft, TaskRow } from '../ledger/contract.ts'
import { type Circumstances, type Decide, draftOf, textOf } from './draft.ts'
import { codeOf } from './provisional.ts'

type Request = Omit<NodeBody<'settle'>, 'action'>

/** Whether the task is a code nobody knows. */
export const isCodeMet = (task: TaskRow): boolean => task.entry.kind === 'code-met'

/** What such a task says: the code and the whole text it was read in. */
export const codeMetIn = ({ entry }: TaskRow): CodeMetBody => entry.body as CodeMetBody

/** What such a task takes for an answer; `make` is the act of making the item, which names the code by the same text. */
export const answersToCodeMet = (): TaskView['answers'] => ['make', 'bind', 'none']

/** Keeps a code that was read and that nobody knows, once for ever: it waits for a person to say what it is. */
export const decideCodeMet: Decide<{ readonly scan: string }> = (book, { scan }, at) => {
  const code = codeOf(book, scan, at.now)
  if (isRefusal(code)) return code
  if (code === null || book.itemByCode(code) !== null) return refuse('stockroom.item-known', { item: code?.code ?? scan })
  // Somebody scans what does not belong here, box after box: the first hundred say enough.
  if (book.openTasks().filter(isCodeMet).length >= OPEN_MAX) return refuse('stockroom.codes-too-many', { max: OPEN_MAX })
  return [draftOf('code-met', at, { lines: [], body: { code, scan: scan.slice(0, SCAN_LENGTH_MAX).toWellFormed() } })]
}

/** Says which pack of which known item a code stands for, or that it is none of this stockroom's. */
export const answerCodeMet = (book: Book, task: TaskRow, request: Request, at: Circumstances): readonly Draft[] | Refusal => {
  const reason = textOf(request.reason)
  if (request.answer === 'none') {
    if (reason === null) return refuse('rules.reason-missing')
    return [draftOf('settle', at, { lines: [], refs: [task.task], body: { task: task.task, answer: 'none', reason } })]
  }
  if (request.answer !== 'bind') return refuse('stockroom.answer-unknown', { answer: request.answer })
  const item = book.item(request.item ?? '')
  if (!item) return refuse('stockroom.item-unknown', { code: request.item ?? '' })
  const level = item.packs.find(({ pack }) => pack === request.pack)
  if (!level) return refuse('catalog.pack-unknown', { item: item.item, pack: request.pack ?? '' })
  const { code } = codeMetIn(task)
  const known = book.itemByCode(code)
  if (known && !known.isBoundHere) return refuse('stockroom.item-known', { item: known.item.name.zh })
  const body = { code, item: item.item, pack: level.pack, units: level.units, of: task.task }
  return [draftOf('code-bound', at, { lines: [], refs: [task.task], body })]
}

/** More than a keeper looks through. */
const OPEN_MAX = 100
/** What an entry keeps of a scan. */
const SCAN_LENGTH_MAX = 300
