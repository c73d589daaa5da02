import { expect, it } from 'vitest'
import { movement } from '../live/fixtures.ts'
import { levelsOf, onHand } from './levels.ts'

const at = (time: string, from: string, to: string, units: number) =>
  movement(1, { occurredAt: `2026-11-22T${time}:00.000Z`, from, to, units })
const JOURNEY = [
  at('10:00', 'aa/~transit', 'aa/main/pending', 100),
  at('11:00', 'aa/main/pending', 'aa/main/available', 100),
  at('12:00', 'aa/main/available', 'aa/~consumed', 30),
  at('13:00', 'aa/main/available', 'bb/~transit', 20),
  at('14:00', 'bb/~transit', 'bb/main/pending', 20),
]
const IS = [
  { place: 'aa/main/available', site: 'aa', placeName: { zh: 'a', en: 'a' }, units: 50 },
  { place: 'bb/main/pending', site: 'bb', placeName: { zh: 'b', en: 'b' }, units: 20 },
  { place: 'aa/~consumed', site: 'aa', placeName: { zh: 'a', en: 'a' }, units: 30 },
]

it('ends in the figures of today and begins where the journey begins', () => {
  const levels = levelsOf({ whereIs: IS, journey: JOURNEY }, Date.parse('2026-11-22T15:00:00.000Z'))
  expect(levels.lines).toEqual([
    { site: 'aa', units: [0, 100, 100, 70, 50, 50, 50] },
    { site: 'bb', units: [0, 0, 0, 0, 0, 20, 20] },
  ])
  expect(levels.at.length).toBe(7)
  expect([...levels.at].sort((one, other) => one - other)).toEqual(levels.at)
})
it('begins with what was there before, when the journey was cut short', () => {
  expect(levelsOf({ whereIs: IS, journey: JOURNEY.slice(2) }, Date.parse('2026-11-22T15:00:00.000Z')).lines[0]?.units[0]).toBe(100)
})
it('counts rooms only as in stock', () => expect(onHand({ whereIs: IS })).toBe(70))
