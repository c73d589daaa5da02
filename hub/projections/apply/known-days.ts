import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import { dayOf } from '../calendar.ts'

/**
 * What the hub knew at the end of a day: the last movement of each day in the hub's order. Days never go back in it: an entry that was parked
 * became known on the day it was applied, not when it came.
 */
export interface KnownDays {
  readonly note: (receivedAtMs: number, mv: number) => void
  readonly flush: () => void
  readonly forget: () => void
}

export const openKnownDays = (db: Database, schema: SchemaName): KnownDays => {
  const latest = db.prepare<[], string>(`select coalesce(max(day), '') from ${schema}.known_day`).pluck()
  const put = db.prepare<[string, number]>(`insert into ${schema}.known_day values (?, ?) on conflict do update set mv = excluded.mv`)
  const noted = new Map<string, number>()
  let day = latest.get() ?? ''
  return {
    note: (receivedAtMs, mv) => {
      const received = dayOf(receivedAtMs)
      if (received > day) day = received
      noted.set(day, mv)
    },
    flush: () => {
      for (const [of, mv] of noted) put.run(of, mv)
      noted.clear()
    },
    forget: () => {
      noted.clear()
      day = latest.get() ?? ''
    },
  }
}
