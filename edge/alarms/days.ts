import type { CalendarDate, Instant } from '@lotkeeper/protocol/names.ts'
import { todayIn } from '@lotkeeper/protocol/rules/expiry.ts'

/** The calendar date so many days before another; negative days lie behind it. */
export const dayBefore = (date: CalendarDate, days: number): CalendarDate =>
  new Date(Date.parse(`${date}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10)

/** The moment a calendar date begins in a zone, ms since 1970: the first at which the zone writes that date, whatever its clocks are turned by. */
export const startOfDayMs = (zone: string, date: CalendarDate): number => {
  let before = Date.parse(`${date}T00:00:00Z`) - ZONE_MS
  let from = before + 2 * ZONE_MS
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2)
    if (todayIn(zone, middle) < date) before = middle
    else from = middle
  }
  return from
}

export const startOfDay = (zone: string, date: CalendarDate): Instant => new Date(startOfDayMs(zone, date)).toISOString()

const DAY_MS = 86_400_000
/** No zone is further from UTC than 14 hours. */
const ZONE_MS = 15 * 3_600_000
