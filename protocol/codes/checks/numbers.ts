import { isDigits, isWithin, SET_82 } from '../character-sets.ts'
import { isCountry } from './countries.ts'

/** Whether the last two characters are the check pair of those before them [GenSpecs 7.9.5]. */
export const isCheckPairRight = (text: string): boolean => {
  const end = text.length - 2
  if (end < 0 || end > PRIMES.length) return false
  let sum = 0
  for (let at = 0; at < end; at += 1) {
    const weight = SET_82.indexOf(text.charAt(at))
    if (weight < 0) return false
    sum += weight * (PRIMES[end - 1 - at] ?? 0)
  }
  sum %= 1021
  return text[end] === PAIR_LETTERS[sum >> 5] && text[end + 1] === PAIR_LETTERS[sum & 31]
}

/** Whether a text begins with digits enough for the shortest GS1 company prefix, from `at`; which prefixes are given out no table here says. */
export const beginsWithPrefix = (text: string, at: number): boolean =>
  text.length >= at + PREFIX_LENGTH_MIN && isWithin('N', text, at, at + PREFIX_LENGTH_MIN)

/** Whether a text is an account number with right check digits [ISO 13616, ISO 7064 mod 97-10]. */
export const isIban = (text: string): boolean => {
  if (text.length < IBAN_LENGTH_MIN || text.length > IBAN_LENGTH_MAX || !isCountry(text.slice(0, 2))) return false
  let rest = 0
  for (let at = 4; at < text.length + 4; at += 1) {
    const value = IBAN_LETTERS.indexOf(text.charAt(at % text.length))
    if (value < 0) return false
    rest = (rest * (value < 10 ? 10 : 100) + value) % 97
  }
  return rest === 1
}

/** Whether a text is a piece number and a total of the same length, neither zero, the piece within the total. */
export const isPieceOfTotal = (text: string): boolean => {
  const half = text.length / 2
  if (!isDigits(text) || !Number.isInteger(half)) return false
  const piece = Number(text.slice(0, half))
  return piece > 0 && piece <= Number(text.slice(half))
}

/** Whether a text is `position/count` without leading zeros, the position within the count. */
export const isPlaceInSequence = (text: string): boolean => {
  const slash = text.indexOf('/')
  const [place, count] = [text.slice(0, slash), text.slice(slash + 1)]
  if (slash < 1 || count === '' || !isDigits(place) || !isDigits(count) || place.startsWith('0') || count.startsWith('0')) return false
  return Number(place) <= Number(count)
}

/** Whether each percent sign is followed by two hexadecimal digits. */
export const isPercentEncoded = (text: string): boolean => !/%(?![0-9A-Fa-f]{2})/.test(text)

/** Whether base64url is padded at its end, to a length of threes, by one or two signs or none. */
export const isPaddedRight = (text: string): boolean => {
  const first = text.indexOf('=')
  if (first < 0) return true
  const pads = text.length - first
  return pads <= 2 && text.length % 3 === 0 && text.endsWith('='.repeat(pads))
}

const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83]
const PAIR_LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const PREFIX_LENGTH_MIN = 4
const IBAN_LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const IBAN_LENGTH_MIN = 11
const IBAN_LENGTH_MAX = 34
