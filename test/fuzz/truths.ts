/**
 * What must hold of an accepted code, reckoned here once more without the code under test: check digits [GenSpecs 7.9.1], check characters of a GMN
 * [GenSpecs 7.9.5] and of HIBC [ANSI/HIBC 2.6, mod 43]. Answers what is untrue of it, or `null`.
 */
export const untruthOf = (request: Readonly<Record<string, unknown>>, answer: Readonly<Record<string, unknown>>): string | null => {
  const { elements, elementString } = answer
  const said = Array.isArray(elements) ? (elements as readonly (readonly [string, string])[]) : elementsIn(elementString)
  for (const [ai, value] of said) {
    const digits = DIGITS.get(ai)
    if (digits !== undefined && !isMod10(value.slice(0, digits), digits)) return `(${ai})${value}: check digit`
    if (PAIRED.includes(ai) && !isMod1021(value)) return `(${ai})${value}: check characters`
  }
  const { input } = request
  const isHibc = (answer['system'] ?? answer['issuer']) === 'HIBC'
  if (isHibc && typeof input === 'string' && !isMod43(input)) return 'HIBC check character'
  return null
}

/** Keys with a check digit as the last of so many digits. */
const DIGITS: ReadonlyMap<string, number> = new Map([
  ...['01', '02', '03', '8003', '8006', '8026'].map((ai) => [ai, 14] as const),
  ...['00', '8017', '8018'].map((ai) => [ai, 18] as const),
  ...['253', '255', '410', '411', '412', '413', '414', '415', '416', '417'].map((ai) => [ai, 13] as const),
  ['402', 17],
])
const PAIRED = ['8013', '8014']

/** Elements of a tag's `(01)...(21)...`; a bracket inside a serial ends it, which harms no key. */
const elementsIn = (text: unknown): readonly (readonly [string, string])[] =>
  typeof text === 'string' ? Array.from(text.matchAll(/\((\d{2,4})\)([^(]*)/g), ([, ai = '', value = '']) => [ai, value] as const) : []

const isMod10 = (value: string, digits: number): boolean => {
  if (!new RegExp(`^\\d{${digits}}$`).test(value)) return false
  const sum = [...value].toReversed().reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3), 0)
  return sum % 10 === 0
}

/** Weights are the primes from the right, values the places in set 82, and the two last letters hold the sum in base 32. */
const isMod1021 = (value: string): boolean => {
  const body = [...value.slice(0, -2)].toReversed()
  const sum = body.reduce((total, letter, at) => total + SET_82.indexOf(letter) * (PRIMES[at] ?? 0), 0) % 1021
  return value.length > 2 && value.slice(-2) === `${SET_32.charAt(sum >> 5)}${SET_32.charAt(sum & 31)}`
}
const SET_82 = `!"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz`
const SET_32 = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83]

/** What the scanner sets before it and the stars that Code 39 starts and stops with are no data. */
const isMod43 = (input: string): boolean => {
  const text = input
    .replace(/^\][A-Za-z][0-9A-Za-z]/, '')
    .replace(/^[\s\p{Cc}]+/u, '')
    .replace(/^\*|\*$/g, '')
  const values = [...text].map((letter) => SET_43.indexOf(letter))
  const last = values.pop()
  return !values.includes(-1) && values.reduce((sum, value) => sum + value, 0) % 43 === last
}
const SET_43 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%'
