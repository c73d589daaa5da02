import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../refusals.ts'
import { decodeLine } from '../decode.ts'
import { explain } from '../explain.ts'
import vectors from '../fixtures/udi-other.json' with { type: 'json' }
import { type Identification, INPUT_LENGTH_MAX, identifyBrackets, identifyScan } from '../identification.ts'
import { udiOf } from './udi.ts'

const decoded = (line: object): Record<string, unknown> => JSON.parse(decodeLine(JSON.stringify(line), 2026)) as Record<string, unknown>
const asked = (system: unknown, input: unknown) => decoded({ kind: 'udi', system, input })
const scanned = (line: string, guess = false): Identification => {
  const answer = identifyScan(line, { referenceYear: 2026, guess })
  if (isRefusal(answer)) throw new Error(answer.code)
  return answer
}
const codeOf = (line: string, guess = false): string => {
  const answer = identifyScan(line, { referenceYear: 2026, guess })
  return isRefusal(answer) ? answer.code : answer.issuer
}
const HIBC = '+A99912345/$$52001510X33'
const MA = 'MA.156.M0.100472.11103316'
const BLOOD = '=/A9999XYZ100T0944=,000025=A99971312345600=>014032=}013032&,1000000000000XYZ123'

describe('every vector of the other agencies passes through decode', () => {
  it.each(vectors.vectors.map((vector) => [vector.input, vector] as const))('%s', (_, vector) => {
    const { input, source: _source, note: _note, verified: _verified, kind, ...wanted } = vector as Record<string, unknown>
    for (const answer of [decoded(vector), asked(vector.system, input)]) {
      expect(answer).toMatchObject({ ...(vector.valid ? wanted : { valid: false }), ...(kind === undefined ? {} : { kind }) })
      expect(answer).toMatchObject(vector.expected ?? {})
      if (!vector.valid) expect([answer['message'], answer['messageEn']].join()).not.toMatch(/\{\w+\}/)
    }
  })
})

describe('a line that asks for a UDI', () => {
  it.each([
    [undefined, HIBC, 'codes.line-malformed'],
    ['HIBC', 7, 'codes.line-malformed'],
    ['hibc', HIBC, 'codes.udi-system-unknown'],
    ['toString', HIBC, 'codes.udi-system-unknown'],
    ['HIBC', ']d1', 'codes.input-empty'],
    ['AHM', ' ', 'codes.input-empty'],
    ['AHM', 'A'.repeat(INPUT_LENGTH_MAX + 1), 'codes.input-too-long'],
    ['GS1', '(01)06901234567893', 'codes.check-digit-wrong'],
    ['HIBC', MA, 'codes.udi-part-wrong'],
    ['MA', HIBC, 'codes.ma-parts-missing'],
    ['ICCBBA', MA, 'codes.udi-part-wrong'],
  ])('%s %s is refused: %s', (system, input, code) => {
    expect(asked(system, input)).toMatchObject({ valid: false, code, message: expect.stringMatching(/\p{Script=Han}/u) })
  })
  it.each([
    ['GS1', '(01)06901234567892(17)280831(10)A', { kind: 'concatenated', gtin: '06901234567892', lot: 'A', expiry: '2028-08-31' }],
    ['GS1', '^0106901234567892', { kind: 'primary', expected: { gtin: '06901234567892', di: '06901234567892' } }],
    ['GS1', ']d21728083110A', { kind: 'secondary', lot: 'A', udi: { di: null, carrier: 'DM' } }],
    ['GS1', '6901234567892', { kind: 'primary', gtin: '06901234567892' }],
    ['MA', `]Q1${MA}.LB1`, { lot: 'B1', udi: { issuer: 'MA', di: { scheme: 'ma', code: MA }, pi: { lot: 'B1' }, carrier: 'QR' } }],
    ['HIBC', ` ${HIBC}`, { lot: '10X3' }],
    ['AHM', '81234567890123456', { kind: 'primary', expected: { raw: '81234567890123456' } }],
  ])('%s %s', (system, input, wanted) => expect(asked(system, input)).toMatchObject({ valid: true, system, ...wanted }))
})

