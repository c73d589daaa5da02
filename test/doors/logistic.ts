/** A logistic rule: what a unit of each named figure adds to the score. */
export type Rule = Readonly<Record<string, number>>

/** One case: its figures in the order of the names, whether it was so, and how much it counts. */
export interface Case {
  readonly figures: readonly number[]
  readonly isSo: boolean
  readonly counts: number
}

/**
 * Fits a logistic rule by Newton's method with a ridge on the standardised figures; figures that never vary get 0. Deterministic: the same cases in
 * the same order give the same rule to the last digit shown.
 */
export const fitLogistic = (names: readonly string[], cases: readonly Case[]): Rule => {
  const { mean, spread } = momentsOf(names.length, cases)
  const rows = cases.map(({ figures }) => [1, ...figures.map((value, at) => (value - (mean[at] ?? 0)) / (spread[at] ?? 1))])
  let weights: readonly number[] = [0, ...names.map(() => 0)]
  let loss = lossOf(rows, cases, weights)
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const step = newtonStep(rows, cases, weights)
    let share = 1
    let next = weights
    let nextLoss = loss
    for (; share > 1e-4; share /= 2) {
      next = weights.map((weight, at) => weight + share * (step[at] ?? 0))
      nextLoss = lossOf(rows, cases, next)
      if (nextLoss <= loss) break
    }
    const gained = loss - nextLoss
    if (gained >= 0) [weights, loss] = [next, nextLoss]
    if (gained < 1e-6) break
  }
  const [even = 0, ...slopes] = weights
  const raw = slopes.map((slope, at) => slope / (spread[at] ?? 1))
  const shown = raw.map((slope) => Math.round(slope * 1000) / 1000)
  const constant = even - raw.reduce((sum, slope, at) => sum + slope * (mean[at] ?? 0), 0)
  return {
    even: Math.round(constant * 1000) / 1000,
    ...Object.fromEntries(names.map((name, at) => [name, (spread[at] ?? 1) > 1e8 ? 0 : (shown[at] ?? 0)])),
  }
}

const ROUNDS_MAX = 60
const RIDGE = 1

const momentsOf = (width: number, cases: readonly Case[]): { readonly mean: readonly number[]; readonly spread: readonly number[] } => {
  const columns = Array.from({ length: width }, (_, at) => cases.map(({ figures }) => figures[at] ?? 0))
  const mean = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / Math.max(1, column.length))
  const spread = columns.map((column, at) => {
    const square = column.reduce((sum, value) => sum + (value - (mean[at] ?? 0)) ** 2, 0) / Math.max(1, column.length)
    // A figure that never varies says nothing.
    return square < 1e-12 ? 1e9 : Math.sqrt(square)
  })
  return { mean, spread }
}

const scoreOf = (row: readonly number[], weights: readonly number[]): number => {
  let score = 0
  for (let at = 0; at < row.length; at += 1) score += (row[at] ?? 0) * (weights[at] ?? 0)
  return score
}

const lossOf = (rows: readonly (readonly number[])[], cases: readonly Case[], weights: readonly number[]): number => {
  let loss = 0
  rows.forEach((row, at) => {
    const score = scoreOf(row, weights)
    const one = cases[at]
    if (one) loss += one.counts * (Math.max(0, score) + Math.log1p(Math.exp(-Math.abs(score))) - (one.isSo ? score : 0))
  })
  return loss + (RIDGE / 2) * weights.slice(1).reduce((sum, weight) => sum + weight * weight, 0)
}

const newtonStep = (rows: readonly (readonly number[])[], cases: readonly Case[], weights: readonly number[]): readonly number[] => {
  const width = weights.length
  const slope = weights.map((weight, at) => (at === 0 ? 0 : -RIDGE * weight))
  const bend: number[][] = Array.from({ length: width }, (_, at) =>
    Array.from({ length: width }, (_empty, other) => (at === other ? (at === 0 ? 1e-6 : RIDGE) : 0)),
  )
  rows.forEach((row, at) => {
    const one = cases[at]
    if (!one) return
    const likely = 1 / (1 + Math.exp(-scoreOf(row, weights)))
    const off = one.counts * ((one.isSo ? 1 : 0) - likely)
    const sharp = one.counts * likely * (1 - likely)
    for (let left = 0; left < width; left += 1) {
      slope[left] = (slope[left] ?? 0) + off * (row[left] ?? 0)
      const line = bend[left]
      if (!line) continue
      const scaled = sharp * (row[left] ?? 0)
      for (let right = 0; right < width; right += 1) line[right] = (line[right] ?? 0) + scaled * (row[right] ?? 0)
    }
  })
  return solved(bend, slope)
}

/** Gauss with pivots. */
const solved = (matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] => {
  const rows = matrix.map((row, at) => [...row, right[at] ?? 0])
  const width = rows.length
  for (let at = 0; at < width; at += 1) {
    let best = at
    for (let other = at + 1; other < width; other += 1) if (Math.abs(rows[other]?.[at] ?? 0) > Math.abs(rows[best]?.[at] ?? 0)) best = other
    const [pivot, other] = [rows[best] ?? [], rows[at] ?? []]
    rows[at] = pivot
    rows[best] = other
    const head = pivot[at] || 1e-12
    for (let down = 0; down < width; down += 1) {
      const row = rows[down]
      if (down === at || !row) continue
      const share = (row[at] ?? 0) / head
      for (let column = at; column <= width; column += 1) row[column] = (row[column] ?? 0) - share * (pivot[column] ?? 0)
    }
  }
  return rows.map((row, at) => (row[width] ?? 0) / (row[at] || 1e-12))
}
