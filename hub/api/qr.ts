import { matrixOf } from '../labels/symbols.ts'

/** A QR code as an SVG picture of one path, with the quiet zone of four modules [ISO/IEC 18004 9.1]. */
export const qrOf = (text: string): string => {
  const { columns, rows, isDark } = matrixOf('qr', text)
  const steps: string[] = []
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) if (isDark(column, row)) steps.push(`M${column + QUIET} ${row + QUIET}h1v1h-1z`)
  }
  const size = columns + 2 * QUIET
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path d="${steps.join('')}"/></svg>`
}

const QUIET = 4
