import { gtin14Of } from '../codes/check-digit.ts'
import type { Element } from '../codes/elements.ts'
import { isRefusal, type Refusal, refuse } from '../refusals.ts'
import { takeAppended, takeDate, takeValue } from './aidc.ts'
import { AIDC, type AidcRow } from './aidc-rows.ts'
import { cursorBehindHeader, isOver, type Pen, penBehindHeader, put, take, wordsOf } from './bits.ts'
import type { SgtinToWrite } from './encode.ts'
import { takeHostname } from './hostname.ts'
import { type EpcIdentity, identityOf } from './identity.ts'
import { putText, textBits } from './text.ts'

/**
 * A scheme of TDS 2 [2.3, 14.2]: a toggle and a filter, then AIs as they are, so nobody needs to know where a company prefix ends; behind them
 * more AIs may follow. The `++` schemes name a domain in between.
 */
export interface PlusRow {
  readonly header: number
  readonly scheme: string
  readonly ais: readonly AidcRow[]
  /** A date of four kinds and more stands first, so that a reader can select by it. */
  readonly isDated: boolean
  readonly hasHostname: boolean
  /** A key without its serial part is no EPC. */
  readonly lengthMin: number
}

const pair = (scheme: string, headers: readonly [plus: number, plusPlus: number], ais: string, lengthMin = 0): readonly PlusRow[] =>
  headers.map((header, nth) => ({
    ...{ header, scheme: scheme + '+'.repeat(nth + 1), isDated: scheme === 'DSGTIN', hasHostname: nth === 1, lengthMin },
    ais: ais.split(' ').flatMap((ai) => AIDC.get(ai) ?? []),
  }))

/** All of them; a `+` scheme and its `++`. */
export const PLUS_ROWS: readonly PlusRow[] = [
  ...pair('SGTIN', [0xf7, 0xfd], '01 21'),
  ...pair('DSGTIN', [0xfb, 0xfc], '01 21'),
  ...pair('SSCC', [0xf9, 0xef], '00'),
  ...pair('SGLN', [0xf2, 0xe9], '414 254'),
  ...pair('GRAI', [0xf1, 0xeb], '8003', 15),
  ...pair('GIAI', [0xfa, 0xee], '8004'),
  ...pair('GSRN', [0xf4, 0xe7], '8018'),
  ...pair('GSRNP', [0xf5, 0xe8], '8017'),
  ...pair('GDTI', [0xf6, 0xea], '253', 14),
  ...pair('CPI', [0xf0, 0xe6], '8010 8011'),
  ...pair('SGCN', [0xf8, 0xec], '255', 14),
  ...pair('ITIP', [0xf3, 0xed], '8006 21'),
]

/** Reads an EPC of a scheme of TDS 2 and what is appended to it. */
export const decodePlus = (bytes: Uint8Array, row: PlusRow): EpcIdentity | Refusal => {
  const { scheme } = row
  const cursor = cursorBehindHeader(bytes)
  take(cursor, TOGGLE_BITS)
  const filter = take(cursor, FILTER_BITS)
  const kind = row.isDated ? take(cursor, DATE_KIND_BITS) : 0
  const date = row.isDated ? takeDate(cursor) : ''
  if (isOver(cursor)) return refuse('epc.length-wrong', { scheme, bits: cursor.at, found: cursor.end })
  const dateAi = DATE_AIS[kind]
  if (dateAi === undefined) return refuse('epc.field-wrong', { field: 'dateKind', value: kind })
  if (date === null) return refuse('epc.field-wrong', { field: `(${dateAi})`, value: '' })
  const elements: Element[] = []
  for (const ai of row.ais) {
    const value = takeValue(cursor, ai)
    if (typeof value !== 'string') return value
    if (value.length < row.lengthMin) return refuse('epc.field-wrong', { field: `(${ai.ai})`, value })
    // Extension 0 is the place itself [TDS 14.6.3].
    if (ai.ai !== '254' || value !== '0') elements.push([ai.ai, value])
  }
  if (date !== '') elements.push([dateAi, date])
  const hostname = row.hasHostname ? takeHostname(cursor) : ''
  if (isOver(cursor)) return refuse('epc.length-wrong', { scheme, bits: cursor.at, found: cursor.end })
  if (hostname === null) return refuse('epc.field-wrong', { field: 'hostname', value: '' })
  const rest = takeAppended(cursor, elements)
  if (isRefusal(rest)) return rest
  return identityOf({ scheme, uri: null, tagUri: null, elements, filter, hostname: hostname || null, prefixDigits: null, rest })
}

