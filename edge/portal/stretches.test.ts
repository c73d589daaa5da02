import { expect, it } from 'vitest'
import { WINDOW, windowOf } from './stretches.ts'
import { addReading, openTrack } from './track.ts'

const EPOCH_MS = 100
const AT = { planeMs: 3000, left: 'outside', epochMs: EPOCH_MS, offsetDb: 0 } as const

/** Moment, side, level. */
const trackOf = (...heard: readonly (readonly [number, 'inside' | 'outside', number | null])[]) => {
  const track = openTrack(0, EPOCH_MS)
  for (const [at, side, rssiDbm] of heard) addReading(track, { antenna: side, side, at, rssiDbm }, EPOCH_MS)
  return track
}
/** Where in a window something stands, and what. */
const shown = (window: Float64Array): readonly (readonly [number, number])[] =>
  [...window].flatMap((figure, at) => (figure === 0 ? [] : [[at, Math.round(figure * 100) / 100] as const]))

/** Of each stretch two figures of either side, and one of both. */
const STRETCHES = WINDOW / 5
/** Each side's middle stretch. */
const MIDDLE = 2 * Math.floor(STRETCHES / 2)
const ENTERED = 2 * STRETCHES
const MOVED = 4 * STRETCHES

it('tells of each stretch how often it was heard there and how loud, the side left first', () => {
  const window = windowOf(trackOf([2950, 'outside', -50], [3000, 'outside', -50], [3050, 'outside', -50], [4900, 'inside', -60]), AT)
  // About the moment itself, in the middle of the side left; and a good second later, on the side entered.
  expect(shown(window)).toEqual([
    [MIDDLE, 2],
    [MIDDLE + 1, 3],
    [ENTERED + MIDDLE + 12, 1],
    [ENTERED + MIDDLE + 13, 2],
  ])
})

it('tells of each stretch whether the phase turned there, by either antenna, few pairs counting less', () => {
  const track = openTrack(0, EPOCH_MS)
  const hear = (at: number, phaseDeg: number): void =>
    addReading(track, { antenna: 'a', side: 'inside', at, rssiDbm: null, phaseDeg }, EPOCH_MS)
  // It stood for a good half second, and moved about the moment itself.
  for (let at = 1800; at <= 2400; at += 100) hear(at, 40)
  for (let at = 2900; at < 3100; at += 20) hear(at, (at * 3) % 180)
  const moved = shown(windowOf(track, AT).subarray(MOVED))
  expect(moved).toEqual([
    [4, -0.5],
    [5, -0.5],
    [Math.floor(STRETCHES / 2), 0.77],
  ])
})

it('turned about, a way in is a way out', () => {
  const walked = (first: 'inside' | 'outside', then: 'inside' | 'outside') =>
    trackOf([1000, first, -60], [2500, first, -52], [3500, then, -55], [9000, then, -66])
  expect(windowOf(walked('inside', 'outside'), { ...AT, left: 'inside' })).toEqual(windowOf(walked('outside', 'inside'), AT))
})

it('says the same wherever a tag is equally much fainter, and of antennas mounted unalike once that is known', () => {
  const plain = windowOf(trackOf([1000, 'outside', -50], [4000, 'inside', -55]), AT)
  expect(windowOf(trackOf([1000, 'outside', -60], [4000, 'inside', -65]), AT)).toEqual(plain)
  expect(windowOf(trackOf([1000, 'outside', -50], [4000, 'inside', -45]), { ...AT, offsetDb: 10 })).toEqual(plain)
})

it('counts readings without a level, leaves out what lies too far away, and is empty of nothing', () => {
  expect(shown(windowOf(trackOf([2000, 'outside', null]), AT)).map(([, figure]) => figure)).toEqual([1])
  expect(shown(windowOf(trackOf([100_000, 'outside', -50]), AT))).toEqual([])
  expect(shown(windowOf(null, AT))).toEqual([])
  expect(windowOf(null, AT)).toHaveLength(WINDOW)
})
