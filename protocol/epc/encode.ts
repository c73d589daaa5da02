import { gtin14Of, isCheckDigitRight } from '../codes/check-digit.ts'
import { isRefusal, type Refusal, refuse } from '../refusals.ts'
import { PREFIX_DIGITS_MAX } from './fields.ts'
import { encodePartitioned } from './partitioned.ts'
import { GRAI_96, type Said, type SchemeRow, SGLN_96, SGTIN_96, SGTIN_198, SSCC_96 } from './schemes.ts'

/** What every tag of TDS 1 says beside its key. */
interface Written {
  /** Where in the key the company prefix ends: 6 to 12 digits. */
  readonly prefixDigits: number
  readonly filter: number
}

/** What to write on a label: the thing, its number, and where in the GTIN the company prefix ends (6 to 12 digits). */
export interface SgtinToWrite extends Written {
  readonly gtin: string
  readonly serial: string
}

/** Whether an SGTIN-96 can hold a serial; every other one needs an SGTIN+ [TDS 14.6.1]. */
export const isSgtin96Serial = (serial: string): boolean => /^(?:0|[1-9]\d{0,11})$/.test(serial) && Number(serial) < 2 ** 38

/** The 12 bytes of an SGTIN-96; the serial is a decimal number up to 274877906943 without leading zeros [TDS 14.6.1.1]. */
export const encodeSgtin96 = (sgtin: SgtinToWrite): Uint8Array | Refusal => encodeSgtin(SGTIN_96, sgtin)

/** The 26 bytes of an SGTIN-198; the serial is any 1 to 20 letters GS1 allows [TDS 14.6.1.2]. */
export const encodeSgtin198 = (sgtin: SgtinToWrite): Uint8Array | Refusal => encodeSgtin(SGTIN_198, sgtin)

/** The 12 bytes of an SSCC-96 [TDS 14.6.2.1]. */
export const encodeSscc96 = ({ sscc, ...written }: Written & { readonly sscc: string }): Uint8Array | Refusal =>
  encodeKey(SSCC_96, sscc, { ...written, keyDigits: 18, isDigitFirst: true, serial: '' })

/** The 12 bytes of an SGLN-96; extension `null` is the place itself, else a decimal number up to 2199023255551 [TDS 14.6.3.1]. */
export const encodeSgln96 = (sgln: Written & { readonly gln: string; readonly extension: string | null }): Uint8Array | Refusal => {
  const { gln, extension, ...written } = sgln
  if (extension === '0') return refuse('epc.field-wrong', { field: 'serial', value: extension })
  return encodeKey(SGLN_96, gln, { ...written, keyDigits: 13, isDigitFirst: false, serial: extension ?? '0' })
}

/** The 12 bytes of a GRAI-96: thirteen digits of the type, then the serial up to 274877906943, as in AI (8003) behind its zero [TDS 14.6.4.1]. */
export const encodeGrai96 = ({ grai, ...written }: Written & { readonly grai: string }): Uint8Array | Refusal =>
  encodeKey(GRAI_96, grai.slice(0, 13), { ...written, keyDigits: 13, isDigitFirst: false, serial: grai.slice(13) })

const encodeSgtin = (row: SchemeRow, { gtin, serial, prefixDigits, filter }: SgtinToWrite): Uint8Array | Refusal => {
  const gtin14 = gtin14Of(gtin)
  if (isRefusal(gtin14)) return refuse('epc.gtin-wrong', { gtin })
  return encodeKey(row, gtin14, { prefixDigits, filter, keyDigits: 14, isDigitFirst: true, serial })
}

interface Key extends Written {
  readonly keyDigits: number
  /** The digit in front of the company prefix belongs to the reference. */
  readonly isDigitFirst: boolean
  readonly serial: string
}

const encodeKey = (row: SchemeRow, key: string, { prefixDigits, filter, keyDigits, isDigitFirst, serial }: Key): Uint8Array | Refusal => {
  if (!/^\d+$/.test(key) || key.length !== keyDigits) return refuse('epc.field-wrong', { field: row.name, value: key })
  if (!isCheckDigitRight(key)) return refuse('epc.check-digit-wrong', { ai: row.name.toUpperCase(), value: key })
  if (!Number.isInteger(prefixDigits) || prefixDigits < PREFIX_DIGITS_MIN || prefixDigits > PREFIX_DIGITS_MAX)
    return refuse('epc.field-wrong', { field: 'prefixDigits', value: prefixDigits })
  const from = isDigitFirst ? 1 : 0
  const prefix = key.slice(from, from + prefixDigits)
  const reference = key.slice(0, from) + key.slice(from + prefixDigits, -1)
  const said: Partial<Said> = { filter: String(filter), prefix, reference, serial }
  return encodePartitioned(row, said)
}

const PREFIX_DIGITS_MIN = 6
