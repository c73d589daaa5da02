import type { CalendarDate } from '../names.ts'
import { daysBetween } from './expiry.ts'

/** How a permit stands on a day: it holds from its first day through its last. `ending` names the narrowest threshold it has come under. */
export type Validity =
  | { readonly state: 'valid' }
  | { readonly state: 'ending'; readonly daysLeft: number; readonly threshold: number }
  | { readonly state: 'not-yet'; readonly from: CalendarDate }
  | { readonly state: 'ended'; readonly until: CalendarDate }

/** Days before its last day at which people are warned of a permit. */
export const PERMIT_WARNS_DAYS: readonly number[] = [90, 30, 7]

/** State of a permit on a day; without a first or last day it holds on that side for ever. */
export const validityOf = (
  { from, until }: { readonly from: CalendarDate | null; readonly until: CalendarDate | null },
  today: CalendarDate,
): Validity => {
  if (from !== null && daysBetween(today, from) > 0) return { state: 'not-yet', from }
  if (until === null) return { state: 'valid' }
  const daysLeft = daysBetween(today, until)
  if (daysLeft < 0) return { state: 'ended', until }
  const under = PERMIT_WARNS_DAYS.filter((threshold) => daysLeft <= threshold)
  return under.length === 0 ? { state: 'valid' } : { state: 'ending', daysLeft, threshold: Math.min(...under) }
}
