/**
 * What the unofficial check digit rule of MA codes says to a printed digit (rfid.md 3.2): each character becomes a number, the digits of all of them
 * are weighed as in a payment card number. As written down, the rule skips every 9; label programs count them, so either may be right.
 */
export interface MaCheck {
  /** By the rule as it was written down. */
  readonly matches: boolean
  /** Neither reading of the rule gives the printed digit. */
  readonly differs: boolean
}

/** The check of the text before a digit: the code up to the last character of its product, or `.S...` up to `.C`. */
export const maCheckOf = (text: string, printed: string): MaCheck => {
  const matches = digitOf(text, false) === printed
  return { matches, differs: !matches && digitOf(text, true) !== printed }
}

/** The digit, or `null` where the text holds a character that has no number. */
const digitOf = (text: string, countsNines: boolean): string | null => {
  let sum = 0
  let isDoubled = false
  const weigh = (digit: number): void => {
    sum += isDoubled ? (DOUBLED[digit] ?? 0) : digit
    isDoubled = !isDoubled
  }
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const number = NUMBERS[text.charCodeAt(at)] ?? NO_NUMBER
    if (number === NO_NUMBER) return null
    if (number === 9 && !countsNines) continue
    weigh(number % 10)
    if (number > 9) weigh(Math.floor(number / 10))
  }
  return String((10 - (sum % 10)) % 10)
}

const NO_NUMBER = -1
/** Twice a digit, its own digits added up. */
const DOUBLED = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]
/** From 0 on, and from 45 on. */
const FIRST = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg'
const SECOND = 'hijklmnopqrstuvwxyz-.@$,*+%/#!^~'
const NUMBERS = Int8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  return SECOND.includes(character) ? 45 + SECOND.indexOf(character) : FIRST.indexOf(character)
})
