import { expect, test } from 'vitest'
import { antennasOf } from '../flow/antennas.ts'
import type { FamilyName } from '../readers/uhf/families.ts'
import { antennaViews } from './shown.ts'
import { type DoorFigures, LEARN_WALKS, learnCrossing, NO_FIGURES } from './walks.ts'

const reader = (family: FamilyName) =>
  ({ device: 'r', kind: 'reader', family, address: '/dev/r', region: 'CN900', powerDbm: 26, door: 'd', side: 'inside' }) as const

test.each([
  ['bb7e', -60, { unit: 'dBm', peak: -60, usualPeak: -60 }],
  // The number of the wire again, which no manual gives a unit.
  ['uhf288', -60, { unit: 'strength', peak: 69, usualPeak: 69 }],
  ['uhf18', null, { unit: 'dBm', peak: null, usualPeak: null }],
  ['5a', null, { unit: 'dBm', peak: null, usualPeak: null }],
] as const)('a level of %s is shown in the unit it has', (family, peakDbm, shown) => {
  const antennas = antennasOf({ devices: [reader(family)] }, 'd')
  let figures: DoorFigures = NO_FIGURES
  for (let walk = 0; walk <= LEARN_WALKS + 1; walk += 1) {
    const crossing = {
      epc: 'E',
      atMs: walk * 60_000,
      decided: true,
      heard: { 'r:1': { reads: 20, peakDbm } },
      away: [],
      says: 'nothing',
    } as const
    figures = learnCrossing(figures, antennas, crossing).figures
  }
  const [view] = antennaViews(figures, { antennas, device: 'r', heardAtMs: () => 0 })
  expect(view).toMatchObject({ antenna: 1, side: 'inside', reads: 20, usualReads: 20, learning: 0, ...shown })
})
