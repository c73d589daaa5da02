import type { CalendarDate } from '../../names.ts'
import { type Refusal, refuse } from '../../refusals.ts'
import { dayOfDigits } from './dates.ts'
import { dateRowAt, type HibcDate, readHibcDate } from './hibc-date.ts'
import type { UnknownPart } from './said.ts'

/** What the structures behind the product say: a main one first (`$lot`, `$$3280831LOT`, `28243LOT`), then supplements (`SSN42`, `16D20250901`). */
export interface HibcSecondary {
  lot: string | null
  serial: string | null
  expiry: HibcDate | null
  dateFormat: string | null
  manufactured: CalendarDate | null
  quantity: number | null
  readonly unknown: UnknownPart[]
}

/** Reads the structures between the slashes of a label, its check and link characters taken off. */
export const readHibcSecondary = (structures: readonly string[], referenceYear: number): HibcSecondary | Refusal => {
  const said: HibcSecondary = { lot: null, serial: null, expiry: null, dateFormat: null, manufactured: null, quantity: null, unknown: [] }
  for (const [at, text] of structures.entries()) {
    const refusal = at === 0 && isMain(text) ? readMain(text, said, referenceYear) : readSupplement(text, said, referenceYear)
    if (refusal) return refusal
  }
  return said
}

/** Whether a text begins with a main secondary structure: one of the `$` kinds, or a five-digit day of the year. */
export const isMain = (text: string): boolean => text.startsWith('$') || /^\d{5}/.test(text)

const readMain = (text: string, said: HibcSecondary, referenceYear: number): Refusal | null => {
  if (text.startsWith('$$')) return readDated(text, said, referenceYear)
  if (text.startsWith('$')) {
    const isSerial = text.startsWith('$+')
    said.dateFormat = NO_DATE
    return text.length > (isSerial ? 2 : 1) ? readNumber(text.slice(isSerial ? 2 : 1), isSerial, said) : wrong('$', text)
  }
  return readDay(text.slice(0, 5), 'YYJJJ', { said, referenceYear }) ?? readNumber(text.slice(5), false, said)
}

/** `$$`, then `+` before a serial number, then a quantity (`8qq`, `9qqqqq`), then the date, then the number. */
const readDated = (text: string, said: HibcSecondary, referenceYear: number): Refusal | null => {
  const isSerial = text.startsWith('$$+')
  let at = isSerial ? 3 : 2
  const digits = QUANTITY_DIGITS[text.charAt(at)]
  if (digits !== undefined) {
    const quantity = text.slice(at + 1, at + 1 + digits)
    if (quantity.length !== digits || !/^\d+$/.test(quantity)) return wrong('$$ QTY', text)
    said.quantity = Number(quantity)
    at += 1 + digits
    if (at === text.length) return null
  }
  const row = dateRowAt(text, at)
  if (!row) return wrong('$$', text)
  if (!row.isFlagPart) at += 1
  const end = at + row.format.length
  if (row.format === '') {
    said.dateFormat = NO_DATE
    if (end === text.length && said.quantity === null) return wrong('$$7', text)
  }
  const refusal = row.format === '' ? null : readDay(text.slice(at, end), row.format, { said, referenceYear })
  return refusal ?? readNumber(text.slice(end), isSerial, said)
}

interface Draft {
  readonly said: HibcSecondary
  readonly referenceYear: number
}

const readDay = (digits: string, format: string, { said, referenceYear }: Draft): Refusal | null => {
  const date = readHibcDate(digits, format, referenceYear)
  if (date === null) return refuse('codes.udi-date-wrong', { system: 'HIBC', part: format, value: digits })
  said.expiry = date
  said.dateFormat = format
  return null
}

/** The rest of a main structure; a label with a date alone has none. */
const readNumber = (number: string, isSerial: boolean, said: HibcSecondary): Refusal | null => {
  if (number.length > NUMBER_LENGTH_MAX) return wrong(isSerial ? 'serial' : 'lot', number)
  if (number !== '') said[isSerial ? 'serial' : 'lot'] = number
  return null
}

const readSupplement = (text: string, said: HibcSecondary, referenceYear: number): Refusal | null => {
  if (text.startsWith('14D') || text.startsWith('16D')) return readSupplementDay(text, said, referenceYear)
  if (text.startsWith('S')) {
    const serial = text.slice(1)
    if (serial === '' || serial.length > NUMBER_LENGTH_MAX) return wrong('S', text)
    if ((said.serial ?? serial) !== serial) return repeated('S')
    said.serial = serial
    return null
  }
  if (/^Q\d{1,5}$/.test(text)) {
    const quantity = Number(text.slice(1))
    if ((said.quantity ?? quantity) !== quantity) return repeated('Q')
    said.quantity = quantity
    return null
  }
  const [unit] = /^(?:\d{1,3}[A-Z]|[A-PRT-Z])(?=.)/.exec(text) ?? []
  if (unit === undefined) return wrong('/', text)
  said.unknown.push({ unit, value: text.slice(unit.length) })
  return null
}

const readSupplementDay = (text: string, said: HibcSecondary, referenceYear: number): Refusal | null => {
  const [part, digits] = [text.slice(0, 3), text.slice(3)]
  const day = digits.length === 8 ? dayOfDigits(digits, referenceYear) : null
  if (day === null) return refuse('codes.udi-date-wrong', { system: 'HIBC', part, value: digits })
  if (part === '16D') {
    if ((said.manufactured ?? day) !== day) return repeated(part)
    said.manufactured = day
    return null
  }
  // A month and a day within it agree; so do an hour and its day.
  const before = said.expiry?.text.slice(0, 10) ?? day
  if (!day.startsWith(before)) return repeated(part)
  if (before.length < 10 || said.expiry === null) said.expiry = { text: day, day }
  return null
}

const wrong = (part: string, value: string): Refusal => refuse('codes.udi-part-wrong', { system: 'HIBC', part, value })
const repeated = (part: string): Refusal => refuse('codes.udi-repeated', { system: 'HIBC', part })

/** Format of a label whose date is said to be absent. */
const NO_DATE = 'none'
/** Digits behind the flag of a quantity. */
const QUANTITY_DIGITS: Readonly<Record<string, number>> = { 8: 2, 9: 5 }
/** Longest lot or serial number of the standard. */
const NUMBER_LENGTH_MAX = 18
