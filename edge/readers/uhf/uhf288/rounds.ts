import type { Ask, Wish } from '../family.ts'
import { CHECK_ROUNDS, type Identity, LOST_MS, NOTHING_LEARNED, RESTARTED, refusalIn } from './asks.ts'
import { COMMANDS } from './commands.ts'
import { codeOf, readReply, statusIn, writeCommand } from './frames.ts'
import { hear288 } from './hear.ts'
import { NO_ANTENNA } from './statuses.ts'

/** What the conversation remembers of the reader. */
export interface Known {
  info: Identity | null
  /** Band and power as they were when it was configured; another value later means that it has lost them. */
  expected: string | null
  isChanged: boolean
  mode: number
  /** By port, `null` in models that do not tell. */
  powers: readonly number[] | null
  isFast: boolean
  isFastBroken: boolean
  /** Rounds in a row that ended for want of an antenna. */
  misses: number
  framesSeen: number
  /** Rounds asked for, and stops. */
  step: number
  stops: number
}

/** Nothing known yet. */
export const newKnown = (): Known => ({ ...NEW, isFastBroken: false, step: 0, stops: 0 })

/** Another life: only what the reader has just said of itself is known. */
export const forget = (known: Known, info: Identity): void => void Object.assign(known, NEW, { info, stops: 0 })

/**
 * Ends whatever runs: a round by 93, which has no answer, so that 21 is asked after it; a fast inventory by 51. One command at a time: the reader
 * drops what comes while it works.
 */
export const stopOf = (known: Known): Ask => ({
  name: 'stop',
  bytes: () => {
    const turn = known.isFast ? STOP_FAST : known.info === null ? STOPS_UNKNOWN : STOPS
    known.stops += 1
    const name = turn[(known.stops - 1) % turn.length] as keyof typeof STOP_BYTES
    return STOP_BYTES[name]()
  },
  answer: (frame) => {
    const isStopped = codeOf(frame) === COMMANDS.stopFast.code
    const told = readReply(frame, 'readerInfo') !== null
    if (isStopped || told) known.stops = 0
    return isStopped || told ? NOTHING_LEARNED : null
  },
  waitMs: 300,
  tries: 6,
})

/** Each round on the next port; with S1 the target alternates so that tags a round has silenced answer the next. */
export const startRound = (wish: Wish, known: Known): Pick<Ask, 'bytes' | 'answer'> => ({
  bytes: () => {
    const { length } = wish.ports
    const { step } = known
    known.step += 1
    const turn = length % 2 === 1 ? step : step + Math.floor(step / length)
    return writeCommand('inventory', {
      query: { statistics: 0, strategy: 0, fastId: 0, phase: 0, q: FIRST_Q },
      session: wish.session,
      maskBank: 1,
      maskBit: 0,
      maskBits: 0,
      maskBytes: NOTHING,
      target: wish.session === 0 ? 0 : turn % 2,
      antenna: FIRST_ANTENNA + (wish.ports[step % length] as number) - 1,
      scanTime: SCAN_TIME,
    })
  },
  answer: (frame) => {
    if (codeOf(frame) !== COMMANDS.inventory.code || hear288(frame).kind === 'other') return refusalIn(frame, COMMANDS.inventory.code)
    known.misses = statusIn(frame) === NO_ANTENNA ? known.misses + 1 : 0
    return known.isChanged ? RESTARTED : NOTHING_LEARNED
  },
})

/** A fast inventory on all antennas at once. */
export const startFast = (known: Known): Pick<Ask, 'bytes' | 'answer'> => ({
  bytes: () => writeCommand('startFast', { target: 0 }),
  answer: (frame) => {
    if (readReply(frame, 'startFast') !== null) return known.isChanged ? RESTARTED : NOTHING_LEARNED
    const refusal = refusalIn(frame, COMMANDS.startFast.code)
    // Next time it is asked round by round.
    if (refusal !== null) known.isFastBroken = true
    return refusal
  },
})

/** A fast inventory in an empty field says nothing at all: one that said nothing since the last look is begun anew, which also proves it lives. */
export const fastAgain = (known: Known, frames: number, asks: readonly Ask[]): readonly Ask[] | null => {
  const isQuiet = frames === known.framesSeen
  known.framesSeen = isQuiet ? -1 : frames
  return isQuiet ? asks : null
}

/** The next round; or the same again, when its end was lost. */
export const roundAgain = (
  wish: Wish,
  known: Known,
  { rounds, ms }: { readonly rounds: number; readonly ms: number },
  { start, check }: { readonly start: Ask; readonly check: Ask },
): readonly Ask[] | null => {
  // A reader that has forgotten its settings falls silent inside a round.
  if (rounds === 0) return ms >= LOST_MS ? [check, start] : null
  if (known.misses < wish.ports.length) return known.step % CHECK_ROUNDS === 0 ? [check, start] : [start]
  // No port has an antenna: rounds fail at once, and are asked for by the watch only.
  known.misses = 0
  return null
}

/** Port of the round that was asked for last. */
export const portAsked = ({ ports }: Wish, { step }: Known): number => ports[(step + ports.length - 1) % ports.length] as number

/** Q a round begins with: the readers adapt it; this is the manual's own example. */
export const FIRST_Q = 4

const NOTHING = new Uint8Array(0)
const NEW = { info: null, expected: null, isChanged: false, mode: 0, powers: null, isFast: false, misses: 0, framesSeen: -1 } as const
const STOP_BYTES = {
  stopInventory: () => writeCommand('stopInventory', {}),
  stopFast: () => writeCommand('stopFast', { bytes: NOTHING }),
  info: () => writeCommand('readerInfo', {}),
} as const
const STOPS = ['stopInventory', 'info'] as const
const STOPS_UNKNOWN = ['stopInventory', 'stopFast'] as const
const STOP_FAST = ['stopFast'] as const
const FIRST_ANTENNA = 0x80
/** Units of 100 ms: the shortest round the manual permits, so that every port is heard several times while a person passes. */
const SCAN_TIME = 3
