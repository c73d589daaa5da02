import { type Refusal, refuse } from '../refusals.ts'
import { readBits, writeBits } from './fields.ts'

/** A text of letters and digits as the `+` schemes hold it: three bits say how it is written, five how long it is [TDS 14.5.6]. */
export interface TextAt {
  readonly text: string
  /** First bit behind it. */
  readonly end: number
}

/** Reads such a text; refusals `epc.length-wrong`, `epc.field-wrong`. */
export const readText = (bytes: Uint8Array, at: number, name: string): TextAt | Refusal => {
  const room = bytes.length * 8
  if (at + HEAD_BITS > room) return refuse('epc.length-wrong', { scheme: name, bits: at + HEAD_BITS, found: room })
  const way = WAYS[readBits(bytes, at, INDICATOR_BITS)]
  const length = readBits(bytes, at + INDICATOR_BITS, LENGTH_BITS)
  if (!way || length === 0 || length > TEXT_MAX)
    return refuse('epc.field-wrong', { field: name, value: `#${readBits(bytes, at, HEAD_BITS)}` })
  const begin = at + HEAD_BITS
  const end = begin + way.bits(length)
  if (end > room) return refuse('epc.length-wrong', { scheme: name, bits: end, found: room })
  const text = way.read(bytes, begin, length)
  return text === null ? refuse('epc.field-wrong', { field: name, value: `#${length}` }) : { text, end }
}

/** A text of 1 to 20 letters [GenSpecs 7.11] and how many bits it takes in the shortest way to write it. */
export const textBits = (text: string): number | null => {
  const way = wayFor(text)
  return way === null ? null : HEAD_BITS + (WAYS[way]?.bits(text.length) ?? 0)
}

/** Writes it there in that way; `textBits` said that it can be. */
export const writeText = (bytes: Uint8Array, at: number, text: string): void => {
  const chosen = wayFor(text)
  const way = chosen === null ? undefined : WAYS[chosen]
  if (chosen === null || way === undefined) throw new RangeError('a text that no tag holds')
  writeBits(bytes, at, { bits: INDICATOR_BITS, value: chosen })
  writeBits(bytes, at + INDICATOR_BITS, { bits: LENGTH_BITS, value: text.length })
  way.write(bytes, at + HEAD_BITS, text)
}

interface Way {
  readonly bits: (length: number) => number
  readonly fits: (text: string) => boolean
  readonly read: (bytes: Uint8Array, at: number, length: number) => string | null
  readonly write: (bytes: Uint8Array, at: number, text: string) => void
}

/** One letter after another, each its place in an alphabet. */
const lettered = (width: number, letters: string): Way => ({
  bits: (length) => width * length,
  fits: (text) => [...text].every((letter) => letters.includes(letter)),
  read: (bytes, at, length) => {
    const read = Array.from({ length }, (_, nth) => letters[readBits(bytes, at + nth * width, width)] ?? '')
    return read.includes('') ? null : read.join('')
  },
  write: (bytes, at, text) =>
    [...text].forEach((letter, nth) => {
      writeBits(bytes, at + nth * width, { bits: width, value: letters.indexOf(letter) })
    }),
})

/** A number without leading zeros, as wide as the largest of so many digits; beyond 53 bits, so in two halves. */
const WHOLE: Way = {
  bits: (length) => (10n ** BigInt(length) - 1n).toString(2).length,
  fits: (text) => /^(?:0|[1-9]\d*)$/.test(text),
  read: (bytes, at, length) => {
    const bits = WHOLE.bits(length)
    const low = Math.min(bits, HALF_BITS)
    const value = (BigInt(readBits(bytes, at, bits - low)) << BigInt(low)) + BigInt(readBits(bytes, at + bits - low, low))
    // A number of fewer digits than it says would be written otherwise.
    return String(value).length === length ? String(value) : null
  },
  write: (bytes, at, text) => {
    const bits = WHOLE.bits(text.length)
    const low = Math.min(bits, HALF_BITS)
    writeBits(bytes, at, { bits: bits - low, value: Number(BigInt(text) >> BigInt(low)) })
    writeBits(bytes, at + bits - low, { bits: low, value: Number(BigInt.asUintN(low, BigInt(text))) })
  },
}

/** URN Code 40: three letters in sixteen bits, the end filled with the empty letter [TDS 14.5.6.5]. */
const URN_40: Way = {
  bits: (length) => 16 * Math.ceil(length / 3),
  fits: (text) => [...text].every((letter) => URN_LETTERS.includes(letter)),
  read: (bytes, at, length) => {
    let text = ''
    for (let nth = 0; nth < Math.ceil(length / 3); nth += 1) {
      const value = readBits(bytes, at + nth * 16, 16) - 1
      if (value < 0 || value >= 64_000) return null
      for (const code of [Math.floor(value / 1600), Math.floor(value / 40) % 40, value % 40])
        text += code === 0 ? '\0' : (URN_LETTERS[code - 1] ?? '')
    }
    const letters = text.slice(0, length)
    return letters.includes('\0') || /[^\0]/.test(text.slice(length)) || letters.length !== length ? null : letters
  },
  write: (bytes, at, text) => {
    for (let nth = 0; nth < Math.ceil(text.length / 3); nth += 1) {
      const [a = 0, b = 0, c = 0] = [...text.slice(nth * 3, nth * 3 + 3)].map((letter) => URN_LETTERS.indexOf(letter) + 1)
      writeBits(bytes, at + nth * 16, { bits: 16, value: 1600 * a + 40 * b + c + 1 })
    }
  },
}

const URN_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789'
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Seven bits a letter, by its number in ASCII; what GS1 does not allow in a key is none [GenSpecs 7.11-1]. */
const SEVEN = Array.from({ length: 128 }, (_, code) => (/[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]/.test(String.fromCharCode(code)) ? code : 0))
  .map((code) => (code === 0 ? '\0' : String.fromCharCode(code)))
  .join('')
const ASCII = lettered(7, SEVEN)

/** Ways to write a text by their indicator [TDS 14.5.6, table E]; 6 and 7 are reserved. */
const WAYS: readonly Way[] = [
  WHOLE,
  lettered(4, '0123456789ABCDEF'),
  lettered(4, '0123456789abcdef'),
  lettered(6, BASE64),
  { ...ASCII, read: (bytes, at, length) => allowed(ASCII.read(bytes, at, length)) },
  URN_40,
]

const allowed = (text: string | null): string | null => (text?.includes('\0') ? null : text)

const wayFor = (text: string): number | null => {
  if (text.length === 0 || text.length > TEXT_MAX || text.includes('\0')) return null
  const fitting = WAYS.flatMap((way, at) => (way.fits(text) ? [{ at, bits: way.bits(text.length) }] : []))
  return fitting.toSorted((a, b) => a.bits - b.bits)[0]?.at ?? null
}

const INDICATOR_BITS = 3
const LENGTH_BITS = 5
const HEAD_BITS = INDICATOR_BITS + LENGTH_BITS
/** Letters of a serial or a lot [GenSpecs 3.4.4, 3.5.3]. */
const TEXT_MAX = 20
const HALF_BITS = 32
