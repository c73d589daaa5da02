import type { NodeBody, TaskView } from '@lotkeeper/protocol/api/node.ts'
import type { Line, LotFact, PassageBody } from '@lotkeeper/protocol/ledger/entry.ts'
import { type EntryId, placeOf, writerOf } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { type RecentReceipt, SAME_BOX_MS, type TagStanding } from '@lotkeeper/protocol/rules/crossing.ts'
import type { Book, Draft, TaskRow } from '../ledger/contract.ts'
import { paperedTag } from '../ledger/papered.ts'
import { type AskTask, answerAsk, answersToAsk } from './answer-ask.ts'
import { answerCodeMet, answersToCodeMet, isCodeMet } from './code-met.ts'
import { type Circumstances, type Decide, draftOf, textOf } from './draft.ts'
import { boundTags, writtenLot } from './provisional.ts'
import { type Amount, amountOf, wholeUnits } from './quantity.ts'
import { lotArriving, onlyDespatch } from './receivable.ts'
import { boundLines, type Crossed, inLines, labelledLines, outLines } from './settle-lines.ts'
import { answerOpening, answersToOpening, isOpening } from './take-over.ts'

type Request = Omit<NodeBody<'settle'>, 'action'>
export type Answer = TaskView['answers'][number]

/** Settles what waits for a person, once. Of a passage: what came in or went out is booked, or that nothing did, in one entry that names the task. */
export const decideSettle: Decide<Request> = (book, request, at) => {
  const task = book.task(request.task)
  if (!task) return refuse('stockroom.task-unknown', { task: request.task })
  // What a code is may be said anew: a wrong word would count in the wrong pack for ever.
  const isSaidAnew = isCodeMet(task) && request.answer === 'bind'
  if (task.settledBy !== null && !isSaidAnew) return refuse('stockroom.task-settled', { task: request.task, by: task.settledBy })
  if (isOpening(task)) return answerOpening(book, task, request, at)
  if (isCodeMet(task)) return answerCodeMet(book, task, request, at)
  if (isAsk(task)) return answerAsk(book, task, request, at)
  const { passage } = taskOf(task)
  const papered = paperedTag(book, at.node, passage.epc)
  const standing = papered?.standing ?? book.standing(passage.epc)
  const answer = answersOf(book, task).find((one) => one === request.answer)
  if (!answer) return refuse('stockroom.answer-unknown', { answer: request.answer })
  if (request.units !== undefined) {
    const units = wholeUnits(request.units)
    if (isRefusal(units)) return units
  }
  if (answer === 'none') return settled({ task, request }, { lines: [] }, at)
  if (answer === 'same') return same(book, { task, request }, standing, at)
  const door = at.doors.find((one) => one.door === passage.door)
  if (!door) return refuse('stockroom.answer-unknown', { answer })
  if (answer === 'bind') return bind(book, { task, request }, { door, epc: passage.epc, node: at.node }, at)
  if (!standing) return refuse('stockroom.tag-unknown', { epc: passage.epc })
  const units = request.units ?? standing.units
  if (units === null) return refuse('stockroom.units-missing')
  const crossed = { door, epc: passage.epc, node: at.node }
  const lines = (answer === 'in' ? inLines : outLines)(book, crossed, { ...standing, units })
  const doc = answer === 'in' ? paperOf(book, { ...standing, units }) : standing.doc
  const told = papered ? [draftOf('provisional', at, { lines: [], body: { ...papered.tag, units } })] : []
  return [...settled({ task, request }, { lines, doc }, at), ...told]
}

/** What had left this site comes back under the shipment that brings it, not under the paper it first came with. */
const paperOf = (book: Book, { lot, units, place, doc }: TagStanding & { readonly units: number }): string | null =>
  (place !== null && placeOf(place)?.room == null ? onlyDespatch(book, { lot, units }) : null) ?? doc

/**
 * What a person can answer to a task, as things stand now: a tag the hub has registered since needs no binding any more, and where a scan has
 * received what may be this box, "the same" is one of the answers, for "in" would book it twice.
 */
export const answersOf = (book: Book, task: TaskRow): Answer[] => {
  if (isOpening(task)) return answersToOpening()
  if (isCodeMet(task)) return answersToCodeMet()
  if (isAsk(task)) return answersToAsk(task)
  const { passage } = taskOf(task)
  const standing = book.standing(passage.epc)
  if (!standing) return mayHaveCome(book, task) ? ['in', 'bind', 'none'] : ['bind', 'none']
  // It stands for no pack, so nothing came or left with it, whatever was seen before it was retired.
  if (standing.retired) return ['none']
  const ways = passage.direction === 'uncertain' ? (['in', 'out'] as const) : ([passage.direction] as const)
  const scanned = ways.some((way) => way === 'in') && nearestScan(book, task, standing.lot, null) !== null
  return scanned ? ['same', ...ways, 'none'] : [...ways, 'none']
}

