import type { DiscrepancyView, MovementRow, StockRow } from '@lotkeeper/protocol/api/views.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import type { Committed } from '../ledger/contract.ts'

/** What commits changed since the last flush. */
export interface Changes {
  readonly sites: readonly NodeId[]
  /** The latest value of each position: values are absolute. */
  readonly stock: readonly StockRow[]
  /** Every one, in order: they are events, and leaving one out would be a gap. */
  readonly movements: readonly MovementRow[]
  readonly discrepancies: readonly DiscrepancyView[]
}

export interface Pending {
  readonly take: (committed: Pick<Committed, 'sites' | 'delta'>) => void
  readonly isEmpty: () => boolean
  /** Hands over what waits and begins anew; `null` when it was too much to tell row by row. */
  readonly drain: () => Changes | null
}

/** Rows that may wait for one flush; beyond that a snapshot is smaller than the changes. */
export const PENDING_ROWS_MAX = 1_000

export const openPending = (): Pending => {
  let waiting = blank()
  return {
    take: ({ sites, delta }) => {
      for (const site of sites) waiting.sites.add(site)
      if (delta === null) waiting.flooded = true
      if (delta === null || waiting.flooded) return
      for (const row of delta.stock) waiting.stock.set(`${row.lot}\n${row.place}`, row)
      waiting.movements.push(...delta.movements)
      waiting.discrepancies.push(...delta.discrepancies)
      if (waiting.stock.size + waiting.movements.length + waiting.discrepancies.length > PENDING_ROWS_MAX) {
        waiting = { ...blank(), sites: waiting.sites, flooded: true }
      }
    },
    isEmpty: () =>
      !waiting.flooded && waiting.sites.size + waiting.stock.size + waiting.movements.length + waiting.discrepancies.length === 0,
    drain: () => {
      const { sites, stock, movements, discrepancies, flooded } = waiting
      waiting = blank()
      return flooded ? null : { sites: [...sites], stock: [...stock.values()], movements, discrepancies }
    },
  }
}

const blank = () => ({
  sites: new Set<NodeId>(),
  stock: new Map<string, StockRow>(),
  movements: [] as MovementRow[],
  discrepancies: [] as DiscrepancyView[],
  flooded: false,
})
