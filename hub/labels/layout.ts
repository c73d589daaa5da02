import { LABEL_DPIS, LABEL_SIZES, type LabelBody } from '@lotkeeper/protocol/api/hub-labels.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { type Matrix, matrixOf, type SymbolKind } from './symbols.ts'

/** Where everything of a label stands, in printer dots. Every form is drawn from it. */
export interface Layout {
  readonly width: number
  readonly height: number
  readonly dotsPerMm: number
  readonly symbol: Placed
  readonly lines: readonly TextLine[]
  /** Height of the letters in millimetres, when that is small. */
  readonly shrunkTo: number | null
}
export interface Placed {
  readonly matrix: Matrix
  readonly x: number
  readonly y: number
  /** Dots of one module, across and down: a row of bars is as tall as it is printed. */
  readonly moduleWidth: number
  readonly moduleHeight: number
}
/** `em` is the height of the letters, `width` what the text takes at that height. */
export interface TextLine {
  readonly text: string
  readonly x: number
  readonly baseline: number
  readonly em: number
  readonly width: number
}

/** Lays a label out: matrix symbols left and text beside, bars below and text above. Nothing is cut: what does not fit is refused. */
export const layOut = (
  { size, dpi }: Pick<LabelBody, 'size' | 'dpi'>,
  symbol: { readonly kind: SymbolKind; readonly payload: string },
  lines: readonly string[],
): Layout | Refusal => {
  const dotsPerMm = LABEL_DPIS[dpi]
  const { widthMm, heightMm } = LABEL_SIZES[size]
  const sheet = { width: Math.round(widthMm * dotsPerMm), height: Math.round(heightMm * dotsPerMm), dotsPerMm }
  const placed = place(matrixOf(symbol.kind, symbol.payload), MODULES[symbol.kind], sheet)
  if (placed === null) return refuse('labels.symbol-too-large', { size })
  const set = fill(lines, placed.textBox, dotsPerMm)
  if (set === null) return refuse('labels.text-too-long', { size, mm: EM_MM_MIN })
  const { em, rows } = set
  const emMm = em / dotsPerMm
  return {
    ...sheet,
    symbol: placed.symbol,
    lines: rows.map((text, at) => ({
      text,
      x: placed.textBox.x,
      baseline: Math.round(placed.textBox.y + em * (at * LEADING + ASCENT)),
      em,
      width: Math.min(placed.textBox.width, Math.round(emsOf(text) * em)),
    })),
    shrunkTo: emMm < EM_MM_SMALL ? Math.floor(emMm * 10) / 10 : null,
  }
}

/** How wide a letter is, in heights: the font of the bitmaps is as wide as this, and pages are told to make theirs so. */
export const emsOf = (text: string): number => Array.from(text).reduce((sum, letter) => sum + (isWide(letter) ? 1 : EMS_NARROW), 0)
export const isWide = (letter: string): boolean => (letter.codePointAt(0) ?? 0) >= 0x1100
export const EMS_NARROW = 0.62

interface Sheet {
  readonly width: number
  readonly height: number
  readonly dotsPerMm: number
}
interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
interface Spread {
  readonly symbol: Placed
  readonly textBox: Box
}

const place = (matrix: Matrix, modules: Modules, sheet: Sheet): Spread | null =>
  matrix.linear ? placeBars(matrix, modules, sheet) : placeSquares(matrix, modules, sheet)

const placeSquares = (matrix: Matrix, modules: Modules, { width, height, dotsPerMm }: Sheet): Spread | null => {
  const margin = Math.round(MARGIN_MM * dotsPerMm)
  const quiet = 2 * modules.quiet
  const room = { across: (width - 3 * margin) * SYMBOL_SHARE, down: height - 2 * margin }
  const module = moduleOf(modules, Math.min(room.across / (matrix.columns + quiet), room.down / (matrix.rows + quiet)), dotsPerMm)
  if (module === null) return null
  const x = margin + modules.quiet * module
  const right = x + (matrix.columns + modules.quiet) * module + margin
  return {
    symbol: { matrix, x, y: Math.round((height - matrix.rows * module) / 2), moduleWidth: module, moduleHeight: module },
    textBox: { x: right, y: margin, width: width - margin - right, height: height - 2 * margin },
  }
}

