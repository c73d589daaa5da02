import type { Answer, Ask, Conversation, Family, Learned, Wish } from '../family.ts'
import { bandOf, CUSTOM, regionIn } from './bands.ts'
import { type AskOf, COMMANDS, type Parameters, type ReplyOf, type SafeName } from './commands.ts'
import { codeOf, decodedOf, FRAMING, FRAMING_SENT, hear, readReply, statusIn, writeCommand } from './frames.ts'
import { OK, statusOf } from './statuses.ts'

/** Chafon's newer readers (CF591, CF600, H103, M-200 gate, "UHF Prime"): they stream until stopped, signal in tenths of a dBm, no phase. */
export const CF: Family = {
  name: 'CF',
  bauds: [115_200],
  framing: FRAMING,
  framingSent: FRAMING_SENT,
  dialects: ['CF'],
  dialectOf: () => 'CF',
  hear: (frame) => hear(frame),
  decoded: (frame, by) => decodedOf(frame, by),
  conversation: (wish) => conversation(wish),
  // A round that finds nothing ends within a second and says so; an inventory that fell silent is begun anew within two.
  idleMs: 3_000,
}

const conversation = (wish: Wish): Conversation => {
  const known: Known = { ...UNKNOWN }
  const stop = ask('stop', 'stop', { values: {}, tries: 2 })
  const check = ask('check', 'getParameters', {
    values: {},
    learn: (told) => {
      known.isChanged = known.expected !== null && standing(told) !== known.expected
      return {}
    },
  })
  const start = startOf(known)
  return {
    wake: new Uint8Array(0),
    stop,
    drain: { quietMs: 200, mostMs: 2_000 },
    // Read-only, and the only probe there is: 0050, 0052 and 0014 set up, restart and kill.
    probe: {
      ...ask('info', 'deviceInfo', {
        values: {},
        learn: ({ bytes }) => {
          Object.assign(known, UNKNOWN)
          return namesIn(bytes)
        },
      }),
      tries: 4,
    },
    configure: configure(wish, known),
    health: [],
    start,
    again: ({ frames }) => {
      const isQuiet = frames === known.framesSeen
      known.framesSeen = isQuiet ? -1 : frames
      return isQuiet ? [stop, check, start] : null
    },
  }
}

/** It streams until stopped; the first tag or the first empty round is the only answer. */
const startOf = (known: Known): Ask => ({
  ...ask('start', 'inventory', { values: { type: BY_SECONDS, amount: FOR_EVER } }),
  answer: (frame) => {
    if (hear(frame).kind !== 'other') return known.isChanged ? RESTARTED : NOTHING_LEARNED
    return refusalIn(frame, COMMANDS.inventory.code)
  },
  waitMs: 1_500,
  tries: 2,
})

/** All settings stand in one block, kept in a memory that wears: it is read, and written only where something differs. */
const configure = (wish: Wish, known: Known): readonly Ask[] => {
  const power = Math.floor(wish.powerDbm)
  const band = bandOf(wish.region)
  const rest = restOf(wish)
  const read = (name: string, learn: (told: Parameters) => Learned) =>
    ask(name, 'getParameters', {
      values: {},
      learn: (told) => {
        known.parameters = told
        return learn(told)
      },
    })
  const isInBand = () => known.parameters !== null && regionIn(known.parameters) === wish.region
  const write = (name: string, change: Partial<Parameters>, isOptional = false) =>
    unless(
      // A block that was never read must not be written.
      () => known.parameters === null,
      ask(name, 'setParameters', {
        values: () => ({ ...(known.parameters as Parameters), ...change }),
        learn: () => changed(known, change),
        isOptional,
      }),
    )
  return [
    read('parameters', () => ({})),
    // Which number a model gives a band is not sure; the frequencies are.
    unless(isInBand, write('region', band, true)),
    unless(isInBand, write('region', { ...band, region: CUSTOM })),
    unless(
      () => known.parameters?.powerDbm === power,
      ask('power', 'setPower', { values: { dbm: power, reserved: 0 }, learn: () => changed(known, { powerDbm: power }) }),
    ),
    ...(Math.max(...wish.ports) > 1 ? portPowers(wish, known) : []),
    unless(() => holds(known.parameters, rest), write('settings', rest)),
    read('parameters-read', (told) => {
      Object.assign(known, { expected: standing(told), isChanged: false })
      return { powerDbm: told.powerDbm, region: regionIn(told) }
    }),
  ]
}

