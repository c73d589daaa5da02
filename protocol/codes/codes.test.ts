import { describe, expect, it } from 'vitest'
import { isRefusal } from '../refusals.ts'
import { compileRows, matchesAi, valueRefusal } from './ai-spec.ts'
import { AIM_ROWS } from './aim.ts'
import { checkDigitOf, gtin14Of } from './check-digit.ts'
import { decodeLine, LINE_LENGTH_MAX } from './decode.ts'
import { explain } from './explain.ts'
import { dateOfYymmdd } from './gs1-date.ts'
import { type Identification, INPUT_LENGTH_MAX, identifyBrackets, identifyScan, identifyUnbracketed } from './identification.ts'

const READING = { referenceYear: 2026 }
const GTIN = '06901234567892'
const scanned = (line: string, more: object = {}): Identification => {
  const answer = identifyScan(line, { ...READING, ...more })
  if (isRefusal(answer)) throw new Error(answer.code)
  return answer
}
const codeOf = (answer: unknown): string => (isRefusal(answer) ? answer.code : 'read')

describe('check digits', () => {
  it.each([
    ['6901234567892', GTIN],
    [GTIN, GTIN],
    ['614141000036', '00614141000036'],
    ['96385074', '00000096385074'],
    ['6901234567893', 'codes.check-digit-wrong'],
    ['690123456789', 'codes.check-digit-wrong'],
    ['69012345', 'codes.check-digit-wrong'],
    ['690123456', 'codes.gtin-length-wrong'],
    ['６901234567892', 'codes.gtin-length-wrong'],
    ['', 'codes.gtin-length-wrong'],
  ])('GTIN %s -> %s', (text, wanted) => {
    const answer = gtin14Of(text)
    expect(isRefusal(answer) ? answer.code : answer).toBe(wanted)
  })
  it('accepts exactly one of ten last digits', () => {
    const right = Array.from({ length: 10 }, (_, digit) => `690123456789${digit}`).filter((text) => !isRefusal(gtin14Of(text)))
    expect(right).toEqual(['6901234567892'])
    expect(checkDigitOf('36901234000000001')).toBe(7)
  })
})

describe('dates', () => {
  it.each([
    ['280831', 2026, '2028-08-31'],
    ['280229', 2026, '2028-02-29'],
    ['270229', 2026, null],
    ['280200', 2026, '2028-02-29'],
    ['270200', 2026, '2027-02-28'],
    ['271200', 2026, '2027-12-31'],
    ['271300', 2026, null],
    ['270001', 2026, null],
    ['270431', 2026, null],
    ['760101', 2026, '2076-01-01'],
    ['770101', 2026, '1977-01-01'],
    ['990101', 2026, '1999-01-01'],
    ['000101', 2026, '2000-01-01'],
    ['050101', 2060, '2105-01-01'],
    ['110101', 2060, '2011-01-01'],
    ['000229', 2060, null],
    ['28083', 2026, null],
    ['28O831', 2026, null],
  ])('%s read in %i is %s', (text, year, wanted) => expect(dateOfYymmdd(text, year)).toBe(wanted))
})

describe('the table', () => {
  it('grows by rows: ranges, optional parts, several components', () => {
    const rows = compileRows([
      ['91-93', '', 'X..90', {}, '', ''],
      ['3100-3102', '*', 'N6', { excludes: '310n' }, '', ''],
      ['253', '', 'N13,csum [X..17]', {}, '', ''],
    ])
    expect([...rows.keys()]).toEqual(['91', '92', '93', '3100', '3101', '3102', '253'])
    const gdti = rows.get('253')
    if (!gdti) throw new Error('row')
    expect(codeOf(valueRefusal(gdti, '6901234567892', 2026))).toBe('read')
    expect(codeOf(valueRefusal(gdti, '6901234567892A1', 2026))).toBe('read')
    expect(codeOf(valueRefusal(gdti, '6901234567893A1', 2026))).toBe('codes.check-digit-wrong')
    expect(codeOf(valueRefusal(gdti, '6901234567892#', 2026))).toBe('codes.character-wrong')
    expect(matchesAi('310n', '3101') && !matchesAi('310n', '3110') && !matchesAi('310n', '310')).toBe(true)
  })
  it('a row with an unknown check stops the start', () => {
    expect(() => compileRows([['99', '', 'X..90,nonsense', {}, '', '']])).toThrow('codes.row-wrong')
  })
  it('one symbology a row', () => expect(new Set(AIM_ROWS.map(({ aim }) => aim)).size).toBe(AIM_ROWS.length))
})