const placeBars = (matrix: Matrix, modules: Modules, { width, height, dotsPerMm }: Sheet): Spread | null => {
  const margin = Math.round(MARGIN_MM * dotsPerMm)
  // The quiet zone may reach to the edge of the label: nothing is printed there.
  const module = moduleOf(modules, width / (matrix.columns + 2 * modules.quiet), dotsPerMm)
  if (module === null) return null
  const tall = Math.ceil(BARS_MM * dotsPerMm)
  const y = height - margin - tall
  return {
    symbol: { matrix, x: Math.round((width - matrix.columns * module) / 2), y, moduleWidth: module, moduleHeight: tall },
    textBox: { x: margin, y: margin, width: width - 2 * margin, height: y - 2 * margin },
  }
}

/** Whole dots only: a printer that rounds modules prints a symbol nobody reads. */
const moduleOf = ({ minMm, maxMm }: Modules, fits: number, dotsPerMm: number): number | null => {
  const least = Math.ceil(minMm * dotsPerMm)
  const dots = Math.min(Math.floor(fits), Math.max(least, Math.floor(maxMm * dotsPerMm)))
  return dots < least ? null : dots
}

/** The largest letters with which every line stands in the box, wrapped where it must be. */
const fill = (lines: readonly string[], box: Box, dotsPerMm: number): { readonly em: number; readonly rows: readonly string[] } | null => {
  for (let em = Math.round(EM_MM_WANTED * dotsPerMm); em >= Math.ceil(EM_MM_MIN * dotsPerMm); em -= 1) {
    const rows = lines.flatMap((line) => wrapped(line, box.width / em))
    if (rows.length * em * LEADING <= box.height) return { em, rows }
  }
  return null
}

const wrapped = (line: string, ems: number): readonly string[] => {
  const rows: string[] = []
  let row = ''
  // Between Chinese letters a line may end anywhere, elsewhere at a space; a word that is longer than a line ends where it must.
  for (const word of line.match(/[\u1100-\u{10ffff}]|[^\s\u1100-\u{10ffff}]+|\s+/gu) ?? []) {
    if (emsOf(row + word.trimEnd()) <= ems) {
      row += row === '' ? word.trimStart() : word
      continue
    }
    if (row.trimEnd() !== '') rows.push(row.trimEnd())
    row = ''
    for (const letter of word.trimStart()) {
      if (emsOf(row + letter) > ems) {
        rows.push(row)
        row = ''
      }
      row += letter
    }
  }
  return row.trimEnd() === '' ? rows : [...rows, row.trimEnd()]
}

/** Bounds of a module in millimetres, and the quiet zone in modules. */
interface Modules {
  readonly minMm: number
  readonly maxMm: number
  readonly quiet: number
}
const MODULES: Readonly<Record<SymbolKind, Modules>> = {
  // Regulated healthcare items [GenSpecs 5.12, symbol specification table 6].
  'gs1-datamatrix': { minMm: 0.254, maxMm: 0.495, quiet: 1 },
  'gs1-128': { minMm: 0.17, maxMm: 0.495, quiet: 10 },
  // Our own choice: what a hand scanner and a telephone read.
  datamatrix: { minMm: 0.254, maxMm: 0.6, quiet: 1 },
  code128: { minMm: 0.17, maxMm: 0.5, quiet: 10 },
  qr: { minMm: 0.33, maxMm: 0.6, quiet: 4 },
}
/** Least height of bars in the same table. */
const BARS_MM = 12.7
const MARGIN_MM = 1.5
/** How much of the width a matrix symbol may take. */
const SYMBOL_SHARE = 0.5
const EM_MM_WANTED = 3
/** Below this a person should know. */
const EM_MM_SMALL = 2
/** Smaller letters are not read off a shelf, nor printed clearly at 203 dots an inch. */
const EM_MM_MIN = 1.4
const LEADING = 1.2
const ASCENT = 0.85