/** A strange tag whose box an open shipment announces needs no binding to be let in. */
const mayHaveCome = (book: Book, task: TaskRow): boolean => {
  const { passage } = taskOf(task)
  return passage.direction !== 'out' && paperedTag(book, writerOf(task.entry.stream), passage.epc) !== null
}

/** Whether no passage made the task, but a question of the county or of this node's own book. */
export const isAsk = (task: TaskRow): task is AskTask => task.asks !== null

/** The passage of a task, and why it became one. */
export const taskOf = ({ entry }: TaskRow): { readonly passage: PassageBody; readonly outcome: string } =>
  entry.body as { readonly passage: PassageBody; readonly outcome: string }

interface Asked {
  readonly task: TaskRow
  readonly request: Request
}

const settled = (
  { task, request }: Asked,
  act: { readonly lines: readonly Line[]; readonly doc?: string | null; readonly confirms?: EntryId; readonly lots?: LotFact[] },
  at: Circumstances,
): readonly Draft[] => {
  const { lines, doc = null, confirms, lots } = act
  const reason = textOf(request.reason)
  const body = { task: task.task, answer: request.answer, ...(reason === null ? {} : { reason }), ...(lots ? { lots } : {}) }
  const settle = draftOf('settle', at, { lines, doc, refs: [task.task], body })
  if (confirms === undefined) return [settle]
  // Had the door been sure, it would have written this itself: the passage of a box that a scan had received.
  const passage = { passage: taskOf(task).passage, outcome: 'confirmed' }
  return [draftOf('passage', at, { lines: [], doc, refs: [confirms], body: passage }), settle]
}

/** The box just scanned: the receipt is named, so that the tag stands where that receipt put its units. */
const same = (book: Book, asked: Asked, standing: TagStanding | null, at: Circumstances): readonly Draft[] | Refusal => {
  const lot = standing?.lot ?? ''
  const receipt = nearestScan(book, asked.task, lot, standing?.units ?? null) ?? nearestScan(book, asked.task, lot, null)
  if (!receipt) return refuse('stockroom.answer-unknown', { answer: 'same' })
  return settled(asked, { lines: [], confirms: receipt.entry, doc: receipt.doc }, at)
}

/**
 * Binds an unknown tag to a lot, with the movement it was seen making: an unknown tag in an uncertain passage is here now, so it came in. Where a
 * scan has just received this very box, the units are there already and only get their label.
 */
const bind = (book: Book, asked: Asked, crossed: Crossed, at: Circumstances): readonly Draft[] | Refusal => {
  const { request, task } = asked
  const item = book.item(request.item ?? '')
  if (!item) return refuse('stockroom.item-unknown', { code: request.item ?? '' })
  const written = { item: item.item, lotNumber: request.lotNumber ?? '', expiry: request.expiry, tags: [crossed.epc] }
  const meant = lotArriving(book, written, at.now)
  if (isRefusal(meant)) return meant
  const amount = boundAmount(book, request)
  if (isRefusal(amount)) return amount
  const out = taskOf(task).passage.direction === 'out'
  const scanned = out ? null : nearestScan(book, task, meant.lot, amount.units)
  const lines = scanned ? labelledLines(book, crossed, { ...scanned, lot: meant.lot }) : null
  const bound = { tags: [crossed.epc], lot: meant.lot, expiry: meant.expiry, pack: request.pack ?? '', units: amount.units }
  const told = boundTags(book, bound, at)
  if (scanned && lines) return [...settled(asked, { lines, confirms: scanned.entry, doc: scanned.doc, lots: [meant.fact] }, at), ...told]
  const doc = out ? null : onlyDespatch(book, { lot: meant.lot, units: amount.units })
  const moved = boundLines(book, crossed, { lot: meant.lot, amount, out, doc })
  return [...settled(asked, { lines: moved, doc, lots: [meant.fact] }, at), ...told, ...writtenLot(book, meant, moved, at)]
}

/** The receipt by scan nearest to the passage that may be the same box: no tag named, within ten minutes; of these units, if they are told. */
const nearestScan = (book: Book, task: TaskRow, lot: string, units: number | null): RecentReceipt | null => {
  const seenAt = Date.parse(taskOf(task).passage.at)
  return (
    book
      .recentReceipts(lot, seenAt - SAME_BOX_MS)
      .filter((one) => one.tags.length === 0 && one.atMs <= seenAt + SAME_BOX_MS && (units === null || one.units === units))
      .toSorted((one, other) => Math.abs(one.atMs - seenAt) - Math.abs(other.atMs - seenAt))[0] ?? null
  )
}

const boundAmount = (book: Book, { item: id, pack, units }: Request): Amount | Refusal => {
  const item = book.item(id ?? '')
  if (!item) return refuse('stockroom.item-unknown', { code: id ?? '' })
  if (units !== undefined) return amountOf(item, '', units)
  return pack === undefined ? refuse('stockroom.units-missing') : amountOf(item, pack, 1)
}
