import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { isRefusal } from '../refusals.ts'
import type { Ai, Part } from './ai-spec.ts'
import { GS } from './aim.ts'
import { AIS } from './ais.ts'
import { besideRefusal } from './beside.ts'
import { SET_82 } from './character-sets.ts'
import { checkDigitOf, isCheckDigitRight } from './check-digit.ts'
import { isCheckPairRight } from './checks/numbers.ts'
import type { CheckName } from './checks/table.ts'
import { decodeLine } from './decode.ts'
import { bracketsOf, type Element, messageOf } from './elements.ts'
import { type Identification, identifyBrackets, identifyLink, identifyScan, identifyUnbracketed } from './identification.ts'
import { linkOf } from './write-link.ts'

const YEAR = 2026
const READING = { referenceYear: YEAR }
const ROWS = [...AIS.values()]

const letters = (alphabet: string, min: number, max: number) =>
  fc.array(fc.constantFrom(...alphabet), { minLength: min, maxLength: max }).map((all) => all.join(''))
const digits = (min: number, max = min) => letters('0123456789', min, max)
const pair = (from: number, to: number) => fc.integer({ min: from, max: to }).map((number) => String(number).padStart(2, '0'))
const joined = (...pieces: readonly fc.Arbitrary<string>[]) => fc.tuple(...pieces).map((all) => all.join(''))
const date = joined(pair(0, 99), pair(1, 12), pair(1, 28))
const paired = (text: string): string => {
  const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
  for (const one of alphabet) for (const other of alphabet) if (isCheckPairRight(text + one + other)) return text + one + other
  throw new Error(text)
}

/** A right component for each check that a random one would not pass. */
const RIGHT: Partial<Record<CheckName, (part: Part) => fc.Arbitrary<string>>> = {
  csum: ({ lengthMax }) => digits(lengthMax - 1).map((text) => text + checkDigitOf(text)),
  csumalpha: () => joined(digits(4), fc.constant('A'), letters(SET_82, 0, 18)).map(paired),
  gcppos1: ({ set, lengthMax }) => joined(digits(4), letters(set === 'Y' ? '#-/0123456789ABCXYZ' : SET_82, 0, lengthMax - 4)),
  yymmd0: () => joined(pair(0, 99), pair(1, 12), pair(0, 28)),
  yymmdd: () => date,
  yyyymmdd: () => joined(fc.constantFrom('19', '20'), date),
  hhmi: () => joined(pair(0, 23), pair(0, 59)),
  hh: () => pair(0, 23),
  mi: () => pair(0, 59),
  ss: () => pair(0, 59),
  iso3166: () => fc.constantFrom('156', '840', '276', '004'),
  iso3166999: () => fc.constantFrom('156', '999', '276'),
  iso3166alpha2: () => fc.constantFrom('CN', 'DE', 'ZW'),
  iso4217: () => fc.constantFrom('156', '978', '008'),
  iso5218: () => fc.constantFrom('0', '1', '2', '9'),
  iban: () => fc.constantFrom('GB82WEST12345698765432', 'DE89370400440532013000'),
  yesno: () => fc.constantFrom('0', '1'),
  nonzero: ({ lengthMax }) => digits(lengthMax - 1).map((text) => `${text}7`),
  zero: () => fc.constant('0'),
  nozeroprefix: () => joined(fc.constantFrom('1', '9'), digits(0, 11)),
  winding: () => fc.constantFrom('0', '1', '9'),
  importeridx: () => fc.constantFrom('A', 'z', '-', '_'),
  mediatype: () => fc.constantFrom('01', '10', '80'),
  packagetype: () => fc.constantFrom('CT', '9', 'X11', 'PPE'),
  pcenc: () => fc.constantFrom('A%20B', '%E5%8C%BB', 'Ward+3', '%25'),
  pieceoftotal: () => fc.constantFrom('0101', '0102', '9999'),
  posinseqslash: () => fc.constantFrom('1/1', '1/2', '3/9'),
  hyphen: () => fc.constant('-'),
  latitude: () => fc.integer({ min: 0, max: 1_800_000_000 }).map((steps) => String(steps).padStart(10, '0')),
  longitude: () => fc.integer({ min: 0, max: 3_600_000_000 }).map((steps) => String(steps).padStart(10, '0')),
  couponcode: () => fc.constantFrom('061414101234515110123', '06141410123451511012332808314280801'),
  couponposoffer: () => fc.constantFrom('006141410123450123456'),
}
const ALPHABETS = { N: '0123456789', X: SET_82, Y: '#-/0123456789ABCXYZ', Z: '-_09AZaz' }

const partArbitrary = (part: Part): fc.Arbitrary<string> => {
  const name = part.checks.find((check) => check in RIGHT)
  const right = name === undefined ? undefined : RIGHT[name]
  return right ? right(part) : letters(ALPHABETS[part.set], part.lengthMin, part.lengthMax)
}
const elementOf = ({ ai, parts }: Ai): fc.Arbitrary<Element> => {
  const last = parts.at(-1)
  const whole = joined(...parts.map(partArbitrary))
  const bare = joined(...parts.filter(({ optional }) => !optional).map(partArbitrary))
  return (last?.optional ? fc.oneof(whole, bare) : whole).map((value) => [ai, value] as const)
}
const anyElement = fc.oneof(...ROWS.map(elementOf))

const said = (answer: Identification | { readonly code: string }): readonly Element[] | string =>
  isRefusal(answer) ? answer.code : (answer as Identification).elements

