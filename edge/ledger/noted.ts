import type { Database } from '../database.ts'
import type { EdgeExchange } from './contract.ts'

type Noted = ReturnType<EdgeExchange['noted']>

/** What is remembered of the hub. Written with a commit that happens anyway: an acknowledgement must not wear the card. */
export const openNoted = (db: Database) => {
  const sql = statementsOf(db)
  let now: Noted = { hubAtMs: null, hubHeard: null, heldByHub: null, ...(JSON.parse(sql.fact.get('noted') ?? '{}') as Partial<Noted>) }
  let changed = false
  return {
    read: () => now,
    note: (fact: Partial<Noted>) => {
      now = { ...now, ...fact }
      changed = true
    },
    write: () => {
      if (changed) sql.keepFact.run('noted', JSON.stringify(now))
    },
    written: () => {
      changed = false
    },
  }
}

const statementsOf = (db: Database) => ({
  fact: db.prepare<[string], string>('select value from ledger where key = ?').pluck(),
  keepFact: db.prepare<[string, string]>('insert or replace into ledger (key, value) values (?, ?)'),
})
