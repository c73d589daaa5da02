import { hexOf } from '../bytes.ts'
import { checkDigitOf } from '../codes/check-digit.ts'
import { isRefusal, type Refusal, refuse } from '../refusals.ts'
import { type Fields, readFields } from './fields.ts'
import { decodeSgtinPlus, SGTIN_PLUS_HEADER } from './plus.ts'
import { FACTORY_HEADER, SCHEME_ROWS, type SchemeRow } from './schemes.ts'

/** What a tag holds, in every way GS1 says it [TDS 6, 12, 14]. */
export interface EpcIdentity {
  readonly scheme: string
  /** Pure identity, without the filter; the schemes of TDS 2 have none, their `elementString` says it. */
  readonly uri: string | null
  readonly tagUri: string | null
  /** `(01)...(21)...` */
  readonly elementString: string
  /** 0 other, 1 point of sale, 2 full case, 4 inner pack, 6 unit load, 7 component. */
  readonly filter: number
  readonly gtin14: string
  readonly serial: string
  /** Digits of the company prefix, needed to write the same tag again; a scheme of TDS 2 knows none. */
  readonly prefixDigits: number | null
}

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
