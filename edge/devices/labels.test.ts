import { describe, expect, test } from 'vitest'
import { judgeLabels, type LabelFigures, learnLabels, openLabels } from './labels.ts'
import type { Crossing } from './walks.ts'

const crossing = (epc: string, peakDbm: number | null, reads = 20): Crossing => ({
  ...{ epc, atMs: 0, decided: true, says: 'nothing', away: [] },
  heard: peakDbm === null && reads === 0 ? {} : { 'in:1': { reads, peakDbm } },
})
/** Walks, each a list of peaks by tag A, B, C...; `[peak, reads]` where the reads matter. */
const walked = (walks: readonly (readonly (number | readonly [number | null, number] | null)[])[]): readonly string[] => {
  const known = new Map<string, LabelFigures>()
  for (const walk of walks) {
    const crossings = walk.flatMap((one, at) => {
      const epc = String.fromCharCode(65 + at)
      return one === null ? [] : [typeof one === 'number' ? crossing(epc, one) : crossing(epc, one[0], one[1])]
    })
    for (const label of learnLabels((epc) => known.get(epc) ?? null, crossings)) known.set(label.epc, label)
  }
  return judgeLabels([...known.values()], 'r1').flatMap(({ epc, is }) => (is === 'so' ? [epc ?? ''] : is === 'unsure' ? [`${epc}?`] : []))
}
const times = <Walk>(count: number, walk: Walk): readonly Walk[] => Array.from({ length: count }, () => walk)

describe('a tag far weaker than those beside it, or than itself before', () => {
  test.each([
    ['a sound cart', times(5, [-48, -50, -52, -49, -51]), []],
    ['once in the shadow', [[-48, -50, -52, -49, -70], ...times(2, [-48, -50, -52, -49, -50])], []],
    ['twice: not sure yet', times(2, [-48, -50, -52, -49, -65]), ['E?']],
    ['three times', times(3, [-48, -50, -52, -49, -65]), ['E']],
    ['three times hardly read, as loud', times(3, [-48, -50, -52, -49, [-50, 2]] as const), ['E']],
    [
      'no levels told',
      times(3, [
        [null, 20],
        [null, 22],
        [null, 19],
        [null, 20],
        [null, 3],
      ] as const),
      ['E'],
    ],
    ['alone, weaker than itself', [...times(4, [-50]), ...times(3, [-66])], ['A']],
    ['alone, always so weak', times(8, [-66]), []],
    ['the whole cart is far away today', [...times(4, [-48, -50, -52, -49]), ...times(4, [-64, -66, -68, -65])], []],
    ['three carts, one good walk between', [...times(3, [-48, -50, -52, -49, -65]), [-48, -50, -52, -49, -50]], ['E']],
    ['well again', [...times(3, [-48, -50, -52, -49, -65]), ...times(2, [-48, -50, -52, -49, -50])], []],
  ])('%s', (_name, walks, dying) => {
    expect(walked(walks)).toEqual(dying)
  })
})

test('a tag that is seen again after a restart goes on where the store has it', () => {
  const stored: LabelFigures = { epc: 'A', atMs: 0, walks: 9, usualDbm: -50, low: 2, good: 0, fallDb: 15 }
  const labels = openLabels((epc) => (epc === 'A' ? stored : null))
  labels.learn([crossing('A', -66)])
  expect(labels.dirty()).toMatchObject([{ epc: 'A', low: 3 }])
  labels.kept()
  expect([labels.dirty(), judgeLabels(labels.learnt(), 'r1')]).toMatchObject([
    [],
    [{ epc: 'A', is: 'so', facts: { times: 3, fallDb: 16 } }],
  ])
})
