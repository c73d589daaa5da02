import { type Figure, figureOf, isMet, type Measured, type Words } from './figures.ts'

/** The figures as a table for a terminal. */
export const terminalTable = (figures: readonly Figure[]): string => {
  const rows = [HEAD.map(both), ...figures.map((figure) => cellsOf(figure))]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** The same as markdown, for the README. */
export const markdownTable = (figures: readonly Figure[]): string => {
  const rows = [HEAD.map(({ en }) => en), HEAD.map(() => '---'), ...figures.map((figure) => cellsOf(figure, ({ en }) => en))]
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n')
}

const HEAD: readonly Words[] = [
  { zh: '量什么', en: 'what' },
  { zh: '结果', en: 'measured' },
  { zh: '目标', en: 'goal' },
  { zh: '同一次运行中的对照', en: 'beside it, in the same run' },
]

const both = ({ zh, en }: Words): string => `${zh} / ${en}`

const cellsOf = (figure: Figure, say: (words: Words) => string = both): readonly string[] => {
  const { what, ours, goal, beside = [] } = figure
  const met = isMet(figure)
  return [
    say(what),
    measuredText(ours),
    goal ? `${goal.is} ${numberText(goal.value)} ${ours.unit} ${met ? '✓' : '✗'}` : '',
    beside.map(({ name, measured }) => `${say(name)} ${measuredText(measured)}${ratioText(ours, measured)}`).join('; '),
  ]
}

const measuredText = ({ unit, values, quantile }: Measured): string => {
  const kind = quantile === 0.5 ? '' : `p${Math.round(quantile * 100)} `
  const spread = values.length > 1 ? ` (n ${values.length}, ${numberText(Math.min(...values))}-${numberText(Math.max(...values))})` : ''
  return values.length === 0 ? '-' : `${kind}${numberText(figureOf({ unit, values, quantile }))} ${unit}${spread}`
}

const ratioText = (ours: Measured, other: Measured): string => {
  const ratio = figureOf(ours) / figureOf(other)
  return ours.unit === other.unit && Number.isFinite(ratio) ? ` = ${ratio.toFixed(2)}×` : ''
}

const numberText = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)))

// A Chinese letter is two columns wide on every terminal.
const widthOf = (text: string): number => [...text].reduce((columns, letter) => columns + (/[\u2e80-\uffee]/.test(letter) ? 2 : 1), 0)
