import type { TaskView } from '@lotkeeper/protocol/api/node.ts'
import type { OpeningView } from '@lotkeeper/protocol/api/node-openings.ts'
import { lotOf } from '@lotkeeper/protocol/names.ts'
import { expiryState } from '@lotkeeper/protocol/rules/expiry.ts'
import type { Book, Item } from '../ledger/contract.ts'
import type { SiteNow } from '../stockroom/now.ts'
import { answersToOpening, type OpeningTask, standingBeside } from '../stockroom/take-over.ts'

/** A task to take over the stock of an old system: its lots as they are told, each with what stands here of it already. */
export const openingView = (book: Book, now: SiteNow, task: OpeningTask): TaskView => ({
  ...{ task: task.task, outcome: 'opening', door: '', epc: '', direction: '', certainty: 0, at: task.entry.occurredAt },
  ...{ tag: null, evidence: {}, ask: null },
  opening: { doc: task.opening.doc, counted: task.opening.counted, lines: linesOf(book, now, task) },
  answers: answersToOpening(),
})

const linesOf = (book: Book, now: SiteNow, { opening }: OpeningTask): OpeningView['lines'] => {
  const standing = standingBeside(book)
  // Thousands of lots are of some hundred items.
  const items = new Map<string, Item | null>()
  const itemOf = (name: string): Item | null => {
    const item = items.get(name) ?? book.item(name)
    items.set(name, item)
    return item
  }
  return opening.parts
    .flatMap(({ lines }) => lines)
    .map(({ lot, printed, expiry, place, units, supplier }) => {
      const name = lotOf(lot)?.item ?? ''
      const item = itemOf(name)
      const near = item && item.nearDays.length > 0 ? item.nearDays : undefined
      const party = supplier === null ? null : book.record('party', supplier)
      return {
        ...{ lot, lotNumber: printed, expiry, place, units },
        itemName: item?.name ?? { zh: name === '' ? '-' : name, en: name },
        unit: item?.unit ?? { zh: '个', en: 'unit' },
        expiryState: expiryState(expiry, now.today, near).state,
        supplier: supplier === null ? null : (party?.name ?? { zh: supplier, en: supplier }),
        standing: standing(lot, place),
      }
    })
}
