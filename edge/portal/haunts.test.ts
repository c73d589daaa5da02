import { expect, it } from 'vitest'
import { haunterDecides, openHaunts } from './haunts.ts'

const HOUR_MS = 3_600_000

it('knows who came again and again and never crossed, and how often', () => {
  const haunts = openHaunts()
  const come = (epc: string, at: number, isCrossed = false): number => {
    haunts.left(epc, at, isCrossed)
    return haunts.timesOf(epc)
  }
  expect([0, 40_000, 80_000, 120_000].map((at) => come('shelf', at))).toEqual([0, 0, 3, 4])
  // Three times within a minute may be one box that is carried to and fro.
  expect([0, 20_000, 40_000].map((at) => come('box', at))).toEqual([0, 0, 0])
  expect(haunts.timesOf('stranger')).toBe(0)
  // Who crossed lies elsewhere now.
  expect(come('shelf', 160_000, true)).toBe(0)
  expect(come('shelf', 200_000)).toBe(0)
})

it('is believed less the more often it came, within what a net can tell', () => {
  const bounds = [3, 45, 60, 80, 90, 5000].map((times) => Math.round(haunterDecides(times, 0.955) * 100_000) / 100_000)
  expect(bounds).toEqual([0.999, 0.999, 0.99925, 0.99944, 0.9995, 0.9995])
})

it('forgets who was not heard for half a working day', () => {
  const haunts = openHaunts()
  for (const at of [0, 40_000, 80_000]) haunts.left('shelf', at, false)
  haunts.forget(80_000 + 3 * HOUR_MS)
  expect(haunts.timesOf('shelf')).toBe(3)
  haunts.forget(80_000 + 5 * HOUR_MS)
  expect(haunts.timesOf('shelf')).toBe(0)
})
