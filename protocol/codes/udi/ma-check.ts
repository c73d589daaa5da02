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
  let digits = ''
  for (const character of text) {
    const number = NUMBERS.get(character)
    if (number === undefined) return null
    if (character !== '9' || countsNines) digits += number
  }
  let sum = 0
  for (let at = digits.length - 1, isDoubled = false; at >= 0; at -= 1, isDoubled = !isDoubled) {
    const digit = digits.charCodeAt(at) - ZERO
    sum += isDoubled ? (DOUBLED[digit] ?? 0) : digit
  }
  return String((10 - (sum % 10)) % 10)
}

const ZERO = 48
/** Twice a digit, its own digits added up. */
const DOUBLED = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]
const numbered = (characters: string, from: number): readonly (readonly [string, number])[] =>
  Array.from(characters, (character, at) => [character, from + at])
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ...numbered('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg', 0),
  ...numbered('hijklmnopqrstuvwxyz-.@$,*+%/#!^~', 45),
])
