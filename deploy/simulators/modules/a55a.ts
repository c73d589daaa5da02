import { type AskOf, COMMANDS, type CommandName, commandOf, type ReplyOf } from '@lotkeeper/edge/readers/uhf/a55a/commands.ts'
import {
  codeOf,
  FRAMING,
  readCommand,
  type Style,
  styleOf,
  writeRefusal,
  writeReply,
  writeTagFrame,
} from '@lotkeeper/edge/readers/uhf/a55a/frames.ts'
import { writeTag } from '@lotkeeper/edge/readers/uhf/a55a/tags.ts'
import { pcOf } from '@lotkeeper/edge/readers/uhf/gen2.ts'
import { createFramer } from '@lotkeeper/edge/serial/framing.ts'
import { type Air, LOOK_MS, type Look, type Module, type ModuleMaker, type ModuleOptions, type ModuleState, readPauseMs } from './module.ts'

/** A module of up to sixteen ports that streams tags until it is told to stop, and in an empty field says nothing. */
export const A55A_MODULE: ModuleMaker = {
  family: 'a55a',
  baud: 115_200,
  make: (options) => createModule(options),
}

const createModule = (options: ModuleOptions): Module => {
  const memory = factoryFresh(options)
  const framer = createFramer(FRAMING)
  return {
    hear: (bytes) => framer.take(bytes).flatMap((piece) => (piece.kind === 'frame' ? answersTo(memory, piece.bytes, options) : [])),
    reading: () => memory.isReading,
    look: (air, atMs) => look(memory, options, air, atMs),
    state: (): ModuleState & Readonly<Memory> => ({ ...memory, powerDbm: memory.powers[0]?.readDbm ?? 0 }),
  }
}

/** The next port that is switched on and sees a tag has its turn. */
const look = (memory: Memory, options: ModuleOptions, air: Air, atMs: number): Look => {
  const { ports, loose = [] } = { ports: [1], ...options }
  const used = ports.filter((port) => (memory.mask & (1 << (port - 1))) !== 0 && !loose.includes(port))
  for (const [step] of used.entries()) {
    const port = used[(memory.turn + step) % used.length] as number
    const tags = air.tagsAt(port)
    const tag = tags[Math.floor(memory.turn / used.length) % Math.max(1, tags.length)]
    if (tag === undefined) continue
    memory.turn += step + 1
    memory.idleAt = atMs
    const antennaIndex = memory.firmware.startsWith(COUNTS_FROM_ONE) ? port : port - 1
    const record = writeTag({ pc: pcOf(tag.epc.length), epc: tag.epc, rssiDbm: tag.rssiDbm, antennaIndex })
    return { frames: [writeTagFrame(memory.style, record)], reads: 1, afterMs: readPauseMs(options, air) }
  }
  if (atMs - memory.idleAt < KEEP_ALIVE_MS) return { frames: [], reads: 0, afterMs: LOOK_MS }
  memory.idleAt = atMs
  return { frames: [Uint8Array.of(0)], reads: 0, afterMs: LOOK_MS }
}

interface Memory {
  /** Header style of the last command, in which it is answered. */
  style: Style
  readonly firmware: string
  readonly powerDbmMax: number
  readonly only: string | null
  readonly temperatureC: number
  readonly ports: readonly number[]
  region: ReplyOf<'getRegion'>['region']
  powers: ReplyOf<'getPower'>['powers']
  mask: number
  gen2: ReplyOf<'getGen2'>
  mode: Omit<AskOf<'setMode'>, 'save'>
  tagFocus: number
  fastId: number
  fastInventory: number
  link: number
  frequency: readonly number[]
  isReading: boolean
  turn: number
  /** When a tag, or else a bare keep-alive byte, was sent last. */
  idleAt: number
  /** Commands answered since power came, by name. */
  readonly answered: string[]
}

const factoryFresh = ({
  style = 'A55A',
  firmware = '5.2.1',
  powerDbmMax = 30,
  band = null,
  ports = [1],
  temperatureC = 31.5,
}: ModuleOptions): Memory => ({
  style: style === 'C88C' ? 'C88C' : 'A55A',
  firmware,
  powerDbmMax,
  only: band,
  temperatureC,
  ports,
  region: band === 'EU' ? 'EU' : 'US',
  powers: ports.map((antenna) => ({ antenna, readDbm: Math.min(30, powerDbmMax), writeDbm: Math.min(30, powerDbmMax) })),
  mask: 1,
  gen2: {
    select: { target: 2, action: 1, truncate: 0, qMode: 1 },
    q: { first: 4, least: 2 },
    link: { qMost: 12, dr: 1, coding: 1, trext: 1 },
    query: { sel: 1, session: 2, target: 0, linkFrequency: 3 },
  },
  mode: { mode: 0, userWord: 0, userWords: 0 },
  // As an installer may have left it: every tag told once only.
  tagFocus: 1,
  fastId: 0,
  fastInventory: 0,
  link: 2,
  frequency: [],
  isReading: false,
  turn: 0,
  idleAt: Number.NEGATIVE_INFINITY,
  answered: [],
})

/** While reading, a module is deaf to everything but stop. */
const answersTo = (memory: Memory, frame: Uint8Array, options: ModuleOptions): readonly Uint8Array[] => {
  const name = commandOf(codeOf(frame))
  if (memory.isReading && name !== 'stop') return []
  memory.style = styleOf(frame)
  if (name === null) return [writeRefusal(memory.style, codeOf(frame))]
  memory.answered.push(name)
  const answer = answerTo(memory, frame, name, options)
  return answer === null ? [] : [answer]
}

