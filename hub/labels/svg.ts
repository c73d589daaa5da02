import { LABEL_SIZES, type LabelSize } from '@lotkeeper/protocol/api/hub-labels.ts'
import type { Layout, Placed } from './layout.ts'

/** A label as SVG in its true size; letters are drawn by whoever shows it, and made as wide as they were laid out. */
export const svgOf = (layout: Layout, size: LabelSize): string => `${headOf(layout, size)}${innerOf(layout)}</svg>`

/** One page a label, for the browser to print; copies show the same drawing. */
export const sheetOf = (labels: readonly { readonly layout: Layout; readonly copies: number }[], size: LabelSize): string => {
  const { widthMm, heightMm } = LABEL_SIZES[size]
  const pages = labels.flatMap(({ layout, copies }, at) =>
    Array.from({ length: copies }, (_, copy) =>
      copy === 0
        ? `${headOf(layout, size)}<g id="label-${at}">${innerOf(layout)}</g></svg>`
        : `${headOf(layout, size)}<use href="#label-${at}"/></svg>`,
    ),
  )
  const style = `@page{size:${widthMm}mm ${heightMm}mm;margin:0}body{margin:0}svg{display:block;break-after:page}svg:last-child{break-after:auto}`
  return `<!doctype html>\n<html lang="zh"><head><meta charset="utf-8"><title>标签 Labels</title><style>${style}</style></head><body>\n${pages.join('\n')}\n</body></html>\n`
}

const headOf = ({ width, height }: Layout, size: LabelSize): string => {
  const { widthMm, heightMm } = LABEL_SIZES[size]
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${widthMm}mm" height="${heightMm}mm" viewBox="0 0 ${width} ${height}">`
}

const innerOf = ({ width, height, symbol, lines }: Layout): string => {
  const texts = lines.map(
    ({ text, x, baseline, em, width: wide }) =>
      `<text x="${x}" y="${baseline}" font-size="${em}" textLength="${wide}" lengthAdjust="spacingAndGlyphs">${escaped(text)}</text>`,
  )
  return `<rect width="${width}" height="${height}" fill="#fff"/><path d="${pathOf(symbol)}" shape-rendering="crispEdges"/><g font-family="${FONTS}">${texts.join('')}</g>`
}

/** Dark modules, each run of a row as one box. */
const pathOf = ({ matrix, x, y, moduleWidth, moduleHeight }: Placed): string => {
  const boxes: string[] = []
  for (let row = 0; row < matrix.rows; row += 1)
    for (let column = 0; column < matrix.columns; ) {
      let end = column
      while (end < matrix.columns && matrix.isDark(end, row)) end += 1
      const wide = (end - column) * moduleWidth
      if (wide > 0) boxes.push(`M${x + column * moduleWidth} ${y + row * moduleHeight}h${wide}v${moduleHeight}h-${wide}z`)
      column = end + 1
    }
  return boxes.join('')
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)

const FONTS = "'Noto Sans SC Variable','Noto Sans SC','Microsoft YaHei','PingFang SC',sans-serif"
