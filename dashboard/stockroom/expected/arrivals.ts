import type { NodeAnswer } from '@lotkeeper/protocol/api/node.ts'
import type { CalendarDate } from '@lotkeeper/protocol/names.ts'

/** A lot on its way here under a document. */
export type Expected = NodeAnswer<'expected'>['rows'][number]

/** Units still to come. */
export const leftOf = (row: Pick<Expected, 'announced' | 'received'>): number => Math.max(0, row.announced - row.received)

/** One document with what is still to come of it. */
export interface Arrival {
  readonly doc: string | null
  readonly from: string
  readonly due: CalendarDate | null
  readonly rows: readonly Expected[]
}

/** What is on its way, a document at a time, the one due first on top; what has come whole is gone from the list. */
export const arrivalsOf = (rows: readonly Expected[]): readonly Arrival[] => {
  const groups = Map.groupBy(
    rows.filter((row) => leftOf(row) > 0),
    (row) => `${row.from}\n${row.doc ?? ''}`,
  )
  const arrivals = [...groups.values()].flatMap((mine): readonly Arrival[] => {
    const [first] = mine
    if (!first) return []
    const dues = mine.flatMap((row) => (row.due === null ? [] : [row.due])).sort()
    return [{ doc: first.doc, from: first.from, due: dues[0] ?? null, rows: mine }]
  })
  return arrivals.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
}

/** Without a day it is after all that have one. */
const keyOf = (arrival: Arrival): string => `${arrival.due ?? '9999'} ${arrival.doc ?? ''} ${arrival.from}`
