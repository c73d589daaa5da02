import type { NodeAnswer, NodeBody } from '@lotkeeper/protocol/api/node.ts'
import type { LotAnswerView, LotConflictView } from '@lotkeeper/protocol/api/node-lots.ts'
import type { LotFact } from '@lotkeeper/protocol/ledger/entry.ts'
import { isOwnRoom } from '@lotkeeper/protocol/ledger/movement.ts'
import { type CalendarDate, entryOf, HUB, type LotKey, lotOf, writerOf } from '@lotkeeper/protocol/names.ts'
import { isRefusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { judgeExpiryAnswer } from '@lotkeeper/protocol/rules/lot-expiry.ts'
import type { Book, LotAnswerRow, LotRow } from '../ledger/contract.ts'
import { type Decide, draftOf, textOf } from './draft.ts'

/** Says which last day of a lot is right. What was told and booked stays as it was; the answer rules from now on, here and, once heard, everywhere. */
export const decideLotExpiry: Decide<Omit<NodeBody<'settleExpiry'>, 'action'>> = (book, { lot, expiry, shown, reason }, at) => {
  if (book.lot(lot) === null) return refuse('stockroom.lot-unknown', { lot })
  const body = judgeExpiryAnswer({ lot, expiry, shown, reason: textOf(reason) }, book.lotExpiry(lot))
  return isRefusal(body) ? body : [draftOf('lot-expiry', at, { lines: [], body })]
}

/** Lots somebody here can look at, of which several last days stand against each other; and what was answered, newest first. */
export const lotExpiryRows = (book: Book): NodeAnswer<'lotExpiries'> => ({
  rows: conflictsHere(book).map((lot) => conflictView(book, lot)),
  answered: book.lotAnswers(ANSWERS_SHOWN).map((row) => answerView(book, row)),
})

/** A lot that neither stands here nor is on its way here nobody here can settle: the county does, or a site that has it. */
export const conflictsHere = (book: Book): readonly LotRow[] => {
  const conflicts = book.lotConflicts()
  if (conflicts.length === 0) return []
  const here = new Set(book.positions().flatMap(({ lot, place, units }) => (units > 0 && isOwnRoom(book.owns, place) ? [lot] : [])))
  for (const { lot, announced, received } of book.expected()) if (announced > received) here.add(lot)
  return conflicts.filter(({ lot }) => here.has(lot) || book.announced(lot) > 0)
}

const conflictView = (book: Book, { lot, item, printed, expiry }: LotRow): LotConflictView => {
  const { open } = book.lotExpiry(lot)
  const said = openSaid(book, lot)
  const rows = book.positions().filter((row) => row.lot === lot && isOwnRoom(book.owns, row.place))
  return {
    ...{ lot, expiry, lotNumber: printed, ...namesOf(book, item) },
    days: open.map((day) => ({ expiry: day, ...said(day) })),
    units: rows.reduce((sum, { units }) => sum + units, 0),
  }
}

/** Who told a day of a lot, as far as this node can tell: the latest own entry that says it, a tag, an answer. */
const openSaid = (book: Book, lot: LotKey) => {
  const own = book.movements({ lot, limit: ENTRIES_LOOKED_AT }).flatMap(({ entry }) => {
    const fact = ((entry.body['lots'] as readonly LotFact[] | undefined) ?? []).find((one) => one.lot === lot)
    const by: LotConflictView['days'][number]['by'] = entry.body['scan'] === undefined ? 'hand' : 'label'
    return fact?.expiry ? [{ day: fact.expiry, by, at: entry.occurredAt }] : []
  })
  const { answers } = book.lotExpiry(lot)
  const tags = book.tagsOf(lot)
  return (day: CalendarDate): Pick<LotConflictView['days'][number], 'by' | 'at'> => {
    const answer = answers.find(({ expiry }) => expiry === day)
    if (answer) return { by: 'answer', at: answer.at }
    const one = own.find((said) => said.day === day)
    if (one) return { by: one.by, at: one.at }
    return { by: tags.some(({ registration }) => registration.expiry === day) ? 'tag' : 'county', at: null }
  }
}

const answerView = (book: Book, { lot, expiry, told, reason, actor, at, entry }: LotAnswerRow): LotAnswerView => {
  const { itemName } = namesOf(book, lotOf(lot)?.item ?? '')
  const by = writerOf(entryOf(entry)?.stream ?? '') === HUB ? 'county' : 'node'
  return { lot, itemName, lotNumber: book.lot(lot)?.printed ?? lot, expiry, told: [...told], reason, actor, at, entry, by }
}

const namesOf = (book: Book, item: string): Pick<LotConflictView, 'itemName' | 'unit'> => {
  const known = book.item(item)
  return { itemName: known?.name ?? { zh: item || '-', en: item }, unit: known?.unit ?? { zh: '个', en: 'unit' } }
}

/** What is looked over on a page. */
const ANSWERS_SHOWN = 20
/** The days that differ were told lately: older entries of a lot are not searched for who said them. */
const ENTRIES_LOOKED_AT = 50
