import { crc32, inflateSync } from 'node:zlib'
import { LABEL_SIZES } from '@lotkeeper/protocol/api/hub-labels.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { describe, expect, it } from 'vitest'
import { type Bitmap, drawBitmap, pngOf } from './bitmap.ts'
import { type Layout, layOut } from './layout.ts'
import { pdfOf } from './pdf.ts'
import { tsplOf, zplOf } from './printers.ts'
import { sheetOf, svgOf } from './svg.ts'

const EPC = '3034257BF468D4800000042E'
const symbol = { kind: 'gs1-datamatrix' as const, payload: '^01069012345678921728103110B2510' }
const LINES = ['Gauze swab', 'LOT B2510', 'EXP 2028-10-31', '(01)06901234567892']
const laid = (given: Partial<Parameters<typeof layOut>[0]> = {}, lines: readonly string[] = LINES): Layout => {
  const layout = layOut({ size: '60x40', dpi: 203, ...given }, symbol, lines)
  if (isRefusal(layout)) throw new Error(layout.code)
  return layout
}
const layout = laid()
const bitmap = drawBitmap(layout)
/** The dots as letters, row by row. */
const pictureOf = ({ width, height, rowBytes, bytes }: Bitmap) =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => ((bytes[y * rowBytes + (x >> 3)] ?? 0) & (0x80 >> (x & 7)) ? '#' : '.')).join(''),
  )
const inverse = (bytes: Uint8Array) => bytes.map((byte) => ~byte)

describe('a bitmap', () => {
  it('holds the symbol module by module, with nothing in its quiet zone', () => {
    const { matrix, x, y, moduleWidth } = layout.symbol
    const picture = pictureOf(bitmap)
    for (let row = -1; row <= matrix.rows; row += 1)
      for (let column = -1; column <= matrix.columns; column += 1) {
        const dots = Array.from({ length: moduleWidth }, (_, dot) =>
          picture[y + row * moduleWidth + dot]?.slice(x + column * moduleWidth, x + (column + 1) * moduleWidth),
        )
        const inside = row >= 0 && column >= 0 && row < matrix.rows && column < matrix.columns
        expect(dots).toEqual(Array(moduleWidth).fill((inside && matrix.isDark(column, row) ? '#' : '.').repeat(moduleWidth)))
      }
  })
  it('holds every letter: none is cut at the edge, and none stands where another does', () => {
    const first = layout.lines[0]
    const alone = drawBitmap({ ...layout, lines: first ? [first] : [] })
    const ink = (one: Bitmap) => pictureOf(one).join('').replaceAll('.', '').length
    const wider = drawBitmap({ ...layout, width: layout.width * 2, height: layout.height * 2 })
    expect(ink(wider)).toBe(ink(bitmap))
    expect(ink(bitmap)).toBeGreaterThan(ink(alone))
  })
})

