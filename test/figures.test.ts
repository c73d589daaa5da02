import { expect, test } from 'vitest'
import { type Figure, figureOf, isMet, median, p95 } from './bench/figures.ts'
import { markdownTable, terminalTable } from './bench/table.ts'

const HUNDRED = Array.from({ length: 100 }, (_, at) => 100 - at)

test.for([
  { measured: median('ms', [3, 1, 2]), figure: 2, story: 'the middle of three' },
  { measured: median('ms', [4, 1, 2, 3]), figure: 2, story: 'the lower middle of four' },
  { measured: p95('ms', HUNDRED), figure: 95, story: 'the 95th of a hundred, in whatever order' },
  { measured: p95('ms', [7]), figure: 7, story: 'the only one' },
  { measured: median('ms', []), figure: Number.NaN, story: 'of nothing, nothing' },
])('$story', ({ measured, figure }) => {
  expect(figureOf(measured)).toBe(figure)
})

const FIGURES: readonly Figure[] = [
  {
    what: { zh: '启动', en: 'start' },
    ours: median('ms', [900, 800, 1_000]),
    goal: { is: '<', value: 1_000 },
    beside: [{ name: { zh: '空', en: 'bare' }, measured: median('ms', [90]) }],
  },
  { what: { zh: '收', en: 'take' }, ours: p95('/s', HUNDRED), goal: { is: '≥', value: 5_000 } },
  { what: { zh: '闲', en: 'idle' }, ours: median('%', [1]), goal: { is: '≤', value: 1 } },
]

test('a figure is told with its goal, how often it was measured, and how it stands to what is beside it', () => {
  expect(FIGURES.map(isMet)).toEqual([true, false, true])
  expect(markdownTable(FIGURES).split('\n').slice(2)).toEqual([
    '| start | 900 ms (n 3, 800-1,000) | < 1,000 ms ✓ | bare 90 ms = 10.00× |',
    '| take | p95 95 /s (n 100, 1-100) | ≥ 5,000 /s ✗ |  |',
    '| idle | 1 % | ≤ 1 % ✓ |  |',
  ])
})

test('columns stand under each other, two for a Chinese letter', () => {
  const starts = terminalTable(FIGURES)
    .split('\n')
    .slice(1)
    .map((row) => row.search(/900|p95|1 %/) + (row.slice(0, 20).match(/[\u4e00-\u9fff]/g)?.length ?? 0))
  expect(new Set(starts).size).toBe(1)
})
