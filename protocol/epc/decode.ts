import { hexOf } from '../bytes.ts'
import { checkDigitOf } from '../codes/check-digit.ts'
import { isRefusal, type Refusal, refuse } from '../refusals.ts'
import { type Fields, readFields } from './fields.ts'
import type { EpcIdentity } from './identity.ts'
import { decodeSgtinPlus, SGTIN_PLUS_HEADER } from './plus.ts'
import { FACTORY_HEADER, SCHEME_ROWS, type SchemeRow } from './schemes.ts'

/** Reads the EPC of a tag (without PC word and CRC); refusals `epc.*`. */
export const decodeEpc = (bytes: Uint8Array): EpcIdentity | Refusal => {
  const header = bytes[0]
  if (header === undefined) return refuse('epc.empty')
  if (header === SGTIN_PLUS_HEADER) return decodeSgtinPlus(bytes)
  const row = BY_HEADER.get(header)
  if (!row)
    return header === FACTORY_HEADER
      ? refuse('epc.factory-default', { hex: hexOf(bytes) })
      : refuse('epc.header-unassigned', { header: hexOf(bytes.subarray(0, 1)) })
  const { scheme, layout } = row
  if (!layout) return refuse('epc.scheme-not-decoded', { scheme })
  if (bytes.length * 8 !== layout.bits) return refuse('epc.length-wrong', { scheme, bits: layout.bits, found: bytes.length * 8 })
  const fields = readFields(bytes, layout)
  if (isRefusal(fields)) return fields
  const gtin14 = gtinOf(fields)
  const serial = fields['serial'] ?? ''
  return {
    scheme,
    uri: said(layout.uri, fields),
    tagUri: said(layout.tagUri, fields),
    elementString: `(01)${gtin14}(21)${serial}`,
    filter: Number(fields['filter']),
    gtin14,
    serial,
    prefixDigits: (fields['prefix'] ?? '').length,
  }
}

/** The reference begins with the indicator digit, which a GTIN carries in front of the prefix [TDS 7.3.3]. */
const gtinOf = (fields: Fields): string => {
  const reference = fields['reference'] ?? ''
  const digits = reference.slice(0, 1) + (fields['prefix'] ?? '') + reference.slice(1)
  return digits + checkDigitOf(digits)
}

const said = (template: string, fields: Fields): string => template.replace(/\{(\w+)\}/g, (_, name: string) => fields[name] ?? '')

const BY_HEADER: ReadonlyMap<number, SchemeRow> = new Map(SCHEME_ROWS.map((row) => [row.header, row]))
