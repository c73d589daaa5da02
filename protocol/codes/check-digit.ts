import { type Refusal, refuse } from '../refusals.ts'
import { isDigits } from './character-sets.ts'

/** The mod-10 check digit of the digits before it: weights 3, 1, 3 ... from the right [GenSpecs 7.9.1]. */
export const checkDigitOf = (digits: string): number => checkDigitBefore(digits, digits.length)

/** Whether the last digit is the check digit of those before it; `digits` are ASCII digits. */
export const isCheckDigitRight = (digits: string): boolean =>
  checkDigitBefore(digits, digits.length - 1) === digits.charCodeAt(digits.length - 1) - ZERO

/** GTIN-8, 12, 13 or 14 as 14 digits; leading zeros do not change the check digit (R19). */
export const gtin14Of = (text: string): string | Refusal => {
  const { length } = text
  if (!(length === 8 || (length >= 12 && length <= 14)) || !isDigits(text)) return refuse('codes.gtin-length-wrong', { value: text })
  return isCheckDigitRight(text) ? text.padStart(14, '0') : refuse('codes.check-digit-wrong', { value: text })
}

const checkDigitBefore = (digits: string, end: number): number => {
  let sum = 0
  for (let at = end - 1, weight = 3; at >= 0; at -= 1, weight = 4 - weight) sum += (digits.charCodeAt(at) - ZERO) * weight
  return (10 - (sum % 10)) % 10
}

const ZERO = 48