describe('every form carries the same dots', () => {
  it('PNG, with its true size', () => {
    const chunks = chunksOf(pngOf(bitmap, layout.dotsPerMm))
    expect(chunks.map(({ name }) => name)).toEqual(['IHDR', 'pHYs', 'IDAT', 'IEND'])
    expect(chunks[1]?.body.readUInt32BE(0)).toBe(8_000)
    const rows = inflateSync(chunks[2]?.body ?? Buffer.alloc(0))
    const bytes = Buffer.concat(
      Array.from({ length: bitmap.height }, (_, y) => rows.subarray(y * (bitmap.rowBytes + 1) + 1, (y + 1) * (bitmap.rowBytes + 1))),
    )
    expect(pictureOf({ ...bitmap, bytes: inverse(bytes) })).toEqual(pictureOf(bitmap))
  })

  it('ZPL, and the chip is written before', () => {
    const zpl = zplOf([
      { bitmap, copies: 1, epc: EPC },
      { bitmap, copies: 3, epc: null },
    ])
    expect(zpl.match(/\^RFW,H,2,12,1\^FD[0-9A-F]{24}\^FS/g)).toEqual([`^RFW,H,2,12,1^FD${EPC}^FS`])
    expect(zpl.indexOf('^RFW')).toBeLessThan(zpl.indexOf('^GFA'))
    expect([zpl.match(/\^PQ\d+/g), zpl.match(/\^XA/g)?.length, zpl.match(/\^XZ/g)?.length]).toEqual([['^PQ1', '^PQ3'], 2, 2])
    const [, total, sent, rowBytes, packed] = /\^GFA,(\d+),(\d+),(\d+),([^^]*)\^FS/.exec(zpl) ?? []
    expect([total, sent, rowBytes].map(Number)).toEqual([bitmap.bytes.length, bitmap.bytes.length, bitmap.rowBytes])
    expect(pictureOf({ ...bitmap, bytes: unpacked(packed ?? '', bitmap.rowBytes) })).toEqual(pictureOf(bitmap))
    expect(packed?.length).toBeLessThan(bitmap.bytes.length)
  })

  it('ZPL of dots with long runs', () => {
    const rowBytes = 500
    const rows = [0xff, 0x00, 0x00, 0x0f, 0xf0, 0xaa].map((byte) => new Uint8Array(rowBytes).fill(byte))
    rows.push(new Uint8Array(rowBytes).fill(0xff, 0, 417), new Uint8Array(rowBytes).fill(0x10, 499))
    const wide = { width: rowBytes * 8, height: rows.length, rowBytes, bytes: Uint8Array.from(Buffer.concat(rows)) }
    const [, packed] = /\^GFA,4000,4000,500,([^^]*)\^FS/.exec(zplOf([{ bitmap: wide, copies: 1, epc: null }])) ?? []
    expect(unpacked(packed ?? '', rowBytes)).toEqual(wide.bytes)
  })

  it('TSPL, where 0 is black', () => {
    const file = Buffer.from(tsplOf([{ bitmap, copies: 2, epc: null }], '60x40'))
    const head = `SIZE 60 mm,40 mm\r\nCLS\r\nBITMAP 0,0,${bitmap.rowBytes},${bitmap.height},0,`
    expect(file.subarray(0, head.length).toString('latin1')).toBe(head)
    const end = head.length + bitmap.bytes.length
    expect(pictureOf({ ...bitmap, bytes: inverse(file.subarray(head.length, end)) })).toEqual(pictureOf(bitmap))
    expect(file.subarray(end).toString('latin1')).toBe('\r\nPRINT 1,2\r\n')
  })

  it('PDF, one page a copy in its true size, and every object where the table says', () => {
    const file = Buffer.from(pdfOf([{ bitmap, copies: 2 }], '60x40'))
    const text = file.toString('latin1')
    const at = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1])
    const starts = [...text.slice(at).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, start]) => Number(start))
    expect([text.slice(at, at + 4), starts.map((start) => text.slice(start, start + 7))]).toEqual([
      'xref',
      starts.map((_, index) => `${index + 1} 0 obj`),
    ])
    expect(text.match(/\/MediaBox\[0 0 170\.079 113\.386\]/g)?.length).toBe(2)
    expect(text).toContain('/Count 2/Kids[5 0 R 6 0 R]')
    const begins = text.indexOf('stream\n', text.indexOf('/FlateDecode')) + 7
    const length = Number(/FlateDecode\/Length (\d+)/.exec(text)?.[1])
    expect(text.slice(begins + length, begins + length + 10)).toBe('\nendstream')
    expect(pictureOf({ ...bitmap, bytes: inverse(inflateSync(file.subarray(begins, begins + length))) })).toEqual(pictureOf(bitmap))
  })

  it('SVG: its boxes are the dark modules', () => {
    const svg = svgOf(layout, '60x40')
    const { matrix, x, y, moduleWidth } = layout.symbol
    const dark = new Set<string>()
    for (const [, left, top, wide] of svg.matchAll(/M(\d+) (\d+)h(\d+)v\d+h-\d+z/g))
      for (let dot = 0; dot < Number(wide); dot += moduleWidth)
        dark.add(`${(Number(left) - x + dot) / moduleWidth} ${(Number(top) - y) / moduleWidth}`)
    for (let row = 0; row < matrix.rows; row += 1)
      for (let column = 0; column < matrix.columns; column += 1) expect(dark.has(`${column} ${row}`)).toBe(matrix.isDark(column, row))
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="60mm" height="40mm" viewBox="0 0 480 320">/)
  })

  it('a sheet has one page a copy', () => {
    const sheet = sheetOf([{ layout, copies: 3 }], '60x40')
    expect([sheet.match(/<svg /g)?.length, sheet.match(/<use /g)?.length]).toEqual([3, 2])
    expect(sheet).toContain('@page{size:60mm 40mm;margin:0}')
  })
})

