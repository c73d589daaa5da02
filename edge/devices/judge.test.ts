import { describe, expect, test } from 'vitest'
import { type DoorSeen, type FindingCode, judgeDoor } from './judge.ts'
import { beginAnew, type Crossing, type DoorAntenna, type DoorFigures, endWalk, learnCrossing, learnVisit, NO_FIGURES } from './walks.ts'

const ANTENNAS: readonly DoorAntenna[] = [
  { antenna: 'in:1', reader: 'in', port: 1, side: 'inside', setup: 'bb7e 26 inside' },
  { antenna: 'out:1', reader: 'out', port: 1, side: 'outside', setup: 'bb7e 26 outside' },
]
const NOON = 1_800_000_000_000
const MINUTE = 60_000

/** What a walk is heard like: `[reads, peak]` inside, then outside; nothing where an antenna heard nothing. */
type Pair = readonly [number, number | null] | null
interface Step {
  readonly walks: number
  readonly inside: Pair
  readonly outside: Pair
  readonly says?: Crossing['says']
  readonly tags?: number
  readonly decided?: boolean
  readonly away?: readonly string[]
  readonly epcs?: readonly string[]
}
const GOOD: Step = { walks: 40, inside: [20, -48], outside: [20, -50] }

/** Walks a minute apart, with a little of the ordinary scatter. */
const walked = (steps: readonly Step[], antennas = ANTENNAS, begun: DoorFigures = NO_FIGURES) => {
  let figures = begun
  let at = 0
  for (const { walks, inside, outside, says = 'nothing', tags = 1, decided = true, away = [], epcs } of steps)
    for (let walk = 0; walk < walks; walk += 1) {
      at += 1
      const scatter = ((at * 7) % 5) - 2
      const part = (pair: Pair, name: string) =>
        pair === null
          ? []
          : [[name, { reads: Math.max(1, pair[0] + scatter), peakDbm: pair[1] === null ? null : pair[1] + scatter }] as const]
      for (let tag = 0; tag < (epcs?.length ?? tags); tag += 1) {
        const heard = Object.fromEntries([...part(inside, 'in:1'), ...part(outside, 'out:1')])
        figures = learnCrossing(figures, antennas, {
          epc: epcs?.[tag] ?? (says === 'nothing' ? `E${tag}` : `W${at}.${tag}`),
          atMs: NOON + at * MINUTE,
          decided,
          heard,
          says,
          away,
        }).figures
      }
    }
  return { figures, nowMs: NOON + at * MINUTE + 5_000 }
}

const seenAt = (nowMs: number, more: Partial<DoorSeen> = {}): DoorSeen => ({
  ...{ nowMs, heardAtMs: () => null, residents: () => [], reads: () => true },
  ...more,
})
const judgedOf = (steps: readonly Step[], more: Partial<DoorSeen> = {}) => {
  const { figures, nowMs } = walked(steps)
  return judgeDoor(figures, ANTENNAS, seenAt(nowMs, more))
}
const found = (steps: readonly Step[], more: Partial<DoorSeen> = {}): readonly string[] =>
  judgedOf(steps, more).flatMap(({ code, device, is }) => (is === 'so' ? [`${code} ${device}`] : []))
const verdictOf = (code: FindingCode, device: string, steps: readonly Step[]) =>
  judgedOf(steps).find((one) => one.code === code && one.device === device)?.is

