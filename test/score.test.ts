import { expect, test } from 'vitest'
import { centroidRule } from './bench/centroid.ts'
import { postedOf } from './bench/posted.ts'
import { addLabel, newScore, rightOfDecided, shareOf } from './bench/score.ts'

test.for([
  { truth: 'in', said: 'in', kind: 'right' },
  { truth: 'in,out', said: 'in,out', kind: 'right' },
  { truth: 'in,out', said: 'out,in', kind: 'wrong' },
  { truth: 'in,out', said: 'in', kind: 'wrong' },
  { truth: 'none', said: 'out', kind: 'wrong' },
  { truth: 'in', said: 'in,in', kind: 'wrong' },
  { truth: 'in,out', said: 'in,uncertain', kind: 'uncertain' },
  { truth: 'none', said: 'uncertain', kind: 'uncertain' },
  { truth: 'in', said: 'in,uncertain', kind: 'uncertain' },
  { truth: 'none', said: 'out,uncertain', kind: 'wrong' },
  { truth: 'out', said: 'in,uncertain', kind: 'wrong' },
  { truth: 'out', said: 'none', kind: 'missed' },
  { truth: 'none', said: 'none', kind: 'quiet' },
] as const)('truth $truth, said $said: $kind', ({ truth, said, kind }) => {
  const score = newScore()
  addLabel(score, { truth, said, reads: 3 })
  expect(score).toEqual({ ...newScore(), labels: 1, [kind]: 1 })
})

test('a tag nobody heard is no label, but a crossing of one is told', () => {
  const score = newScore()
  addLabel(score, { truth: 'in', said: 'none', reads: 0 })
  addLabel(score, { truth: 'none', said: 'none', reads: 0 })
  expect(score).toEqual({ ...newScore(), unheard: 1 })
})

test('shares are of all labels, rightness of what was decided', () => {
  const score = newScore()
  for (const said of ['in', 'in', 'in', 'out', 'uncertain']) addLabel(score, { truth: 'in', said, reads: 1 })
  expect([rightOfDecided(score), shareOf('wrong')(score), shareOf('uncertain')(score), shareOf('missed')(score)]).toEqual([75, 20, 20, 0])
})

// A strip: o is a reading outside, i inside, 100 ms a letter; a gap of three seconds is written as a bar.
const heard = (strip: string) => {
  let at = 0
  return [...strip].flatMap((letter) => {
    at += letter === '|' ? 3000 : 100
    return letter === 'o' || letter === 'i' ? [{ at, side: letter === 'i' ? ('inside' as const) : ('outside' as const), rssiDbm: -50 }] : []
  })
}

test.for([
  ['ooooiiii', 'in'],
  ['iiiioooo', 'out'],
  ['oooo', 'none'],
  ['oioioioi', 'uncertain'],
  ['oi', 'uncertain'],
  ['ooooiiii|iiiioooo', 'in,out'],
] as const)('the plain rule says of %s: %s', ([strip, said]) => {
  expect(centroidRule(heard(strip))).toBe(said)
})

test.for([
  { told: 'in', from: 'outside', posted: 'in' },
  { told: 'out', from: 'inside', posted: 'out' },
  { told: 'in,out', from: 'outside', posted: 'in,out' },
  { told: 'none', from: 'inside', posted: 'none' },
  // The book has it there already: nothing moves.
  { told: 'in', from: 'inside', posted: 'none' },
  { told: 'out', from: 'outside', posted: 'none' },
  { told: 'in,in', from: 'outside', posted: 'in' },
  { told: 'out,in', from: 'outside', posted: 'in' },
  // Whatever stands then: a keeper is asked.
  { told: 'uncertain', from: 'inside', posted: 'uncertain' },
  { told: 'in,uncertain', from: 'inside', posted: 'uncertain' },
] as const)('told $told of a tag $from: posted $posted', ({ told, from, posted }) => {
  expect(postedOf(told, from)).toBe(posted)
})
