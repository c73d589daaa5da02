import { type CalendarDate, entryOf, HUB, writerOf } from '@lotkeeper/protocol/names.ts'
import { expiryStandingOf } from '@lotkeeper/protocol/rules/lot-expiry.ts'
import type { Database } from '../../database.ts'
import type { Book, LotAnswerRow, LotRow } from '../contract.ts'

/** Reads what is known of lots, and how their last days stand. */
export const openLotBook = (db: Database): Pick<Book, 'lot' | 'lotExpiry' | 'lotConflicts' | 'lotAnswers'> => {
  const lot = db.prepare<[string], LotSqlRow>('select * from lot where lot = ?')
  const conflicts = db.prepare<[], LotSqlRow>('select * from lot where conflict = 1 order by expiry, lot')
  const days = db.prepare<[string], CalendarDate>('select expiry from lot_told where lot = ? order by expiry').pluck()
  const answers = db.prepare<[string], AnswerSqlRow>(`${ANSWERS} where lot = ? order by version desc, at desc, entry desc`)
  const latest = db.prepare<[number], AnswerSqlRow>(`${ANSWERS} where entry = (${NEWEST}) order by at desc, entry desc limit ?`)
  return {
    lot: (key) => {
      const row = lot.get(key)
      return row ? lotOfRow(row) : null
    },
    lotExpiry: (key) => {
      const told = days.all(key)
      const known = lot.get(key)?.expiry ?? null
      // Where nobody ever contradicted anybody the day stands in the lot's own row only.
      const all = told.length === 0 && known !== null ? [known] : told
      const given = answers.all(key).map(answerOf)
      return { ...expiryStandingOf(all, given), told: all, answers: eachOnce(given) }
    },
    lotConflicts: () => conflicts.all().map(lotOfRow),
    lotAnswers: (limit) => latest.all(limit).map(answerOf),
  }
}

interface LotSqlRow extends Omit<LotRow, 'lotNumber' | 'conflict'> {
  readonly lot_number: string
  readonly conflict: number
}
interface AnswerSqlRow extends Omit<LotAnswerRow, 'told'> {
  readonly told: string
}

const lotOfRow = ({ lot_number, conflict, ...rest }: LotSqlRow): LotRow => ({ ...rest, lotNumber: lot_number, conflict: conflict === 1 })
/** What a node answered comes down again as the county's word to all: it is one answer, that of the node. */
const eachOnce = (answers: readonly LotAnswerRow[]): readonly LotAnswerRow[] => {
  const isSame = (one: LotAnswerRow, other: LotAnswerRow): boolean => one.version === other.version && one.expiry === other.expiry
  return answers.filter((one) => !isCounty(one) || !answers.some((other) => !isCounty(other) && isSame(one, other)))
}
const isCounty = ({ entry }: LotAnswerRow): boolean => writerOf(entryOf(entry)?.stream ?? '') === HUB
const answerOf = ({ told, ...rest }: AnswerSqlRow): LotAnswerRow => ({ ...rest, told: JSON.parse(told) as readonly CalendarDate[] })

const ANSWERS = 'select lot, version, entry, expiry, told, reason, actor, at from lot_answer as a'
/** Of an answer that stands twice, a node's own and the county's word of it, the node's. */
const NEWEST = `select b.entry from lot_answer b where b.lot = a.lot and b.version = (select max(version) from lot_answer where lot = a.lot)
  order by b.entry like 'hub>%', b.entry limit 1`
