import type { StockRow } from '@lotkeeper/protocol/api/views.ts'

/** One bar of the picture: what has expired already, or what expires in one month. */
export interface ExpiryBar {
  /** `expired`, or the month `2027-03`. */
  readonly bar: string
  readonly state: 'expired' | 'near' | 'ok'
  /** Lots at places; one lot in two rooms is two things to look after. */
  readonly lots: number
  readonly units: number
}

/** Bars from what is past, over this month, to so many months on; empty months stand too, for a gap is good news that wants to be seen. */
export const barsOf = (rows: readonly StockRow[], today: string, months: number): readonly ExpiryBar[] => {
  const names = Array.from({ length: months }, (_, index) => monthAfter(today.slice(0, 7), index))
  return ['expired', ...names].map((bar) => {
    const mine = rows.filter((row) => barOf(row) === bar)
    return {
      bar,
      state: bar === 'expired' ? 'expired' : mine.some((row) => row.expiryState === 'near') ? 'near' : 'ok',
      lots: mine.length,
      units: mine.reduce((sum, row) => sum + row.units, 0),
    }
  })
}

/** The bar a row stands in; null without expiry. */
export const barOf = (row: StockRow): string | null => (row.expiryState === 'expired' ? 'expired' : (row.expiry?.slice(0, 7) ?? null))

export const monthAfter = (month: string, count: number): string => {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const index = year * 12 + number - 1 + count
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`
}

/** Windows a person thinks in, days; `expired` is what should not be on a shelf at all. */
export const WINDOWS = ['expired', '30', '90', '180', '365'] as const
export type Window = (typeof WINDOWS)[number]
export const inWindow = (row: StockRow, window: Window): boolean => {
  if (window === 'expired') return row.expiryState === 'expired'
  return row.expiryState !== 'expired' && row.daysLeft !== null && row.daysLeft <= Number(window)
}
