/** What one bench came to: values measured in one run of it, and what they are compared with. */
export interface Figure {
  readonly what: Words
  readonly ours: Measured
  readonly goal?: Goal
  /** A peer or a limit, measured in the same run. */
  readonly beside?: readonly { readonly name: Words; readonly measured: Measured }[]
}
export interface Words {
  readonly zh: string
  readonly en: string
}
/** Values in one unit, and which quantile of them is the figure: 0.5 is the median. */
export interface Measured {
  readonly unit: 'ms' | 'MB' | '%' | '/s' | 'µs' | 'crossings'
  readonly values: readonly number[]
  readonly quantile: number
}
export interface Goal {
  readonly is: '<' | '≤' | '≥'
  readonly value: number
}

/** One bench: `run` measures; what it opens it defers on `scope`, which is disposed after it, also when the whole is broken off. */
export interface Bench {
  readonly name: string
  readonly what: Words
  readonly run: (scope: AsyncDisposableStack, say: (line: string) => void) => Promise<readonly Figure[]>
}

export const median = (unit: Measured['unit'], values: readonly number[]): Measured => ({ unit, values, quantile: 0.5 })
export const p95 = (unit: Measured['unit'], values: readonly number[]): Measured => ({ unit, values, quantile: 0.95 })

/** The figure itself: the value at the quantile, nearest rank; `NaN` of nothing. */
export const figureOf = ({ values, quantile }: Measured): number => {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(quantile * sorted.length) - 1))] ?? Number.NaN
}

/** Whether the goal is reached, or `null` without one. Never asserted: a figure is told, not judged. */
export const isMet = ({ ours, goal }: Figure): boolean | null => {
  if (!goal) return null
  const value = figureOf(ours)
  if (goal.is === '≥') return value >= goal.value
  return goal.is === '<' ? value < goal.value : value <= goal.value
}
