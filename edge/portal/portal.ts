import { openBeam } from './beam.ts'
import { type Cart, openCarts } from './carts.ts'
import { openCompany } from './company.ts'
import { type Deaf, openEars } from './ears.ts'
import { haunterDecides, openHaunts } from './haunts.ts'
import { type Judging, type Session, settle } from './session.ts'
import { type PortalThresholds, type Side, THRESHOLDS } from './thresholds.ts'
import { addReading, openTrack } from './track.ts'
import { leftPassage, type Passage, type Stillness } from './verdict.ts'

/** One antenna of a door saw one tag once. */
export interface Sighting {
  /** Upper-case hexadecimal. */
  readonly epc: string
  /** `readerId:port` */
  readonly antenna: string
  readonly side: Side
  readonly at: number
  readonly rssiDbm: number | null
  /** Degrees, 0..180 or 0..360, from a reader that tells it. */
  readonly phaseDeg?: number | null
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
  /** The light barrier in the door plane was broken; evidence, never a passage of its own. */
  readonly beam: (atMs: number) => readonly Passage[]
  /** Time has come to `atMs`; answers with what the silence settled. */
  readonly tick: (atMs: number) => readonly Passage[]
  readonly outcomes: () => Outcomes
  /** A side that hears nothing any more; while it is so, whatever comes and goes is uncertain. */
  readonly deaf: () => Deaf | null
  /** Tags in range now. */
  readonly present: () => number
}

/** The side an antenna looks from, or `null` for one that is not of this door. */
export const sideOf = (config: PortalConfig, antenna: string): Side | null => config.antennas[antenna] ?? null

