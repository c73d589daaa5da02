import type { Weather } from '@lotkeeper/deploy/simulators/network.ts'
import type { World } from '../world.ts'

/** One thing that goes wrong in the world. */
export interface Fault {
  /** Strikes per act at full strength. */
  readonly rate: number
  /** Strikes of one season. */
  readonly most?: number
  /** Faults without which it finds nothing to strike. */
  readonly needs?: readonly string[]
  /** What it does to every message, from the first act on. */
  readonly weather?: (strength: number) => Partial<Weather>
  /** Strikes; answers whether it found anything to strike. */
  readonly strike: (world: World) => boolean | Promise<boolean>
}

/** A fault that is weather and nothing else. */
export const weatherOf = (weather: NonNullable<Fault['weather']>): Fault => ({ rate: 1, most: 1, weather, strike: () => true })
