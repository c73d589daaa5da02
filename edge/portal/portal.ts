import { type Session, settle } from './session.ts'
import { type PortalThresholds, type Side, THRESHOLDS } from './thresholds.ts'
import { addReading, openTrack } from './track.ts'
import type { Passage, Stillness } from './verdict.ts'

/** One antenna of a door saw one tag once. */
export interface Sighting {
  /** Upper-case hexadecimal. */
  readonly epc: string
  /** `readerId:port` */
  readonly antenna: string
  readonly side: Side
  readonly at: number
  readonly rssiDbm: number | null
}

/** A door: which antenna looks from which side, and what differs from the usual figures. */
export interface PortalConfig {
  readonly door: string
  readonly antennas: Readonly<Record<string, Side>>
  readonly thresholds?: Partial<PortalThresholds>
}

/** What ended without a passage, and what ended with one. */
export type Outcomes = Readonly<Record<Stillness | Passage['direction'], number>>

/** A door that turns sightings into passages; it has no clock and says the same for the same calls. */
export interface Portal {
  /** Takes a sighting; answers with what its moment settled. Sightings of different readers may be a little out of order. */
  readonly see: (sighting: Sighting) => readonly Passage[]
  /** Time has come to `atMs`; answers with what the silence settled. */
  readonly tick: (atMs: number) => readonly Passage[]
  readonly outcomes: () => Outcomes
  /** Tags in range now. */
  readonly present: () => number
}

/** The side an antenna looks from, or `null` for one that is not of this door. */
export const sideOf = (config: PortalConfig, antenna: string): Side | null => config.antennas[antenna] ?? null

/** Opens a door. */
export const openPortal = (config: PortalConfig): Portal => {
  const thresholds = { ...THRESHOLDS, ...config.thresholds }
  const sessions = new Map<string, Session>()
  const outcomes = { in: 0, out: 0, uncertain: 0, static: 0, returned: 0, 'passed-by': 0, 'one-sided': 0 }
  let sweptMs = Number.NEGATIVE_INFINITY

  const settleTag = (epc: string, session: Session, atMs: number): readonly Passage[] => {
    const { passages, left, stillness } = settle({ door: config.door, epc }, session, atMs, thresholds)
    for (const { direction } of passages) outcomes[direction] += 1
    if (left) sessions.delete(epc)
    if (left && passages.length === 0) outcomes[stillness] += 1
    return passages
  }

  const sweep = (atMs: number): readonly Passage[] => {
    if (atMs < sweptMs + thresholds.epochMs && atMs > sweptMs - CLOCK_JUMP_MS) return []
    // A clock set back leaves sessions in the future: they end as they stand rather than wait for a time that has been.
    const jumped = atMs < sweptMs
    sweptMs = atMs
    return [...sessions].flatMap(([epc, session]) => settleTag(epc, session, jumped ? Number.POSITIVE_INFINITY : atMs))
  }

  return {
    see: (sighting) => {
      const settled = sweep(sighting.at)
      const { epc, at } = sighting
      const opened = {
        track: openTrack(at, thresholds.epochMs),
        sinceMs: at,
        judgedMs: at,
        pausedMs: null,
        cameFrom: null,
      }
      const session = sessions.get(epc) ?? opened
      sessions.set(epc, session)
      addReading(session.track, sighting, thresholds.epochMs)
      return settled
    },
    tick: sweep,
    outcomes: () => ({ ...outcomes }),
    present: () => sessions.size,
  }
}

/** Readers deliver out of order by less than this; more is a clock set back. */
const CLOCK_JUMP_MS = 10_000