describe('a scanner reads the codes of every agency', () => {
  it.each([']d1', ']Q1', ']C0', ']A0', ']L0', ']z0', ']h0'])('in %s', (aim) => {
    expect(scanned(`${aim}${HIBC}\r\n`)).toMatchObject({ issuer: 'HIBC', gtin14: null, lot: '10X3', expiry: '2020-01-15', canonical: HIBC })
    expect(scanned(`${aim}${MA}.S7`)).toMatchObject({ issuer: 'MA', serial: '7', ai: null, elements: [] })
    expect(scanned(`${aim}${BLOOD}`)).toMatchObject({ issuer: 'ICCBBA', produced: '2013-02-01', expiry: '2014-02-01' })
  })
  it('by itself only where guessing is on', () => {
    expect(codeOf(HIBC)).toBe('codes.symbology-missing')
    expect(scanned(HIBC, true)).toMatchObject({ issuer: 'HIBC', symbology: null, notices: [] })
    expect(scanned(` ${MA}`, true).agency).toMatchObject({ kind: 'primary', di: { scheme: 'ma', code: MA } })
  })
  it.each([
    ['+8613812345678', 'codes.symbology-missing', 'a telephone number'],
    ['+28243LOT7ADY', 'codes.symbology-missing', 'a day of the year, and no label by its check'],
    ['+28243LOT7ADZ', 'HIBC', 'a day of the year'],
    ['*+28243LOT7ADZ*', 'HIBC', 'between the signs of a Code 39'],
    ['+A1', 'codes.symbology-missing', 'too short for a label'],
    ['+a99912345/$$52001510x33', 'codes.symbology-missing', 'small letters are not of the alphabet'],
    ['+A99912345/$$52001510X34', 'codes.hibc-check-wrong', 'a product, misread'],
    ['=1+1', 'codes.symbology-missing', 'a sum'],
    ['&c', 'codes.symbology-missing', 'nothing'],
    ['MA.X', 'codes.symbology-missing', 'no country'],
    ['ma.156.M0', 'codes.ma-parts-missing', 'an MA code cut off'],
    ['Hello', 'codes.symbology-missing', 'a word'],
    ['81234567890123456|BN01', 'codes.symbology-missing', 'AHM shows itself by nothing'],
  ])('%s: %s (%s)', (line, code) => expect(codeOf(line, true)).toBe(code))
})

describe('the view over all agencies', () => {
  const di = { scheme: 'gtin', code: '06901234567892' }
  const nothing = { lot: null, serial: null, expiry: null, produced: null, sterilisationLot: null, donation: null, count: null }
  it.each([
    [']d201069012345678921010A', { issuer: 'GS1', di, pi: { ...nothing, lot: '10A' }, carrier: 'DM' }],
    [']E06901234567892', { issuer: 'GS1', di, pi: nothing, carrier: 'EAN13' }],
    [
      `]Q1${MA}.LB1.DG2.M250901`,
      {
        issuer: 'MA',
        di: { scheme: 'ma', code: MA },
        pi: { ...nothing, lot: 'B1', sterilisationLot: 'G2', produced: '2025-09-01' },
        carrier: 'QR',
      },
    ],
    [']C0+28243LOT7ADZ', { issuer: 'HIBC', di: null, pi: { ...nothing, lot: 'LOT7A', expiry: '2028-08-30' }, carrier: 'Code128' }],
    [']d1=A99971312345600', { issuer: 'ICCBBA', di: null, pi: { ...nothing, donation: 'A99971312345600' }, carrier: 'DM' }],
  ])('%s', (line, wanted) => expect(udiOf(scanned(line))).toEqual(wanted))
  it('has no symbol where only the text is known', () => {
    const read = identifyBrackets('(01)06901234567892', { referenceYear: 2026 })
    expect(isRefusal(read) ? read : udiOf(read)).toMatchObject({ di, carrier: null })
  })
})

describe('a code explained', () => {
  const rows = (line: string) => explain(scanned(line), 2026).map(({ label, value }) => `${label.zh} ${value}`)
  it('part by part', () => {
    expect(rows(`]Q1${MA}.SS1.DG2.E280831.V280830.Y9`)).toEqual([
      '编码机构 中关村工信二维码 MA',
      '序列号 S1',
      '有效期至 2028-08-30',
      `产品标识 DI ${MA}`,
      '国家 156',
      '行业 M0',
      '注册人 100472',
      '包装级别 1',
      '产品代码 110331',
      '灭菌批号 G2',
      '失效日期（原样） 2028-08-31',
      '校验位 6',
      '不认识的数据段 Y 9',
      '注意：有不认识的数据段，已原样保留 codes.udi-part-unknown',
    ])
    expect(rows(']d1+H123ABC01234567890/$$0828LOT7AP')).toEqual([
      '编码机构 HIBC',
      '批号 LOT7A',
      '有效期至 2028-08-31',
      '产品标识 DI H123ABC01234567890',
      '厂商代码 LIC H123',
      '产品编号 PCN ABC0123456789',
      '包装单位 U/M 0',
      '失效日期（原样） 2028-08',
      '校验位 P',
    ])
  })
  it('in both languages', () => {
    for (const line of [`]Q1${MA}.SS1.Y9`, `]d1${BLOOD}`, `]d1${HIBC}`])
      for (const { label, value } of explain(scanned(line), 2026)) {
        expect(label.zh).toMatch(/\p{Script=Han}/u)
        expect(label.en).toMatch(/^[ -~]+$/)
        expect(value).not.toBe('')
      }
  })
})
