import { bitsOfDigits, type Cursor, type Pen, put, putDecimal, take, takePadded } from './bits.ts'
import { SEVEN_BIT } from './letters.ts'

/** How long a text may be, and the bits that say so. */
export interface TextWidth {
  readonly length: number
  readonly lengthBits: number
}

/**
 * Takes a text of letters and digits as the schemes of TDS 2 hold it: three bits say how it is written, then how long it is [TDS 14.5.6].
 * `''` where it says that it has no letters; `null` for what cannot be read.
 */
export const takeText = (cursor: Cursor, { length: lengthMax, lengthBits }: TextWidth): string | null => {
  const indicator = take(cursor, INDICATOR_BITS)
  const length = take(cursor, lengthBits)
  const way = WAYS[indicator]
  return way && length <= lengthMax ? way.take(cursor, length) : null
}

/** Bits of the text in the shortest way to write it; `null` for one that no way writes. */
export const textBits = (text: string, { lengthBits }: TextWidth): number | null => {
  const way = wayFor(text)
  return way === null ? null : INDICATOR_BITS + lengthBits + way.bits(text.length)
}

/** Writes it there in that way; `textBits` said that it can be. */
export const putText = (pen: Pen, text: string, { lengthBits }: TextWidth): void => {
  const way = wayFor(text)
  if (way === null) throw new RangeError('a text that no tag holds')
  put(pen, INDICATOR_BITS, WAYS.indexOf(way))
  put(pen, lengthBits, text.length)
  way.put(pen, text)
}

/** Takes letters of URN Code 40: three in sixteen bits, the end filled with the empty letter [TDS 14.5.6.5]. */
export const takeUrn40 = (cursor: Cursor, length: number): string | null => {
  let text = ''
  for (let left = length; left > 0; left -= 3) {
    const value = take(cursor, 16) - 1
    if (value < 0 || value >= 64_000) return null
    const first = Math.floor(value / 1600)
    const second = Math.floor(value / 40) % 40
    const third = value % 40
    if (first === 0 || (second === 0) !== left < 2 || (third === 0) !== left < 3) return null
    text += URN_LETTERS.charAt(first) + (left < 2 ? '' : URN_LETTERS.charAt(second)) + (left < 3 ? '' : URN_LETTERS.charAt(third))
  }
  return text
}

interface Way {
  readonly bits: (length: number) => number
  readonly fits: (text: string) => boolean
  readonly take: (cursor: Cursor, length: number) => string | null
  readonly put: (pen: Pen, text: string) => void
}

/** One letter after another, each its place in an alphabet; `''` is none. */
const lettered = (width: number, letters: readonly string[]): Way => ({
  bits: (length) => width * length,
  fits: (text) => [...text].every((letter) => letters.includes(letter)),
  take: (cursor, length) => {
    let text = ''
    for (let nth = 0; nth < length; nth += 1) {
      const letter = letters[take(cursor, width)]
      if (!letter) return null
      text += letter
    }
    return text
  },
  put: (pen, text) => {
    for (const letter of text) put(pen, width, letters.indexOf(letter))
  },
})

/** One number, as wide as the largest of so many digits; its leading zeros come back [TDS 14.5.6.1]. */
const NUMBER: Way = {
  bits: bitsOfDigits,
  fits: (text) => /^\d+$/.test(text),
  take: (cursor, length) => takePadded(cursor, bitsOfDigits(length), length),
  put: (pen, text) => putDecimal(pen, bitsOfDigits(text.length), text),
}

const URN_40: Way = {
  bits: (length) => 16 * Math.ceil(length / 3),
  fits: (text) => /^[-.:0-9A-Z]+$/.test(text),
  take: takeUrn40,
  put: (pen, text) => {
    for (let at = 0; at < text.length; at += 3) {
      const code = (nth: number): number => URN_LETTERS.indexOf(text[at + nth] ?? NO_LETTER)
      put(pen, 16, 1600 * code(0) + 40 * code(1) + code(2) + 1)
    }
  },
}

const NO_LETTER = '\0'
const URN_LETTERS = `${NO_LETTER}ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789`
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Ways to write a text by their indicator [TDS table E]; 6 and 7 are reserved. */
const WAYS: readonly Way[] = [
  NUMBER,
  lettered(4, [...'0123456789ABCDEF']),
  lettered(4, [...'0123456789abcdef']),
  lettered(6, [...BASE64]),
  lettered(7, SEVEN_BIT),
  URN_40,
]

const wayFor = (text: string): Way | null => {
  if (text === '') return null
  let chosen: Way | null = null
  for (const way of WAYS) if (way.fits(text) && (chosen === null || way.bits(text.length) < chosen.bits(text.length))) chosen = way
  return chosen
}

const INDICATOR_BITS = 3
