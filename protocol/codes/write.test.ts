import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../refusals.ts'
import { GS } from './aim.ts'
import { bracketsOf, messageOf } from './elements.ts'
import { identifyBrackets, identifyScan } from './identification.ts'
import { type LabelFacts, messageLengthOf, writeElements } from './write-elements.ts'
import { linkOf } from './write-link.ts'

const YEAR = 2026
const facts = { gtin: '6901234567892', produced: '2025-10-31', expiry: '2028-10-31', lot: 'B2510', serial: '137438953472' }
const written = (change: Partial<LabelFacts> = {}) => {
  const elements = writeElements({ ...facts, ...change }, YEAR)
  if (isRefusal(elements)) throw new Error(elements.code)
  return elements
}
const linked = (elements: ReturnType<typeof written>): string => {
  const link = linkOf(elements)
  if (isRefusal(link)) throw new Error(link.code)
  return link
}
/** As a scanner sends the symbol. */
const scanned = (elements: ReturnType<typeof written>) => `]d2${messageOf(elements).slice(1).replaceAll('^', GS)}`

describe('an element string', () => {
  it.each([
    [{}, '^0106901234567892112510311728103110B2510^21137438953472'],
    [{ serial: null }, '^0106901234567892112510311728103110B2510'],
    [{ produced: null, expiry: null, lot: null, serial: null }, '^0106901234567892'],
    [{ lot: null, produced: null }, '^01069012345678921728103121137438953472'],
    [{ gtin: '16901234567899', produced: null, expiry: null, serial: 'A-1' }, '^011690123456789910B2510^21A-1'],
  ])('%j', (change, message) => expect(messageOf(written(change))).toBe(message))

  it.each([
    ['a wrong check digit', { gtin: '6901234567893' }, 'codes.check-digit-wrong'],
    ['no GTIN', { gtin: '690123' }, 'codes.gtin-length-wrong'],
    ['Chinese in the lot', { lot: '批25' }, 'codes.character-wrong'],
    ['a space in the lot', { lot: 'B 25' }, 'codes.character-wrong'],
    ['a separator in the lot', { lot: `B${GS}25` }, 'codes.character-wrong'],
    ['FNC1 in the serial', { serial: 'A^B' }, 'codes.character-wrong'],
    ['21 letters', { lot: 'X'.repeat(21) }, 'codes.value-too-long'],
    ['an empty lot', { lot: '' }, 'codes.value-empty'],
    ['a day that is none', { expiry: '2028-02-30' }, 'codes.date-wrong'],
    ['a year whose century two digits cannot tell', { expiry: '2077-01-01' }, 'codes.date-wrong'],
  ])('with %s is refused', (_, change, code) => {
    const answer = writeElements({ ...facts, ...change }, YEAR)
    expect(isRefusal(answer) ? answer.code : 'written').toBe(code)
  })

  it('reads back as it was written, as a symbol, as brackets and as a link', () => {
    // A path of `.` or `..` is no path of its own: such a lot has no link [RFC 3986 5.2.4].
    const set82 = fc.stringMatching(/^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$/).filter((value) => !/^\.{1,2}$/.test(value))
    const day = fc.integer({ min: 0, max: 365 * 40 }).map((days) => new Date(Date.UTC(2010, 0, 1 + days)).toISOString().slice(0, 10))
    const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null })
    fc.assert(
      fc.property(maybe(set82), maybe(set82), maybe(day), maybe(day), (lot, serial, produced, expiry) => {
        const elements = written({ lot, serial, produced, expiry })
        for (const said of [
          identifyScan(scanned(elements), { referenceYear: YEAR }),
          identifyBrackets(bracketsOf(elements), { referenceYear: YEAR, requisites: true }),
        ])
          expect(said).toMatchObject({ gtin14: '06901234567892', lot, serial, produced, expiry })
        expect(messageLengthOf(elements)).toBe(scanned(elements).length - 3)
        expect(linkSaid(linked(elements))).toEqual(new Map([...elements].sort()))
      }),
      { numRuns: 300 },
    )
  })
})

describe('a Digital Link', () => {
  it('is canonical', () =>
    expect(linkOf(written({ lot: 'A/1%(b)' }))).toBe(
      'https://id.gs1.org/01/06901234567892/10/A%2F1%25%28b%29/21/137438953472?11=251031&17=281031',
    ))
})

/** Path and query of an address, taken apart by the platform's own parser. */
const linkSaid = (link: string) => {
  const { pathname, search } = new URL(link)
  const path = pathname.slice(1).split('/')
  const pairs = path.flatMap((ai, at) => (at % 2 === 0 ? [[ai, decodeURIComponent(path[at + 1] ?? '')] as const] : []))
  return new Map([...pairs, ...new URLSearchParams(search)].sort())
}
