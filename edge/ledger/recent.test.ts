import { expect, test } from 'vitest'
import { openRecent } from './recent.ts'

const seen = (at: number) => ({ at, antenna: 'r:1', rssiDbm: -60 })

test('what was seen of a tag in a span, until it is forgotten', () => {
  const recent = openRecent(4_000)
  recent.see('A', seen(10))
  recent.see('B', seen(15))
  for (const at of [20, 30]) recent.see('A', seen(at))
  expect(recent.of('A', 15, 30).map(({ at }) => at)).toEqual([20, 30])
  recent.forget(20)
  expect([recent.of('B', 0, 99), recent.of('A', 0, 99).length]).toEqual([[], 3])
})

test('a tag that stays keeps its last sightings, and a crowd its latest tags', () => {
  const recent = openRecent(4_000)
  for (let at = 0; at < 5_000; at += 1) recent.see('A', seen(at))
  expect(recent.of('A', 0, 9_999).at(-1)?.at).toBe(4_999)
  expect(recent.of('A', 0, 9_999)).toHaveLength(500)
  for (let tag = 0; tag < 3_000; tag += 1) recent.see(`T${tag}`, seen(6_000))
  expect(recent.tags()).toBe(2_000)
  expect(recent.of('A', 0, 9_999)).toEqual([])
})

test('a tag that left is told once a visit, with the sightings of that visit', () => {
  const recent = openRecent(4_000)
  for (const at of [10, 20, 9_000, 9_010]) recent.see('A', seen(at))
  recent.see('B', seen(9_020))
  const left = (beforeMs: number) => recent.left(beforeMs).map((one) => [one.epc, ...one.seen.map(({ at }) => at)])
  expect([left(9_010), left(9_015), left(9_015)]).toEqual([[], [['A', 9_000, 9_010]], []])
  expect(['A', 'B'].map(recent.isGone)).toEqual([true, false])
  recent.see('A', seen(20_000))
  expect(recent.isGone('A')).toBe(false)
  expect(left(30_000)).toEqual([
    ['B', 9_020],
    ['A', 20_000],
  ])
})
