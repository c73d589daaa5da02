import type { Side } from './thresholds.ts'

/** A walk through a door with what truly happened: the form of the shared collection, with the door it was. One line of JSON each. */
export interface Scenario {
  readonly name: string
  readonly door: string
  /** Side of each antenna by its name in `reads`. */
  readonly antennas: Readonly<Record<string, Side>>
  readonly reads: readonly Read[]
  readonly truth: readonly Truth[]
}

/** ms after any moment, EPC as upper-case hex, antenna, dBm or `null`, phase in degrees or `null`. */
export type Read = readonly [tMs: number, epc: string, antenna: string, rssiDbm: number | null, phaseDeg: number | null]

/** What a tag truly did. */
export interface Truth {
  readonly epc: string
  /** `in`, `out`, `none`, several in their order as `out,in`; `not-in`, `not-out`: only that is known not to have happened. */
  readonly direction: string
  /** Who says so: a person's answer, a booking taken back, a scan or count that agreed. */
  readonly source?: TruthSource
}
export type TruthSource = 'settled' | 'reversed' | 'confirmed'

/** A scenario read from parsed JSON; `null` when it is none. Without `antennas` it is of the shared collection: 1 inside, 2 outside. */
export const readScenario = (value: unknown): Scenario | null => {
  if (!isRecord(value)) return null
  const { name, door, antennas, reads, truth } = value
  const sides = antennas === undefined ? SHARED_ANTENNAS : sidesOf(antennas)
  const read = listOf(reads, readOf)
  const told = listOf(truth, truthOf)
  if (!sides || !read || !told) return null
  return { name: String(name ?? ''), door: typeof door === 'string' ? door : '', antennas: sides, reads: read, truth: told }
}

/** The same walk with other names for tags, door and walk: what leaves the county says nothing of whose boxes they were. */
export const renamed = (scenario: Scenario, order: number, nameOf: (epc: string) => string): Scenario => {
  const ports = Object.keys(scenario.antennas).toSorted()
  const portOf = (antenna: string): string => String(ports.indexOf(antenna) + 1)
  return {
    name: `walk ${order + 1}`,
    door: 'door',
    antennas: Object.fromEntries(ports.map((port) => [portOf(port), scenario.antennas[port] ?? 'inside'])),
    reads: scenario.reads.map(([tMs, epc, antenna, rssiDbm, phaseDeg]) => [tMs, nameOf(epc), portOf(antenna), rssiDbm, phaseDeg] as const),
    truth: scenario.truth.map((one) => ({ ...one, epc: nameOf(one.epc) })),
  }
}

const SHARED_ANTENNAS = { '1': 'inside', '2': 'outside' } as const

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const listOf = <Row>(value: unknown, rowOf: (row: unknown) => Row | null): readonly Row[] | null => {
  if (!Array.isArray(value)) return null
  const rows = value.map(rowOf)
  return rows.every((row) => row !== null) ? rows : null
}

const sidesOf = (value: unknown): Readonly<Record<string, Side>> | null => {
  if (!isRecord(value)) return null
  const sides = Object.entries(value).flatMap(([antenna, side]) =>
    side === 'inside' || side === 'outside' ? [[antenna, side] as const] : [],
  )
  return sides.length === Object.keys(value).length ? Object.fromEntries(sides) : null
}

const readOf = (value: unknown): Read | null => {
  if (!Array.isArray(value)) return null
  const [tMs, epc, antenna, rssiDbm, phaseDeg] = value as readonly unknown[]
  if (typeof tMs !== 'number' || !Number.isFinite(tMs) || typeof epc !== 'string') return null
  if (typeof antenna !== 'string' && typeof antenna !== 'number') return null
  return [tMs, epc, String(antenna), figureOf(rssiDbm), figureOf(phaseDeg)]
}

const figureOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)

const truthOf = (value: unknown): Truth | null => {
  if (!isRecord(value)) return null
  const { epc, direction, source } = value
  if (typeof epc !== 'string' || typeof direction !== 'string' || !DIRECTION.test(direction)) return null
  return { epc, direction, ...(source === 'settled' || source === 'reversed' || source === 'confirmed' ? { source } : {}) }
}

const DIRECTION = /^(none|not-in|not-out|(in|out)(,(in|out)){0,9})$/
