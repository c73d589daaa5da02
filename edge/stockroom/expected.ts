import type { NodeAnswer } from '@lotkeeper/protocol/api/node.ts'
import { isOwnRoom } from '@lotkeeper/protocol/ledger/movement.ts'
import { HUB, type LotKey, lotOf, placeOf } from '@lotkeeper/protocol/names.ts'
import type { Book } from '../ledger/contract.ts'

type Row = NodeAnswer<'expected'>['rows'][number]
type Waiting = NodeAnswer<'expected'>['waiting'][number]

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

/** Boxes of a paper that stand in a room and wait to be accepted, by paper, lot and room: what one act can accept. */
export const waitingRows = (book: Book): Waiting[] =>
  book.positions().flatMap(({ lot, place, units }) => {
    const standing = placeOf(place)
    if (units <= 0 || standing?.state !== 'pending' || !isOwnRoom(book.owns, place)) return []
    const tags = book.tagsOf(lot).filter((tag) => tag.place === place && tag.doc !== null && tag.units !== null && tag.retired === null)
    const papers = Map.groupBy(tags, ({ doc }) => doc ?? '')
    let left = units
    return [...papers].flatMap(([doc, boxes]) => {
      // Accepted or used by lot, units may be fewer than the tags still say.
      const told = Math.min(
        left,
        boxes.reduce((sum, tag) => sum + (tag.units ?? 0), 0),
      )
      left -= told
      if (told <= 0) return []
      const { lotNumber, itemName, unit } = namesOf(book, lot)
      return [{ doc, lot, lotNumber, itemName, unit, room: standing.room ?? '', units: told, boxes: boxes.length }]
    })
  })

/** Lots that something is on its way of, whoever announced it. */
export const lotsInTransit = (book: Book): readonly string[] => [
  ...new Set(
    book
      .positions()
      .filter(({ place }) => placeOf(place)?.virtual === 'transit')
      .map(({ lot }) => lot),
  ),
]

const rowOf = (book: Book, row: Pick<Row, 'doc' | 'from' | 'due' | 'lot' | 'expiry' | 'announced' | 'received'>): Row => ({
  ...row,
  ...namesOf(book, row.lot),
  item: lotOf(row.lot)?.item ?? '',
  boxes: boxesOf(book, row),
})

const namesOf = (book: Book, lot: LotKey): Pick<Row, 'lotNumber' | 'itemName' | 'unit'> => {
  const item = lotOf(lot)?.item ?? ''
  const known = book.item(item)
  return {
    lotNumber: book.lot(lot)?.printed ?? lotOf(lot)?.lotNumber ?? '',
    itemName: known?.name ?? { zh: item || '-', en: item },
    unit: known?.unit ?? { zh: '个', en: 'unit' },
  }
}

/** Boxes that one paper names, the missing ones first. */
const boxesOf = (book: Book, { doc, lot }: Pick<Row, 'doc' | 'lot'>): Row['boxes'] =>
  doc === null
    ? []
    : book
        .tagsOf(lot)
        .filter((tag) => tag.doc === doc && tag.retired === null)
        .map(({ epc, place }) => ({ epc, came: place !== null }))
        .toSorted((one, other) => Number(one.came) - Number(other.came))
        .slice(0, BOXES_MAX)

/** As many as one line of an advice names. */
const BOXES_MAX = 200