/** The bytes of an SGTIN+, whole words; the serial is any 1 to 20 letters GS1 allows [TDS 14.6.1.3]. */
export const encodeSgtinPlus = ({ gtin, serial, filter }: Omit<SgtinToWrite, 'prefixDigits'>): Uint8Array | Refusal => {
  const pen = penBehindHeader(0xf7)
  const refusal = putFilter(pen, filter) ?? putSgtin(pen, gtin, serial)
  return refusal ?? wordsOf(pen) ?? new Uint8Array()
}

/** What a DSGTIN+ holds more: one of the dates a reader can select by. */
export interface DsgtinToWrite extends Omit<SgtinToWrite, 'prefixDigits'> {
  readonly dateAi: string
  /** `YYMMDD`, day 00 for the whole month. */
  readonly date: string
}

/** The bytes of a DSGTIN+, whole words [TDS 14.6.1.4]; the date is of AI 11, 13, 15, 16, 17, 7006 or 7007. */
export const encodeDsgtinPlus = ({ gtin, serial, filter, dateAi, date }: DsgtinToWrite): Uint8Array | Refusal => {
  const pen = penBehindHeader(0xfb)
  const refusal = putFilter(pen, filter) ?? putDate(pen, dateAi, date) ?? putSgtin(pen, gtin, serial)
  return refusal ?? wordsOf(pen) ?? new Uint8Array()
}

const putFilter = (pen: Pen, filter: number): Refusal | null => {
  if (!Number.isInteger(filter) || filter < 0 || filter > 7) return refuse('epc.field-wrong', { field: 'filter', value: filter })
  put(pen, TOGGLE_BITS, 0)
  put(pen, FILTER_BITS, filter)
  return null
}

const putDate = (pen: Pen, dateAi: string, date: string): Refusal | null => {
  const kind = DATE_AIS.indexOf(dateAi)
  if (kind < 0) return refuse('epc.field-wrong', { field: 'dateAi', value: dateAi })
  const begin = pen.at
  put(pen, DATE_KIND_BITS, kind)
  put(pen, 7, Number(date.slice(0, 2)))
  put(pen, 4, Number(date.slice(2, 4)))
  put(pen, 5, Number(date.slice(4, 6)))
  const isSame = /^\d{6}$/.test(date) && takeDate({ bytes: pen.bytes, end: pen.at, at: begin + DATE_KIND_BITS }) === date
  return isSame ? null : refuse('epc.field-wrong', { field: `(${dateAi})`, value: date })
}

const putSgtin = (pen: Pen, gtin: string, serial: string): Refusal | null => {
  const gtin14 = gtin14Of(gtin)
  if (isRefusal(gtin14)) return refuse('epc.gtin-wrong', { gtin })
  const isFit = serial.length <= SERIAL.length && !serial.includes('#') && textBits(serial, SERIAL) !== null
  if (!isFit) return refuse('epc.field-wrong', { field: 'serial', value: serial })
  for (const digit of gtin14) put(pen, 4, Number(digit))
  putText(pen, serial, SERIAL)
  return null
}

const TOGGLE_BITS = 1
const FILTER_BITS = 3
const DATE_KIND_BITS = 4
/** Kinds of the date that stands first [TDS 14.5.3]; the others are reserved. */
const DATE_AIS: readonly string[] = ['11', '13', '15', '16', '17', '7006', '7007']
/** AI (21) [GenSpecs 3.5.3]. */
const SERIAL = { length: 20, lengthBits: 5 }
