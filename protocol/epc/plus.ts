import { gtin14Of, isCheckDigitRight } from '../codes/check-digit.ts'
import { isRefusal, type Refusal, refuse } from '../refusals.ts'
import type { SgtinToWrite } from './encode.ts'
import { readBits, writeBits } from './fields.ts'
import type { EpcIdentity } from './identity.ts'
import { readText, textBits, writeText } from './text.ts'

/** Header of SGTIN+ [TDS 2.3, 14.6.1.3]: the GTIN as digits, so nobody needs to know where its company prefix ends. */
export const SGTIN_PLUS_HEADER = 0xf7

/** Reads an SGTIN+; what a tag carries behind it (lot, dates) stands in `elementString` as far as it is read. */
export const decodeSgtinPlus = (bytes: Uint8Array): EpcIdentity | Refusal => {
  const found = bytes.length * 8
  if (found < SERIAL_AT) return refuse('epc.length-wrong', { scheme: SCHEME, bits: SERIAL_AT, found })
  const gtin14 = digitsAt(bytes, GTIN_AT, GTIN_DIGITS)
  if (gtin14 === null || !isCheckDigitRight(gtin14)) return refuse('epc.gtin-wrong', { gtin: gtin14 ?? '?' })
  const serial = readText(bytes, SERIAL_AT, 'serial')
  if (isRefusal(serial)) return serial
  const more = readBits(bytes, TOGGLE_AT, 1) === 1 ? readMore(bytes, serial.end) : ''
  if (isRefusal(more)) return more
  return {
    ...{ scheme: SCHEME, uri: null, tagUri: null, gtin14, serial: serial.text, prefixDigits: null },
    elementString: `(01)${gtin14}(21)${serial.text}${more}`,
    filter: readBits(bytes, FILTER_AT, FILTER_BITS),
  }
}

/** The bytes of an SGTIN+, whole words; the serial is any 1 to 20 letters GS1 allows. */
export const encodeSgtinPlus = ({ gtin, serial, filter }: Omit<SgtinToWrite, 'prefixDigits'>): Uint8Array | Refusal => {
  const gtin14 = gtin14Of(gtin)
  if (isRefusal(gtin14)) return refuse('epc.gtin-wrong', { gtin })
  if (!Number.isInteger(filter) || filter < 0 || filter > 7) return refuse('epc.field-wrong', { field: 'filter', value: filter })
  const bits = textBits(serial)
  if (bits === null) return refuse('epc.field-wrong', { field: 'serial', value: serial })
  const bytes = new Uint8Array(Math.ceil((SERIAL_AT + bits) / 16) * 2)
  bytes[0] = SGTIN_PLUS_HEADER
  writeBits(bytes, FILTER_AT, { bits: FILTER_BITS, value: filter })
  for (let at = 0; at < GTIN_DIGITS; at += 1) writeBits(bytes, GTIN_AT + at * 4, { bits: 4, value: Number(gtin14[at]) })
  writeText(bytes, SERIAL_AT, serial)
  return bytes
}

/** Data that follows the key: an identifier in digits, then its value; zeros fill up the last word. Where an identifier is not known here, reading ends. */
const readMore = (bytes: Uint8Array, from: number): string | Refusal => {
  let said = ''
  for (let at = from; at + AI_BITS <= bytes.length * 8; ) {
    const ai = digitsAt(bytes, at, 2)
    at += AI_BITS
    if (ai === LOT) {
      const lot = readText(bytes, at, 'lot')
      if (isRefusal(lot)) return lot
      said += `(${ai})${lot.text}`
      at = lot.end
    } else if (ai !== null && DATES.includes(ai) && at + DATE_BITS <= bytes.length * 8) {
      const day = dateAt(bytes, at)
      if (day === null) return refuse('epc.field-wrong', { field: `(${ai})`, value: `#${readBits(bytes, at, DATE_BITS)}` })
      said += `(${ai})${day}`
      at += DATE_BITS
    } else break
  }
  return said
}

/** Year, month and day in seven, four and five bits; day 0 is the whole month [TDS 14.5.8]. */
const dateAt = (bytes: Uint8Array, at: number): string | null => {
  const [year, month, day] = [readBits(bytes, at, 7), readBits(bytes, at + 7, 4), readBits(bytes, at + 11, 5)]
  const days = [31, year % 4 === 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  if (year > 99 || days === undefined || day > days) return null
  return [year, month, day].map((part) => String(part).padStart(2, '0')).join('')
}

const digitsAt = (bytes: Uint8Array, at: number, count: number): string | null => {
  const digits = Array.from({ length: count }, (_, nth) => readBits(bytes, at + nth * 4, 4))
  return digits.every((digit) => digit <= 9) ? digits.join('') : null
}

const SCHEME = 'SGTIN+'
const TOGGLE_AT = 8
const FILTER_AT = 9
const FILTER_BITS = 3
const GTIN_AT = 12
const GTIN_DIGITS = 14
const SERIAL_AT = GTIN_AT + GTIN_DIGITS * 4
const AI_BITS = 8
const LOT = '10'
const DATES = ['11', '13', '15', '16', '17']
const DATE_BITS = 16
