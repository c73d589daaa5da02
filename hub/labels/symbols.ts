import bwip from 'bwip-js/node'

/** The symbols that are printed. In GS1 ones `^` stands for FNC1, which no GS1 character set holds. */
export type SymbolKind = 'gs1-datamatrix' | 'gs1-128' | 'datamatrix' | 'code128' | 'qr'

/** A symbol as modules. One with `linear` is a row of bars, as tall as it is printed. */
export interface Matrix {
  readonly columns: number
  readonly rows: number
  readonly linear: boolean
  readonly isDark: (column: number, row: number) => boolean
}

/** The modules of a symbol that holds the payload; the one door of bwip-js. */
export const matrixOf = (kind: SymbolKind, payload: string): Matrix => {
  const { bcid, fnc1, options } = ENCODERS[kind]
  const text = fnc1 ? payload.replaceAll('^', '^FNC1') : payload
  const [drawn] = bwip.raw(bcid, text, { ...options, parsefnc: fnc1 })
  if (drawn === undefined) throw new Error('labels.symbol-empty')
  return 'pixs' in drawn ? squares(drawn) : bars(drawn.sbs)
}

/** One letter of the font that comes with the encoder (OCR-B), as grey values row by row; `top` counts from the baseline up. */
export interface Glyph {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
}
export const glyphOf = (letter: string, sizeDots: number): Glyph =>
  bwip.FontLib.getglyph(bwip.FontLib.lookup('OCR-B'), letter.codePointAt(0) ?? 0, sizeDots, sizeDots)

/** Letters that font has. */
export const isDrawable = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)

const squares = ({ pixs, pixx, pixy }: { readonly pixs: readonly number[]; readonly pixx: number; readonly pixy: number }): Matrix => ({
  columns: pixx,
  rows: pixy,
  linear: false,
  isDark: (column, row) => pixs[row * pixx + column] === 1,
})

/** Widths of bars and spaces by turns, a bar first. */
const bars = (widths: readonly number[]): Matrix => {
  const dark = widths.flatMap((width, at) => Array<boolean>(width).fill(at % 2 === 0))
  return { columns: dark.length, rows: 1, linear: true, isDark: (column) => dark[column] === true }
}

const ENCODERS: Readonly<Record<SymbolKind, { readonly bcid: string; readonly fnc1: boolean; readonly options: object }>> = {
  'gs1-datamatrix': { bcid: 'datamatrix', fnc1: true, options: {} },
  'gs1-128': { bcid: 'code128', fnc1: true, options: {} },
  datamatrix: { bcid: 'datamatrix', fnc1: false, options: {} },
  code128: { bcid: 'code128', fnc1: false, options: {} },
  qr: { bcid: 'qrcode', fnc1: false, options: { eclevel: 'M' } },
}
