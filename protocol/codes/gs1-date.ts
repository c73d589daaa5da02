import type { CalendarDate } from '../names.ts'

/**
 * Calendar date of GS1 `YYMMDD`, or `null`. Day 00 is the last day of the month (R13). The century is the one that puts the year within
 * 49 years before and 50 after the year of reference [GenSpecs 7.12]; the clock stays outside, so a replay reads what the day read.
 */
export const dateOfYymmdd = (text: string, referenceYear: number): CalendarDate | null => {
  if (!/^\d{6}$/.test(text)) return null
  const year = yearOf(Number(text.slice(0, 2)), referenceYear)
  const month = Number(text.slice(2, 4))
  const day = Number(text.slice(4, 6))
  if (month < 1 || month > 12) return null
  const last = lastDayOf(year, month)
  if (day > last) return null
  return `${year}-${pad(month)}-${pad(day === 0 ? last : day)}`
}

const yearOf = (yy: number, referenceYear: number): number => {
  const century = referenceYear - (referenceYear % 100)
  const ahead = yy - (referenceYear % 100)
  if (ahead > 50) return century - 100 + yy
  return ahead < -49 ? century + 100 + yy : century + yy
}

const lastDayOf = (year: number, month: number): number => {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0)
}

const pad = (number: number): string => String(number).padStart(2, '0')
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
