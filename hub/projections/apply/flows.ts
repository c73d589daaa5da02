import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import { openBulk } from './bulk.ts'
import type { Flow, Position } from './positions.ts'

/** Where lots went: units, movements, first and last time per pair of places; sums of deltas, written at the flush. */
export interface Flows {
  readonly add: (from: Position, to: Position, units: number, occurred: string) => void
  readonly flush: () => void
  readonly forget: () => void
}

export const openFlows = (db: Database, schema: SchemaName): Flows => {
  const summed = 'units = units + excluded.units, n = n + excluded.n, first = min(first, excluded.first), last = max(last, excluded.last)'
  const rows = openBulk(db, `${schema}.flow`, 7, `on conflict do update set ${summed}`)
  const changed: { readonly from: Position; readonly to: Position; readonly flow: Flow }[] = []
  return {
    add: (from, to, units, occurred) => {
      let flow = from.flows.get(to.place)
      if (!flow) {
        flow = { units: 0, n: 0, first: occurred, last: occurred }
        from.flows.set(to.place, flow)
      }
      if (flow.n === 0) {
        flow.first = occurred
        flow.last = occurred
        changed.push({ from, to, flow })
      }
      flow.units += units
      flow.n += 1
      if (occurred < flow.first) flow.first = occurred
      if (occurred > flow.last) flow.last = occurred
    },
    flush: () => {
      for (const { from, to, flow } of changed) {
        rows.add(from.lot, from.place, to.place, flow.units, flow.n, flow.first, flow.last)
        flow.units = 0
        flow.n = 0
      }
      rows.flush()
      changed.length = 0
    },
    forget: () => {
      rows.forget()
      changed.length = 0
    },
  }
}
