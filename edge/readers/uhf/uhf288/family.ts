import type { Answer, Ask, Conversation, Family, Wish } from '../family.ts'
import {
  ask,
  askInfo,
  askRegion,
  CHECK_ROUNDS,
  type Identity,
  isOldSeries,
  LOST_MS,
  learnedFrom,
  NOTHING_LEARNED,
  RESTARTED,
  refusalIn,
  STOPPED,
  standing,
  unless,
} from './asks.ts'
import { middleKHz } from './bands.ts'
import { COMMANDS } from './commands.ts'
import { decodedOf } from './decoded.ts'
import { codeOf, FRAMING, FRAMING_SENT, readReply, statusIn, writeCommand } from './frames.ts'
import { hear288 } from './hear.ts'
import { NO_ANTENNA } from './statuses.ts'

/** UHFReader288 and kin (Chafon CF-RU/MU, RRU, readers with an Ex10 chip): round by round over the ports, or the fast inventory where there is one. */
export const UHF288: Family = {
  name: 'UHF288',
  bauds: [57_600, 115_200],
  framing: FRAMING,
  framingSent: FRAMING_SENT,
  dialects: ['UHF288'],
  dialectOf: () => 'UHF288',
  hear: (frame) => hear288(frame),
  decoded: (frame, by) => decodedOf('UHF288', frame, by),
  conversation: (wish) => conversation(wish),
  // A round ends after 300 ms, whatever it found; a fast inventory that finds nothing is begun anew within 2 s. One lost end must not look like silence.
  idleMs: 3_000,
}

const conversation = (wish: Wish): Conversation => {
  const known: Known = { ...NEW, isFastBroken: false, step: 0, stops: 0 }
  const rounds = startRound(wish, known)
  const fast = startFast(known)
  const check = askInfo('check', (told) => seen(known, told))
  const stopFast: Ask = { ...ask('stop', 'stopFast', { values: { bytes: NOTHING }, isOptional: true }) }
  const start: Ask = {
    name: 'start',
    bytes: (dialect) => (known.isFast ? fast : rounds).bytes(dialect),
    answer: (frame) => (known.isFast ? fast : rounds).answer(frame),
    waitMs: 1_500,
    tries: 2,
  }
  return {
    wake: NOTHING,
    stop: stopOf(known),
    drain: STOPPED,
    probe: askInfo('info', (told) => {
      if (isOldSeries(told)) return null
      Object.assign(known, NEW, { info: told, stops: 0 })
      return { ok: true, learned: learnedFrom(told) }
    }),
    configure: configure(wish, known),
    health: [
      ask('temperature', 'temperature', {
        values: {},
        isOptional: true,
        learn: ({ isAbove, degrees }) => ({ temperatureC: isAbove ? degrees : -degrees }),
      }),
      ...wish.ports.map((port) =>
        ask(`return-loss-${port}`, 'returnLoss', {
          values: { kHz: middleKHz(wish.region), antenna: port - 1 },
          isOptional: true,
          learn: ({ db }) => ({ returnLoss: { port, db } }),
        }),
      ),
    ],
    start,
    again: (since) =>
      known.isFast ? fastAgain(known, since.frames, [stopFast, check, start]) : roundAgain(wish, known, since, { start, check }),
    port: () => (known.isFast ? null : (wish.ports[(known.step + wish.ports.length - 1) % wish.ports.length] as number)),
  }
}