/** Readers with several antennas may hold a power for each, which then stands above the common one. */
const portPowers = ({ ports, powerDbm }: Wish, known: Known): readonly Ask[] => {
  const power = Math.floor(powerDbm)
  const write = ask('port-power', 'antennaPower', {
    values: () => ({ operation: WRITE, values: [1, ...(known.powers ?? []).map(() => power)] }),
  })
  return [
    ask('port-powers', 'antennaPower', {
      values: { operation: READ, values: [] },
      isOptional: true,
      learn: ({ isOn, dbm }) => {
        known.powers = isOn === 1 ? dbm : null
        return {}
      },
    }),
    unless(
      () => known.powers === null || ports.every((port) => known.powers?.[port - 1] === power),
      // What it says to a write beside its status is not known.
      { ...write, answer: (frame) => (isDone(frame, COMMANDS.antennaPower.code) ? NOTHING_LEARNED : write.answer(frame)) },
    ),
  ]
}

/** What a door needs besides band and power: it answers instead of sending by itself, tells EPCs, and tells every read. */
const restOf = ({ ports, session }: Wish): Partial<Parameters> => ({
  workMode: 0,
  protocol: 0,
  antennas: ports.reduce((mask, port) => mask | (1 << (port - 1)), 0) & 0xff,
  area: EPC_AREA,
  session,
  accessLength: 0,
  filterSeconds: 0,
})

const holds = (parameters: Parameters | null, wished: Partial<Parameters>): boolean =>
  Object.entries(wished).every(([name, value]) => parameters?.[name as keyof Parameters] === value)

const standing = ({ startMHz, startKHz, stepKHz, lastChannel, powerDbm, workMode, antennas }: Parameters): string =>
  [startMHz, startKHz, stepKHz, lastChannel, powerDbm, workMode, antennas].join()

const changed = (known: Known, change: Partial<Parameters>): Learned => {
  if (known.parameters !== null) known.parameters = { ...known.parameters, ...change }
  return {}
}

/** Texts of 32 bytes and serial numbers of 12: hardware, firmware, number; then the same of the radio module, as far as they are sent. */
const namesIn = (told: Uint8Array): Learned => {
  const text = (from: number) => String.fromCharCode(...told.subarray(from, from + 32).filter((byte) => byte >= 0x20 && byte < 0x7f)).trim()
  return { version: text(0) || 'CF', firmware: text(32) }
}

/** A question of one command; a refusal is an answer unless `isOptional`. */
const ask = <N extends SafeName>(
  name: string,
  command: N,
  { values, learn = () => ({}), isOptional = false, tries = 3 }: Asking<N>,
): Ask => ({
  name,
  bytes: () => writeCommand(command, typeof values === 'function' ? (values as () => AskOf<N>)() : values),
  answer: (frame) => {
    const reply = readReply(frame, command)
    if (reply !== null) return { ok: true, learned: learn(reply) }
    const refusal = refusalIn(frame, COMMANDS[command].code)
    return refusal === null || !isOptional ? refusal : NOTHING_LEARNED
  },
  waitMs: 300,
  tries,
})

interface Asking<N extends SafeName> {
  readonly values: AskOf<N> | (() => AskOf<N>)
  readonly learn?: (reply: ReplyOf<N>) => Learned
  readonly isOptional?: boolean
  readonly tries?: number
}

/** What stands already is not set again; the question becomes a harmless one. */
const unless = (stands: () => boolean, question: Ask): Ask => ({
  ...question,
  bytes: (dialect) => (stands() ? writeCommand('getParameters', {}) : question.bytes(dialect)),
  answer: (frame) => (stands() ? (codeOf(frame) === COMMANDS.getParameters.code ? NOTHING_LEARNED : null) : question.answer(frame)),
})

const isDone = (frame: Uint8Array, code: number): boolean => codeOf(frame) === code && frame.length > ANSWER_LEAST && statusIn(frame) === OK

const refusalIn = (frame: Uint8Array, code: number): Answer | null => {
  if (codeOf(frame) !== code || frame.length <= ANSWER_LEAST || statusIn(frame) === OK) return null
  const { name, zh, en } = statusOf(statusIn(frame))
  return { ok: false, code: name, meaning: { zh, en } }
}

/** What the conversation remembers of the reader. */
interface Known {
  parameters: Parameters | null
  /** Band, power, mode and antennas as they were when it was configured; others later mean that it has lost them. */
  expected: string | null
  isChanged: boolean
  /** By antenna, `null` where they have one in common. */
  powers: readonly number[] | null
  framesSeen: number
}

const RESTARTED: Answer = {
  ok: false,
  code: 'restarted',
  meaning: { zh: '读写器已重新启动，设置已丢失', en: 'the reader restarted and lost its settings' },
}
const UNKNOWN: Known = { parameters: null, expected: null, isChanged: false, powers: null, framesSeen: -1 }
const NOTHING_LEARNED: Answer = { ok: true, learned: {} }
const BY_SECONDS = 0
const FOR_EVER = 0
const WRITE = 1
const READ = 2
const EPC_AREA = 1
const ANSWER_LEAST = 7