const answerTo = <N extends CommandName>(memory: Memory, frame: Uint8Array, name: N, options: ModuleOptions): Uint8Array | null => {
  const asked = readCommand(frame, name)
  const respond = (RESPONDERS as { readonly [K in N]?: Responder<K> })[name]
  const reply = asked === null || respond === undefined ? NO : respond(asked, memory, options)
  if (reply === null) return null
  return reply === NO ? writeRefusal(memory.style, COMMANDS[name].code) : writeReply(memory.style, name, reply as ReplyOf<N>)
}

/** What the module does with a command: its answer, `NO`, or `null` for no answer at all. */
type Responder<N extends CommandName> = (asked: AskOf<N>, memory: Memory, options: ModuleOptions) => ReplyOf<N> | typeof NO | null

const RESPONDERS: { readonly [N in CommandName]?: Responder<N> } = {
  getHardware: () => ({ version: '2.2.0' }),
  getVersion: (_, { firmware }) => ({ version: firmware }),
  getMainboard: () => ({ version: '7.0.9' }),
  getId: () => ({ id: 0x34002c00 }),
  setPower: ({ powers }, memory) => {
    if (powers.some(({ antenna, readDbm }) => readDbm > memory.powerDbmMax || !memory.ports.includes(antenna))) return NO
    return kept(memory, { powers: memory.powers.map((is) => powers.find(({ antenna }) => antenna === is.antenna) ?? is) })
  },
  getPower: (_, { powers }) => ({ status: 0, powers }),
  setFrequency: ({ kHz }, memory) => kept(memory, { frequency: kHz }),
  getFrequency: (_, { frequency }) => ({ count: frequency.length, kHz: frequency }),
  setGen2: (gen2, memory) => kept(memory, { gen2 }),
  getGen2: (_, { gen2 }) => gen2,
  setCarrier: () => DONE,
  getReturnLoss: (_, { mask, ports }, { loose = [] }) => ({
    losses: ports.map((port) => ({ port, db: (mask & (1 << (port - 1))) === 0 ? 0 : loose.includes(port) ? 1 : 16 })),
  }),
  setAntennas: ({ mask }, memory) =>
    mask === 0 || [...Array(16).keys()].some((bit) => (mask & (1 << bit)) !== 0 && !memory.ports.includes(bit + 1))
      ? NO
      : kept(memory, { mask }),
  getAntennas: (_, { mask }) => ({ mask }),
  setRegion: ({ region }, memory) =>
    region.startsWith('0x') || (memory.only !== null && region !== memory.only) ? NO : kept(memory, { region }),
  getRegion: (_, { region }) => ({ result: 1, region }),
  getTemperature: (_, { temperatureC }) => ({ result: 1, celsius: temperatureC }),
  getConnected: (_, { ports }, { loose = [] }) => ({
    mask: ports.filter((port) => !loose.includes(port)).reduce((bits, port) => bits | (1 << (port - 1)), 0),
  }),
  setLink: ({ link }, memory) => kept(memory, { link }),
  getLink: (_, { link }) => ({ result: 1, reserved: 0, link }),
  setFastId: ({ enabled }, memory) => kept(memory, { fastId: enabled }),
  getFastId: (_, { fastId }) => ({ result: 1, enabled: fastId }),
  setTagFocus: ({ enabled }, memory) => kept(memory, { tagFocus: enabled }),
  getTagFocus: (_, { tagFocus }) => ({ result: 1, enabled: tagFocus }),
  setFastInventory: ({ enabled }, memory) => kept(memory, { fastInventory: enabled }),
  getFastInventory: (_, { fastInventory }) => ({ result: 1, enabled: fastInventory, more: Uint8Array.of(1, 2, 2) }),
  setFilter: () => DONE,
  setMode: ({ mode, userWord, userWords }, memory) => (mode > 2 ? NO : kept(memory, { mode: { mode, userWord, userWords } })),
  getMode: (_, { mode }) => ({ result: 1, ...mode, more: new Uint8Array(4) }),
  reset: (_, memory, options) => kept(memory, { ...factoryFresh(options), answered: memory.answered } as Partial<Memory>),
  restoreFactory: (_, memory, options) => kept(memory, { ...factoryFresh(options), answered: memory.answered } as Partial<Memory>),
  // The tags themselves are the answer, and an empty field gives none.
  start: (_, memory) => {
    memory.isReading = true
    return null
  },
  readOnce: () => null,
  stop: (_, memory) => kept(memory, { isReading: false }),
  // No tag is ever singled out for access here, so these fail as they do in an empty field.
  read: () => ({ result: 0, error: NO_TAG, words: 0, memory: new Uint8Array(0) }),
  write: () => ({ result: 0, error: NO_TAG }),
  lock: () => ({ result: 0, error: NO_TAG }),
  kill: () => ({ result: 0, error: NO_TAG }),
  blockWrite: () => ({ result: 0, error: NO_TAG }),
}

const kept = (memory: Memory, change: Partial<Memory>): typeof DONE => {
  Object.assign(memory, change)
  return DONE
}

const DONE = { result: 1 } as const
const NO = 'no'
/** No tag matches what was meant. */
const NO_TAG = 0x22
/** While nothing is read, a bare byte tells the line that somebody is there. */
const KEEP_ALIVE_MS = 5_000
/** Firmware that counts ports from 1 in its records; all other counts from 0. */
const COUNTS_FROM_ONE = '7.'
