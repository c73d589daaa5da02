import type { Answer, Ask, Conversation, Learned, Levels, Wish } from '../family.ts'
import { levelsAnswer } from '../levels.ts'
import { resultOf } from './errors.ts'
import { isNoticeOf, readReply, writeMessage } from './frames.ts'
import { type AskOf, BANDS, CONTINUOUS, type MessageName, type ReplyOf, SAVED } from './messages.ts'

/** From unknown to reading: band, powers, session, every read told, nothing kept for later, and an inventory without end. */
export const conversation = (wish: Wish): Conversation => {
  const { inputs = [] } = wish
  const state: State = { uptimeS: 0, expectedS: 0, isRestarted: false, quietFrames: 0, quietMs: 0, ports: wish.ports }
  const info = (learn: (reply: ReplyOf<'readerInfo'>) => Learned): Ask =>
    ask({ name: 'version', message: 'readerInfo', tries: 4 }, {}, (reply) => {
      state.uptimeS = reply.uptimeS
      return learn(reply)
    })
  const probe = info((reply) => {
    state.isRestarted = false
    return versionsIn(reply)
  })
  const alive = info(({ uptimeS }) => {
    state.isRestarted = uptimeS < state.expectedS
    return {}
  })
  const start = startOf(state)
  return {
    wake: new Uint8Array(0),
    stop: STOP,
    drain: { quietMs: 200, mostMs: 2_000 },
    probe,
    configure: settingsOf(wish, state),
    // The protocol tells neither temperature nor, without sending, what an antenna returns.
    health: [],
    start,
    inputs: () => (inputs.length === 0 ? null : { way: 'beside', everyMs: INPUTS_MS, asks: [askInputs(inputs)] }),
    again: ({ frames, rounds, ms }) => {
      if (frames !== state.quietFrames || ms < state.quietMs) Object.assign(state, { quietFrames: frames, quietMs: ms })
      if (rounds === 0 && ms - state.quietMs < QUIET_MS) return null
      // Its clock and ours may part by a thousandth, and it counts whole seconds.
      state.expectedS = state.uptimeS + ms * 0.999e-3 - 2
      return [alive, STOP, start]
    },
  }
}

interface State {
  /** Time since power came, as the reader told last, and the least it can be when it is asked next. */
  uptimeS: number
  expectedS: number
  /** It has begun anew since it was set, and has forgotten what was set. */
  isRestarted: boolean
  /** Frames since the start, and since when there were no more of them. */
  quietFrames: number
  quietMs: number
  /** Wished ports that the reader has. */
  ports: readonly number[]
}

const startOf = (state: State): Ask => {
  const antennas = (): number => state.ports.reduce((mask, port) => mask + 2 ** (port - 1), 0)
  const plain = ask({ name: 'start', message: 'inventory', waitMs: 1_500 }, () => ({
    antennas: antennas(),
    mode: CONTINUOUS,
    options: NOTHING,
  }))
  return {
    ...plain,
    bytes: (dialect) => {
      Object.assign(state, { quietFrames: 0, quietMs: 0 })
      return plain.bytes(dialect)
    },
    answer: (frame) => {
      if (state.isRestarted) return plain.answer(frame) === null ? null : RESTARTED
      return isNoticeOf(frame, 'tag') ? { ok: true, learned: {} } : plain.answer(frame)
    },
  }
}

const settingsOf = ({ region, ports, powerDbm, session }: Wish, state: State): readonly Ask[] => {
  const band = BANDS.find((one) => one === region)
  // Whole dBm only: never more than was wished.
  const powers = () => state.ports.map((port) => ({ port, value: Math.floor(powerDbm) }))
  return [
    portsOf(ports, state),
    band === undefined ? UNKNOWN_BAND : ask({ name: 'region', message: 'setBand' }, { band }),
    lenient(ask({ name: 'hopping', message: 'setFrequency' }, { isAutomatic: 1, options: NOTHING })),
    ask({ name: 'power', message: 'setPower' }, () => ({ ports: [...powers(), { port: SAVED, value: 0 }] })),
    ask({ name: 'session', message: 'setBaseband' }, { options: Uint8Array.of(3, session, 4, BOTH_FLAGS) }),
    // Each read is told, however weak and however soon after the one before.
    ask({ name: 'read-filter', message: 'setTagLog' }, { options: Uint8Array.of(1, 0, 0, 2, 0) }),
    lenient(ask({ name: 'idle-sleep', message: 'setDormancy' }, { isOn: 0, options: NOTHING })),
    // What it kept while nobody listened would come later as if read then.
    lenient(ask({ name: 'resume', message: 'setResume' }, { isOn: 0 })),
    ask({ name: 'power-read', message: 'getPower' }, {}, (reply) => {
      const set = reply.ports.filter(({ port }) => state.ports.includes(port)).map(({ value }) => value)
      return set.length === 0 ? {} : { powerDbm: Math.max(...set) }
    }),
    ask({ name: 'region-read', message: 'getBand' }, {}, (reply) => ({ region: reply.band })),
  ]
}

