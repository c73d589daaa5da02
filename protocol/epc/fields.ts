import { type Refusal, refuse } from '../refusals.ts'
import { type Cursor, isOver, type Pen, put, putDecimal, take, takeDecimal, takePadded } from './bits.ts'
import { SEVEN_BIT, SIX_BIT } from './letters.ts'
import type { Field, Width } from './schemes.ts'

/** Reads one field as text; `prefixDigits` says which partition rules it. Refusals `epc.*` [TDS 14.4]. */
export const readField = (cursor: Cursor, field: Field, prefixDigits: number): string | Refusal => {
  const width = field.as === 'prefixed' ? field.widths[take(cursor, PARTITION_BITS)] : widthOf(field, prefixDigits)
  if (!width) return refuse('epc.partition-wrong', { partition: 7 })
  const text = READ[field.as](cursor, width)
  if (isOver(cursor)) return refuse('epc.length-wrong', { scheme: field.name, bits: cursor.at, found: cursor.end })
  if (text === null) return refuse(WRONG[field.as], { field: field.name, length: width[1] })
  return field.form && !field.form.test(text) ? refuse('epc.field-wrong', { field: field.name, value: text }) : text
}

/** Writes one field; refusal `epc.field-wrong` for what it cannot hold so that it comes back as it went [TDS 14.3]. */
export const writeField = (pen: Pen, field: Field, text: string, prefixDigits: number): Refusal | null => {
  const width = widthOf(field, prefixDigits)
  const isFit = width !== undefined && (field.form?.test(text) ?? true) && isWritable(field, width, text)
  if (!isFit) return refuse('epc.field-wrong', { field: field.name, value: text })
  if (field.as === 'prefixed') put(pen, PARTITION_BITS, PREFIX_DIGITS_MAX - prefixDigits)
  WRITE[field.as](pen, width, text)
  return null
}

/** The most digits of a company prefix: partition 0. */
export const PREFIX_DIGITS_MAX = 12

const widthOf = ({ widths }: Field, prefixDigits: number): Width | undefined =>
  widths.length === 1 ? widths[0] : widths[PREFIX_DIGITS_MAX - prefixDigits]

type Kind = Field['as']

const takeNumber = (cursor: Cursor, [bits, digits]: Width): string | null => {
  const text = takeDecimal(cursor, bits)
  return text.length > digits ? null : text
}

const takeGuarded = (cursor: Cursor, [bits, digits]: Width): string | null => {
  const text = takeDecimal(cursor, bits)
  return text.startsWith('1') && text.length > 1 && text.length <= digits + 1 ? text.slice(1) : null
}

/** Letters up to the first zero, and behind it nothing but zeros [TDS 14.4.2]. */
const takeText = (cursor: Cursor, [bits, letters]: Width): string | null => {
  const behind = cursor.at + bits
  let text = ''
  while (cursor.at + SEVEN <= behind) {
    const code = take(cursor, SEVEN)
    if (code === 0) break
    const letter = SEVEN_BIT[code]
    // The number sign is no letter of a serial [GenSpecs 7.11-1].
    if (!letter || letter === '#') return null
    text += letter
  }
  while (cursor.at < behind) if (take(cursor, Math.min(SEVEN, behind - cursor.at)) !== 0) return null
  return text === '' || text.length > letters ? null : text
}

const takeSix = (cursor: Cursor, [, letters]: Width): string | null => {
  let text = ''
  for (let code = take(cursor, SIX); code !== 0; code = take(cursor, SIX)) {
    const letter = SIX_BIT[code]
    if (!letter || text.length === letters) return null
    text += letter
  }
  return text
}

/** Five letters behind a space, or six. */
const takeCage = (cursor: Cursor, bits: number): string | null => {
  let text = ''
  for (let nth = 0; nth < CAGE_LETTERS; nth += 1) {
    const code = take(cursor, bits)
    const letter = bits === SIX ? SIX_BIT[code] : SEVEN_BIT[code]
    if (nth === 0 && code === SPACE) continue
    if (!letter) return null
    text += letter
  }
  return text
}

const READ: Readonly<Record<Kind, (cursor: Cursor, width: Width) => string | null>> = {
  decimal: takeNumber,
  padded: (cursor, width) => takePadded(cursor, width[0], width[1]),
  prefixed: (cursor, width) => takePadded(cursor, width[0], width[1]),
  guarded: takeGuarded,
  text: takeText,
  six: takeSix,
  cage: (cursor) => takeCage(cursor, SIX),
  ascii: (cursor) => takeCage(cursor, EIGHT),
  zeros: (cursor, [bits]) => (take(cursor, bits) === 0 ? '' : null),
}

const WRONG = {
  decimal: 'epc.number-too-large',
  padded: 'epc.number-too-large',
  prefixed: 'epc.number-too-large',
  guarded: 'epc.letters-wrong',
  text: 'epc.letters-wrong',
  six: 'epc.letters-wrong',
  cage: 'epc.letters-wrong',
  ascii: 'epc.letters-wrong',
  zeros: 'epc.reserved-set',
} as const satisfies Readonly<Record<Kind, string>>

const isWritable = ({ as }: Field, [bits, length]: Width, text: string): boolean => {
  if (as === 'zeros') return text === ''
  if (as === 'cage' || as === 'ascii') return true
  if (as === 'six') return text.length <= length
  if (as === 'text')
    return text !== '' && text.length <= length && [...text].every((letter) => letter !== '#' && SEVEN_BIT.includes(letter))
  const isDigits = /^\d*$/.test(text)
  if (as === 'padded' || as === 'prefixed') return isDigits && text.length === length
  if (as === 'guarded') return isDigits && text !== '' && text.length <= length
  // A number with leading zeros would come back without them [TDS 14.3.1].
  return /^(?:0|[1-9]\d*)$/.test(text) && text.length <= length && BigInt(text) < 2n ** BigInt(bits)
}

const putLetters = (pen: Pen, bits: number, text: string): void => {
  for (let at = 0; at < text.length; at += 1) put(pen, bits, text.charCodeAt(at) % 2 ** bits)
}

const WRITE: Readonly<Record<Kind, (pen: Pen, width: Width, text: string) => void>> = {
  decimal: (pen, [bits], text) => putDecimal(pen, bits, text),
  padded: (pen, [bits], text) => putDecimal(pen, bits, text === '' ? '0' : text),
  prefixed: (pen, [bits], text) => putDecimal(pen, bits, text),
  guarded: (pen, [bits], text) => putDecimal(pen, bits, `1${text}`),
  text: (pen, [bits], text) => {
    putLetters(pen, SEVEN, text)
    put(pen, bits - SEVEN * text.length, 0)
  },
  six: (pen, _, text) => {
    putLetters(pen, SIX, text)
    put(pen, SIX, 0)
  },
  cage: (pen, _, text) => putLetters(pen, SIX, text.padStart(CAGE_LETTERS)),
  ascii: (pen, _, text) => putLetters(pen, EIGHT, text.padStart(CAGE_LETTERS)),
  zeros: (pen, [bits]) => put(pen, bits, 0),
}

const PARTITION_BITS = 3
const SIX = 6
const SEVEN = 7
const EIGHT = 8
const CAGE_LETTERS = 6
/** In front of five letters; the same number in six bits and in eight. */
const SPACE = 32
