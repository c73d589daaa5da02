import type { Entry, EntryKind, LotFact } from '@lotkeeper/protocol/ledger/entry.ts'
import { HUB, type LotKey, type PlaceId, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../database.ts'
import type { SchemaName } from '../ledger/sqlite/schema.ts'
import { openActs } from './apply/acts.ts'
import { openCatalogRows } from './apply/catalog.ts'
import { openBoundCodes } from './apply/codes.ts'
import { openCountRows } from './apply/counts.ts'
import { openDiscrepancyRows } from './apply/discrepancies.ts'
import { openDocumentRows } from './apply/documents.ts'
import { openEpochs } from './apply/epochs.ts'
import { openGenealogy } from './apply/genealogy.ts'
import { openLotRows } from './apply/lots.ts'
import { openMovementRows } from './apply/movements.ts'
import { openOpeningRows } from './apply/openings.ts'
import { openOwnerships } from './apply/ownerships.ts'
import type { Gathered, Placed } from './apply/placed.ts'
import { openProvisionalRows } from './apply/provisionals.ts'
import { openReversals } from './apply/reversals.ts'
import { openTagLife } from './apply/tag-life.ts'
import { openTwice } from './apply/twice.ts'

/**
 * Folds entries into the projections, one after another in the hub's order; the end is the same however they are grouped into commits.
 * Sums gather in memory and are written by `flush`, which must run before the commit; after a rollback `forget` must be called.
 */
export interface Fold {
  readonly apply: (placed: Placed) => void
  readonly flush: () => Gathered
  readonly forget: () => void
  readonly units: (lot: LotKey, place: PlaceId) => number
}

export const openFold = (db: Database, schema: SchemaName = 'main'): Fold => {
  const discrepancies = openDiscrepancyRows(db, 'log', schema)
  const lots = openLotRows(db, discrepancies, schema)
  const epochs = openEpochs(db, schema)
  const ownerships = openOwnerships(db, { discrepancies, epochs }, schema)
  const movements = openMovementRows(db, { lots, discrepancies, ownerships, epochs }, schema)
  const life = openTagLife(db, schema)
  const catalog = openCatalogRows(db, life, schema)
  const provisionals = openProvisionalRows(db, discrepancies, schema)
  const codes = openBoundCodes(db, discrepancies, schema)
  const genealogy = openGenealogy(db, lots, schema)
  const twice = openTwice(db, discrepancies, schema)
  const reversals = openReversals(db, { discrepancies, genealogy, movements, twice }, schema)
  const acts = openActs(db, schema)
  const counts = openCountRows(db, { lots, discrepancies }, schema)
  const documents = openDocumentRows(db, schema)
  const openings = openOpeningRows(db, discrepancies, schema)
  const notes: { readonly [Kind in EntryKind]?: (placed: Placed) => void } = {
    epoch: epochs.note,
    alarm: twice.note,
    clock: movements.redate,
    count: counts.note,
    transform: genealogy.note,
    document: documents.note,
    reverse: (placed) => {
      documents.withdraw(placed)
      life.reversed(placed)
    },
    retag: life.retagged,
    passage: life.passed,
    ownership: ownerships.note,
    opening: openings.told,
    'take-over': openings.answered,
    provisional: provisionals.note,
    'lot-expiry': lots.settled,
    'code-bound': codes.bound,
  }
  return {
    apply: (placed) => {
      const { entry } = placed
      for (const fact of lotFactsOf(entry)) lots.learn(fact, placed)
      notes[entry.kind as EntryKind]?.(placed)
      const again = acts.isAgain(entry)
      if (entry.lines.length > 0 && !again) {
        ownerships.judge(placed)
        movements.book(placed)
      }
      if (entry.reverses) {
        reversals.note(placed, entry.reverses, again)
        openings.undone(placed, entry.reverses.entry)
      }
      if (writerOf(entry.stream) !== HUB) return
      catalog.note(placed, again)
      codes.heard(placed)
      provisionals.heard(placed)
    },
    flush: () => {
      const moved = movements.flush()
      const opened = discrepancies.changed()
      return { ...moved, discrepancies: opened.names, sites: [...new Set([...moved.sites, ...opened.sites])] }
    },
    forget: () => {
      discrepancies.changed()
      for (const room of [lots, ownerships, movements, counts, documents]) room.forget()
    },
    units: movements.units,
  }
}

/** Lot facts stand in `body.lots` of a movement or a settlement, and a tag's registration is one itself. */
const lotFactsOf = ({ kind, body }: Entry): readonly LotFact[] => {
  if (kind === 'tag') return [{ ...(body as Omit<LotFact, 'produced'>), produced: null }]
  const lots = body['lots']
  return Array.isArray(lots) ? (lots as LotFact[]) : []
}
