import { type Outcomes, openPortal, type PortalConfig, type Sighting } from './portal.ts'
import type { Passage } from './verdict.ts'

/** A door that is played from recorded lines. */
export interface PlayedDoor {
  /** Takes one line; answers with the lines it settled. */
  readonly play: (line: string) => readonly string[]
  /** Settles everything that is open. */
  readonly end: () => readonly string[]
  readonly outcomes: () => Outcomes
  /** What a person should be told of the door itself, beside its passages. */
  readonly remarks: () => readonly string[]
}

/**
 * Plays NDJSON sightings `[tMs, epc, antenna, rssiDbm|null, phaseDeg|null]` and light-barrier lines `{"beam":tMs}` through a door. Out, one JSON line
 * each: `{"epc","direction","at","certainty","from","to","evidence","algorithm"}`, and for what is neither `{"valid":false,"code","message"}`, after
 * which the stream goes on. Lines may be out of order by `PLAY_SLACK_MS`; more is a clock set back, which ends what is open.
 */
export const openPlayedDoor = (config: PortalConfig): PlayedDoor => {
  const portal = openPortal(config)
  const strangers = new Set<string>()
  const waiting = openOrder()
  let number = 0
  const told = (passages: readonly Passage[]): readonly string[] => passages.map((passage) => JSON.stringify(shownOf(passage)))
  const release = (events: readonly Event[]): readonly string[] =>
    events.flatMap((event) => told(event.sighting === null ? portal.beam(event.at) : portal.see(event.sighting)))
  return {
    play: (line) => {
      number += 1
      if (line.trim() === '') return []
      const event = eventOf(line, config)
      if (event === null) return [refusal('portal.line-malformed', `line ${number} is not ${SHAPE}`)]
      if ('stranger' in event) {
        // An antenna of another door may fill the stream: it is told once.
        if (strangers.has(event.stranger) || strangers.size >= STRANGERS_MAX) return []
        strangers.add(event.stranger)
        return [refusal('portal.antenna-unknown', `line ${number}: antenna ${event.stranger} is not of this door`)]
      }
      return release(waiting.take(event))
    },
    end: () => [...release(waiting.rest()), ...told(portal.tick(Number.MAX_SAFE_INTEGER))],
    outcomes: portal.outcomes,
    remarks: () => {
      const deaf = portal.deaf()
      return deaf === null ? [] : [`${DEAF_SIDES[deaf.side]}: ${deaf.tags} 个标签从旁经过 / tags went by unheard`]
    },
  }
}

/** What can be wrong with a line; returned as lines, never thrown. */
export const PORTAL_REFUSALS = {
  'portal.line-malformed': { zh: '这一行不是一次读取，也不是光栅信号', en: 'this line is neither a sighting nor a light-barrier event' },
  'portal.antenna-unknown': { zh: '这个天线不属于这道门（只提示一次）', en: 'this antenna is not of this door (told once)' },
} as const
export type PortalRefusalCode = keyof typeof PORTAL_REFUSALS

const DEAF_SIDES = {
  inside: '里侧天线听不到任何标签，请检查 / the inside antenna hears nothing, look at it',
  outside: '外侧天线听不到任何标签，请检查 / the outside antenna hears nothing, look at it',
} as const

/** Lines may be this much out of order: two readers' buffers. */
export const PLAY_SLACK_MS = 10_000

interface Event {
  readonly at: number
  /** `null`: the light barrier. */
  readonly sighting: Sighting | null
}

const SHAPE = '[tMs, epc, antenna, rssiDbm|null, phaseDeg|null] or {"beam":tMs}'

const eventOf = (line: string, config: PortalConfig): Event | { readonly stranger: string } | null => {
  const value = jsonOf(line)
  if (!Array.isArray(value)) {
    if (typeof value !== 'object' || value === null || !('beam' in value) || !isTime(value.beam)) return null
    return { at: value.beam, sighting: null }
  }
  const [at, epc, named, rssiDbm = null, phaseDeg = null, ...more]: readonly unknown[] = value
  if (!isTime(at) || typeof epc !== 'string' || epc === '' || epc.length > EPC_LETTERS_MAX || more.length > 0) return null
  if ((typeof named !== 'number' && typeof named !== 'string') || !isFigure(rssiDbm) || !isFigure(phaseDeg)) return null
  const antenna = String(named)
  const side = Object.hasOwn(config.antennas, antenna) ? config.antennas[antenna] : undefined
  return side === undefined ? { stranger: antenna.slice(0, 64) } : { at, sighting: { epc, antenna, side, at, rssiDbm, phaseDeg } }
}

const jsonOf = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER / 2
const isFigure = (value: unknown): value is number | null => value === null || (typeof value === 'number' && Math.abs(value) <= 1000)

const shownOf = ({ epc, direction, at, certainty, from, to, evidence, algorithm }: Passage): object => ({
  epc,
  direction,
  at,
  certainty,
  from,
  to,
  evidence,
  algorithm,
})

const refusal = (code: PortalRefusalCode, detail: string): string =>
  JSON.stringify({ valid: false, code, message: `${PORTAL_REFUSALS[code].zh} / ${PORTAL_REFUSALS[code].en}: ${detail}` })

interface Order {
  /** Takes an event; answers, in order of time, with those that nothing can come before any more. */
  readonly take: (event: Event) => readonly Event[]
  readonly rest: () => readonly Event[]
}

/** Nearly sorted already: an event mostly goes to the end. */
const openOrder = (): Order => {
  let queue: Event[] = []
  let first = 0
  let latestMs = Number.NEGATIVE_INFINITY
  const rest = (): readonly Event[] => {
    const all = queue.slice(first)
    queue = []
    first = 0
    latestMs = Number.NEGATIVE_INFINITY
    return all
  }
  return {
    take: (event) => {
      const jumped = event.at < latestMs - PLAY_SLACK_MS ? rest() : []
      latestMs = Math.max(latestMs, event.at)
      let place = queue.length
      while (place > first && (queue[place - 1]?.at ?? 0) > event.at) place -= 1
      if (place === queue.length) queue.push(event)
      else queue.splice(place, 0, event)
      const start = first
      while (first < queue.length && (queue[first]?.at ?? 0) <= latestMs - PLAY_SLACK_MS) first += 1
      if (queue.length - first > WAITING_MAX) first = queue.length - WAITING_MAX
      const released = [...jumped, ...queue.slice(start, first)]
      if (first > WAITING_MAX) {
        queue = queue.slice(first)
        first = 0
      }
      return released
    },
    rest,
  }
}

/** More than four readers tell in the slack. */
const WAITING_MAX = 65_536
/** 496 bits of an EPC bank as hexadecimal. */
const EPC_LETTERS_MAX = 124
/** Names of foreign antennas remembered. */
const STRANGERS_MAX = 256
