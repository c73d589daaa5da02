import type { DoorAntenna } from '../devices/walks.ts'
import type { Side } from '../portal/thresholds.ts'
import { FAMILIES } from '../readers/uhf/families.ts'
import type { Family } from '../readers/uhf/family.ts'
import type { Settings } from '../settings.ts'

/** The antennas of a door, `reader:port`, and which side each looks from. */
export const antennasOf = ({ devices }: Pick<Settings, 'devices'>, door: string): readonly DoorAntenna[] =>
  devices.flatMap((one) => {
    if (one.kind !== 'reader' || one.door !== door) return []
    const { device: reader, family, powerDbm } = one
    const { strengthOf }: Family = FAMILIES[family]
    const ports = one.antennas ?? ANTENNA_PORTS.map((port) => ({ port, side: one.side }))
    return ports.map(({ port, side }) => ({
      ...{ antenna: `${reader}:${port}`, reader, port, side, setup: `${family} ${powerDbm} ${side}` },
      ...(strengthOf ? { strengthOf } : {}),
    }))
  })

/** The same as the door asks it: antenna to side. */
export const sidesOf = (settings: Pick<Settings, 'devices'>, door: string): Readonly<Record<string, Side>> =>
  Object.fromEntries(antennasOf(settings, door).map(({ antenna, side }) => [antenna, side]))

/** Ports a reader may have; a single-port reader always says 1. */
const ANTENNA_PORTS = Array.from({ length: 16 }, (_, at) => at + 1)