/** Without it a reader with fewer ports would refuse to read at all. */
const portsOf = (wished: readonly number[], state: State): Ask => ({
  ...ask({ name: 'ports', message: 'capabilities' }, {}),
  answer: (frame) => {
    const reply = readReply(frame, 'capabilities')
    if (reply === null) return null
    const usable = wished.filter((port) => port <= reply.antennas)
    state.ports = usable.length > 0 ? usable : [1]
    return usable.length === wished.length ? { ok: true, learned: {} } : MISSING
  },
})

interface Question<N extends MessageName> {
  readonly name: string
  readonly message: N
  readonly waitMs?: number
  readonly tries?: number
}

const ask = <N extends MessageName>(
  { name, message, waitMs = 300, tries = 2 }: Question<N>,
  values: AskOf<N> | (() => AskOf<N>),
  learn: (reply: ReplyOf<N>) => Learned = () => ({}),
): Ask => ({
  name,
  bytes: (dialect) => writeMessage(message, typeof values === 'function' ? (values as () => AskOf<N>)() : values, addressIn(dialect)),
  answer: (frame) => {
    const reply = readReply(frame, message)
    if (reply === null) return null
    const { result = 0 } = reply as { readonly result?: number }
    if (result !== 0) return refusalOf(message, result)
    return { ok: true, learned: learn(reply) }
  },
  waitMs,
  tries,
})

/** Pairs of input, from 1, and level; the application answers while the radio reads. */
const askInputs = (inputs: readonly number[]): Ask => {
  const plain = ask({ name: 'inputs', message: 'getInputs', tries: 1 }, {})
  return {
    ...plain,
    answer: (frame) => {
      const told = readReply(frame, 'getInputs')
      const levels: Levels = Object.fromEntries((told?.ports ?? []).map(({ port, value }) => [port, value !== 0]))
      return told === null ? null : levelsAnswer(inputs, levels)
    },
  }
}

/** What small readers cannot do is no wish refused. */
const lenient = (one: Ask): Ask => ({ ...one, answer: (frame) => (one.answer(frame) === null ? null : { ok: true, learned: {} }) })

const versionsIn = ({ serial, more }: ReplyOf<'readerInfo'>): Learned => {
  const version = `GClient ${String.fromCharCode(...serial).replaceAll('\0', '')}`
  return more[0] === APP_VERSION && more.length > 4 ? { version, firmware: more.subarray(1, 5).join('.') } : { version }
}

/** The address on a bus is learnt from what a reader says; a plain one takes an address for a length, so none is guessed. */
const addressIn = (dialect: string): number | null => (dialect.startsWith(BUS) ? Number.parseInt(dialect.slice(BUS.length), 16) : null)
/** Header style by address. */
export const dialectAt = (address: number | null): string =>
  address === null ? 'PLAIN' : `${BUS}${address.toString(16).toUpperCase().padStart(2, '0')}`

const refusalOf = (message: MessageName, result: number): Answer => {
  const { name, zh, en } = resultOf(message, result)
  return { ok: false, code: name, meaning: { zh, en } }
}

const BUS = 'RS485-'
const NOTHING = new Uint8Array(0)
const BOTH_FLAGS = 2
/** Number of the application's version among what follows a reader's names. */
const APP_VERSION = 1
/** Readers on a wire need not say anything while they see nothing: asked by then, and begun anew, which costs some 20 ms. */
const QUIET_MS = 3_000
/** A question costs no read. */
const INPUTS_MS = 100
const STOP = ask({ name: 'stop', message: 'stop' }, {})
const UNKNOWN_BAND: Ask = {
  ...ask({ name: 'region', message: 'getBand' }, {}),
  answer: (frame) => (readReply(frame, 'getBand') === null ? null : refusalOf('setBand', 1)),
}
const MISSING: Answer = {
  ok: false,
  code: 'port-missing',
  meaning: { zh: '读写器没有所要求的天线端口', en: 'the reader has not all the antenna ports that were asked for' },
}
const RESTARTED: Answer = {
  ok: false,
  code: 'restarted',
  meaning: { zh: '读写器自行重启过，需要重新设置', en: 'the reader has begun anew by itself and must be set again' },
}
