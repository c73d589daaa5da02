import type { Entry, LotFact } from '@lotkeeper/protocol/ledger/entry.ts'
import { HUB, type LotKey, type PlaceId, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../database.ts'
import type { SchemaName } from '../ledger/sqlite/schema.ts'
import { openCatalogRows } from './apply/catalog.ts'
import { openDiscrepancyRows } from './apply/discrepancies.ts'
import { openLotRows } from './apply/lots.ts'
import { openMovementRows } from './apply/movements.ts'
import type { Gathered, Placed } from './apply/placed.ts'
import { openReversals } from './apply/reversals.ts'

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
  const movements = openMovementRows(db, { lots, discrepancies }, schema)
  const catalog = openCatalogRows(db, schema)
  const reversals = openReversals(db, discrepancies, schema)
  return {
    apply: (placed) => {
      const { entry } = placed
      for (const fact of lotFactsOf(entry)) lots.learn(fact, placed)
      if (entry.lines.length > 0) movements.book(placed)
      if (entry.reverses) reversals.note(placed, entry.reverses)
      if (writerOf(entry.stream) === HUB) catalog.note(placed)
    },
    flush: () => {
      const moved = movements.flush()
      const opened = discrepancies.changed()
      return { ...moved, discrepancies: opened.names, sites: [...new Set([...moved.sites, ...opened.sites])] }
    },
    forget: () => {
      discrepancies.changed()
      lots.forget()
      movements.forget()
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