/** Opens a door. `weighed` hears whatever is weighed when something may be told: whoever fits the nets learns from that. */
export const openPortal = (config: PortalConfig, weighed?: Judging['weighed']): Portal => {
  const given = { ...THRESHOLDS, ...config.thresholds }
  const { door } = config
  // What would be asked about is not told early.
  const boundsOf = (decideCertainty: number, askCertainty: number): PortalThresholds => {
    return { ...given, decideCertainty, askCertainty, settleCertainty: Math.max(decideCertainty, given.settleCertainty) }
  }
  const thresholds = boundsOf(given.decideCertainty, given.askCertainty)
  const wary = boundsOf(given.decideCertainty, WARY_ASK)
  const sessions = new Map<string, Session>()
  const outcomes = { in: 0, out: 0, uncertain: 0, static: 0, returned: 0, 'passed-by': 0, 'one-sided': 0 }
  const company = openCompany()
  const tags = openCarts(thresholds.epochMs)
  const beam = openBeam()
  const ears = openEars()
  const haunts = openHaunts()
  let floorDbm = Number.POSITIVE_INFINITY
  /** Where tags are that crossed and left a moment ago: what is heard of them now is an echo, or the way back. */
  const resting = new Map<string, { readonly side: Side; readonly untilMs: number }>()
  /** When it is time to ask whether their cart came back with those of them that were not heard again. */
  const gone = new Map<string, number>()
  let sweptMs = Number.NEGATIVE_INFINITY

  const settleAll = (atMs: number, told: Passage[]): void => {
    for (const [epc, session] of sessions) {
      const times = haunts.timesOf(epc)
      let carts: readonly Cart[] | null = null
      const settled = settle(session, atMs, {
        who: { door, epc },
        thresholds,
        wary: times > 0 ? boundsOf(haunterDecides(times, given.decideCertainty), given.decideCertainty) : wary,
        isHaunting: times > 0,
        floorDbm,
        knownDeaf: ears.deaf() !== null,
        beamBetween: beam.between,
        ...(weighed ? { weighed } : {}),
        tags,
        carts: () => {
          carts ??= tags.without(epc, atMs)
          return carts
        },
        company: {
          beside: (presence, change) => company.beside(epc, presence, change),
          isHeardAfter: (presence, afterMs) => company.isHeardAfter(epc, presence, afterMs),
        },
      })
      if (settled.fellow !== undefined) company.note(epc, settled.fellow)
      for (const passage of settled.passages) {
        outcomes[passage.direction] += 1
        told.push(passage)
      }
      if (settled.missed !== null) ears.missed(settled.missed, atMs)
      if (settled.left) {
        sessions.delete(epc)
        haunts.left(epc, atMs, settled.restsAt !== null)
        if (settled.restsAt !== null) {
          resting.set(epc, { side: settled.restsAt, untilMs: atMs + REST_MS })
          gone.set(epc, atMs + BACK_MS)
        }
      }
      if (settled.stillness !== null) outcomes[settled.stillness] += 1
    }
  }

  const forget = (atMs: number, told: Passage[]): void => {
    for (const [epc, askMs] of gone) {
      if (atMs < askMs) continue
      gone.delete(epc)
      const back = tags.cameBackUnheard(epc)
      if (back === null) continue
      outcomes.uncertain += 1
      told.push(leftPassage({ door, epc }, back, thresholds))
    }
    company.forget(atMs - COMPANY_MS)
    tags.forget(atMs - COMPANY_MS)
    haunts.forget(atMs)
    for (const [epc, { untilMs }] of resting) if (untilMs < atMs) resting.delete(epc)
  }

  /** Moments on a fixed grid, so that it does not matter how often time is told. */
  const sweep = (atMs: number): readonly Passage[] => {
    const told: Passage[] = []
    if (!isTime(atMs)) return told
    // A clock set back leaves sessions in the future: they end as they stand rather than wait for a time that has been.
    if (atMs < sweptMs - CLOCK_JUMP_MS) {
      settleAll(Number.POSITIVE_INFINITY, told)
      company.forget(Number.POSITIVE_INFINITY)
      tags.forget(Number.POSITIVE_INFINITY)
      gone.clear()
      sweptMs = Number.NEGATIVE_INFINITY
    }
    const untilMs = Math.floor(atMs / thresholds.epochMs) * thresholds.epochMs
    if (untilMs <= sweptMs) return told
    // Nothing stays in range without being heard, so this ends soon however far the clock went.
    for (let next = sweptMs + thresholds.epochMs; next <= untilMs && sessions.size > 0; next += thresholds.epochMs) {
      settleAll(next, told)
      forget(next, told)
    }
    // Time goes on though nobody is in range.
    forget(untilMs, told)
    sweptMs = untilMs
    return told
  }

  return {
    see: (sighting) => {
      const settled = sweep(sighting.at)
      const { epc, at } = sighting
      if (!isTime(at)) return settled
      let session = sessions.get(epc)
      if (session === undefined) {
        session = {
          track: null,
          lastMs: at,
          cameMs: at,
          sinceMs: at,
          judgedMs: at,
          pausedMs: null,
          cameFrom: resting.get(epc)?.side ?? null,
        }
        resting.delete(epc)
        gone.delete(epc)
        tags.begin(epc, at)
        sessions.set(epc, session)
      }
      if (session.track === null) {
        session.track = openTrack(at, thresholds.epochMs)
        session.cameMs = at
        session.sinceMs = at
      }
      addReading(session.track, sighting, thresholds.epochMs)
      ears.heard(sighting.side, at)
      if (sighting.rssiDbm !== null && sighting.rssiDbm < floorDbm) floorDbm = sighting.rssiDbm
      if (at > session.lastMs) session.lastMs = at
      return settled
    },
    beam: (atMs) => {
      const settled = sweep(atMs)
      beam.broken(atMs)
      return settled
    },
    tick: sweep,
    deaf: ears.deaf,
    outcomes: () => ({ ...outcomes }),
    present: () => sessions.size,
  }
}

/** A tag that lay near for a while is asked about only when little speaks against it. */
const WARY_ASK = 0.85
/** Readers deliver out of order by less than this; more is a clock set back. */
const CLOCK_JUMP_MS = 10_000
/** Longer than a cart takes to be out of the last reader's reach. */
const REST_MS = 15_000
/** A cart that turns behind the door is back within this time; one that stays longer may have left something there. */
const BACK_MS = 10_000
/** What was heard last this long ago has no part in what happens now. */
const COMPANY_MS = 15_000

/** Beyond it a millisecond more is none. */
const isTime = (atMs: number): boolean => Math.abs(atMs) <= Number.MAX_SAFE_INTEGER
