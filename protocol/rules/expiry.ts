import type { CalendarDate } from '../names.ts'

/** How a lot stands against its expiry: `near` names the narrowest threshold it has come under, in days. */
export type ExpiryState =
  | { readonly state: 'unknown' }
  | { readonly state: 'ok'; readonly daysLeft: number }
  | { readonly state: 'near'; readonly daysLeft: number; readonly threshold: number }
  | { readonly state: 'expired'; readonly daysLeft: number }

/** Days before expiry at which an alarm rings (R17). */
export const EXPIRY_THRESHOLDS: readonly number[] = [180, 90, 30, 0]

/** State of a lot on a day. It is usable through its expiry day (R14): on that day 0 days are left and it is `near`, not `expired`. */
export const expiryState = (
  expiry: CalendarDate | null,
  today: CalendarDate,
  thresholds: readonly number[] = EXPIRY_THRESHOLDS,
): ExpiryState => {
  if (expiry === null) return { state: 'unknown' }
  const daysLeft = daysBetween(today, expiry)
  if (daysLeft < 0) return { state: 'expired', daysLeft }
  const under = thresholds.filter((threshold) => daysLeft <= threshold)
  return under.length === 0 ? { state: 'ok', daysLeft } : { state: 'near', daysLeft, threshold: Math.min(...under) }
}

/** Whole days from one calendar date to another; negative when the other lies before. */
export const daysBetween = (from: CalendarDate, to: CalendarDate): number =>
  (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS

/** The calendar date of a moment in an IANA time zone (`Asia/Shanghai`). */
export const todayIn = (zone: string, ms: number): CalendarDate => {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  )
  return `${(parts['year'] ?? '').padStart(4, '0')}-${parts['month']}-${parts['day']}`
}

/** Whether the text names a time zone of the IANA data base. */
export const isZone = (text: string): boolean => {
  try {
    return formatOf(text).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** What a node knows of the time. `null`: never heard. */
export interface SiteTimes {
  readonly clockMs: number
  /** When this node's last own entry says it happened. */
  readonly lastEntryMs: number | null
  /** The last time the hub told. */
  readonly hubMs: number | null
  /** What the hub's clock says now, if it was heard since this machine was switched on. */
  readonly hubNowMs: number | null
  readonly zone: string
  /** How far ahead of the other times a time may be before it is not believed; longer than a node may lie switched off. */
  readonly farFutureMs: number
}

/** The day a site goes by. */
export interface SiteToday {
  readonly today: CalendarDate
  readonly nowMs: number
  /** `ahead`: too far in the future to be believed; `behind`: other times are later; `unknown`: nothing to compare with. */
  readonly clock: 'trusted' | 'ahead' | 'behind' | 'unknown'
}

/**
 * Today at a site: the latest of clock, last own entry and hub's last time (ledger-and-sync.md 1.10), so a clock that lost its battery cannot
 * bring expired goods back. A time too far ahead of the hub's, else of the last entry's, is flagged and never moves this maximum. Where the clock
 * and the hub's present agree they are right: an entry written while the clock was wrong does not hold the day there.
 */
export const siteToday = ({ clockMs, lastEntryMs, hubMs, hubNowMs, zone, farFutureMs }: SiteTimes): SiteToday => {
  if (hubNowMs !== null && Math.abs(clockMs - hubNowMs) <= CLOCK_TOLERANCE_MS) {
    const nowMs = Math.max(clockMs, hubNowMs)
    return { today: todayIn(zone, nowMs), nowMs, clock: 'trusted' }
  }
  const anchorMs = believed(hubMs, lastEntryMs, farFutureMs)
  if (anchorMs === null) return { today: todayIn(zone, clockMs), nowMs: clockMs, clock: 'unknown' }
  if (clockMs > anchorMs + farFutureMs) return { today: todayIn(zone, anchorMs), nowMs: anchorMs, clock: 'ahead' }
  const nowMs = Math.max(clockMs, anchorMs)
  const clock = clockMs < anchorMs - CLOCK_TOLERANCE_MS ? 'behind' : hubMs === null ? 'unknown' : 'trusted'
  return { today: todayIn(zone, nowMs), nowMs, clock }
}

/** An entry written while the clock was far ahead must not hold the day up there once the hub speaks. */
const believed = (hubMs: number | null, lastEntryMs: number | null, farFutureMs: number): number | null => {
  if (hubMs === null) return lastEntryMs
  return lastEntryMs === null || lastEntryMs > hubMs + farFutureMs ? hubMs : Math.max(hubMs, lastEntryMs)
}

/** Making a formatter costs far more than using it; a house has few zones. */
const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = FORMATS.get(zone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  FORMATS.set(zone, format)
  return format
}

const FORMATS = new Map<string, Intl.DateTimeFormat>()
const DAY_MS = 86_400_000
/** A clock may differ from the hub's by the time a message travels and waits. */
const CLOCK_TOLERANCE_MS = 60_000
