import { hexOf } from '../bytes.ts'
import { isRefusal, type Refusal, refuse } from '../refusals.ts'
import { cursorBehindHeader, isZeroToEnd, penBehindHeader, wordsOf } from './bits.ts'
import { readField, writeField } from './fields.ts'
import { type EpcIdentity, identityOf } from './identity.ts'
import { escaped } from './letters.ts'
import type { Said, SchemeRow } from './schemes.ts'

/** Reads an EPC of a scheme of TDS 1. Zeros may fill it up to the word; where the text decides its length, to the end. */
export const decodePartitioned = (bytes: Uint8Array, row: SchemeRow): EpcIdentity | Refusal => {
  const found = bytes.length * 8
  if (row.bits !== null && (found < row.bits || found >= row.bits + WORD_BITS))
    return refuse('epc.length-wrong', { scheme: row.scheme, bits: row.bits, found })
  const cursor = cursorBehindHeader(bytes)
  const said: Said = { filter: '', prefix: '', reference: '', piece: '', total: '', serial: '' }
  let isPartitioned = false
  let body = ''
  for (const field of row.fields) {
    const text = readField(cursor, field, said.prefix.length)
    if (typeof text !== 'string') return text
    said[field.name] = text
    if (field.as === 'prefixed') isPartitioned = true
    if (field.name !== 'filter' && field.as !== 'zeros')
      body += (body === '' ? '' : '.') + (LETTERED.includes(field.as) ? escaped(text) : text)
  }
  if (!isZeroToEnd(cursor)) return refuse('epc.bits-behind', { scheme: row.scheme, rest: hexOf(bytes.subarray(cursor.at >> 3)) })
  return identityOf({
    scheme: row.scheme,
    uri: `urn:epc:id:${row.name}:${body}`,
    tagUri: `urn:epc:tag:${row.tag}:${said.filter === '' ? '' : `${said.filter}.`}${body}`,
    elements: row.elements(said),
    filter: said.filter === '' ? null : Number(said.filter),
    hostname: null,
    prefixDigits: isPartitioned ? said.prefix.length : null,
    rest: null,
  })
}

/** The bytes of such an EPC, whole words; refusal `epc.field-wrong` for what a field cannot hold. */
export const encodePartitioned = (row: SchemeRow, said: Partial<Said>): Uint8Array | Refusal => {
  const pen = penBehindHeader(row.header)
  for (const field of row.fields) {
    const refusal = writeField(pen, field, field.as === 'zeros' ? '' : (said[field.name] ?? ''), said.prefix?.length ?? 0)
    if (isRefusal(refusal)) return refusal
  }
  return wordsOf(pen) ?? refuse('epc.length-wrong', { scheme: row.scheme, bits: pen.bytes.length * 8, found: pen.at })
}

/** Fields that may hold letters to be escaped. */
const LETTERED: readonly string[] = ['text', 'six']
/** Readers hand over whole words [TDS 14.4]. */
const WORD_BITS = 16
