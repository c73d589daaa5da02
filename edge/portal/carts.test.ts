import { describe, expect, it } from 'vitest'
import { rideOf } from './adoption.ts'
import { openCarts, type Step, type Stretch } from './carts.ts'
import { addReading, openTrack, type Track } from './track.ts'

const EPOCH_MS = 100
const IN: readonly Step[] = [{ direction: 'in', atMs: 3000 }]
const OUT: readonly Step[] = [{ direction: 'out', atMs: 3000 }]

/** Heard by a side at moments, each with its level in dBm. */
type Heard = readonly (readonly [atMs: number, side: 'inside' | 'outside', rssiDbm: number])[]

const trackOf = (heard: Heard): Track => {
  const track = openTrack(heard[0]?.[0] ?? 0, EPOCH_MS)
  for (const [at, side, rssiDbm] of heard) addReading(track, { antenna: side, side, at, rssiDbm }, EPOCH_MS)
  return track
}
/** Walked in: heard outside until the plane at 3 s, then inside. */
const walkedIn = (everyMs = 100): Track =>
  trackOf(
    Array.from({ length: 4000 / everyMs }, (_, at) => {
      const atMs = 1000 + at * everyMs
      return [atMs, atMs < 3000 ? 'outside' : 'inside', -50 - Math.abs(atMs - 3000) / 200] as const
    }),
  )
/** Lay near the door all the time. */
const lay = (): Track =>
  trackOf(Array.from({ length: 40 }, (_, at) => [1000 + at * 100, at % 2 === 0 ? 'inside' : 'outside', -60] as const))
const sure = (steps: readonly Step[], track = walkedIn()): Stretch => ({ track, steps, certainty: 0.99, told: steps })
/** When they were last heard. */
const HEARD_MS = 4900
const judge = { epochMs: EPOCH_MS, judge: () => [] }