describe('what a door hears, and what is said of its antennas', () => {
  test.each([
    ['a sound door', [GOOD], []],
    ['a sound door that was met today', [{ ...GOOD, walks: 6 }], []],
    ['four weak walks of the last ten', [GOOD, { walks: 4, inside: [18, -58], outside: [20, -50] }], []],
    ['ten weak walks of 7 dB', [GOOD, { walks: 10, inside: [16, -55], outside: [20, -50] }], ['antenna-weak in']],
    ['ten walks of 3 dB less', [GOOD, { walks: 10, inside: [18, -51], outside: [20, -50] }], []],
    ['fast walkers: both hear half as often and a little less', [GOOD, { walks: 20, inside: [9, -51], outside: [9, -53] }], []],
    ['wet boxes: both 7 dB less for a while', [GOOD, { walks: 20, inside: [15, -55], outside: [15, -57] }], []],
    [
      'both 12 dB less for twenty walks: the reader, or its power',
      [GOOD, { walks: 20, inside: [12, -60], outside: [12, -62] }],
      ['antenna-weak in', 'antenna-weak out'],
    ],
    ['a third of its reads, as loud as ever', [GOOD, { walks: 10, inside: [6, -48], outside: [26, -50] }], ['antenna-weak in']],
    [
      'no levels told, a third of the reads',
      [
        { walks: 40, inside: [20, null], outside: [20, null] },
        { walks: 10, inside: [5, null], outside: [22, null] },
      ],
      ['antenna-weak in'],
    ],
    [
      'so weak that nothing is decided any more',
      [GOOD, { walks: 20, inside: [3, -62], outside: [20, -50], decided: false }],
      ['antenna-weak in'],
    ],
    ['one cart of fifty shadowed boxes', [GOOD, { walks: 1, tags: 50, inside: [3, -64], outside: [4, -52] }], []],
    ['weak, and well again', [GOOD, { walks: 15, inside: [14, -58], outside: [20, -50] }, { ...GOOD, walks: 10 }], []],
    ['four walks unheard', [GOOD, { walks: 4, inside: null, outside: [20, -50] }], []],
    ['five walks unheard', [GOOD, { walks: 5, inside: null, outside: [20, -50] }], ['antenna-dead in']],
    ['never heard since it was installed', [{ walks: 5, inside: [20, -48], outside: null }], ['antenna-dead out']],
    ['nobody walks', [], []],
    [
      'the books contradict five of six',
      [GOOD, { ...GOOD, walks: 1, says: 'agrees' as const }, { ...GOOD, walks: 5, says: 'contradicts' as const }],
      ['antennas-swapped in'],
    ],
    ['four of six', [GOOD, { ...GOOD, walks: 2, says: 'agrees' as const }, { ...GOOD, walks: 4, says: 'contradicts' as const }], []],
    ['one cart of ten boxes', [GOOD, { ...GOOD, walks: 1, tags: 10, says: 'contradicts' as const }], []],
    ['the same two boxes again and again', [GOOD, { ...GOOD, walks: 9, epcs: ['A', 'B'], says: 'contradicts' as const }], []],
    [
      'boxes that passed undecided before',
      [
        { ...GOOD, walks: 1, epcs: ['A', 'B', 'C', 'D', 'E'], decided: false },
        ...['A', 'B', 'C', 'D', 'E'].map((epc) => ({ ...GOOD, walks: 1, epcs: [epc], says: 'contradicts' as const })),
      ],
      [],
    ],
    ['three carts of two', [GOOD, { ...GOOD, walks: 3, tags: 2, says: 'contradicts' as const }], ['antennas-swapped in']],
  ] satisfies readonly (readonly [string, readonly Step[], readonly string[]])[])('%s', (_name, steps, codes) => {
    expect(found(steps)).toEqual(codes)
  })

  test('an antenna that hears anything at all between the walks is not dead', () => {
    const steps = [GOOD, { walks: 6, inside: null, outside: [20, -50] }] satisfies Step[]
    expect(found(steps)).toEqual(['antenna-dead in'])
    expect(found(steps, { heardAtMs: (antenna) => (antenna === 'in:1' ? NOON + 45 * MINUTE : null) })).toEqual(['antenna-weak in'])
    expect(found([GOOD, { walks: 12, inside: null, outside: [20, -50], away: ['in'] }])).toEqual([])
  })

  test('tags that came close to one side only, and of which no passage came, count too: eight for five', () => {
    const visits = (count: number, peakDbm: number | null, names: readonly string[] = ['out:1']) => {
      let { figures } = walked([{ ...GOOD, walks: 2 }])
      for (let visit = 0; visit < count; visit += 1) {
        const heard = Object.fromEntries(names.map((name) => [name, { reads: 20, peakDbm }]))
        figures = learnVisit(figures, ANTENNAS, { epc: 'E', atMs: NOON + (10 + visit) * MINUTE, decided: false, heard, away: [] })
      }
      const judgements = judgeDoor(figures, ANTENNAS, seenAt(NOON + 60 * MINUTE))
      return judgements.flatMap(({ code, is }) => (is === 'so' ? [code] : []))
    }
    expect([visits(7, -50), visits(8, -50), visits(8, null), visits(8, -58), visits(8, -50, ['out:1', 'in:1'])]).toEqual([
      [],
      ['antenna-dead'],
      ['antenna-dead'],
      [],
      [],
    ])
  })

  test('a side so weak that nobody is seen crossing any more is found by those who come near', () => {
    const near = (inside: number, decided: boolean) => {
      let { figures } = walked([GOOD])
      for (let visit = 0; visit < 20; visit += 1) {
        const heard = { 'in:1': { reads: 12, peakDbm: inside }, 'out:1': { reads: 20, peakDbm: -49 } }
        const one = { epc: `V${visit}`, atMs: NOON + (60 + visit) * MINUTE, decided, heard, away: [] }
        figures = decided ? learnCrossing(figures, ANTENNAS, { ...one, says: 'nothing' }).figures : learnVisit(figures, ANTENNAS, one)
      }
      return judgeDoor(figures, ANTENNAS, seenAt(NOON + 90 * MINUTE)).flatMap(({ code, device, is, facts }) =>
        is === 'so' ? [`${code} ${device} ${facts['fallDb']}`] : [],
      )
    }
    expect([near(-58, false), near(-49, false)]).toEqual([['antenna-weak in 11'], []])
  })

  test('what was found ends only when it is clearly over', () => {
    const weak = { walks: 12, inside: [15, -56], outside: [20, -50] } satisfies Step
    const half = { walks: 10, inside: [18, -52.5], outside: [20, -50] } satisfies Step
    const dead = { walks: 6, inside: null, outside: [20, -50] } satisfies Step
    expect(verdictOf('antenna-weak', 'in', [GOOD, weak, half])).toBe('unsure')
    expect(verdictOf('antenna-weak', 'in', [GOOD, weak, { ...GOOD, walks: 10 }])).toBe('not')
    expect(verdictOf('antenna-dead', 'in', [GOOD, dead, { ...GOOD, walks: 1 }])).toBe('unsure')
    expect(verdictOf('antenna-dead', 'in', [GOOD, dead, { ...GOOD, walks: 2 }])).toBe('not')
  })

  test('how much it fell is said', () => {
    const [weak] = judgedOf([GOOD, { walks: 10, inside: [16, -57], outside: [20, -50] }]).filter(({ code }) => code === 'antenna-weak')
    expect(weak).toMatchObject({ antenna: 1, facts: { fallDb: 9, left: 81, walks: 10 } })
  })

  test('everything before a reader vanished in one moment: it is deaf; one box taken away is not', () => {
    const gone = (agoMs: readonly number[]): Partial<DoorSeen> => ({
      residents: (reader) => (reader === 'in' ? agoMs.map((ago) => NOON + 40 * MINUTE + 5_000 - ago) : []),
    })
    expect(found([GOOD], gone([700_000, 705_000, 710_000]))).toEqual(['reader-deaf in'])
    expect(found([GOOD], gone([300_000, 305_000, 310_000]))).toEqual([])
    expect(found([GOOD], gone([700_000, 705_000]))).toEqual([])
    expect(found([GOOD], gone([700_000, 705_000, 900_000]))).toEqual([])
    expect(found([GOOD], { ...gone([700_000, 705_000, 710_000]), reads: () => false })).toEqual([])
  })
})

