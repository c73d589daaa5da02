import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openPortal, type Sighting } from './portal.ts'
import type { Passage } from './verdict.ts'

const CONFIG = { door: 'front', antennas: { a: 'inside', b: 'outside' } } as const

/** Tags wandering before a door: each step a level for each side and a pause. */
const wandering = fc
  .array(
    fc.record({
      tag: fc.integer({ min: 0, max: 3 }),
      inside: fc.option(fc.integer({ min: -75, max: -30 })),
      outside: fc.option(fc.integer({ min: -75, max: -30 })),
      phaseDeg: fc.option(fc.integer({ min: 0, max: 179 })),
      pauseMs: fc.integer({ min: 0, max: 400 }),
    }),
    { maxLength: 120 },
  )
  .map((steps) => {
    let at = 0
    return steps.flatMap(({ tag, inside, outside, phaseDeg, pauseMs }): readonly Sighting[] => {
      at += pauseMs
      const read = (side: 'inside' | 'outside', rssiDbm: number | null): readonly Sighting[] =>
        rssiDbm === null ? [] : [{ epc: `E${tag}`, antenna: side === 'inside' ? 'a' : 'b', side, at, rssiDbm, phaseDeg }]
      return [...read('inside', inside), ...read('outside', outside)]
    })
  })

const played = (sightings: readonly Sighting[], ticksMs: readonly number[]): readonly Passage[] => {
  const portal = openPortal(CONFIG)
  const told: Passage[] = []
  const ticks = ticksMs.toSorted((one, other) => one - other)
  for (const sighting of sightings) {
    while (ticks[0] !== undefined && ticks[0] <= sighting.at) told.push(...portal.tick(ticks.shift() ?? 0))
    told.push(...portal.see(sighting))
  }
  return [...told, ...portal.tick(10_000_000)]
}

describe('a door, whatever it hears', () => {
  it('says the same however often it is told the time', () => {
    fc.assert(
      fc.property(wandering, fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 40 }), (sightings, ticksMs) => {
        expect(played(sightings, ticksMs)).toEqual(played(sightings, []))
      }),
      { numRuns: 60 },
    )
  })
  it('never says the same way twice of a tag that stayed in range', () => {
    fc.assert(
      fc.property(wandering, (sightings) => {
        const last = new Map<string, Passage>()
        for (const passage of played(sightings, [])) {
          const before = last.get(passage.epc)
          if (passage.direction !== 'uncertain' && before) expect(passage.direction).not.toBe(before.direction)
          last.set(passage.epc, passage)
        }
      }),
      { numRuns: 100 },
    )
  })
  it('bears any times and levels', () => {
    const any = fc.record({
      epc: fc.constantFrom('E0', 'E1'),
      side: fc.constantFrom('inside', 'outside'),
      at: fc.oneof(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.double()),
      rssiDbm: fc.option(fc.double({ min: -1000, max: 1000, noNaN: true })),
      phaseDeg: fc.option(fc.double({ min: -1000, max: 1000, noNaN: true })),
    })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 60 }), (sightings) => {
        const told = played(
          sightings.map((one): Sighting => ({ ...one, antenna: 'a', side: one.side as Sighting['side'] })),
          [],
        )
        for (const { certainty, evidence } of told) {
          expect(certainty).toBeGreaterThanOrEqual(0)
          expect(certainty).toBeLessThanOrEqual(1)
          expect(JSON.stringify(evidence).length).toBeLessThanOrEqual(300)
        }
      }),
      { numRuns: 100 },
    )
  })
})
