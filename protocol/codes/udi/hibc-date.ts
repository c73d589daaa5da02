import type { CalendarDate } from '../../names.ts'
import { dateOfYymmdd } from '../gs1-date.ts'
import { dayOfYear, yearOfTwo } from './dates.ts'

/** A date of a HIBC label: as exact as printed, and the day it means (the last one of a month). */
export interface HibcDate {
  readonly text: string
  readonly day: CalendarDate
}

/** The row of the date that a secondary structure holds at a position; none where no date can begin. */
export const dateRowAt = (text: string, at: number): DateRow | undefined => ROWS.get(text.charAt(at))

/** Reads the digits of a date in one of the formats below; `null` is no day of the calendar. */
export const readHibcDate = (digits: string, format: string, referenceYear: number): HibcDate | null => {
  if (digits.length !== format.length || !DIGITS.test(digits)) return null
  const part = (name: string): string | null => {
    const at = format.indexOf(name)
    return at < 0 ? null : digits.slice(at, at + name.length)
  }
  const [yy = '', mm, dd, jjj, hh] = ['YY', 'MM', 'DD', 'JJJ', 'HH'].map(part)
  if (dd === '00' || Number(hh ?? 0) > 23) return null
  const year = yearOfTwo(yy ?? '', referenceYear)
  if (year === null) return null
  const day = jjj ? dayOfYear(year, jjj) : dateOfYymmdd(`${yy}${mm}${dd ?? LAST_OF_MONTH}`, referenceYear)
  if (day === null) return null
  return { text: (dd || jjj ? day : day.slice(0, 7)) + (hh ? `T${hh}` : ''), day }
}

/** A date format of a secondary structure, and whether a digit before it says so: months begin with 0 or 1 and need none. */
export interface DateRow {
  readonly flag: string
  readonly format: string
  readonly isFlagPart: boolean
}

const DIGITS = /^\d+$/
const LAST_OF_MONTH = '00'
const ROWS: ReadonlyMap<string, DateRow> = new Map(
  (
    [
      ['0', 'MMYY', true],
      ['1', 'MMYY', true],
      ['2', 'MMDDYY', false],
      ['3', 'YYMMDD', false],
      ['4', 'YYMMDDHH', false],
      ['5', 'YYJJJ', false],
      ['6', 'YYJJJHH', false],
      ['7', '', false],
    ] as const
  ).map(([flag, format, isFlagPart]) => [flag, { flag, format, isFlagPart }]),
)