/** The reader answers nothing but 21, 76 and 77 in real-time mode, so that is ended first; it is kept over a loss of power. */
const configure = (wish: Wish, known: Known): readonly Ask[] => {
  const power = Math.floor(wish.powerDbm)
  const powers = () => known.powers ?? (known.info === null ? [] : [known.info.powerDbm])
  const readPowers = (name: string) =>
    ask(name, 'getPowers', {
      values: {},
      isOptional: true,
      learn: ({ dbm }) => {
        known.powers = dbm
        return { powerDbm: Math.max(...dbm) }
      },
    })
  return [
    ask('work-mode', 'getWorkMode', { values: {}, isOptional: true, learn: ({ mode }) => noted(known, { mode }) }),
    unless(() => known.mode === 0, ask('answer-mode', 'setWorkMode', { values: { mode: 0 } })),
    askRegion(wish, () => known.info),
    readPowers('powers'),
    unless(() => powers().every((dbm) => dbm === power), ask('power', 'setPower', { values: () => ({ dbm: powers().map(() => power) }) })),
    unless(() => known.info?.checksAntennas !== false, ask('antenna-check', 'checkAntennas', { values: { on: 1 }, isOptional: true })),
    ask('fast', 'getConfig', {
      values: { number: CONFIG.query },
      isOptional: true,
      // With 16 ports a pushed record names its antenna by number instead of a bit, and nothing in it says which: there rounds are asked for.
      learn: ({ values }) => noted(known, { isFast: values.length === 2 && powers().length <= 8 && !known.isFastBroken }),
    }),
    unless(() => !known.isFast, ask('fast-query', 'setConfig', { values: { flag: 1, number: CONFIG.query, values: [Q, wish.session] } })),
    unless(() => !known.isFast, ask('fast-focus', 'setConfig', { values: { flag: 1, number: CONFIG.tagFocus, values: [0] } })),
    unless(() => !known.isFast, ask('fast-ports', 'setAntennas', { values: () => ({ mask: maskOf(wish.ports, powers().length) }) })),
    askInfo('info-read', (told) => {
      noted(known, { info: told, expected: standing(told) })
      return { ok: true, learned: learnedFrom(told) }
    }),
    readPowers('power-read'),
  ]
}

/**
 * Ends whatever runs: a round by 93, which has no answer, so that 21 is asked after it; a fast inventory by 51. One command at a time: the reader
 * drops what comes while it works.
 */
const stopOf = (known: Known): Ask => ({
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
const startRound = (wish: Wish, known: Known): Pick<Ask, 'bytes' | 'answer'> => ({
  bytes: () => {
    const { length } = wish.ports
    const { step } = known
    known.step += 1
    const turn = length % 2 === 1 ? step : step + Math.floor(step / length)
    return writeCommand('inventory', {
      query: { statistics: 0, strategy: 0, fastId: 0, phase: 0, q: Q },
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

const startFast = (known: Known): Pick<Ask, 'bytes' | 'answer'> => ({
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
const fastAgain = (known: Known, frames: number, asks: readonly Ask[]): readonly Ask[] | null => {
  const isQuiet = frames === known.framesSeen
  known.framesSeen = isQuiet ? -1 : frames
  return isQuiet ? asks : null
}

const roundAgain = (
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

const seen = (known: Known, told: Identity): Answer => {
  known.isChanged = known.expected !== null && standing(told) !== known.expected
  return NOTHING_LEARNED
}

const noted = (known: Known, change: Partial<Known>): Record<string, never> => {
  Object.assign(known, change)
  return {}
}

/** Antennas of a fast inventory, forgotten at power off: up to four in one byte, more in three. */
const maskOf = (ports: readonly number[], has: number): readonly number[] => {
  const mask = ports.reduce((sum, port) => sum | (1 << (port - 1)), 0)
  return has <= 4 ? [0x80 | (mask & 0x0f)] : [1, mask >> 8, mask & 0xff]
}

/** What the conversation remembers of the reader. */
interface Known {
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
/** Numbers of the extended parameters of a fast inventory. */
const CONFIG = { query: 9, tagFocus: 8 } as const
/** The readers adapt it; this is the manual's own example. */
const Q = 4
const FIRST_ANTENNA = 0x80
/** Units of 100 ms: the shortest round the manual permits, so that every port is heard several times while a person passes. */
const SCAN_TIME = 3
