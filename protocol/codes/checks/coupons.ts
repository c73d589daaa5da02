import { isDigits } from '../character-sets.ts'
import { isYymmdd } from '../gs1-date.ts'

/** Whether digits are a North American coupon code of AI (8110): what is always there, then sections by their leading digit, in order. */
export const isCouponCode = (digits: string, referenceYear: number): boolean => {
  if (!isDigits(digits)) return false
  let at = afterSteps(digits, 0, OFFER, referenceYear)
  const starts: Record<string, number> = {}
  for (const [mark, steps] of SECTIONS) {
    if (at < 0 || digits[at] !== mark) continue
    starts[mark] = at + 1
    at = afterSteps(digits, at + 1, steps, referenceYear)
  }
  const { [LAST_DAY]: last, [FIRST_DAY]: first } = starts
  const inOrder = last === undefined || first === undefined || digits.slice(first, first + 6) <= digits.slice(last, last + 6)
  return at === digits.length && inOrder
}

/** Whether digits are the positive offer of AI (8112): format, funder, offer code, serial. */
export const isCouponOffer = (digits: string, referenceYear: number): boolean =>
  isDigits(digits) && afterSteps(digits, 0, POSITIVE_OFFER, referenceYear) === digits.length

/**
 * One step through the digits:
 *
 *   `fixed`     so many digits
 *   `one`       one of these digits
 *   `variable`  one of these digits, then as many as it says and `more`
 *   `company`   as `variable`, and 9 says that there is none
 *   `date`      YYMMDD
 */
type Step =
  | readonly ['fixed', length: number]
  | readonly ['one', allowed: string]
  | readonly ['variable' | 'company', allowed: string, more: number]
  | readonly ['date']

const afterSteps = (digits: string, from: number, steps: readonly Step[], referenceYear: number): number => {
  let at = from
  for (const step of steps) {
    at = afterStep(digits, at, step, referenceYear)
    if (at < 0) return -1
  }
  return at
}

/** Where the step ends, or -1. */
const afterStep = (digits: string, at: number, step: Step, referenceYear: number): number => {
  if (step[0] === 'fixed') return within(digits, at + step[1])
  if (step[0] === 'date') {
    const date = digits.slice(at, at + 6)
    return isYymmdd(date, referenceYear) && !date.endsWith('00') ? at + 6 : -1
  }
  const digit = digits.charAt(at)
  if (digit === '' || !step[1].includes(digit)) return -1
  if (step[0] === 'one') return at + 1
  const length = step[0] === 'company' && digit === '9' ? 0 : Number(digit) + step[2]
  return within(digits, at + 1 + length)
}

const within = (digits: string, end: number): number => (end <= digits.length ? end : -1)

const REQUIREMENT: readonly Step[] = [
  ['variable', '12345', 0],
  ['one', '012349'],
  ['fixed', 3],
]
const OFFER: readonly Step[] = [['variable', '0123456', 6], ['fixed', 6], ['variable', '12345', 0], ...REQUIREMENT]
const LAST_DAY = '3'
const FIRST_DAY = '4'
const SECTIONS: readonly (readonly [mark: string, steps: readonly Step[]])[] = [
  ['1', [['one', '0123'], ...REQUIREMENT, ['company', '01234569', 6]]],
  ['2', [...REQUIREMENT, ['company', '01234569', 6]]],
  [LAST_DAY, [['date']]],
  [FIRST_DAY, [['date']]],
  ['5', [['variable', '0123456789', 6]]],
  ['6', [['variable', '1234567', 6]]],
  [
    '9',
    [
      ['one', '01256'],
      ['one', '012'],
      ['fixed', 1],
      ['one', '01'],
    ],
  ],
]
const POSITIVE_OFFER: readonly Step[] = [
  ['one', '01'],
  ['variable', '0123456', 6],
  ['fixed', 6],
  ['variable', '0123456789', 6],
]
