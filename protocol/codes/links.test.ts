import { describe, expect, it } from 'vitest'
import { isRefusal } from '../refusals.ts'
import { bracketsOf, elementsOfBrackets } from './elements.ts'
import { identifyLink, identifyScan } from './identification.ts'
import { readLink } from './read-link.ts'
import { linkOf } from './write-link.ts'

const GTIN = '06901234567892'
const read = (text: string): string => {
  const link = readLink(text, 2026)
  return isRefusal(link) ? link.code : bracketsOf(link.elements)
}

describe('a Digital Link is read', () => {
  it.each([
    [`https://id.gs1.org/01/${GTIN}`, `(01)${GTIN}`],
    [`http://h.cn:8080/udi/a/01/${GTIN}/10/B%2F1`, `(01)${GTIN}(10)B/1`],
    [`HTTPS://ID.GS1.ORG/01/${GTIN}/22/V/10/L/21/S`, `(01)${GTIN}(22)V(10)L(21)S`],
    [`https://x.cn/01/${GTIN}/235/T?10=A`, `(01)${GTIN}(235)T(10)A`],
    [`https://x.cn/00/369012340000000017/01/${GTIN}`, `(01)${GTIN}`],
    [`https://x.cn/01/${GTIN}?17=280831&&30=5&`, `(01)${GTIN}(17)280831(30)5`],
    [`https://x.cn/01/${GTIN}#?17=280831`, `(01)${GTIN}`],
    [`https://x.cn/01/${GTIN}/10/A%2`, `(01)${GTIN}(10)A%2`],
    [`https://x.cn/01/${GTIN}/10/A+%2b%zz%4`, `(01)${GTIN}(10)A++%zz%4`],
    [`https://x.cn/01/${GTIN}/10/%41%6c?240=a%26b`, `(01)${GTIN}(10)Al(240)a&b`],
    [`https://x.cn/414/6901234000016/254/A`, '(414)6901234000016(254)A'],
    [`https://x.cn/8018/690123400000000018/8019/1`, '(8018)690123400000000018(8019)1'],
    // What may not stand so.
    [`ftp://x.cn/01/${GTIN}`, 'codes.link-malformed'],
    [`Https://x.cn/01/${GTIN}`, 'codes.link-malformed'],
    [`https://x_y.cn/01/${GTIN}`, 'codes.link-malformed'],
    [`https:///01/${GTIN}`, 'codes.link-malformed'],
    ['https://x.cn', 'codes.link-malformed'],
    [`https://x.cn/01/${GTIN}/10/批`, 'codes.link-malformed'],
    [`https://x.cn/01/${GTIN}/10/a b`, 'codes.link-malformed'],
    ['https://x.cn/', 'codes.link-key-missing'],
    ['https://x.cn/p?id=1', 'codes.link-key-missing'],
    [`https://x.cn/01/${GTIN}/`, 'codes.link-key-missing'],
    ['https://x.cn/10/A/21/B', 'codes.link-key-missing'],
    [`https://x.cn/01/${GTIN}/x/y`, 'codes.link-key-missing'],
    [`https://x.cn/01/${GTIN}/21/S/10/L`, 'codes.link-order-wrong'],
    [`https://x.cn/01/${GTIN}/10/L/235/T`, 'codes.link-order-wrong'],
    [`https://x.cn/01/${GTIN}/17/280831`, 'codes.link-order-wrong'],
    [`https://x.cn/01/${GTIN}/10/`, 'codes.value-empty'],
    [`https://x.cn/01/${GTIN}/10//21/S`, 'codes.value-empty'],
    [`https://x.cn/01/${GTIN}?10=L`, 'codes.link-in-query'],
    [`https://x.cn/01/${GTIN}?21=S`, 'codes.link-attribute-wrong'],
    [`https://x.cn/01/${GTIN}?17=280831&17=280831`, 'codes.link-repeated'],
    [`https://x.cn/01/${GTIN}?01=${GTIN}`, 'codes.link-repeated'],
    [`https://x.cn/01/${GTIN}?17=`, 'codes.value-empty'],
    [`https://x.cn/01/${GTIN}?17=280831;30=5`, 'codes.value-too-long'],
    [`https://x.cn/01/${GTIN}?240=a+b`, 'codes.character-wrong'],
    [`https://x.cn/01/${GTIN}?240=a%00b`, 'codes.character-wrong'],
    [`https://x.cn/01/${GTIN}?04=5`, 'codes.ai-unknown'],
    [`https://x.cn/01/${GTIN}?=5`, 'codes.ai-unknown'],
    [`https://x.cn/01/6901234567892`, 'codes.value-too-short'],
    ['https://x.cn/01/06901234567893', 'codes.check-digit-wrong'],
    [`https://x.cn/01/${GTIN}?${'a&'.repeat(70)}`, 'codes.elements-too-many'],
  ])('%s: %s', (text, wanted) => expect(read(text)).toBe(wanted))
  it('tells what of the query it left out', () => {
    expect(readLink(`https://x.cn/01/${GTIN}?utm=x&17=280831&&flag&`, 2026)).toMatchObject({
      ignored: ['utm=x', 'flag', ''],
      pathLength: 1,
    })
  })
  it('knows the thing, from an address as from a symbol', () => {
    const text = `https://x.cn/01/${GTIN}/10/A?17=280831`
    const said = { gtin14: GTIN, lot: 'A', expiry: '2028-08-31', canonical: text, notices: [] }
    expect(identifyLink(text, { referenceYear: 2026 })).toMatchObject(said)
    expect(identifyScan(`]d1${text}`, { referenceYear: 2026 })).toMatchObject({ ...said, symbology: 'DM' })
    expect(identifyScan(text, { referenceYear: 2026, guess: true })).toMatchObject({ ...said, notices: [] })
  })
})

