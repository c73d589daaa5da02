import { type Refusal, refuse } from '../refusals.ts'
import type { Field, Layout, Width } from './schemes.ts'

/** The fields of a tag by name, as decimal text with the leading zeros the scheme asks for. */
export type Fields = Readonly<Record<string, string>>

/** Reads the fields behind the header; `bytes` hold at least the layout's bits. */
export const readFields = (bytes: Uint8Array, layout: Layout): Fields | Refusal => {
  const fields: Record<string, string> = {}
  let at = HEADER_BITS
  for (const field of layout.fields) {
    const width = widthOf(field, fields)
    if (!width) return refuse('epc.partition-wrong', { partition: fields['partition'] ?? null })
    const value = readBits(bytes, at, width.bits)
    at += width.bits
    if (value >= 10 ** width.digits) return refuse('epc.number-too-large', { field: field.name, value, digits: width.digits })
    fields[field.name] = field.as === 'partitioned' ? String(value).padStart(width.digits, '0') : String(value)
  }
  return fields
}

/** Writes the fields behind a header; every field must be decimal text of the width the scheme gives it. */
export const writeFields = (header: number, layout: Layout, fields: Fields): Uint8Array | Refusal => {
  const bytes = new Uint8Array(Math.ceil(layout.bits / 16) * 2)
  bytes[0] = header
  let at = HEADER_BITS
  for (const field of layout.fields) {
    const width = widthOf(field, fields)
    if (!width) return refuse('epc.partition-wrong', { partition: fields['partition'] ?? null })
    const text = fields[field.name] ?? ''
    if (!isWritable(field, text, width)) return refuse('epc.field-wrong', { field: field.name, value: text })
    writeBits(bytes, at, { bits: width.bits, value: Number(text) })
    at += width.bits
  }
  return bytes
}

/** An unsigned number of up to 53 bits; wider fields (GIAI-96 has 62) need a big integer and are not read here. */
export const readBits = (bytes: Uint8Array, at: number, bits: number): number => {
  let value = 0
  for (let bit = at; bit < at + bits; ) {
    const taken = Math.min(8 - (bit & 7), at + bits - bit)
    const piece = ((bytes[bit >> 3] ?? 0) >> (8 - (bit & 7) - taken)) & (2 ** taken - 1)
    value = value * 2 ** taken + piece
    bit += taken
  }
  return value
}

/** Writes an unsigned number of up to 53 bits. */
export const writeBits = (bytes: Uint8Array, at: number, { bits, value }: { readonly bits: number; readonly value: number }): void => {
  for (let bit = 0; bit < bits; bit += 1) {
    const one = Math.floor(value / 2 ** (bits - 1 - bit)) % 2
    const place = at + bit
    bytes[place >> 3] = (bytes[place >> 3] ?? 0) | (one << (7 - (place & 7)))
  }
}

/** Width of a field; `null` for a partition the scheme does not have. */
const widthOf = (field: Field, fields: Fields): Width | null => {
  if (field.as !== 'partitioned') return { bits: field.bits, digits: UNBOUNDED_DIGITS }
  return field.widths[Number(fields['partition'] ?? -1)] ?? null
}

const isWritable = (field: Field, text: string, width: Width): boolean => {
  if (!/^\d{1,16}$/.test(text) || Number(text) >= 2 ** width.bits) return false
  // A serial with leading zeros would come back without them: the tag cannot hold it [TDS 14.6.1].
  return field.as === 'partitioned' ? text.length === width.digits : text === String(Number(text))
}

const HEADER_BITS = 8
/** Plain numbers are bound by their bits alone. */
const UNBOUNDED_DIGITS = 16
