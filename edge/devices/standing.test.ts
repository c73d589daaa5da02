import { describe, expect, test } from 'vitest'
import type { Judged } from './judge.ts'
import { type Counted, judgeCounters } from './noise.ts'
import { type Finding, stand } from './standing.ts'

const judged = (code: Judged['code'], is: Judged['is'], more: Partial<Judged> = {}): Judged => ({
  ...{ code, device: 'r1', antenna: 1, epc: null, is, facts: { fallDb: 7 } },
  ...more,
})
const standing = (code: Judged['code'], sinceMs = 5): Finding => ({
  code,
  device: 'r1',
  antenna: 1,
  epc: null,
  sinceMs,
  facts: { fallDb: 6 },
})

describe('what stands after a look', () => {
  test.each([
    ['begins', [], judged('antenna-weak', 'so'), [9], 1, 0],
    ['goes on since it began', [standing('antenna-weak')], judged('antenna-weak', 'so'), [5], 0, 0],
    ['stays while nobody can tell', [standing('antenna-weak')], judged('antenna-weak', 'unsure'), [5], 0, 0],
    ['stays while nobody looks', [standing('antenna-weak')], judged('antenna-dead', 'not'), [5], 0, 0],
    ['ends', [standing('antenna-weak')], judged('antenna-weak', 'not'), [], 0, 1],
    ['is of one antenna', [standing('antenna-weak')], judged('antenna-weak', 'so', { antenna: 2 }), [5, 9], 1, 0],
    ['does not begin while nobody can tell', [], judged('antenna-weak', 'unsure'), [], 0, 0],
  ] as const)('a finding %s', (_name, before, one, since, begun, ended) => {
    const stood = stand(before, [one], 9)
    expect(stood.standing.map(({ sinceMs }) => sinceMs)).toEqual(since)
    expect([stood.begun.length, stood.ended.length]).toEqual([begun, ended])
  })

  test('the gravest comes first, and its figures are those of now', () => {
    const { standing: now } = stand(
      [standing('antenna-weak')],
      [judged('tag-dying', 'so'), judged('antenna-weak', 'so'), judged('antennas-swapped', 'so')],
      9,
    )
    expect(now.map(({ code }) => code)).toEqual(['antennas-swapped', 'antenna-weak', 'tag-dying'])
    expect(now[1]).toMatchObject({ sinceMs: 5, facts: { fallDb: 7 } })
  })
})

describe('counters between two looks', () => {
  const ZERO: Counted = { reader: 'r1', atMs: 0, frames: 0, reads: 0, noiseBytes: 0, crcFailures: 0, dropped: 0 }
  test.each([
    ['silence', {}, 'unsure', 'not'],
    ['a clean line', { frames: 9_000, reads: 8_000 }, 'not', 'not'],
    ['a plug pulled in the middle of a frame', { frames: 100, noiseBytes: 60 }, 'not', 'not'],
    ['a tenth of the bytes', { frames: 1_000, noiseBytes: 2_700 }, 'so', 'not'],
    ['between the two', { frames: 1_000, noiseBytes: 1_000 }, 'unsure', 'not'],
    ['a fifth of the tags fail', { frames: 1_000, reads: 800, crcFailures: 200 }, 'so', 'not'],
    ['a few fail', { frames: 1_000, reads: 990, crcFailures: 10 }, 'not', 'not'],
    ['reads were dropped', { frames: 1_000, reads: 990, dropped: 4 }, 'not', 'so'],
  ] as const)('%s', (_name, counts, noise, overrun) => {
    const judgements = judgeCounters(ZERO, { ...ZERO, ...counts })
    expect(judgements.map(({ is }) => is)).toEqual([noise, overrun])
  })
})
