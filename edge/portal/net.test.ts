import { expect, it } from 'vitest'
import { FIGURES_TOGETHER } from './crossings.ts'
import { FIGURES_ALONE } from './marks.ts'
import { likelihoodOf, type Net, scoreOf } from './net.ts'
import { THRESHOLDS } from './thresholds.ts'
import { FIGURES_ADOPTION } from './verdict.ts'

const NET: Net = {
  even: 1,
  mean: [10, 0],
  spread: [2, 1],
  straight: [0.5, -1],
  hidden: [[2, 0, 1, 1]],
}

it('adds the straight parts and the hidden places of figures in spreads from their means', () => {
  expect(scoreOf(NET, [10, 0])).toBe(1)
  expect(scoreOf(NET, [12, 0])).toBeCloseTo(1 + 0.5 + 2 * Math.tanh(1), 12)
  expect(scoreOf(NET, [10, -1])).toBeCloseTo(1 + 1 - 2 * Math.tanh(1), 12)
})

it('takes a figure far from all it was fitted on for the farthest of those, and a missing one for the mean', () => {
  expect(scoreOf(NET, [1e9, 0])).toBe(scoreOf(NET, [18, 0]))
  expect(scoreOf(NET, [Number.NEGATIVE_INFINITY, 0])).toBe(scoreOf(NET, [2, 0]))
  expect(scoreOf(NET, [12])).toBe(scoreOf(NET, [12, 0]))
})

it('makes a likelihood of a score', () => {
  expect([likelihoodOf(0), likelihoodOf(800), likelihoodOf(-800)]).toEqual([0.5, 1, 0])
})

it('has learnt a part for each figure', () => {
  const { weights, adoption } = THRESHOLDS
  for (const [net, width] of [
    [weights.alone, FIGURES_ALONE],
    [weights.together, FIGURES_TOGETHER],
    [adoption, FIGURES_ADOPTION],
  ] as const) {
    expect([net.mean.length, net.spread.length, net.straight.length]).toEqual([width, width, width])
    for (const place of net.hidden) expect(place).toHaveLength(width + 2)
  }
})
