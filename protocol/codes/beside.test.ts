import { describe, expect, it } from 'vitest'
import { isRefusal } from '../refusals.ts'
import { identifyBrackets } from './identification.ts'

const GTIN = '(01)06901234567892'
const codeOf = (text: string, requisites: boolean): string => {
  const answer = identifyBrackets(text, { referenceYear: 2026, requisites })
  return isRefusal(answer) ? answer.code : 'read'
}

/** What stands beside what: read with the requisites asked for, and without. */
describe('AIs of one label', () => {
  it.each([
    [`${GTIN}(10)A`, 'read', 'read'],
    ['(10)A', 'codes.ai-missing', 'read'],
    ['(03)06901234567892(10)A', 'read', 'read'],
    ['(8006)069012345678920102(10)A', 'read', 'read'],
    ['(02)06901234567892', 'codes.ai-missing', 'read'],
    ['(02)06901234567892(37)5', 'codes.ai-missing', 'read'],
    ['(00)369012340000000017(02)06901234567892(37)5', 'read', 'read'],
    ['(00)369012340000000017(8026)069012345678920102(37)5', 'read', 'read'],
    [`${GTIN}(37)5`, 'codes.ai-excluded', 'codes.ai-excluded'],
    [`${GTIN}(02)06901234567892(37)5`, 'codes.ai-excluded', 'codes.ai-excluded'],
    [`${GTIN}(03)06901234567892`, 'codes.ai-excluded', 'codes.ai-excluded'],
    [`${GTIN}(21)A(235)B`, 'codes.ai-excluded', 'codes.ai-excluded'],
    [`${GTIN}(3103)001250(3102)012500`, 'codes.ai-excluded', 'codes.ai-excluded'],
    [`${GTIN}(3103)001250(3103)001250`, 'read', 'read'],
    [`${GTIN}(3103)001250(3103)001251`, 'codes.ai-repeated', 'codes.ai-repeated'],
    [`${GTIN}(3103)001250(3920)995`, 'read', 'read'],
    [`${GTIN}(3920)995`, 'codes.ai-missing', 'read'],
    [`${GTIN}(3920)995(3930)156995(30)2`, 'codes.ai-excluded', 'codes.ai-excluded'],
    [`${GTIN}(250)A`, 'codes.ai-missing', 'read'],
    [`${GTIN}(21)S(250)A`, 'read', 'read'],
    ['(8004)1234(250)A(21)B', 'codes.ai-missing', 'read'],
    [`${GTIN}(21)S(8041)123456789012345`, 'codes.ai-missing', 'read'],
    [`${GTIN}(21)S(8040)123456789012345(8041)123456789012345`, 'read', 'read'],
    [`${GTIN}(8014)1987654Ad4X4bL5ttr2310c2K`, 'read', 'read'],
    ['(8014)1987654Ad4X4bL5ttr2310c2K', 'codes.ai-missing', 'read'],
    ['(8017)690123400000000018(8018)690123400000000018', 'codes.ai-excluded', 'codes.ai-excluded'],
    ['(253)6901234000016(8030)AAA', 'codes.serial-missing', 'codes.serial-missing'],
    ['(253)6901234000016X(8030)AAA', 'read', 'read'],
    ['(8003)06901234567892(8030)AAA', 'codes.serial-missing', 'codes.serial-missing'],
    [`${GTIN}(8030)AAA`, 'codes.ai-missing', 'read'],
  ])('%s: %s, %s', (text, asked, unasked) => {
    expect(codeOf(text, true)).toBe(asked)
    expect(codeOf(text, false)).toBe(unasked)
  })
})
