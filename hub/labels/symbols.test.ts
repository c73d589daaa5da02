import { bracketsOf, messageOf } from '@lotkeeper/protocol/codes/elements.ts'
import { writeElements } from '@lotkeeper/protocol/codes/write-elements.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import bwip from 'bwip-js/node'
import { describe, expect, it } from 'vitest'
import { glyphOf, isDrawable, type Matrix, matrixOf } from './symbols.ts'

const elements = (lot: string | null, serial: string | null) => {
  const written = writeElements({ gtin: '16901234567899', produced: '2025-01-31', expiry: '2028-10-31', lot, serial }, 2026)
  if (isRefusal(written)) throw new Error(written.code)
  return written
}
const rowsOf = ({ columns, rows, isDark }: Matrix) =>
  Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => (isDark(column, row) ? '#' : '.')).join(''))

// The encoder has GS1 kinds of its own, which check AIs, lengths and check digits and set FNC1 by themselves [BWIPP gs1datamatrix, gs1-128].
describe('what we write by FNC1 is what the encoder writes by its own GS1 rules', () => {
  it.each([
    ['B2510', '137438953472'],
    ['B2510', null],
    [null, 'SN-1'],
    [null, null],
    ['A/1%"*<>=', 'a_b'],
  ])('lot %s, serial %s', (lot, serial) => {
    const written = elements(lot, serial)
    const [square] = bwip.raw('gs1datamatrix', bracketsOf(written), {}) as { pixs: number[]; pixx: number }[]
    const matrix = matrixOf('gs1-datamatrix', messageOf(written))
    expect(rowsOf(matrix).join('')).toBe(square?.pixs.map((dark) => (dark ? '#' : '.')).join(''))
    expect([matrix.columns, matrix.rows]).toEqual([square?.pixx, square?.pixx])
    const [linear] = bwip.raw('gs1-128', bracketsOf(written), {}) as { sbs: number[] }[]
    const bars = linear?.sbs.map((width, at) => (at % 2 === 0 ? '#' : '.').repeat(width)).join('')
    expect(rowsOf(matrixOf('gs1-128', messageOf(written)))).toEqual([bars])
  })
})

describe('a symbol', () => {
  it('of squares has its finder: two dark sides, two that alternate', () => {
    const rows = rowsOf(matrixOf('gs1-datamatrix', messageOf(elements('B1', null))))
    expect(rows.every((row, at) => row.startsWith('#') && row.endsWith(at % 2 === 0 ? '.' : '#'))).toBe(true)
    expect([rows[0], rows.at(-1)]).toEqual(['#.'.repeat(rows.length / 2), '#'.repeat(rows.length)])
  })
  it('of bars begins in code C with FNC1, which makes it a GS1-128', () =>
    expect(rowsOf(matrixOf('gs1-128', '^0106901234567892'))[0]).toMatch(/^##\.#\.\.###\.\.####\.#\.###\./))
  it('that is no GS1 one takes a caret as it is', () =>
    expect(rowsOf(matrixOf('datamatrix', 'A^FNC1B'))).not.toEqual(rowsOf(matrixOf('gs1-datamatrix', 'A^B'))))
  it('QR has three finders', () => {
    const rows = rowsOf(matrixOf('qr', 'https://id.gs1.org/01/06901234567892'))
    expect([rows[0]?.slice(0, 7), rows[0]?.slice(-7), rows.at(-1)?.slice(0, 7)]).toEqual(Array(3).fill('#######'))
  })
})

it('the font has every letter a bitmap may carry', () => {
  for (let code = 0x21; code < 0x7f; code += 1) {
    const { width, height, pixels } = glyphOf(String.fromCharCode(code), 24)
    expect([String.fromCharCode(code), width * height > 0, pixels.some((grey) => grey > 110)]).toEqual([
      String.fromCharCode(code),
      true,
      true,
    ])
  }
  expect([isDrawable('LOT B-1 ~'), isDrawable('纱布'), isDrawable('5 µm')]).toEqual([true, false, false])
})
