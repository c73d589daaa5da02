import { expect, it } from 'vitest'
import { seenBy, storyOf } from './seen.ts'
import { standingOf } from './standing.ts'

it('reads what each side heard', () => {
  const inside = { reads: 31, peak: -44, centroid: 1_800, first: 900, last: 2_100 }
  const outside = { reads: 8, peak: null, centroid: 500, first: 0, last: 1_100 }
  expect(seenBy({ inside, outside, opposition: 1, lead: 1, imbalance: 0 })).toMatchObject({
    inside: { reads: 31 },
    outside: { centroid: 500 },
    lastMs: 2_100,
  })
})
it.each([
  ['one side only', { inside: null, outside: { reads: 1, first: 0, last: 0 } }, [null, 0]],
  ['words of another algorithm', { inside: 'often', outside: [1, 2] }, [null, undefined]],
  ['nothing', {}, [null, undefined]],
])('is not misled by %s', (_what, evidence, [inside, centroid]) => {
  const seen = seenBy(evidence as Record<string, unknown>)
  expect([seen.inside, seen.outside?.centroid, seen.lastMs]).toEqual([inside, centroid, 1])
})
it.each([
  ['inward', 1_800, 500],
  ['outward', 400, 1_700],
  ['together', 1_000, 1_150],
  ['inside-only', 1_000, null],
  ['outside-only', null, 1_000],
  ['nothing', null, null],
] as const)('tells %s in words', (story, inside, outside) => {
  const side = (centroid: number | null) => centroid !== null && { reads: 9, first: 0, last: 2_100, centroid }
  expect(storyOf({ inside: side(inside), outside: side(outside) })).toBe(story)
})
it('claims nothing of a date before the day is known', () => {
  expect(standingOf('2026-12-01', undefined)).toEqual({ expiryState: 'unknown', daysLeft: null })
  expect(standingOf('2026-12-01', '2026-11-22')).toEqual({ expiryState: 'near', daysLeft: 9 })
  expect(standingOf(null, '2026-11-22')).toEqual({ expiryState: 'unknown', daysLeft: null })
})