describe('a scan becomes one identification', () => {
  it('a carton', () => {
    expect(scanned(']d20106901234567892112508311728080010B250901\u001d30120\r\n')).toMatchObject({
      issuer: 'GS1',
      gtin14: GTIN,
      content: null,
      lot: 'B250901',
      serial: null,
      expiry: '2028-08-31',
      produced: '2025-08-31',
      count: 120,
      symbology: 'DM',
      notices: [],
    })
  })
  it('a pallet: the content is not the unit', () => {
    expect(scanned(`]C10036901234000000001702${GTIN}3724\u001d10LOT7`)).toMatchObject({
      gtin14: null,
      sscc: '369012340000000017',
      content: { gtin14: GTIN, count: 24 },
      lot: 'LOT7',
      count: null,
    })
  })
  it.each([
    [']E06901234567892', GTIN, '6901234567892'],
    [']E496385074', '00000096385074', '96385074'],
  ])('%s is a plain GTIN', (line, gtin14, canonical) =>
    expect(scanned(line)).toMatchObject({ gtin14, canonical, ai: null, elements: [], lot: null }),
  )
  it('the second symbol of a label asks for the first', () => {
    expect(scanned(']C11728083110B250901')).toMatchObject({
      gtin14: null,
      lot: 'B250901',
      expiry: '2028-08-31',
      notices: ['codes.key-missing'],
    })
  })
  it('guesses only when the profile says so', () => {
    const line = `01${GTIN}1728083110B250901`
    expect(scanned(line, { guess: true })).toMatchObject({ gtin14: GTIN, lot: 'B250901', symbology: null, notices: ['codes.guessed'] })
    expect(scanned(`\u001d${line}`, { guess: true })).toMatchObject({ lot: 'B250901' })
    expect(scanned(`${line}|21SN1`, { guess: true, substitute: '|' })).toMatchObject({ lot: 'B250901', serial: 'SN1' })
    expect(scanned(']I116901234567899', { guess: true })).toMatchObject({
      gtin14: '16901234567899',
      symbology: 'ITF',
      notices: ['codes.guessed'],
    })
    expect(codeOf(identifyScan('HELLO', { ...READING, guess: true }))).toBe('codes.symbology-missing')
    expect(codeOf(identifyScan(']C0HELLO', { ...READING, guess: true }))).toBe('codes.not-gs1')
    expect(codeOf(identifyScan('0106901234567893', { ...READING, guess: true }))).toBe('codes.check-digit-wrong')
  })
  it('explains every part to a person', () => {
    const rows = explain(scanned(`]d201${GTIN}1728083110B25090117290831`), 2026)
    expect(rows.map(({ label, value }) => `${label.zh} ${value}`)).toEqual([
      '编码机构 GS1',
      `商品条码 ${GTIN}`,
      '批号 B25090117290831',
      '有效期至 2028-08-31',
      `(01) 商品条码 GTIN ${GTIN}`,
      '(10) 批号 B25090117290831',
      '(17) 有效期至 2028-08-31',
    ])
    expect(explain(scanned(`]d201${GTIN}10B25090117280831`), 2026).at(-1)?.label.zh).toContain('注意')
    expect(explain(scanned(`]C10036901234000000001702${GTIN}3724`), 2026).map(({ value }) => value)).toContain(`${GTIN} × 24`)
  })
})

describe('a swallowed separator is reported', () => {
  it.each([
    ['10B25090117280831', true, 'expiry in the lot'],
    ['10B2509011728083121SN1', true, 'expiry and serial in the lot'],
    ['21SN117280831', true, 'expiry in the serial'],
    ['21SN110B217280831', true, 'lot and expiry in the serial'],
    ['10B25090117289931', false, 'no such date'],
    ['10B25090117480831', false, 'a date no stock carries'],
    ['10B250901', false, 'a plain lot'],
    ['10L21A', false, 'a lot that looks like a serial AI'],
    ['1728083110B25090117290831', false, 'the label has its own expiry'],
    ['1728083110B25090111250831', true, 'production date in the lot'],
    ['10B250901\u001d17280831', false, 'separator sent'],
  ])('%s: %s (%s)', (message, reported) => {
    expect(scanned(`]d201${GTIN}${message}`).notices.includes('codes.separator-swallowed')).toBe(reported)
  })
})

