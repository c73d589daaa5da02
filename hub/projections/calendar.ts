import type { CalendarDate, Instant } from '@lotkeeper/protocol/names.ts'
import { todayIn } from '@lotkeeper/protocol/rules/expiry.ts'

/** The zone the county lives by: its days and months, and where a site names none. */
export const COUNTY_ZONE = 'Asia/Shanghai'

/**
 * When a day of the county begins, as text that sorts among instants: its first whole hour. Before 1902 clocks went by the sun and days are
 * taken as UTC's; after the year 9999 nothing sorts.
 */
export const dayStart = (date: CalendarDate): Instant => {
  if (date > LAST_DATE) return AFTER_ALL
  if (date < FIRST_DATE) return `${date}T00:00:00.000Z`
  let ms = Date.parse(`${date}T00:00:00.000Z`) - ZONE_HOURS_MAX * HOUR_MS
  while (todayIn(COUNTY_ZONE, ms) < date) ms += HOUR_MS
  return new Date(ms).toISOString()
}

/** The day after a date; `~` after the last one that can be written. */
export const dayAfter = (date: CalendarDate): CalendarDate =>
  date >= LAST_DATE ? AFTER_ALL : new Date(Date.parse(`${date}T00:00:00.000Z`) + 24 * HOUR_MS).toISOString().slice(0, 10)

/** The county's month of an instant, `YYYY-MM`: the last one that began, going by the text, so that impossible dates fall somewhere too. */
export const monthOf = (instant: Instant): string => {
  const hour = instant.slice(0, 13)
  const known = MONTHS.get(hour)
  if (known !== undefined) return known
  if (MONTHS.size >= KEPT_MAX) MONTHS.clear()
  const inYear = Math.min(11, Math.max(0, Number(instant.slice(5, 7)) - 1))
  let month = Number(instant.slice(0, 4)) * 12 + inYear + 1
  while (month > 0 && dayStart(`${monthText(month)}-01`) > `${hour}:00:00.000Z`) month -= 1
  MONTHS.set(hour, monthText(month))
  return monthText(month)
}

/** The county's day of a moment. */
export const dayOf = (ms: number): CalendarDate => {
  const hour = Math.floor(ms / HOUR_MS)
  const known = DAYS.get(hour)
  if (known !== undefined) return known
  if (DAYS.size >= KEPT_MAX) DAYS.clear()
  const day = todayIn(COUNTY_ZONE, hour * HOUR_MS)
  DAYS.set(hour, day)
  return day
}

const HOUR_MS = 3_600_000
/** No zone is further from UTC. */
const ZONE_HOURS_MAX = 14
const FIRST_DATE = '1902-01-01'
const LAST_DATE = '9999-12-31'
/** Sorts after every date and instant. */
const AFTER_ALL = '~'
const monthText = (month: number): string =>
  `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`

// Asking the calendar is slow, so each hour is asked once.
const MONTHS = new Map<string, string>()
const DAYS = new Map<number, CalendarDate>()
const KEPT_MAX = 10_000