describe('a Digital Link is written', () => {
  const ROOT = 'https://id.gs1.org'
  it.each([
    [`(10)L(01)${GTIN}(21)S(17)280831`, `${ROOT}/01/${GTIN}/10/L/21/S?17=280831`],
    [`(01)${GTIN}(99)z(17)280831(240)a&b(11)250101`, `${ROOT}/01/${GTIN}?17=280831&11=250101&99=z&240=a%26b`],
    [`(01)${GTIN}(10)A/\\(B)+%!*'.-_`, `${ROOT}/01/${GTIN}/10/A%2F%28B%29%2B%25%21%2A%27.-_`],
    [`(01)${GTIN}(01)${GTIN}(10)L(10)L`, `${ROOT}/01/${GTIN}/10/L`],
    [`(00)369012340000000017(02)${GTIN}(37)24`, `${ROOT}/00/369012340000000017?02=${GTIN}&37=24`],
    [`(8004)1234(01)${GTIN}(21)S`, 'codes.link-attribute-wrong'],
    [`(01)${GTIN}(22)V(235)T`, 'codes.link-attribute-wrong'],
    ['(414)6901234000016(7040)1ABC', `${ROOT}/414/6901234000016/7040/1ABC`],
    ['(17)280831(10)A', 'codes.link-key-missing'],
  ])('of %s: %s', (brackets, wanted) => {
    const elements = elementsOfBrackets(brackets, 2026)
    const link = isRefusal(elements) ? elements : linkOf(elements)
    expect(isRefusal(link) ? link.code : link).toBe(wanted)
  })
  it('keeps the path it was read with', () => {
    const link = readLink(`https://x.cn/01/${GTIN}/235/T?10=A`, 2026)
    if (isRefusal(link)) throw new Error(link.code)
    expect(linkOf(link.elements, link.pathLength)).toBe(`${ROOT}/01/${GTIN}/235/T?10=A`)
    expect(linkOf(link.elements)).toMatchObject({ code: 'codes.link-attribute-wrong' })
  })
})
