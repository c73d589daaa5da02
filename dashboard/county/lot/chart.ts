import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Levels } from './levels.ts'

/** Draws stepped lines into a box and follows its width; the answer takes the drawing away. The only file that knows uPlot. */
export const openChart = (
  host: HTMLElement,
  levels: Levels,
  words: { readonly names: readonly string[]; readonly unit: string; readonly zone: string },
): (() => void) => {
  const stepped = UPlot.paths.stepped?.({ align: 1 })
  const chart = new UPlot(
    {
      width: Math.max(200, host.clientWidth),
      height: HEIGHT,
      tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1_000), words.zone),
      legend: { show: false },
      cursor: { drag: { x: true, y: false }, points: { size: 7 } },
      scales: { y: { range: (_chart, _min, max) => [0, Math.max(4, max * 1.12)] } },
      axes: [
        { stroke: INK, grid: { stroke: LINE, width: 1 }, ticks: { show: false }, values: momentLabels(words.zone), font: FONT, space: 70 },
        { stroke: INK, grid: { stroke: LINE, width: 1 }, ticks: { show: false }, size: 46, font: FONT, space: 36 },
      ],
      series: [
        {},
        ...levels.lines.map((_line, index) => ({
          label: words.names[index] ?? '',
          stroke: LINE_COLOURS[index % LINE_COLOURS.length] ?? INK,
          width: 2,
          points: { show: false },
          ...(stepped ? { paths: stepped } : {}),
          ...(levels.lines.length === 1 ? { fill: 'rgba(11, 107, 112, 0.10)' } : {}),
        })),
      ],
    },
    [[...levels.at], ...levels.lines.map((line) => [...line.units])],
    host,
  )
  const watcher = new ResizeObserver(() => chart.setSize({ width: Math.max(200, host.clientWidth), height: HEIGHT }))
  watcher.observe(host)
  return () => {
    watcher.disconnect()
    chart.destroy()
  }
}

/** Told apart in print and by most colour-blind readers; the sixth site on starts over, its name stands beside it. */
export const LINE_COLOURS: readonly string[] = ['#0b6b70', '#d1741a', '#1f5fa8', '#8a3b8f', '#6f7d1f', '#b3261e']

/** Days where days are shown, hours where one day fills the picture. */
const momentLabels =
  (zone: string) =>
  (_chart: UPlot, splits: number[], _axis: number, _space: number, stepSeconds: number): string[] =>
    splits.map((seconds) => {
      const at = UPlot.tzDate(new Date(seconds * 1_000), zone)
      const two = (value: number): string => String(value).padStart(2, '0')
      return stepSeconds < DAY_SECONDS ? `${two(at.getHours())}:${two(at.getMinutes())}` : `${at.getMonth() + 1}-${two(at.getDate())}`
    })

const DAY_SECONDS = 86_400
const HEIGHT = 190
const INK = '#74868b'
const LINE = '#ebf0f1'
const FONT = '12px system-ui, "Noto Sans CJK SC", sans-serif'
