import type { Side } from '../portal/thresholds.ts'
import type { Settings } from '../settings.ts'

/** Which antenna, `reader:port`, looks from which side of a door. */
export const antennasOf = ({ devices }: Pick<Settings, 'devices'>, door: string): Readonly<Record<string, Side>> =>
  Object.fromEntries(
    devices.flatMap((one) => {
      if (one.kind !== 'reader' || one.door !== door) return []
      const ports = one.antennas ?? ANTENNA_PORTS.map((port) => ({ port, side: one.side }))
      return ports.map(({ port, side }) => [`${one.device}:${port}`, side] as const)
    }),
  )

/** Ports a reader may have; a single-port reader always says 1. */
const ANTENNA_PORTS = Array.from({ length: 16 }, (_, at) => at + 1)