describe('carts', () => {
  it('puts tags that surely went the same way at the same time on one cart', () => {
    const carts = openCarts(EPOCH_MS)
    for (const epc of ['a', 'b', 'c']) carts.note(epc, sure(IN), HEARD_MS)
    carts.note('d', sure([{ direction: 'in', atMs: 4200 }]), HEARD_MS)
    const [cart, ...others] = carts.without('x', 6000)
    expect(others).toEqual([])
    expect(cart?.size).toBeCloseTo(3.96)
    expect(cart?.steps).toEqual([{ direction: 'in', atMs: 3000, fromMs: 3000, toMs: 4200 }])
  })

  it('tells two ways apart, and how many went the other one', () => {
    const carts = openCarts(EPOCH_MS)
    for (const epc of ['a', 'b']) carts.note(epc, sure(IN), HEARD_MS)
    carts.note('c', sure(OUT), HEARD_MS)
    const found = carts.without('x', 6000).map(({ steps, size, others }) => [steps[0]?.direction, Math.round(size), Math.round(others)])
    expect(found).toEqual([
      ['in', 2, 1],
      ['out', 1, 2],
    ])
  })

  it('takes the few that seem to have come back for part of the many that only came', () => {
    const carts = openCarts(EPOCH_MS)
    for (const epc of ['a', 'b', 'c', 'd', 'e', 'f']) carts.note(epc, sure(IN), HEARD_MS)
    carts.note('g', sure([...IN, { direction: 'out', atMs: 4000 }]), HEARD_MS)
    expect(carts.without('x', 6000).map(({ steps }) => steps.length)).toEqual([1])
  })

  it('leaves a tag itself out of the cart it is asked about, and knows none of one alone', () => {
    const carts = openCarts(EPOCH_MS)
    carts.note('a', sure(IN), HEARD_MS)
    expect(carts.without('a', 6000)).toEqual([])
    carts.note('b', sure(IN), HEARD_MS)
    expect(carts.without('a', 7000)[0]?.size).toBeCloseTo(0.99)
  })

  it('hears nothing of ways that are not even likely, nor of what stands', () => {
    const carts = openCarts(EPOCH_MS)
    carts.note('a', { ...sure(IN), certainty: 0.5 }, HEARD_MS)
    carts.note('b', sure(IN), HEARD_MS)
    carts.note('b', null, HEARD_MS)
    expect(carts.without('x', 6000)).toEqual([])
  })

  it('remembers what was told of a tag over its stretches, until one was in doubt', () => {
    const carts = openCarts(EPOCH_MS)
    expect(carts.toldOf('a')).toEqual([])
    carts.keep('a', sure(IN))
    carts.note('a', null, HEARD_MS)
    expect(carts.toldOf('a')).toEqual(IN)
    expect(carts.pastOf('a')).toHaveLength(1)
    carts.keep('a', { ...sure(OUT), told: null })
    expect(carts.toldOf('a')).toBeNull()
  })

  it('counts the ways a tag made known itself, also where nothing was told of it', () => {
    const carts = openCarts(EPOCH_MS)
    carts.keep('a', { ...sure(IN), told: [] })
    expect([carts.toldOf('a'), carts.without('x', 6000)[0]?.steps.length]).toEqual([[], 1])
  })

  it('remembers a tag as long as it is heard, though it goes with nobody for now', () => {
    const carts = openCarts(EPOCH_MS)
    carts.keep('a', sure(IN))
    carts.note('a', null, 20_000)
    carts.forget(19_000)
    expect(carts.toldOf('a')).toEqual(IN)
    carts.begin('a', 34_000)
    expect(carts.toldOf('a')).toEqual(IN)
    carts.begin('a', 36_000)
    expect(carts.toldOf('a')).toEqual([])
  })

  describe('that came back', () => {
    const BACK: readonly Step[] = [...OUT, { direction: 'in', atMs: 7000 }]
    const opened = (ways: readonly (readonly Step[])[]) => {
      const carts = openCarts(EPOCH_MS)
      carts.keep('x', sure(OUT))
      for (const [at, way] of ways.entries()) carts.keep(`tag ${at}`, sure(way))
      return carts
    }
    it('without a tag that went with them: then, and by what it was heard last', () => {
      const found = opened([BACK, BACK, BACK]).cameBackUnheard('x')
      expect(found?.step).toMatchObject({ direction: 'in', atMs: 7000 })
      expect(found?.track.lastMs).toBe(HEARD_MS)
    })
    it('says nothing where few came back, more stayed, they had gone another way, or nobody knows the tag', () => {
      expect(opened([BACK, BACK]).cameBackUnheard('x')).toBeNull()
      expect(opened([BACK, BACK, BACK, OUT, OUT]).cameBackUnheard('x')).toBeNull()
      expect(opened([BACK, BACK, BACK, BACK, BACK, BACK, OUT]).cameBackUnheard('x')).not.toBeNull()
      const late = BACK.map((step) => ({ ...step, atMs: step.atMs + 20_000 }))
      expect(opened([late, late, late]).cameBackUnheard('x')).toBeNull()
      expect(opened([IN, IN, IN]).cameBackUnheard('x')).toBeNull()
      expect(opened([BACK, BACK, BACK]).cameBackUnheard('y')).toBeNull()
    })
    it('says nothing of a tag that is heard again, or was in doubt', () => {
      const carts = opened([BACK, BACK, BACK])
      carts.note('x', sure([]), 8000)
      expect(carts.cameBackUnheard('x')).toBeNull()
      const doubtful = opened([BACK, BACK, BACK])
      doubtful.keep('x', { ...sure(OUT), told: null })
      expect(doubtful.cameBackUnheard('x')).toBeNull()
    })
  })

  it('forgets what was last heard too long ago', () => {
    const carts = openCarts(EPOCH_MS)
    carts.keep('a', sure(IN))
    carts.forget(4800)
    expect(carts.toldOf('a')).toEqual(IN)
    carts.forget(5000)
    expect(carts.toldOf('a')).toEqual([])
  })
})

describe('the cart a tag fits', () => {
  const cartsOf = (...tracks: readonly Track[]) => {
    const carts = openCarts(EPOCH_MS)
    tracks.forEach((track, at) => {
      carts.note(`m${at}`, sure(IN, track), HEARD_MS)
    })
    return carts.without('x', 6000)
  }

  it('is the one whose tags were heard when and where it was, though it was read a few times', () => {
    const few = trackOf([
      [2200, 'outside', -60],
      [2300, 'outside', -59],
      [3900, 'inside', -60],
    ])
    const ride = rideOf([few], cartsOf(walkedIn(), walkedIn(), walkedIn()), [], judge)
    expect(ride?.marks).toMatchObject({ right: 2, wrong: 0, phases: 1, single: 0, none: 0, margin: 20 })
    expect(ride?.marks.fit).toBeGreaterThan(0.5)
  })

  it('fits badly what lay there all the time', () => {
    const ride = rideOf([lay()], cartsOf(walkedIn(), walkedIn(), walkedIn()), [], judge)
    expect(ride?.marks.fit).toBeLessThan(-0.2)
    expect(ride?.marks.wrong).toBeGreaterThan(3)
  })

  it('is none without readings or carts', () => {
    expect(rideOf([openTrack(0, EPOCH_MS)], cartsOf(walkedIn()), [], judge)).toBeNull()
    expect(rideOf([walkedIn()], [], [], judge)).toBeNull()
  })
})
