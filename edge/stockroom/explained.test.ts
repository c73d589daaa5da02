import { NODE_ROUTES } from '@lotkeeper/protocol/api/node.ts'
import type { SymbolView } from '@lotkeeper/protocol/api/node-scans.ts'
import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { EPC } from '../page/fixtures/served.ts'
import { GAUZE, openSite } from './fixtures/site.ts'
import { piecesOf, visible } from './pieces.ts'

const GTIN = GAUZE.packs[2]?.gtin ?? ''
const PIECE = GAUZE.packs[0]?.gtin ?? ''
const GS = '\u001d'
const check = Compile(NODE_ROUTES.explain.answer)

/** Explains a text; what the pieces of all its symbols make together is the text. */
const explained = (text: string) => {
  const site = openSite()
  const answer = site.stockroom.explain(text)
  expect(check.Errors(answer)).toEqual([])
  expect(answer.symbols.map(({ pieces }) => pieces.map((piece) => piece.text).join('')).join('␊')).toBe(visible(text))
  return answer
}
/** A symbol as a picture: names in square brackets, values in angles with the number of their part, what is wrong between signs of exclamation. */
const drawn = ({ pieces }: Pick<SymbolView, 'pieces'>): string =>
  pieces
    .map(({ text, is, part }) => {
      if (is === 'name') return `[${text}]`
      if (is === 'value') return `<${text}|${part}>`
      return is === 'wrong' ? `!${text}!` : text
    })
    .join('')

test.for([
  ['a scan', `]d201${GTIN}17280200${GS}10B1${GS}21S7`, `]d2[01]<${GTIN}|0>[17]<280200|1>␝[10]<B1|2>␝[21]<S7|3>`],
  ['in brackets', `(01)${GTIN}(10)B1`, `[(01)]<${GTIN}|0>[(10)]<B1|1>`],
  ['a lot that looks like an identifier', `]d201${GTIN}10101010${GS}2110`, `]d2[01]<${GTIN}|0>[10]<101010|1>␝[21]<10|2>`],
  ['the bare number of an EAN', `]E0${PIECE.slice(1)}`, `]E0<${PIECE.slice(1)}|0>`],
  ['a tag', EPC, `[30]<${EPC.slice(2)}|0>`],
] as const)('every part stands where the text has it: %s', ([, text, picture]) => {
  expect(explained(text).symbols.map(drawn)).toEqual([picture])
})

test.for([
  ['a wrong check digit', `]d201${PIECE.slice(0, 13)}${(Number(PIECE.at(-1)) + 1) % 10}10B1`, `]d2`, 'codes.check-digit-wrong'],
  ['what stands before it was read', `]d201${GTIN}17281331`, `]d2[01]<${GTIN}|0>17!281331!`, 'codes.date-wrong'],
  ['in brackets too', `(01)${GTIN}(17)281331(10)B1`, `[(01)]<${GTIN}|0>(17)!281331!(10)B1`, 'codes.date-wrong'],
  ['an identifier nobody knows', `]d201${GTIN}05X`, `]d2[01]<${GTIN}|0>!05X!`, 'codes.ai-unknown'],
  ['no code at all', 'hello', '!hello!', 'codes.symbology-missing'],
  ['a tag from the factory', 'E28011700000020A7F1B22C3', '!E28011700000020A7F1B22C3!', 'epc.factory-default'],
] as const)('what was not read is shown where it stands, with what to do: %s', ([, text, begin, code]) => {
  const [symbol] = explained(text).symbols
  expect(drawn(symbol ?? { pieces: [] })).toContain(begin)
  expect(symbol?.refused).toMatchObject({ code, remedy: { zh: expect.stringMatching(/[\u4e00-\u9fff]/), en: expect.stringMatching(/\w/) } })
})

test('parts say what they are and what they mean', () => {
  const { symbols, scan } = explained(`]d201${GTIN}17280200${GS}10B1`)
  expect(symbols[0]).toMatchObject({ symbology: 'GS1 DataMatrix', issuer: 'GS1', refused: null, notices: [] })
  expect(symbols[0]?.parts).toMatchObject([
    { name: '01', value: GTIN, label: { en: 'GTIN' }, means: { zh: expect.stringContaining('首位 2') } },
    { name: '17', value: '280200', means: { zh: '日写作 00：按该月最后一天，即 2028-02-29' } },
    { name: '10', value: 'B1', label: { zh: '批号' }, means: null },
  ])
  expect(scan).toMatchObject({ item: { item: 'gauze' }, pack: 'carton', packUnits: 100, expiry: '2028-02-29' })
  expect(explained(EPC).symbols[0]?.parts).toMatchObject([
    { name: '30', value: 'SGTIN-96' },
    ...[{ label: { en: 'GTIN' } }, { value: '1000' }, {}, {}, {}],
    { value: '1 零售单件 point of sale item' },
  ])
})

test('a joined pair is two symbols, and both of their parts', () => {
  const { symbols, scan } = explained(`]C101${GTIN}\n]C11728013110B1`)
  expect(symbols.map(drawn)).toEqual([`]C1[01]<${GTIN}|0>`, ']C1[17]<280131|0>[10]<B1|1>'])
  expect(scan).toMatchObject({ lot: 'gauze/B1', expiry: '2028-01-31' })
  expect(explained('one\ntwo').symbols).toHaveLength(1)
})

test('a text as long as a page is explained, and what cannot be shown is shown as a sign', () => {
  expect(explained(`${'长'.repeat(3_999)}x`).symbols[0]?.refused?.code).toBe('codes.symbology-missing')
  expect(visible(`a${GS}b\u007fc\u0085d\ud83d`)).toBe('a␝b␡c\ufffdd\ufffd')
  expect(
    piecesOf('https://id.example/01/09506000134352/10/A%2FB?17=260101', [
      { name: '01', value: '09506000134352' },
      { name: '10', value: 'A/B' },
      { name: '17', value: '260101' },
    ]).map(({ text }) => text),
  ).toEqual(['https://id.example', '/01/', '09506000134352', '/10/', 'A%2FB', '?17=', '260101'])
})
