import type { Line } from '@lotkeeper/protocol/ledger/entry.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'

/** Where lots went (`flow`) and what each place took and gave per month (`period_delta`): sums of deltas, written at the flush. */
export interface Sums {
  readonly add: (line: Line, when: { readonly occurred: string; readonly month: string }) => void
  readonly flush: () => void
  readonly forget: () => void
}

export const openSums = (db: Database, schema: SchemaName): Sums => {
  const flow = db.prepare(
    `insert into ${schema}.flow values (?, ?, ?, ?, ?, ?, ?) on conflict do update set units = units + excluded.units, n = n + excluded.n,
     first = min(first, excluded.first), last = max(last, excluded.last)`,
  )
  const period = db.prepare(
    `insert into ${schema}.period_delta values (?, ?, ?, ?, ?) on conflict do update set units_in = units_in + excluded.units_in,
     units_out = units_out + excluded.units_out`,
  )
  const flows = new Map<string, Flow>()
  const periods = new Map<string, Period>()
  const addPeriod = (lot: string, place: string, month: string, unitsIn: number, unitsOut: number) => {
    const name = `${lot}\n${place}\n${month}`
    const sum = periods.get(name)
    if (sum) {
      sum.unitsIn += unitsIn
      sum.unitsOut += unitsOut
    } else periods.set(name, { lot, place, month, unitsIn, unitsOut })
  }
  return {
    add: ({ lot, from, to, units }, { occurred, month }) => {
      const name = `${lot}\n${from}\n${to}`
      const sum = flows.get(name)
      if (sum) {
        sum.units += units
        sum.n += 1
        if (occurred < sum.first) sum.first = occurred
        if (occurred > sum.last) sum.last = occurred
      } else flows.set(name, { lot, from, to, units, n: 1, first: occurred, last: occurred })
      addPeriod(lot, from, month, 0, units)
      addPeriod(lot, to, month, units, 0)
    },
    flush: () => {
      for (const sum of flows.values()) flow.run(sum.lot, sum.from, sum.to, sum.units, sum.n, sum.first, sum.last)
      for (const sum of periods.values()) period.run(sum.lot, sum.place, sum.month, sum.unitsIn, sum.unitsOut)
      flows.clear()
      periods.clear()
    },
    forget: () => {
      flows.clear()
      periods.clear()
    },
  }
}

interface Flow {
  readonly lot: string
  readonly from: string
  readonly to: string
  units: number
  n: number
  first: string
  last: string
}
interface Period {
  readonly lot: string
  readonly place: string
  readonly month: string
  unitsIn: number
  unitsOut: number
}
