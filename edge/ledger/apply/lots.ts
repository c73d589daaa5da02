import type { LotExpiryBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import type { Entry, LotFact } from '@lotkeeper/protocol/ledger/entry.ts'
import { type CalendarDate, entryId, type LotKey, lotOf } from '@lotkeeper/protocol/names.ts'
import { expiryStandingOf } from '@lotkeeper/protocol/rules/lot-expiry.ts'
import type { Database } from '../../database.ts'

/** What is known of lots: a fact adds, it never erases (R11); of several last days the earliest rules until a person has said which is right [1.11]. */
export interface Lots {
  /** The lot exists, whatever is known of it. */
  readonly ensure: (lot: LotKey) => void
  readonly learn: (fact: LotFact) => void
  /** A person's word on the last day of a lot, or the county's that several stand against each other. */
  readonly settled: (entry: Entry, body: LotExpiryBody) => void
}

export const openLots = (db: Database): Lots => {
  const sql = statementsOf(db)
  const ensure = (lot: LotKey): void => {
    const key = lotOf(lot)
    if (key) sql.lot.run(lot, key.item, key.lotNumber, key.lotNumber)
  }
  /** All days ever told of it; the one every source agrees on stands in the lot's own row only. */
  const tell = (lot: LotKey, day: CalendarDate): boolean => {
    const known = sql.expiry.get(lot)
    if (known === undefined || known === day) return false
    if (known === null) {
      sql.rule.run(day, 0, lot)
      return false
    }
    for (const one of [known, day]) sql.told.run(lot, one)
    return true
  }
  const judge = (lot: LotKey): void => {
    const answers = sql.answers.all(lot).map(({ told, ...answer }) => ({ ...answer, told: JSON.parse(told) as readonly CalendarDate[] }))
    const { expiry, open } = expiryStandingOf(sql.days.all(lot), answers)
    if (expiry !== null) sql.rule.run(expiry, open.length > 0 ? 1 : 0, lot)
  }
  return {
    ensure,
    learn: (fact) => {
      ensure(fact.lot)
      sql.fact.run(fact)
      if (fact.expiry !== null && tell(fact.lot, fact.expiry)) judge(fact.lot)
    },
    settled: ({ stream, epoch, seq, actor, occurredAt }, { lot, told, expiry, version, reason }) => {
      ensure(lot)
      const known = sql.expiry.get(lot)
      for (const day of [...told, ...(known == null ? [] : [known])]) sql.told.run(lot, day)
      if (expiry !== null)
        sql.answer.run({
          lot,
          version,
          entry: entryId(stream, epoch, seq),
          expiry,
          told: JSON.stringify(told),
          reason,
          actor,
          at: occurredAt,
        })
      judge(lot)
    },
  }
}

interface AnswerSql {
  readonly expiry: CalendarDate
  readonly version: number
  readonly told: string
}

const statementsOf = (db: Database) => ({
  lot: db.prepare<[string, string, string, string]>(
    'insert into lot (lot, item, lot_number, printed, conflict) values (?, ?, ?, ?, 0) on conflict do nothing',
  ),
  fact: db.prepare<[LotFact]>(`update lot set
    printed = case when @printed = '' or printed <> lot_number then printed else @printed end,
    produced = coalesce(produced, @produced) where lot = @lot`),
  expiry: db.prepare<[string], string | null>('select expiry from lot where lot = ?').pluck(),
  rule: db.prepare<[string, number, string]>('update lot set expiry = ?, conflict = ? where lot = ?'),
  told: db.prepare<[string, string]>('insert into lot_told (lot, expiry) values (?, ?) on conflict do nothing'),
  days: db.prepare<[string], string>('select expiry from lot_told where lot = ?').pluck(),
  answer: db.prepare<[object]>(
    `insert into lot_answer (lot, version, entry, expiry, told, reason, actor, at)
     values (@lot, @version, @entry, @expiry, @told, @reason, @actor, @at) on conflict do nothing`,
  ),
  answers: db.prepare<[string], AnswerSql>('select expiry, version, told from lot_answer where lot = ?'),
})