describe('refusals', () => {
  it.each([
    ['', 'codes.symbology-missing'],
    [']d2', 'codes.input-empty'],
    [']X901', 'codes.symbology-unknown'],
    [']C0123', 'codes.not-gs1'],
    [']E3690123456789212', 'codes.not-gs1'],
    [']E06901234567892|10A', 'codes.gtin-length-wrong'],
    [']E06901234567892|]e010', 'codes.value-empty'],
    [`]d2019012345\u001d10A`, 'codes.value-too-short'],
    [']Q1https://www.example.cn/p?id=1', 'codes.link-key-missing'],
    [']d204123', 'codes.ai-unknown'],
    [`]d201${GTIN}10`, 'codes.value-empty'],
    [']d20106901234', 'codes.value-too-short'],
    [`]d201${GTIN}10123456789012345678901`, 'codes.value-too-long'],
    [`]d201${GTIN}10LOTNUMBER-25090117280831`, 'codes.separator-swallowed'],
    [`]d201${GTIN}10A#1`, 'codes.character-wrong'],
    [']d20106901234567893', 'codes.check-digit-wrong'],
    [`]d201${GTIN}17271301`, 'codes.date-wrong'],
    [`]d201${GTIN}10A\u001d10B`, 'codes.ai-repeated'],
    [`]d201${GTIN}02${GTIN}3724`, 'codes.ai-excluded'],
    [']E06901234567893', 'codes.check-digit-wrong'],
    [']E0690123456789', 'codes.gtin-length-wrong'],
    [']E46901234567892', 'codes.gtin-length-wrong'],
    [`]d2${'10A\u001d'.repeat(65)}`, 'codes.elements-too-many'],
    [`]d2${'1'.repeat(INPUT_LENGTH_MAX)}`, 'codes.input-too-long'],
  ])('%j -> %s', (line, code) => expect(codeOf(identifyScan(line, READING))).toBe(code))
  it.each([
    ['', 'codes.input-empty'],
    ['0106901234567892', 'codes.fnc1-missing'],
    ['^', 'codes.input-empty'],
    [`^01${GTIN}^^10A`, 'codes.ai-unknown'],
    [`^${'1'.repeat(INPUT_LENGTH_MAX)}`, 'codes.input-too-long'],
  ])('unbracketed %j -> %s', (text, code) => expect(codeOf(identifyUnbracketed(text, READING))).toBe(code))
  it.each([
    ['', 'codes.input-empty'],
    ['01', 'codes.bracket-wrong'],
    ['(01', 'codes.bracket-wrong'],
    [`(01)${GTIN}(10)A(B`, 'codes.bracket-wrong'],
    ['(1)2', 'codes.ai-unknown'],
    [`(01)${GTIN}(10)`, 'codes.value-empty'],
    ['(10)A'.repeat(65), 'codes.elements-too-many'],
    [`(10)${'A'.repeat(INPUT_LENGTH_MAX)}`, 'codes.input-too-long'],
  ])('bracketed %j -> %s', (text, code) => expect(codeOf(identifyBrackets(text, READING))).toBe(code))
  it('a requisite is refused only where asked for', () => {
    const text = '(17)271231(10)LOT'
    expect(codeOf(identifyBrackets(text, { ...READING, requisites: true }))).toBe('codes.ai-missing')
    expect(codeOf(identifyBrackets(text, READING))).toBe('read')
    expect(codeOf(identifyBrackets(`(01)${GTIN}(30)5(37)5`, READING))).toBe('codes.ai-excluded')
  })
  it('the same AI twice with one value is one fact', () => expect(scanned(`]d201${GTIN}10A\u001d10A`).lot).toBe('A'))
})

describe('a line of decode', () => {
  it.each([
    ['', 'codes.line-malformed'],
    ['nonsense', 'codes.line-malformed'],
    ['[1]', 'codes.line-malformed'],
    ['null', 'codes.line-malformed'],
    ['{}', 'codes.line-malformed'],
    ['{"kind":"epc"}', 'codes.line-malformed'],
    ['{"kind":"scan","input":5}', 'codes.line-malformed'],
    [' '.repeat(LINE_LENGTH_MAX + 1), 'codes.line-malformed'],
    ['{"kind":"epc","hex":"3G"}', 'epc.hex-wrong'],
    ['{"kind":"dl","input":"https://id.gs1.org/01/6901234567892"}', 'codes.value-too-short'],
    ['{"kind":"scan","input":"]C0HELLO"}', 'codes.not-gs1'],
    ['{"kind":"unbracketed","input":"6901234567892|^10A"}', 'codes.fnc1-missing'],
    ['{"kind":"udi","system":"MA","input":"MA.156"}', 'codes.ma-parts-missing'],
    ['{"kind":"toString"}', 'codes.kind-unknown'],
    ['{"kind":"__proto__"}', 'codes.kind-unknown'],
  ])('%s -> %s', (line, code) => {
    const answer = JSON.parse(decodeLine(line, 2026)) as Record<string, unknown>
    expect(answer).toMatchObject({ valid: false, code })
    expect(answer['message']).toMatch(/\p{Script=Han}/u)
  })
  it('tells what a tag holds', () => {
    expect(JSON.parse(decodeLine('{"kind":"epc","hex":"30699b587b8716400012d687"}', 2026))).toEqual({
      valid: true,
      scheme: 'SGTIN-96',
      hex: '30699B587B8716400012D687',
      uri: 'urn:epc:id:sgtin:6901234567.089.1234567',
      tagUri: 'urn:epc:tag:sgtin-96:3.6901234567.089.1234567',
      elementString: '(01)06901234567892(21)1234567',
      filter: 3,
    })
  })
})
