import type { Ask, Conversation, Family, Wish } from '../family.ts'
import { levelsAnswer } from '../levels.ts'
import { ask, askInfo, askRegion, isOldSeries, learnedFrom, NOTHING_LEARNED, STOPPED, standing, unless } from './asks.ts'
import { middleKHz } from './bands.ts'
import { decodedOf } from './decoded.ts'
import { FRAMING, FRAMING_SENT, readReply } from './frames.ts'
import { hear288 } from './hear.ts'
import { FIRST_Q, fastAgain, forget, type Known, newKnown, portAsked, roundAgain, startFast, startRound, stopOf } from './rounds.ts'

/** UHFReader288 and kin (Chafon CF-RU/MU, RRU, readers with an Ex10 chip): round by round over the ports, or the fast inventory where there is one. */
export const UHF288: Family = {
  name: 'UHF288',
  bauds: [57_600, 115_200],
  framing: FRAMING,
  // The manual gives the byte no unit; readers of the series rise with the level by about one a decibel, and 0 is none.
  levelOf: (raw) => (raw === 0 ? null : raw - LEVEL_ZERO),
  strengthOf: (levelDb) => levelDb + LEVEL_ZERO,
  framingSent: FRAMING_SENT,
  dialects: ['UHF288'],
  dialectOf: () => 'UHF288',
  hear: (frame) => hear288(frame),
  decoded: (frame, by) => decodedOf('UHF288', frame, by),
  conversation: (wish) => conversation(wish),
  // Bit 0 of the answer is input 1; the makers' manuals name no other.
  inputs: 1,
  // A round ends after 300 ms, whatever it found; a fast inventory that finds nothing is begun anew within 2 s. One lost end must not look like silence.
  idleMs: 3_000,
}

const conversation = (wish: Wish): Conversation => {
  const { inputs = [] } = wish
  const known: Known = newKnown()
  const rounds = startRound(wish, known)
  const fast = startFast(known)
  const check = askInfo('check', (told) => {
    known.isChanged = known.expected !== null && standing(told) !== known.expected
    return NOTHING_LEARNED
  })
  const stopFast = ask('stop', 'stopFast', { values: { bytes: NOTHING }, isOptional: true })
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
      forget(known, told)
      return { ok: true, learned: learnedFrom(told) }
    }),
    configure: configure(wish, known),
    health: health(wish),
    inputs: () => (inputs.length === 0 ? null : { way: 'between', everyMs: INPUTS_MS, asks: [askInputs(inputs)] }),
    start,
    again: (since) =>
      known.isFast ? fastAgain(known, since.frames, [stopFast, check, start]) : roundAgain(wish, known, since, { start, check }),
    portOf: (told) => (known.isFast ? told : portAsked(wish, known)),
  }
}

/** The reader answers nothing but 21, 76 and 77 in real-time mode, so that is ended first; it is kept over a loss of power. */
const configure = (wish: Wish, known: Known): readonly Ask[] => {
  const power = Math.floor(wish.powerDbm)
  // While a fast inventory runs nothing else is answered: who wants the inputs too reads round by round.
  const hasInputs = (wish.inputs ?? []).length > 0
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
      learn: ({ values }) => noted(known, { isFast: values.length === 2 && powers().length <= 8 && !known.isFastBroken && !hasInputs }),
    }),
    unless(
      () => !known.isFast,
      ask('fast-query', 'setConfig', { values: { flag: 1, number: CONFIG.query, values: [FIRST_Q, wish.session] } }),
    ),
    unless(() => !known.isFast, ask('fast-focus', 'setConfig', { values: { flag: 1, number: CONFIG.tagFocus, values: [0] } })),
    unless(() => !known.isFast, ask('fast-ports', 'setAntennas', { values: () => ({ mask: maskOf(wish.ports, powers().length) }) })),
    askInfo('info-read', (told) => {
      noted(known, { info: told, expected: standing(told) })
      return { ok: true, learned: learnedFrom(told) }
    }),
    readPowers('power-read'),
  ]
}

const askInputs = (inputs: readonly number[]): Ask => {
  const plain = ask('inputs', 'getPins', { values: {}, waitMs: 200, tries: 1 })
  return {
    ...plain,
    answer: (frame) => {
      const told = readReply(frame, 'getPins')
      return told === null ? plain.answer(frame) : levelsAnswer(inputs, { 1: (told.pins & 1) === 1 })
    },
  }
}

/** Only some models have the sensors; the others refuse. */
const health = ({ ports, region }: Wish): readonly Ask[] => [
  ask('temperature', 'temperature', {
    values: {},
    isOptional: true,
    learn: ({ isAbove, degrees }) => ({ temperatureC: isAbove ? degrees : -degrees }),
  }),
  ...ports.map((port) =>
    ask(`return-loss-${port}`, 'returnLoss', {
      values: { kHz: middleKHz(region), antenna: port - 1 },
      isOptional: true,
      learn: ({ db }) => ({ returnLoss: { port, db } }),
    }),
  ),
]

/** Antennas of a fast inventory, forgotten at power off: up to four in one byte, more in three. */
const maskOf = (ports: readonly number[], has: number): readonly number[] => {
  const mask = ports.reduce((sum, port) => sum | (1 << (port - 1)), 0)
  return has <= 4 ? [0x80 | (mask & 0x0f)] : [1, mask >> 8, mask & 0xff]
}

const noted = (known: Known, change: Partial<Known>): Record<string, never> => {
  Object.assign(known, change)
  return {}
}

const NOTHING = new Uint8Array(0)
/** After every round of 300 ms. */
const INPUTS_MS = 100
/** Numbers of the extended parameters of a fast inventory. */
const CONFIG = { query: 9, tagFocus: 8 } as const
/** Where other readers of the same chips have their zero; only differences count. */
const LEVEL_ZERO = 129
