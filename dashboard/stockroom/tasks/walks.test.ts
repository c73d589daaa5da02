import type { TaskView } from '@lotkeeper/protocol/api/node.ts'
import { expect, it } from 'vitest'
import { answersForAll, goodsOf, walksOf } from './walks.ts'

const NOON_MS = Date.parse('2026-11-21T04:00:00.000Z')
const task = (epc: string, second: number, more: Partial<TaskView> = {}): TaskView => ({
  ...{ task: `t-${epc}`, outcome: 'uncertain', door: 'gate', epc, direction: 'uncertain', certainty: 0.5 },
  ...{ at: new Date(NOON_MS + second * 1_000).toISOString(), evidence: {}, ask: null, answers: ['in', 'out', 'none'] },
  tag: {
    ...{ lot: 'gauze/B1', itemName: { zh: '纱布', en: 'Gauze' }, lotNumber: 'B1', expiry: null },
    ...{ units: 10, pack: '箱', site: 'qinglong', place: null },
  },
  ...more,
})
const STRANGE: Partial<TaskView> = { outcome: 'unknown-tag', direction: 'in', answers: ['bind', 'none'], tag: null }
const told = (tasks: readonly TaskView[]) => walksOf(tasks).map((walk) => walk.map(({ epc }) => epc).join(''))

it('puts what came through a door together on one card', () => {
  expect(told([task('C', 8), task('B', 4), task('A', 0)])).toEqual(['CBA'])
})
it.each([
  ['another door', [task('A', 0), task('B', 1, { door: 'hall' })]],
  ['much later', [task('B', 60), task('A', 0)]],
  ['another doubt', [task('A', 0), task('B', 1, { outcome: 'unknown-tag', tag: null })]],
  ['the other way', [task('A', 0, { direction: 'in' }), task('B', 1, { direction: 'out' })]],
  ['the same box again', [task('A', 4), task('A', 0)]],
  ['no door at all', [task('A', 0, { door: '' }), task('B', 0, { door: '' })]],
])('keeps apart: %s', (_, tasks) => expect(told(tasks)).toHaveLength(2))
it('two walks that end in each other stay two', () => {
  expect(told([task('A', 30), task('B', 0), task('C', 31), task('D', 1)])).toEqual(['AC', 'BD'])
})
it('offers for all of them only what every one takes, and nothing that needs more said', () => {
  const opened = task('B', 1, { tag: { ...(task('B', 1).tag as NonNullable<TaskView['tag']>), units: null } })
  expect(answersForAll([task('A', 0), task('B', 1)])).toEqual(['in', 'out', 'none'])
  expect(answersForAll([task('A', 0), opened])).toEqual(['none'])
  expect(answersForAll([task('A', 0, STRANGE), task('B', 0, STRANGE)])).toEqual(['bind', 'none'])
  expect(answersForAll([task('A', 0, STRANGE), task('B', 0)])).toEqual(['none'])
  expect(answersForAll([task('A', 0, { answers: ['same', 'in', 'none'] }), task('B', 0)])).toEqual(['in', 'none'])
})
it('a few strange boxes are looked at one by one, a cart of them is one thing', () => {
  expect(told(['A', 'B', 'C'].map((epc, at) => task(epc, at, STRANGE)))).toEqual(['A', 'B', 'C'])
  expect(told(['A', 'B', 'C', 'D'].map((epc, at) => task(epc, at, STRANGE)))).toEqual(['ABCD'])
})
it('counts the boxes of each lot', () => {
  const other = { ...(task('B', 1).tag as NonNullable<TaskView['tag']>), lot: 'gauze/B2' }
  expect(
    goodsOf([task('A', 0, { tag: other }), task('B', 1), task('C', 2)]).map(({ task: { tag }, boxes }) => `${tag?.lot} ${boxes}`),
  ).toEqual(['gauze/B1 2', 'gauze/B2 1'])
})
