import { expect, test } from 'vitest'
import { likest } from './likeness.ts'

const scoreOf = (one: string, other: string): number => likest([one], [{ text: other }], { least: 0, rows: 1 })[0]?.[0]?.score ?? 0

test.for([
  ['一次性使用导尿管', '一次性使用导尿管', 100],
  ['ＦＲ16 导管', 'fr16导管', 100],
  ['一次性使用导尿管', '导尿管', 44],
  ['导尿管', '一次性使用导尿管', 44],
  ['管', '管', 100],
  ['管', '导管', 0],
  ['', '', 0],
  ['纱布', '手套', 0],
] as const)('%s and %s are alike by %i', ([one, other, score]) => {
  expect(scoreOf(one, other)).toBe(score)
})

test('the most alike come first, so many as are asked for, and none below the least', () => {
  const names = ['导管 Fr14', '导管 Fr16', '纱布', '导管'].map((text) => ({ text }))
  const found = likest(['导管Fr16', '手套'], names, { least: 30, rows: 2 })
  expect(found.map((rows) => rows.map(({ name, score }) => [name.text, score]))).toEqual([
    [
      ['导管 Fr16', 100],
      ['导管 Fr14', 80],
    ],
    [],
  ])
})