test('all antennas of one reader silent is the reader, not each antenna', () => {
  const three: readonly DoorAntenna[] = [
    ...ANTENNAS.slice(1),
    { antenna: 'in:1', reader: 'in', port: 1, side: 'inside', setup: '-' },
    { antenna: 'in:2', reader: 'in', port: 2, side: 'inside', setup: '-' },
  ]
  const crossing = (at: number, names: readonly string[]): Crossing => ({
    ...{ epc: 'E', atMs: NOON + at * MINUTE, decided: true, says: 'nothing', away: [] },
    heard: Object.fromEntries(names.map((name) => [name, { reads: 9, peakDbm: -50 }])),
  })
  const run = (silent: readonly string[]) => {
    let figures = NO_FIGURES
    for (let at = 0; at < 10; at += 1) figures = learnCrossing(figures, three, crossing(at, ['out:1', 'in:1', 'in:2'])).figures
    for (let at = 10; at < 16; at += 1)
      figures = learnCrossing(
        figures,
        three,
        crossing(
          at,
          ['out:1', 'in:1', 'in:2'].filter((one) => !silent.includes(one)),
        ),
      ).figures
    return judgeDoor(figures, three, seenAt(NOON + 20 * MINUTE)).flatMap(({ code, antenna, is }) =>
      is === 'so' ? [`${code} ${antenna}`] : [],
    )
  }
  expect(run(['in:2'])).toEqual(['antenna-dead 2'])
  expect(run(['in:1', 'in:2'])).toEqual(['reader-deaf null'])
})

