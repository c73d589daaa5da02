import { expect, test } from 'vitest'
import { openLikeness } from './likeness.ts'

const scoreOf = (one: string, other: string): number => {
  const names = openLikeness()
  names.put('other', other)
  return names.likest(one, { least: 0, rows: 1 })[0]?.score ?? 0
}

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
  const names = openLikeness()
  for (const text of ['导管 Fr14', '导管 Fr16', '纱布', '导管']) names.put(text, text)
  const found = (wish: string) => names.likest(wish, { least: 30, rows: 2 }).map(({ id, score }) => [id, score])
  expect(found('导管Fr16')).toEqual([
    ['导管 Fr16', 100],
    ['导管 Fr14', 80],
  ])
  expect(found('手套')).toEqual([])
})

test('a name that was changed or given up is no longer found by what it was, however often that happens', () => {
  const names = openLikeness()
  for (let round = 0; round < 3_000; round += 1) {
    names.put('a', `导管${round}`)
    names.put('b', '纱布')
    if (round % 2 === 0) names.drop('b')
  }
  expect(names.likest('导管2999', { least: 1, rows: 9 })).toEqual([{ id: 'a', score: 100 }])
  expect(names.likest('导管17', { least: 100, rows: 9 })).toEqual([])
  expect(names.likest('纱布', { least: 1, rows: 9 })).toEqual([{ id: 'b', score: 100 }])
})
