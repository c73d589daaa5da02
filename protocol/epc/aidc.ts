import { isCheckDigitRight } from '../codes/check-digit.ts'
import type { Element } from '../codes/elements.ts'
import { type Refusal, refuse } from '../refusals.ts'
import { AIDC, type AidcPart, type AidcRow, type PartKind } from './aidc-rows.ts'
import { bitsOfDigits, type Cursor, isOver, isZeroToEnd, readBits, take, takeDigits, takePadded } from './bits.ts'
import { takeText } from './text.ts'

/** Takes the value of an AI; refusals `epc.length-wrong`, `epc.field-wrong`, `epc.check-digit-wrong`. */
export const takeValue = (cursor: Cursor, row: AidcRow): string | Refusal => {
  let value = ''
  const begin = cursor.at
  for (const part of row.parts) {
    const text = TAKE[part.as](cursor, part)
    if (isOver(cursor)) return refuse('epc.length-wrong', { scheme: `(${row.ai})`, bits: cursor.at, found: cursor.end })
    const isWrong = text === null || (text === '' && part.as !== 'minus' && !part.mayBeEmpty)
    if (isWrong || !isTold(row.ai, part, text))
      return refuse('epc.field-wrong', { field: `(${row.ai})`, value: value + (text || `#${hexFrom(cursor, begin).slice(0, 16)}`) })
    if (part.hasCheckDigit && !isCheckDigitRight(text)) return refuse('epc.check-digit-wrong', { ai: row.ai, value: text })
    value += text
  }
  return value
}

/**
 * Takes what follows behind the EPC, one AI after another [TDS 15.3], and adds it to the elements. Answers the hexadecimal from the first AI that
 * table F does not know, or `null` where all was read. Whether anything follows is seen in the bits, not in the toggle: writers forget it.
 */
export const takeAppended = (cursor: Cursor, elements: Element[]): string | null | Refusal => {
  while (cursor.end - cursor.at >= AI_BITS_MIN && !isZeroToEnd(cursor)) {
    const begin = cursor.at
    const row = rowAt(cursor)
    if (!row) return hexFrom(cursor, begin)
    const value = takeValue(cursor, row)
    if (typeof value !== 'string') return value
    const same = elements.find(([ai]) => ai === row.ai)
    if (same && same[1] !== value) return refuse('codes.ai-repeated', { ai: row.ai })
    if (!same) elements.push([row.ai, value])
  }
  return null
}

/** Year, month and day in seven, four and five bits; day 0 is the whole month [TDS 14.5.8]. */
export const takeDate = (cursor: Cursor): string | null => {
  const year = take(cursor, 7)
  const month = take(cursor, 4)
  const day = take(cursor, 5)
  const days = month === 2 && year % 4 === 0 ? 29 : DAYS[month]
  if (year > 99 || !days || day > days) return null
  return two(year) + two(month) + two(day)
}

/** The AI that begins here: two digits, and as many more as AIs that begin so have [TDS table K]; two zeros with no room for an SSCC are none. */
const rowAt = (cursor: Cursor): AidcRow | undefined => {
  const first = takeDigits(cursor, 2)
  if (first === null || (first === '00' && cursor.end - cursor.at < SSCC_BITS)) return undefined
  const more = takeDigits(cursor, (AI_LENGTHS.get(first) ?? 2) - 2)
  return isOver(cursor) || more === null ? undefined : AIDC.get(first + more)
}

const hexFrom = ({ bytes, end }: Cursor, from: number): string => {
  let hex = ''
  for (let at = from; at < end; at += 4) hex += readBits(bytes, at, 4).toString(16).toUpperCase()
  return hex
}

