import type { NodeAnswer } from '@lotkeeper/protocol/api/node.ts'
import { HUB, lotOf, placeOf } from '@lotkeeper/protocol/names.ts'
import type { Book } from '../ledger/contract.ts'

type Row = NodeAnswer<'expected'>['rows'][number]

/** What is on its way to this site and has not come: by despatch and lot, then what registrations of tags announce, under their document. The soonest due comes first. */
export const expectedRows = (book: Book): Row[] => [
  ...book
    .expected()
    .filter(({ announced, received }) => announced > received)
    .map((row) => rowOf(book, { ...row, received: Math.max(0, row.received) })),
  ...lotsInTransit(book).flatMap((lot) => {
    const expiry = book.lot(lot)?.expiry ?? null
    return book
      .announcedUnder(lot)
      .map(({ doc, units }) => rowOf(book, { doc, from: HUB, due: null, lot, expiry, announced: units, received: 0 }))
  }),
]

/** Lots that something is on its way of, whoever announced it. */
export const lotsInTransit = (book: Book): readonly string[] => [
  ...new Set(
    book
      .positions()
      .filter(({ place }) => placeOf(place)?.virtual === 'transit')
      .map(({ lot }) => lot),
  ),
]

const rowOf = (book: Book, row: Pick<Row, 'doc' | 'from' | 'due' | 'lot' | 'expiry' | 'announced' | 'received'>): Row => {
  const item = lotOf(row.lot)?.item ?? ''
  const known = book.item(item)
  return {
    ...row,
    lotNumber: book.lot(row.lot)?.printed ?? lotOf(row.lot)?.lotNumber ?? '',
    item,
    itemName: known?.name ?? { zh: item || '-', en: item },
    unit: known?.unit ?? { zh: '个', en: 'unit' },
  }
}
