import { checkDigitOf, gtin14Of } from '../codes/check-digit.ts'
import { isRefusal, type Refusal, refuse } from '../refusals.ts'
import { capitalEscapes, escaped, SEVEN_BIT, unescaped } from './letters.ts'

/** A lot of a kind of thing; a class, so no tag holds it [TDS 7.18]. */
export interface Lgtin {
  readonly gtin14: string
  readonly lot: string
}

/** `urn:epc:class:lgtin:6901234.056789.A%2F1`; refusals `epc.gtin-wrong`, `epc.field-wrong`. */
export const lgtinUriOf = ({ gtin14, lot }: Lgtin, prefixDigits: number): string | Refusal => {
  if (isRefusal(gtin14Of(gtin14)) || gtin14.length !== 14) return refuse('epc.gtin-wrong', { gtin: gtin14 })
  if (!Number.isInteger(prefixDigits) || prefixDigits < 6 || prefixDigits > 12)
    return refuse('epc.field-wrong', { field: 'prefixDigits', value: prefixDigits })
  if (!isLot(lot)) return refuse('epc.field-wrong', { field: 'lot', value: lot })
  const reference = gtin14.slice(0, 1) + gtin14.slice(1 + prefixDigits, 13)
  return `${LGTIN}${gtin14.slice(1, 1 + prefixDigits)}.${reference}.${escaped(lot)}`
}

/** What such a URI says; refusal `epc.uri-wrong`. */
export const readLgtinUri = (uri: string): Lgtin | Refusal => {
  const [, prefix = '', reference = '', said = ''] = /^urn:epc:class:lgtin:(\d{6,12})\.(\d{1,7})\.(.+)$/.exec(uri) ?? []
  const lot = unescaped(said)
  const isSame = lot !== null && isLot(lot) && escaped(lot) === capitalEscapes(said)
  if (prefix.length + reference.length !== 13 || lot === null || !isSame) return refuse('epc.uri-wrong', { uri: uri.slice(0, 200) })
  const digits = reference.slice(0, 1) + prefix + reference.slice(1)
  return { gtin14: digits + checkDigitOf(digits), lot }
}

/**
 * Digits of the company prefix of a GTIN of GS1 China, where the prefix tells it: seven behind 690 and 691, eight behind 692 and 693
 * [GB 12904]; `null` for every other one, whose owner alone knows.
 */
export const prefixDigitsOf = (gtin14: string): number | null => PREFIX_DIGITS[gtin14.slice(1, 4)] ?? null

/** AI (10): 1 to 20 letters [GenSpecs 3.4.4]. */
const isLot = (lot: string): boolean =>
  lot.length > 0 && lot.length <= 20 && [...lot].every((letter) => letter !== '#' && SEVEN_BIT.includes(letter))

const PREFIX_DIGITS: Readonly<Record<string, number>> = { '690': 7, '691': 7, '692': 8, '693': 8 }
const LGTIN = 'urn:epc:class:lgtin:'