/** What the text alone does not tell: the number sign stands in component numbers only, which have no small letters. */
const isTold = (ai: string, { mayHoldNumberSign, as }: AidcPart, text: string): boolean => {
  if (as === 'text') return mayHoldNumberSign || !text.includes('#')
  if (as === 'delimited') return mayHoldNumberSign ? /^[#\-/0-9A-Z]+$/.test(text) : !text.includes('#')
  return as !== 'moment' || MOMENT_LENGTHS[ai]?.includes(text.length) === true
}

const takeCounted = (cursor: Cursor, { length: digitsMax, lengthBits }: AidcPart): string | null => {
  const digits = take(cursor, lengthBits)
  if (digits > digitsMax) return null
  return digits === 0 ? '' : takePadded(cursor, bitsOfDigits(digits), digits)
}

/** Digits up to F, which ends them, or E, behind which a text follows [TDS 14.5.5]. */
const takeDelimited = (cursor: Cursor, { length, lengthBits }: AidcPart): string | null => {
  let text = ''
  for (;;) {
    const nibble = take(cursor, 4)
    if (nibble === END) return text
    if (nibble === TEXT_FOLLOWS) break
    if (nibble > 9 || text.length === length) return null
    text += nibble
  }
  const more = text === '' ? null : takeText(cursor, { length: length - text.length, lengthBits })
  return more ? text + more : null
}

const takePeriod = (cursor: Cursor): string | null => {
  const isRange = take(cursor, 1) === 1
  const from = takeDate(cursor)
  if (!isRange || from === null) return from
  const to = takeDate(cursor)
  return to === null ? null : from + to
}

/** A date and how much of a time two bits announce [TDS 14.5.11]. */
const takeMoment = (cursor: Cursor): string | null => takeDateTime(cursor, PRECISIONS[take(cursor, 2)] ?? 0)

/** A date and the hour, then minute and second as far as asked; hour 24 is the end of the day. */
const takeDateTime = (cursor: Cursor, precision: number): string | null => {
  const date = takeDate(cursor)
  if (date === null || precision === 0) return date
  const hour = take(cursor, 5)
  const minute = precision > 1 ? take(cursor, 6) : 0
  const second = precision > 2 ? take(cursor, 6) : 0
  if (hour > 24 || minute > 59 || second > 59 || (hour === 24 && minute + second > 0)) return null
  return date + two(hour) + (precision > 1 ? two(minute) : '') + (precision > 2 ? two(second) : '')
}

const takeCountry = (cursor: Cursor): string | null => {
  const first = take(cursor, 6)
  const second = take(cursor, 6)
  return first > 25 || second > 25 ? null : String.fromCharCode(A + first, A + second)
}

const takeSequence = (cursor: Cursor): string | null => {
  const nth = take(cursor, 4)
  const of = take(cursor, 4)
  return nth < 1 || nth > 9 || of < 1 || of > 9 ? null : `${nth}/${of}`
}

const TAKE: Readonly<Record<PartKind, (cursor: Cursor, part: AidcPart) => string | null>> = {
  digits: (cursor, { length }) => takeDigits(cursor, length),
  zero: (cursor) => (take(cursor, 4) === 0 ? '0' : null),
  number: (cursor, { bits, length }) => takePadded(cursor, bits, length),
  counted: takeCounted,
  text: takeText,
  delimited: takeDelimited,
  date: takeDate,
  minute: (cursor) => takeDateTime(cursor, 2),
  period: takePeriod,
  moment: takeMoment,
  country: takeCountry,
  bit: (cursor) => String(take(cursor, 1)),
  minus: (cursor) => (take(cursor, 1) === 1 ? '-' : ''),
  sequence: takeSequence,
}

const two = (number: number): string => (number < 10 ? `0${number}` : String(number))

const AI_LENGTHS: ReadonlyMap<string, number> = new Map([...AIDC.keys()].map((ai) => [ai.slice(0, 2), ai.length]))
const AI_BITS_MIN = 8
const SSCC_BITS = 72
const DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const PRECISIONS = [1, 2, 3, 0]
/** Digits of a time of production and of a test date [GenSpecs 3.7, 3.8]. */
const MOMENT_LENGTHS: Readonly<Record<string, readonly number[]>> = { '8008': [8, 10, 12], '7011': [6, 10] }
const END = 15
const TEXT_FOLLOWS = 14
const A = 65