describe('a layout', () => {
  it.each(Object.keys(LABEL_SIZES) as (keyof typeof LABEL_SIZES)[])('of %s keeps symbol and text apart and on the label', (size) => {
    for (const dpi of [203, 300] as const) {
      const { width, height, symbol: placed, lines, dotsPerMm } = laid({ size, dpi })
      expect(placed.moduleWidth / dotsPerMm).toBeGreaterThanOrEqual(0.254)
      const right = placed.x + (placed.matrix.columns + 1) * placed.moduleWidth
      for (const { x, width: wide, baseline, em } of lines) {
        expect(x).toBeGreaterThanOrEqual(right)
        expect([x + wide <= width, baseline - em >= 0, baseline + em * 0.3 <= height]).toEqual([true, true, true])
      }
    }
  })

  it.each([
    ['gs1-128', '^0106901234567892', 10],
    ['code128', 'LK-gauze.1', 10],
    ['qr', 'LK-gauze.1', 4],
    ['gs1-datamatrix', '^0106901234567892', 1],
  ] as const)('leaves %s its quiet zone, of %s: %i modules', (kind, payload, quiet) => {
    for (const dpi of [203, 300] as const) {
      const made = layOut({ size: '100x70', dpi }, { kind, payload }, LINES)
      if (isRefusal(made)) throw new Error(made.code)
      const { matrix, x, y, moduleWidth, moduleHeight } = made.symbol
      const picture = pictureOf(drawBitmap(made)).slice(y, y + matrix.rows * moduleHeight)
      const right = x + matrix.columns * moduleWidth
      expect([x, made.width - right].every((free) => free >= quiet * moduleWidth)).toBe(true)
      expect(picture.every((row) => !row.slice(x - quiet * moduleWidth, x).includes('#'))).toBe(true)
      expect(picture.every((row) => !row.slice(right, right + quiet * moduleWidth).includes('#'))).toBe(true)
      if (matrix.linear) expect(moduleHeight / made.dotsPerMm).toBeGreaterThanOrEqual(12.7)
    }
  })

  it('shrinks letters down to what can be read, says so, and then refuses: nothing is cut', () => {
    const answers = [2, 6, 12, 40].map((count) => layOut({ size: '40x30', dpi: 203 }, symbol, Array(count).fill('医用脱脂纱布块')))
    expect(answers.map((answer) => (isRefusal(answer) ? answer.code : answer.shrunkTo))).toEqual([null, null, 1.8, 'labels.text-too-long'])
    for (const answer of answers) if (!isRefusal(answer)) expect(new Set(answer.lines.map(({ text }) => text)).size).toBe(1)
  })

  it('wraps between words and between Chinese letters, and loses no letter', () => {
    const long = '一次性使用无菌注射器 带针 0.5mm disposable syringe with needle AVERYLONGMODELNAMETHATFITSNOLINEATALL-0123456789'
    const { lines } = laid({ size: '40x30' }, [long])
    expect(lines.length).toBeGreaterThan(1)
    expect(
      lines
        .map(({ text }) => text)
        .join('')
        .replaceAll(' ', ''),
    ).toBe(long.replaceAll(' ', ''))
  })

  it('refuses bars that would stand on the label but not their quiet zone', () => {
    // 211 and 222 modules of two dots, with 10 free on either side, on 480 dots.
    const answers = [16, 17].map((letters) => layOut({ size: '60x40', dpi: 203 }, { kind: 'code128', payload: 'x'.repeat(letters) }, []))
    expect(answers.map((answer) => (isRefusal(answer) ? answer.code : answer.symbol.matrix.columns))).toEqual([
      211,
      'labels.symbol-too-large',
    ])
  })

  it('refuses a symbol that is too large', () => {
    const wide = layOut({ size: '60x40', dpi: 203 }, { kind: 'gs1-128', payload: '^010690123456789217281031' + '10ABCDEFGHIJ' }, [])
    expect(isRefusal(wide) && wide.code).toBe('labels.symbol-too-large')
  })

  it('escapes what a page would take for its own', () => {
    const evil = `<script>alert('1')</script>&"`
    expect(svgOf(laid({}, [evil]), '60x40')).not.toMatch(/<script|alert\('|&"/)
  })
})

const chunksOf = (png: Uint8Array) => {
  const file = Buffer.from(png)
  expect(file.subarray(0, 8)).toEqual(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))
  const chunks: { readonly name: string; readonly body: Buffer }[] = []
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at)
    const named = file.subarray(at + 4, at + 8 + length)
    expect(file.readUInt32BE(at + 8 + length)).toBe(crc32(named))
    chunks.push({ name: named.subarray(0, 4).toString('latin1'), body: named.subarray(4) })
    at += 12 + length
  }
  return chunks
}

/** Reads packed rows as the printer's manual says they are read, written apart from the packing. */
const unpacked = (packed: string, rowBytes: number): Uint8Array => {
  const rows: string[] = []
  let row = ''
  let count = 0
  for (const letter of packed) {
    if (letter === ':') rows.push(rows.at(-1) ?? '')
    else if (letter === ',') {
      expect(row.length % 2).toBe(0)
      rows.push(row.padEnd(rowBytes * 2, '0'))
      row = ''
    } else if (letter >= 'G' && letter <= 'Y') count += letter.charCodeAt(0) - 70
    else if (letter >= 'g' && letter <= 'z') count += (letter.charCodeAt(0) - 102) * 20
    else {
      row += letter.repeat(Math.max(1, count))
      count = 0
    }
    if (row.length === rowBytes * 2) {
      rows.push(row)
      row = ''
    }
  }
  return Uint8Array.from(Buffer.from(rows.join(''), 'hex'))
}
