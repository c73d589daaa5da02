/** A place in the bits of a tag that moves on as they are read; bits behind `end` read as zeros, so who reads asks `isOver` afterwards. */
export interface Cursor {
  readonly bytes: Uint8Array
  /** First bit behind the tag. */
  readonly end: number
  at: number
}

/** A cursor at the bit behind the header. */
export const cursorBehindHeader = (bytes: Uint8Array): Cursor => ({ bytes, end: bytes.length * 8, at: HEADER_BITS })

/** Takes an unsigned number of up to 53 bits. */
export const take = (cursor: Cursor, bits: number): number => {
  const value = readBits(cursor.bytes, cursor.at, bits)
  cursor.at += bits
  return value
}

/** Whether more was taken than the tag holds. */
export const isOver = (cursor: Cursor): boolean => cursor.at > cursor.end

/** Takes a number of any width as decimal text without leading zeros. */
export const takeDecimal = (cursor: Cursor, bits: number): string => {
  if (bits <= EXACT_BITS) return String(take(cursor, bits))
  let value = BigInt(take(cursor, bits % PIECE_BITS))
  for (let left = bits - (bits % PIECE_BITS); left > 0; left -= PIECE_BITS) value = (value << PIECE) + BigInt(take(cursor, PIECE_BITS))
  return String(value)
}

/** Takes a number of so many digits at most and fills it up with zeros; `null` when it has more digits. */
export const takePadded = (cursor: Cursor, bits: number, digits: number): string | null => {
  if (bits > EXACT_BITS) {
    const text = takeDecimal(cursor, bits)
    return text.length > digits ? null : text.padStart(digits, '0')
  }
  const value = take(cursor, bits)
  if (value >= (POWERS[digits] ?? 0)) return null
  return digits === 0 ? '' : String(value).padStart(digits, '0')
}

/** Takes digits of four bits each; `null` when one of them is none. */
export const takeDigits = (cursor: Cursor, count: number): string | null => {
  let text = ''
  let left = count
  if ((cursor.at & 7) === 4 && left > 0) {
    const digit = take(cursor, 4)
    if (digit > 9) return null
    text = String(digit)
    left -= 1
  }
  for (; left > 1; left -= 2) {
    const pair = PAIRS[(cursor.at & 7) === 0 ? (cursor.bytes[cursor.at >> 3] ?? 0) : readBits(cursor.bytes, cursor.at, 8)]
    cursor.at += 8
    if (!pair) return null
    text += pair
  }
  if (left === 0) return text
  const last = take(cursor, 4)
  return last > 9 ? null : text + last
}

/** Whether all bits from here to the end are zeros. */
export const isZeroToEnd = ({ bytes, at, end }: Cursor): boolean => {
  if (at < end && readBits(bytes, at, Math.min(8 - (at & 7), end - at)) !== 0) return false
  for (let byte = (at >> 3) + 1; byte < bytes.length; byte += 1) if (bytes[byte] !== 0) return false
  return true
}

/** Bits of the largest number of so many decimal digits [TDS table B]. */
export const bitsOfDigits = (digits: number): number => DIGIT_BITS[digits] ?? 0

/** An unsigned number of up to 53 bits. */
export const readBits = (bytes: Uint8Array, at: number, bits: number): number => {
  let byte = at >> 3
  const room = 8 - (at & 7)
  const first = (bytes[byte] ?? 0) & ((1 << room) - 1)
  if (bits <= room) return first >> (room - bits)
  let value = first
  let left = bits - room
  for (; left >= 8; left -= 8) {
    byte += 1
    value = value * 256 + (bytes[byte] ?? 0)
  }
  return left === 0 ? value : value * (1 << left) + ((bytes[byte + 1] ?? 0) >> (8 - left))
}

/** Bytes that fill up as they are written. */
export interface Pen {
  readonly bytes: Uint8Array
  at: number
}

/** Room for the longest EPC a tag can announce: 31 words [Gen2 6.3.2.1.2.2]. */
export const EPC_BYTES_MAX = 62

/** A pen behind the header. */
export const penBehindHeader = (header: number): Pen => {
  const bytes = new Uint8Array(EPC_BYTES_MAX)
  bytes[0] = header
  return { bytes, at: HEADER_BITS }
}

/** Writes an unsigned number of up to 53 bits. */
export const put = (pen: Pen, bits: number, value: number): void => {
  for (let left = bits; left > 0; ) {
    const room = 8 - (pen.at & 7)
    const taken = Math.min(room, left)
    left -= taken
    const piece = Math.floor(value / 2 ** left) % (1 << taken)
    pen.bytes[pen.at >> 3] = (pen.bytes[pen.at >> 3] ?? 0) | (piece << (room - taken))
    pen.at += taken
  }
}

/** Writes decimal digits as one number of that width. */
export const putDecimal = (pen: Pen, bits: number, digits: string): void => {
  const value = BigInt(digits)
  put(pen, bits % PIECE_BITS, Number(value >> BigInt(bits - (bits % PIECE_BITS))))
  for (let left = bits - (bits % PIECE_BITS); left > 0; left -= PIECE_BITS)
    put(pen, PIECE_BITS, Number(BigInt.asUintN(PIECE_BITS, value >> BigInt(left - PIECE_BITS))))
}

/** What was written, filled up with zeros to whole words [TDS 15.1.1]; `null` when it is more than a tag announces. */
export const wordsOf = ({ bytes, at }: Pen): Uint8Array | null => (at > EPC_BYTES_MAX * 8 ? null : bytes.slice(0, Math.ceil(at / 16) * 2))

/** Bytes of a tag's hexadecimal text, which may end on half a byte; `null` when it is none. */
export const bytesOfTagHex = (hex: string): Uint8Array | null => {
  const bytes = new Uint8Array((hex.length + 1) >> 1)
  for (let at = 0; at < bytes.length; at += 1) {
    const high = NIBBLES[hex.charCodeAt(2 * at)] ?? -1
    const low = 2 * at + 1 < hex.length ? (NIBBLES[hex.charCodeAt(2 * at + 1)] ?? -1) : 0
    if (high < 0 || low < 0) return null
    bytes[at] = (high << 4) | low
  }
  return bytes
}

const HEADER_BITS = 8
/** Whole numbers up to here are exact. */
const EXACT_BITS = 53
const PIECE_BITS = 32
const PIECE = 32n
const POWERS = Array.from({ length: 17 }, (_, digits) => 10 ** digits)
const DIGIT_BITS = Array.from({ length: 128 }, (_, digits) => (digits === 0 ? 0 : (10n ** BigInt(digits) - 1n).toString(2).length))
const PAIRS = Array.from({ length: 256 }, (_, byte) => (byte >> 4 > 9 || (byte & 15) > 9 ? '' : `${byte >> 4}${byte & 15}`))
const NIBBLES = Int8Array.from({ length: 128 }, (_, code) => '0123456789ABCDEF'.indexOf(String.fromCharCode(code).toUpperCase()))
