import { crc32, deflateSync } from 'node:zlib'
import { EMS_NARROW, type Layout, type TextLine } from './layout.ts'
import { glyphOf } from './symbols.ts'

/** A picture of black dots: rows of whole bytes, the leftmost dot in the highest bit, 1 is black. */
export interface Bitmap {
  readonly width: number
  readonly height: number
  readonly rowBytes: number
  readonly bytes: Uint8Array
}

/** The dots of a label as a printer burns them. */
export const drawBitmap = (layout: Layout): Bitmap => {
  const { width, height, symbol } = layout
  const rowBytes = Math.ceil(width / 8)
  const bitmap: Bitmap = { width, height, rowBytes, bytes: new Uint8Array(rowBytes * height) }
  const { matrix, moduleWidth, moduleHeight } = symbol
  for (let row = 0; row < matrix.rows; row += 1)
    for (let column = 0; column < matrix.columns; column += 1)
      if (matrix.isDark(column, row))
        blacken(bitmap, symbol.x + column * moduleWidth, symbol.y + row * moduleHeight, { moduleWidth, moduleHeight })
  for (const line of layout.lines) drawLine(bitmap, line)
  return bitmap
}

/** The bitmap as a PNG of one bit a dot, with its true size [PNG 11.2, 11.3.5.3]. */
export const pngOf = (bitmap: Bitmap, dotsPerMm: number): Uint8Array => {
  const { width, height, rowBytes } = bitmap
  const white = whiteIsOne(bitmap)
  const rows = Buffer.alloc((rowBytes + 1) * height)
  for (let row = 0; row < height; row += 1) rows.set(white.subarray(row * rowBytes, (row + 1) * rowBytes), row * (rowBytes + 1) + 1)
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.writeUInt8(1, 8)
  const scale = Buffer.alloc(9)
  scale.writeUInt32BE(Math.round(dotsPerMm * 1_000), 0)
  scale.writeUInt32BE(Math.round(dotsPerMm * 1_000), 4)
  scale.writeUInt8(1, 8)
  const chunks = [chunk('IHDR', head), chunk('pHYs', scale), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([PNG_SIGNATURE, ...chunks])
}

/** The same dots for whoever takes 1 for white; what fills the last byte of a row is white too. */
export const whiteIsOne = ({ bytes }: Bitmap): Uint8Array => bytes.map((byte) => ~byte)

const blacken = (
  bitmap: Bitmap,
  left: number,
  top: number,
  { moduleWidth, moduleHeight }: Record<'moduleWidth' | 'moduleHeight', number>,
) => {
  for (let y = top; y < top + moduleHeight; y += 1) for (let x = left; x < left + moduleWidth; x += 1) dot(bitmap, x, y)
}

const dot = ({ width, height, rowBytes, bytes }: Bitmap, x: number, y: number): void => {
  if (x < 0 || y < 0 || x >= width || y >= height) return
  const at = y * rowBytes + (x >> 3)
  bytes[at] = (bytes[at] ?? 0) | (0x80 >> (x & 7))
}

const drawLine = (bitmap: Bitmap, { text, x, baseline, em }: TextLine): void => {
  for (const [at, letter] of Array.from(text).entries()) {
    const glyph = glyphOf(letter, em)
    const left = Math.round(x + at * em * EMS_NARROW) + glyph.left
    for (let row = 0; row < glyph.height; row += 1)
      for (let column = 0; column < glyph.width; column += 1)
        if ((glyph.pixels[row * glyph.width + column] ?? 0) >= GREY_BLACK) dot(bitmap, left + column, baseline - glyph.top + row)
  }
}

const chunk = (name: string, body: Buffer): Buffer => {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body])
  const framed = Buffer.alloc(named.length + 8)
  framed.writeUInt32BE(body.length, 0)
  framed.set(named, 4)
  framed.writeUInt32BE(crc32(named), named.length + 4)
  return framed
}

const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
/** A dot is black when the letter covers most of it. */
const GREY_BLACK = 110
