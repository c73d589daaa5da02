import { type Chance, openChance } from '@lotkeeper/deploy/simulators/doorway/chance.ts'
import type { DoorType, Half, Mounting } from '@lotkeeper/deploy/simulators/doorway/doors.ts'
import { type Scenario, scenarioOf } from '@lotkeeper/deploy/simulators/doorway/scenario.ts'
import { doorsOf } from './generate.ts'

/**
 * Scenarios at doors nobody built: sizes, walls, antennas drawn from all that is usual, with the readers of the doors for fitting. What is learnt at many
 * doors holds at one not seen; the doors to report on are none of them.
 */
export function* drawnScenarios(seed: number, passages: number): Generator<Scenario> {
  let told = 0
  for (let number = 0; told < passages; number += 1) {
    const door = drawnDoor(openChance(seed, number, DRAWN), number)
    for (let at = 0; at < SCENARIOS_A_DOOR; at += 1) {
      const scenario = scenarioOf({ seed: seed * 1_000_003 + number, door, number: at, shelves: SHELVES })
      told += scenario.truth.length
      yield scenario
    }
  }
}

const DRAWN = 4711
const SCENARIOS_A_DOOR = 10
/** What lies near a door is seldom heard and seldom believed, and that is what costs most: three times as often as at the doors of the figures. */
const SHELVES = 0.36

const drawnDoor = (chance: Chance, number: number): DoorType => {
  const widthM = chance.isSo(0.6) ? chance.between([0.85, 1.4]) : chance.between([1.4, 3.2])
  const heightM = chance.between([2, widthM > 2 ? 3.2 : 2.4])
  const reader = chance.pick(READERS_TO_FIT)
  return {
    ...{ name: `drawn-${number}`, use: 'fit', widthM, heightM, reader },
    wall: chance.pick(['brick', 'plaster', 'concrete', 'steel', 'cloth'] as const),
    thickM: chance.pick([0.02, 0.1, 0.2, 0.3, 0.6]),
    floor: chance.pick(['tile', 'concrete', 'wood'] as const),
    ceiling: chance.pick(['plaster', 'concrete', 'steel'] as const),
    inside: drawnHalf(chance, widthM, heightM),
    outside: drawnHalf(chance, widthM, heightM),
    leaf: chance.pick(['wood', 'steel', 'none', 'glass'] as const),
    leafSide: chance.pick(['inside', 'outside'] as const),
    shelvesM: null,
    air: chance.pick(['open', 'room', 'room', 'crowded'] as const),
    mountings: drawnMountings(chance, widthM, heightM),
    eirpDbm: chance.between([27, 33]),
  }
}

const READERS_TO_FIT = doorsOf('fit').map(({ reader }) => reader)

const drawnHalf = (chance: Chance, widthM: number, heightM: number): Half => ({
  leftM: widthM / 2 + chance.between([0.4, 5]),
  rightM: widthM / 2 + chance.between([0.75, 5]),
  heightM: heightM + chance.between([0.05, 1.5]),
  walls: chance.pick(['plaster', 'brick', 'concrete', 'steel', 'none'] as const),
})

/** On posts beside the opening, on one side or on both, or overhead; each side of the wall alike. */
const drawnMountings = (chance: Chance, widthM: number, heightM: number): readonly Mounting[] => {
  const away = chance.between([0.2, 1])
  if (chance.isSo(0.2)) {
    const across = widthM > 1.5 && chance.isSo(0.5) ? [widthM / 4, -widthM / 4] : [0]
    const [upM, tiltDeg] = [heightM + chance.between([0.1, 0.4]), chance.between([-85, -55])]
    return across.flatMap((y, at) => [
      { antenna: 2 * at + 1, side: 'inside', at: [away, y, upM], azimuthDeg: 0, tiltDeg },
      { antenna: 2 * at + 2, side: 'outside', at: [-away, y, upM], azimuthDeg: 180, tiltDeg },
    ])
  }
  const [upM, turnDeg] = [chance.between([1.1, 1.7]), chance.between([0, away < 0.4 ? 55 : 30])]
  const sides = widthM > 1.5 && chance.isSo(0.4) ? [1, -1] : [1]
  return sides.flatMap((sign, at): readonly Mounting[] => {
    const y = sign * (widthM / 2 + chance.between([0.15, 0.5]))
    return [
      { antenna: 2 * at + 1, side: 'inside', at: [away, y, upM], azimuthDeg: sign * (turnDeg - 90), tiltDeg: 0 },
      { antenna: 2 * at + 2, side: 'outside', at: [-away, y, upM], azimuthDeg: sign * (-90 - turnDeg), tiltDeg: 0 },
    ]
  })
}
