import type { CalendarDate, Instant } from '../names.ts'
import { daysBetween } from './expiry.ts'

/** What the order of issue needs to know of a lot. Units are base units. */
export interface FefoLot {
  readonly id: string
  /** Last day the lot may be used. */
  readonly expiry: CalendarDate | null
  readonly receivedAt: Instant | CalendarDate | null
  readonly units: number
}

/** What also bars a lot from issue. */
export interface FefoState {
  readonly accepted: boolean
  readonly held: boolean
  readonly recalled: boolean
}

/** For when the goods are needed: the lot must last through `neededBy` and leave `daysLeftMin` days of life on it. */
export interface FefoNeed {
  readonly neededBy: CalendarDate
  readonly daysLeftMin: number
}

/** Why a lot is not eligible. */
export type FefoBar = 'not-accepted' | 'held' | 'recalled' | 'expired' | 'too-short'

/** Why a lot may not be issued today, or `null` (R15). Scrapping, returns and counts are never barred (R16). */
export const fefoBar = (
  lot: FefoLot & FefoState,
  today: CalendarDate,
  need: FefoNeed = { neededBy: today, daysLeftMin: 0 },
): FefoBar | null => {
  if (!lot.accepted) return 'not-accepted'
  if (lot.recalled) return 'recalled'
  if (lot.held) return 'held'
  if (lot.expiry === null) return null
  if (lot.expiry < today) return 'expired'
  return daysBetween(need.neededBy, lot.expiry) < need.daysLeftMin ? 'too-short' : null
}

/** First expiry first out: last usable day, then received, then the smaller remainder, then id; what has no expiry goes last (R15). */
export const byFefo = (one: FefoLot, other: FefoLot): number =>
  nullsLast(one.expiry, other.expiry) || nullsLast(one.receivedAt, other.receivedAt) || one.units - other.units || inOrder(one.id, other.id)

/** How many units to take of which lot, in order, and how many are missing. Lots without units are passed over. */
export interface FefoPick {
  readonly picks: readonly { readonly id: string; readonly units: number }[]
  readonly short: number
}

/** Spreads units over eligible lots in FEFO order; the given order of the lots does not matter. */
export const pickFefo = (lots: readonly FefoLot[], units: number): FefoPick => {
  const picks: { readonly id: string; readonly units: number }[] = []
  let short = units
  for (const lot of lots.toSorted(byFefo)) {
    const taken = Math.min(short, Math.max(0, lot.units))
    if (taken === 0) continue
    picks.push({ id: lot.id, units: taken })
    short -= taken
  }
  return { picks, short }
}

const inOrder = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

const nullsLast = (one: string | null, other: string | null): number => {
  if (one === null || other === null) return Number(one === null) - Number(other === null)
  return inOrder(one, other)
}
