import { gtin14Of } from '../codes/check-digit.ts'
import { isRefusal, type Refusal, refuse } from '../refusals.ts'
import { writeFields } from './fields.ts'
import { SGTIN_96 } from './schemes.ts'

/** What to write on a label: the thing, its number, and where in the GTIN the company prefix ends (6 to 12 digits). */
export interface SgtinToWrite {
  readonly gtin: string
  readonly serial: string
  readonly prefixDigits: number
  readonly filter: number
}

/** Whether an SGTIN-96 can hold a serial; every other one needs an SGTIN+ [TDS 14.6.1]. */
export const isSgtin96Serial = (serial: string): boolean => /^(?:0|[1-9]\d{0,11})$/.test(serial) && Number(serial) < 2 ** 38

/** The 12 bytes of an SGTIN-96; the serial is a decimal number up to 274877906943 without leading zeros [TDS 14.6.1]. */
export const encodeSgtin96 = ({ gtin, serial, prefixDigits, filter }: SgtinToWrite): Uint8Array | Refusal => {
  const gtin14 = gtin14Of(gtin)
  if (isRefusal(gtin14)) return refuse('epc.gtin-wrong', { gtin })
  if (!Number.isInteger(prefixDigits) || prefixDigits < 6 || prefixDigits > 12)
    return refuse('epc.field-wrong', { field: 'prefixDigits', value: prefixDigits })
  const fields = {
    filter: String(filter),
    partition: String(12 - prefixDigits),
    prefix: gtin14.slice(1, 1 + prefixDigits),
    reference: gtin14.slice(0, 1) + gtin14.slice(1 + prefixDigits, 13),
    serial,
  }
  return writeFields(SGTIN_96.header, SGTIN_96.layout, fields)
}
