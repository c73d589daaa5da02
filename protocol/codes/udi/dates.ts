import { type CalendarDate, isCalendarDate } from '../../names.ts'
import { dateOfYymmdd } from '../gs1-date.ts'

/** The day of `YYMMDD` or `YYYYMMDD`, or `null`; day 00, which GS1 alone knows, is none. */
export const dayOfDigits = (text: string, referenceYear: number): CalendarDate | null => {
  if (text.length === 6) return text.endsWith('00') ? null : dateOfYymmdd(text, referenceYear)
  const day = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
  return text.length === 8 && YEARS.test(text) && isCalendarDate(day) ? day : null
}

/** The day that is number `JJJ` (001 to 366) of a year, or `null`. */
export const dayOfYear = (year: number, jjj: string): CalendarDate | null => {
  if (!DAY_OF_YEAR.test(jjj) || jjj === '000') return null
  const day = new Date(Date.UTC(year, 0, Number(jjj))).toISOString().slice(0, 10)
  return day.startsWith(`${year}-`) ? day : null
}

/** The year of two digits, by the window GS1 dates are read through, or `null`. */
export const yearOfTwo = (yy: string, referenceYear: number): number | null => {
  const day = dateOfYymmdd(`${yy}0101`, referenceYear)
  return day === null ? null : Number(day.slice(0, 4))
}

const YEARS = /^(?:19|20|21)\d{6}$/
const DAY_OF_YEAR = /^\d{3}$/
