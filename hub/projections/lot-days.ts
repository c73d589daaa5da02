import type { CalendarDate, EntryId, LotKey } from '@lotkeeper/protocol/names.ts'
import { type ExpiryStanding, expiryStandingOf } from '@lotkeeper/protocol/rules/lot-expiry.ts'
import type { Database } from '../database.ts'
import type { SchemaName } from '../ledger/sqlite/schema.ts'

/** How the last usable day of a lot stands, by everything that was told of it. */
export type LotDaysFound = ExpiryStanding & {
  /** Every day ever told, the earliest first. */
  readonly told: readonly CalendarDate[]
  /** Every answer, newest first; what a node answered and the hub repeated to all stands twice. */
  readonly answers: readonly LotAnswer[]
}
export interface LotAnswer {
  readonly version: number
  readonly entry: EntryId
  readonly expiry: CalendarDate
  readonly told: readonly CalendarDate[]
  readonly reason: string | null
  readonly actor: string | null
  readonly occurred: string
}

/** Reads it; where nobody ever contradicted anybody the one day stands in the lot's own row only. */
export const openLotDays = (db: Database, schema: SchemaName = 'main'): ((lot: LotKey) => LotDaysFound) => {
  const own = db.prepare<[string], CalendarDate | null>(`select expiry from ${schema}.lot where lot = ?`).pluck()
  const days = db.prepare<[string], CalendarDate>(`select expiry from ${schema}.lot_told where lot = ? order by expiry`).pluck()
  const answers = db.prepare<[string], Omit<LotAnswer, 'told'> & { readonly told: string }>(
    `select version, entry, expiry, told, reason, actor, occurred from ${schema}.lot_answer where lot = ? order by version desc, occurred desc, entry`,
  )
  return (lot) => {
    const told = days.all(lot)
    const known = told.length === 0 ? own.get(lot) : null
    const all = known == null ? told : [known]
    const given = answers.all(lot).map((answer) => ({ ...answer, told: JSON.parse(answer.told) as readonly CalendarDate[] }))
    return { ...expiryStandingOf(all, given), told: all, answers: given }
  }
}
