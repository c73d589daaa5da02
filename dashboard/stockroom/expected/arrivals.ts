import type { NodeAnswer } from '@lotkeeper/protocol/api/node.ts'
import type { CalendarDate } from '@lotkeeper/protocol/names.ts'

/** A lot on its way here under a document. */
export type Expected = NodeAnswer<'expected'>['rows'][number]

/** Units still to come. */
export const leftOf = (row: Pick<Expected, 'announced' | 'received'>): number => Math.max(0, row.announced - row.received)

/** Boxes that have come under a document and wait to be accepted. */
export type Waiting = NodeAnswer<'expected'>['waiting'][number]

/** One document with what is still to come of it, and what of it waits to be accepted. */
export interface Arrival {
  readonly doc: string | null
  /** `null`: all of it has come. */
  readonly from: string | null
  readonly due: CalendarDate | null
  readonly rows: readonly Expected[]
  readonly waiting: readonly Waiting[]
}

/** What is on its way, a document at a time, the one due first on top; what has come whole and is accepted is gone from the list. */
export const arrivalsOf = (rows: readonly Expected[], waiting: readonly Waiting[] = []): readonly Arrival[] => {
  const groups = Map.groupBy(
    rows.filter((row) => leftOf(row) > 0),
    (row) => `${row.from}\n${row.doc ?? ''}`,
  )
  const arrivals = [...groups.values()].flatMap((mine): readonly Arrival[] => {
    const [first] = mine
    if (!first) return []
    const dues = mine.flatMap((row) => (row.due === null ? [] : [row.due])).sort()
    return [{ doc: first.doc, from: first.from, due: dues[0] ?? null, rows: mine, waiting: waiting.filter(({ doc }) => doc === first.doc) }]
  })
  const known = new Set(arrivals.map(({ doc }) => doc))
  const whole = [...Map.groupBy(waiting, ({ doc }) => doc)].flatMap(([doc, mine]) =>
    known.has(doc) ? [] : [{ doc, from: null, due: null, rows: [], waiting: mine }],
  )
  return [...whole, ...arrivals].toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
}

/** How many boxes a row's paper names, and the ends of the tags of those that have not come: what stands on the labels. */
export const boxesOf = ({
  boxes,
}: Pick<Expected, 'boxes'>): { readonly came: number; readonly all: number; readonly missing: readonly string[] } => {
  const missing = boxes.filter(({ came }) => !came).map(({ epc }) => epc.slice(-6))
  return { came: boxes.length - missing.length, all: boxes.length, missing }
}

/** What waits to be accepted is at hand, so it comes first; without a day a paper is after all that have one. */
const keyOf = (arrival: Arrival): string =>
  `${arrival.waiting.length > 0 ? 0 : 1} ${arrival.due ?? '9999'} ${arrival.doc ?? ''} ${arrival.from ?? ''}`
