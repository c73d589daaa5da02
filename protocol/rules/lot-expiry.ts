import type { LotExpiryBody } from '../ledger/bodies.ts'
import { type CalendarDate, isCalendarDate, type LotKey } from '../names.ts'
import { type Refusal, refuse } from '../refusals.ts'

/** What a person answered about the last usable day of a lot. */
export interface ExpiryAnswer {
  readonly expiry: CalendarDate
  /** All days it was given among. */
  readonly told: readonly CalendarDate[]
  readonly version: number
}

/** How the last usable day of a lot stands. */
export interface ExpiryStanding {
  /** The day that rules: the one a person chose; of days that stand against each other the earliest [ledger-and-sync 1.11]. */
  readonly expiry: CalendarDate | null
  /** Days that stand against each other, the earliest first; none when there is nothing to settle. */
  readonly open: readonly CalendarDate[]
  /** Days that were told and count no more: a person has answered them. */
  readonly settled: readonly CalendarDate[]
  /** Version of the answer that rules; 0: nobody has answered. */
  readonly version: number
}

/**
 * The standing that follows from all days told of a lot and all answers, in whatever order they came: the highest version rules and settles every day
 * it was given among; a day told beside it opens the question again, and so do two answers that were given at once.
 */
export const expiryStandingOf = (told: readonly CalendarDate[], answers: readonly ExpiryAnswer[]): ExpiryStanding => {
  const version = answers.reduce((highest, answer) => Math.max(highest, answer.version), 0)
  const latest = answers.filter((answer) => answer.version === version)
  const chosen = new Set(latest.map(({ expiry }) => expiry))
  const settled = new Set(latest.flatMap((answer) => answer.told))
  const standing = [...new Set([...chosen, ...told.filter((day) => !settled.has(day))])].toSorted()
  return {
    expiry: standing[0] ?? null,
    open: standing.length > 1 ? standing : [],
    settled: [...settled].filter((day) => !standing.includes(day)).toSorted(),
    version,
  }
}

/** The day that rules once `said` was told too: one that was answered already changes nothing, nor does none at all. */
export const expiryWith = (
  { expiry, settled }: Pick<ExpiryStanding, 'expiry' | 'settled'>,
  said: CalendarDate | null,
): CalendarDate | null => {
  if (said === null || expiry === null) return said ?? expiry
  return settled.includes(said) || expiry < said ? expiry : said
}

/**
 * A person's answer as an entry keeps it. `shown` are the days the person saw: those that stand against each other, or the one that rules where an answer is
 * given anew. Any but the earliest needs a reason. Refusals `rules.*`, `catalog.expiry-malformed`.
 */
export const judgeExpiryAnswer = (
  asked: { readonly lot: LotKey; readonly expiry: CalendarDate; readonly shown: readonly CalendarDate[]; readonly reason: string | null },
  known: ExpiryStanding & { readonly told: readonly CalendarDate[] },
): LotExpiryBody | Refusal => {
  const { lot, expiry, shown, reason } = asked
  if (!isCalendarDate(expiry)) return refuse('catalog.expiry-malformed', { expiry })
  const stands = known.open.length > 0 ? known.open : [known.expiry].filter((day) => day !== null)
  const isSeen = shown.length === stands.length && shown.every((day) => stands.includes(day))
  if (!isSeen || (known.open.length === 0 && expiry === known.expiry))
    return refuse('rules.lot-expiry-moved', { lot, dates: stands.join(' / ') || '-' })
  if (expiry !== stands[0] && reason === null) return refuse('rules.reason-missing')
  const told = [...new Set([...known.told, ...stands, expiry])].toSorted().slice(-TOLD_MAX)
  return { lot, told, expiry, version: known.version + 1, reason }
}

/** A lot with more days than that is no lot any more; the latest are kept, for they are what the question is about. */
const TOLD_MAX = 32
