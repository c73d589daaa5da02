import type { Delta } from '@lotkeeper/protocol/api/live.ts'
import type { PlaceId } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../database.ts'
import type { HubQuestions } from '../ledger/contract.ts'
import { openAsOf } from './questions/as-of.ts'
import { openBoard } from './questions/board.ts'
import { openCatalogue } from './questions/catalogue.ts'
import { openCounts } from './questions/counts.ts'
import { openDiscrepancies } from './questions/discrepancies.ts'
import { openGenealogy } from './questions/genealogy.ts'
import { openLabelActs } from './questions/label-acts.ts'
import { openLot } from './questions/lot.ts'
import { openLots } from './questions/lots.ts'
import { openMoved } from './questions/moved.ts'
import { type MovementKey, openMovements } from './questions/movements.ts'
import { openNames } from './questions/names.ts'
import { openOpenings } from './questions/openings.ts'
import { openPapers } from './questions/papers.ts'
import { openPermits } from './questions/permits.ts'
import { openProvisionals } from './questions/provisionals.ts'
import { openRecordDetails } from './questions/record-details.ts'
import { openRecordLists } from './questions/record-lists.ts'
import { openRecords } from './questions/records.ts'
import { openStock } from './questions/stock.ts'
import { openTag, openTagLife } from './questions/tag.ts'

/** The questions as the ledger's worker answers them: synchronous reads of committed rows, the same names and answers as `HubQuestions`. */
export type Questions = { readonly [Name in keyof HubQuestions]: Answered<HubQuestions[Name]> } & {
  /** What a commit changed, as rows; `null` when it changed more than `DELTA_ROWS_MAX` of them. */
  readonly deltaRows: (changed: Changed) => DeltaRows | null
}

/** What one commit touched, by key. */
export interface Changed {
  readonly movements: readonly MovementKey[]
  readonly positions: readonly { readonly lot: string; readonly place: PlaceId }[]
  readonly discrepancies: readonly string[]
}
export type DeltaRows = Pick<Delta, 'stock' | 'movements' | 'discrepancies'>

/** A commit that changed more is a catching up or a bulk act: nobody reads it row by row, and making the rows would slow the intake. */
export const DELTA_ROWS_MAX = 250

/** Opens every question on one connection. `now` is the hub's clock, in milliseconds: a site's today follows from it. */
export const openQuestions = (db: Database, now: () => number): Questions => {
  const records = openRecords(db, now)
  const names = openNames(db, now, records)
  const movements = openMovements(db, names, records)
  const discrepancies = openDiscrepancies(db)
  const stock = openStock(db, now, names, records)
  const genealogy = openGenealogy(db)
  const provisionals = openProvisionals(db, records, names)
  const openings = openOpenings(db, records, names)
  return {
    ...openBoard(db, names, { movements, discrepancies }),
    ...openCatalogue(db, records, { provisional: provisionals.one, openings }),
    openings: openings.page,
    openingLines: openings.lines,
    provisionals: provisionals.page,
    provisional: provisionals.one,
    lots: openLots(db, names),
    ...openRecordLists(db, records),
    ...openRecordDetails(records),
    permits: openPermits(db, records),
    stock: stock.page,
    movements: movements.page,
    movedSince: openMoved(db, movements),
    lot: openLot(db, names, { movements, kin: genealogy.kin }),
    stockAsOf: openAsOf(db, names, records),
    genealogy: genealogy.whole,
    tag: openTag(db),
    tagLife: openTagLife(db, names),
    labelActs: openLabelActs(db, names),
    counts: openCounts(db, names),
    documents: openPapers(db, names),
    discrepancies: discrepancies.page,
    deltaRows: (changed) =>
      changed.movements.length + changed.positions.length + changed.discrepancies.length > DELTA_ROWS_MAX
        ? null
        : {
            stock: [...stock.at(changed.positions)],
            movements: [...movements.at(changed.movements)],
            discrepancies: [...discrepancies.at(changed.discrepancies)],
          },
  }
}

type Answered<Question> = Question extends (...asked: infer Asked) => Promise<infer Answer> ? (...asked: Asked) => Answer : never