/** Every form is read back as what was written. */
const goesRound = (elements: readonly Element[]): void => {
  const message = messageOf(elements)
  expect(said(identifyBrackets(bracketsOf(elements), READING))).toEqual(elements)
  expect(said(identifyUnbracketed(message, READING))).toEqual(elements)
  const scan = identifyScan(`]d2${message.slice(1).replaceAll('^', GS)}`, READING)
  expect(scan).toMatchObject({ elements, ai: bracketsOf(elements), canonical: message, symbology: 'DM' })
  const link = linkOf(elements)
  if (isRefusal(link)) return
  const read = identifyLink(link, READING)
  if (isRefusal(read)) throw new Error(`${read.code} ${link}`)
  expect(new Map(read.elements)).toEqual(new Map(elements))
  expect(linkOf(read.elements, read.link?.pathLength)).toBe(link)
}

describe('from form to form', () => {
  test('every AI alone', () => {
    for (const row of ROWS)
      fc.assert(
        fc.property(elementOf(row), (element) => goesRound([element])),
        { numRuns: 2 },
      )
  })
  test('several AIs that may stand together', () => {
    const several = fc.uniqueArray(anyElement, { minLength: 2, maxLength: 6, selector: ([ai]) => ai })
    fc.assert(
      fc.property(several, (elements) => {
        fc.pre(besideRefusal(elements, false) === null)
        goesRound(elements)
      }),
      { numRuns: 250 },
    )
  })
})

describe('a wrong check digit is never taken', () => {
  const withDigit = ROWS.filter(({ parts }) => parts.some(({ checks }) => checks.includes('csum')))
  it.each(withDigit.map((row) => [row.ai, row] as const))('(%s)', (ai, row) => {
    const at = row.parts.findIndex(({ checks }) => checks.includes('csum'))
    const end = row.parts.slice(0, at + 1).reduce((sum, { lengthMax }) => sum + lengthMax, 0)
    fc.assert(
      fc.property(elementOf(row), fc.integer({ min: 1, max: 9 }), ([, value], more) => {
        const wrong = value.slice(0, end - 1) + ((Number(value[end - 1]) + more) % 10) + value.slice(end)
        const answers = [
          identifyBrackets(bracketsOf([[ai, wrong]]), READING),
          identifyUnbracketed(`^${ai}${wrong}`, READING),
          identifyScan(`]C1${ai}${wrong}`, READING),
        ]
        for (const answer of answers) expect(said(answer)).toBe('codes.check-digit-wrong')
      }),
      { numRuns: 5 },
    )
  })
})

describe('whatever is read', () => {
  const start = fc.constantFrom('', '(01)', '^01', ']d201', ']Q1https://id.gs1.org/01/', ']E0', 'https://x.cn/01/', ']e0', '(00)')
  const noise = fc.array(
    fc.constantFrom(...'0123456789()^|/?&=%#+.\\AaZ批\u0000', GS, '06901234567892', '(10)', '17280831', ']d2', '369012340000000017'),
    { maxLength: 12 },
  )
  const kind = fc.constantFrom('bracketed', 'unbracketed', 'scan', 'uri', 'dl')
  test('the answer is a code or a refusal, and its check digits are right', () => {
    fc.assert(
      fc.property(kind, start, noise, fc.boolean(), (asked, begin, rest, req) => {
        const input = begin + rest.join('')
        const answer = JSON.parse(decodeLine(JSON.stringify({ kind: asked, input, options: { req } }), YEAR)) as Record<string, unknown>
        if (answer['valid'] === false) {
          expect(answer['code']).toMatch(/^codes\.[a-z0-9-]+$/)
          expect(`${answer['message']}${answer['messageEn']}`).not.toMatch(/\{\w+\}/)
          return
        }
        for (const [ai, value] of answer['elements'] as readonly Element[])
          if (['00', '01', '02'].includes(ai)) expect(isCheckDigitRight(value)).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })
  test.each([
    ['scan', ']Q1HELLO', { valid: true, ai: null, elements: [], canonical: 'HELLO', symbology: 'QR', notices: ['codes.plain-text'] }],
    ['scan', ']d1^A', { valid: true, ai: null, canonical: '\\^A' }],
    ['scan', ']C0HELLO', { valid: false, code: 'codes.not-gs1' }],
    ['unbracketed', '0106901234567892', { valid: true, ai: null, canonical: '0106901234567892' }],
    ['unbracketed', '^0106901234567892|^10A', { ai: '(01)06901234567892|(10)A', canonical: '^0106901234567892|^10A' }],
    ['bracketed', '(01)06901234567892|(10)A', { ai: '(01)06901234567892|(10)A', canonical: '^0106901234567892|^10A' }],
    ['bracketed', '(01)06901234567892|', { valid: false, code: 'codes.input-empty' }],
    [
      'scan',
      ']E06901234567892',
      { valid: true, ai: null, elements: [], canonical: '6901234567892', symbology: 'EAN13', gtin14: '06901234567892' },
    ],
    ['scan', ']E06901234567892|]e099A', { ai: '(99)A', canonical: '6901234567892|^99A', gtin14: '06901234567892', notices: [] }],
    ['uri', 'id.gs1.org/01/06901234567892', { valid: true, ai: null }],
    ['dl', 'https://id.gs1.org/01/06901234567892?a=b', { dlIgnored: ['a=b'], digitalLink: 'https://id.gs1.org/01/06901234567892' }],
  ] as const)('%s %s', (asked, input, wanted) =>
    expect(JSON.parse(decodeLine(JSON.stringify({ kind: asked, input }), YEAR))).toMatchObject(wanted),
  )
})