describe('what is usual', () => {
  const usualOf = (figures: DoorFigures) => figures.antennas['in:1']?.usual

  test('is the middle of the first thirty decided walks', () => {
    const { figures } = walked([
      { ...GOOD, walks: 29 },
      { walks: 20, inside: [2, -80], outside: [2, -80], decided: false },
    ])
    expect(usualOf(figures)).toBe(null)
    expect(figures.antennas['in:1']?.learning).toHaveLength(29)
    expect(usualOf(walked([{ ...GOOD, walks: 31 }]).figures)).toMatchObject({ reads: 20, peakDbm: -48, leadDb: 2, share: 0.5, walks: 30 })
  })

  test('follows a slow change, but not further than 3 dB down, and not a sudden one', () => {
    const slow = walked([
      { ...GOOD, walks: 31 },
      { walks: 400, inside: [20, -50], outside: [20, -50] },
    ]).figures
    expect(usualOf(slow)?.peakDbm).toBeLessThan(-49)
    expect(usualOf(slow)?.peakDbm).toBeGreaterThan(-50)
    const dying = walked([
      { ...GOOD, walks: 31 },
      ...Array.from({ length: 120 }, (_, at) => ({ walks: 20, inside: [20, -48 - at * 0.1] as const, outside: [20, -50] as const })),
    ])
    expect(usualOf(dying.figures)?.peakDbm).toBeGreaterThanOrEqual(-51)
    expect(judgeDoor(dying.figures, ANTENNAS, seenAt(dying.nowMs)).filter(({ is }) => is === 'so')).toMatchObject([
      { code: 'antenna-weak', device: 'in' },
    ])
  })

  test('begins anew after work, and with another setup', () => {
    const { figures, nowMs } = walked([GOOD, { walks: 12, inside: [15, -58], outside: [20, -50] }])
    const inside = ANTENNAS.filter(({ antenna }) => antenna === 'in:1')
    const anew = beginAnew(figures, inside, nowMs)
    expect([usualOf(anew), anew.antennas['out:1']?.usual !== null, anew.walks, anew.open]).toEqual([null, true, [], []])
    expect(judgeDoor(anew, ANTENNAS, seenAt(nowMs)).find(({ code, device }) => code === 'antenna-weak' && device === 'in')?.is).toBe('not')
    const stronger = ANTENNAS.map((one) => ({ ...one, setup: 'bb7e 30' }))
    expect(endWalk(figures, stronger).figures.antennas['in:1']).toMatchObject({ setup: 'bb7e 30', usual: null })
  })
})
