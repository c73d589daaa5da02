import type { CalendarDate } from '../names.ts'

/**
 * Calendar date of GS1 `YYMMDD`, or `null`. Day 00 is the last day of the month (R13). The century is the one that puts the year within
 * 49 years before and 50 after the year of reference [GenSpecs 7.12]; the clock stays outside, so a replay reads what the day read.
 */
export const dateOfYymmdd = (text: string, referenceYear: number): CalendarDate | null => {
  if (!isYymmdd(text, referenceYear)) return null
  return dateOf(yearOf(pairAt(text, 0), referenceYear), pairAt(text, 2), pairAt(text, 4))
}

/** Calendar date of `YYYYMMDD`, or `null`. */
export const dateOfYyyymmdd = (text: string): CalendarDate | null =>
  isYyyymmdd(text) ? dateOf(pairAt(text, 0) * 100 + pairAt(text, 2), pairAt(text, 4), pairAt(text, 6)) : null

/** Whether a text is a `YYMMDD` of the calendar; day 00 is one. */
export const isYymmdd = (text: string, referenceYear: number): boolean => {
  if (text.length !== 6) return false
  const year = pairAt(text, 0)
  return year >= 0 && isDay(pairAt(text, 4), yearOf(year, referenceYear), pairAt(text, 2))
}

/** Whether a text is a `YYYYMMDD` of the calendar, with a day. */
export const isYyyymmdd = (text: string): boolean => {
  if (text.length !== 8) return false
  const century = pairAt(text, 0)
  const year = pairAt(text, 2)
  const day = pairAt(text, 6)
  return century >= 0 && year >= 0 && day > 0 && isDay(day, century * 100 + year, pairAt(text, 4))
}

/** The number of two digits, or -1. */
export const pairAt = (text: string, at: number): number => {
  const tens = text.charCodeAt(at) - ZERO
  const ones = text.charCodeAt(at + 1) - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}

const yearOf = (yy: number, referenceYear: number): number => {
  const century = referenceYear - (referenceYear % 100)
  const ahead = yy - (referenceYear % 100)
  if (ahead > 50) return century - 100 + yy
  return ahead < -49 ? century + 100 + yy : century + yy
}

const isDay = (day: number, year: number, month: number): boolean => day >= 0 && month >= 1 && month <= 12 && day <= lastDayOf(year, month)

const lastDayOf = (year: number, month: number): number => {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0)
}

const dateOf = (year: number, month: number, day: number): CalendarDate =>
  `${String(year).padStart(4, '0')}-${pad(month)}-${pad(day === 0 ? lastDayOf(year, month) : day)}`

const pad = (number: number): string => (number < 10 ? `0${number}` : String(number))
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const ZERO = 48
