import {
  addressOf,
  categoryOf,
  FRAMING,
  idOf,
  isNotice,
  isNoticeOf,
  readMessage,
  writeNotice,
  writeReply,
} from '@lotkeeper/edge/readers/uhf/gclient/frames.ts'
import {
  type AskOf,
  BANDS,
  CONTINUOUS,
  MESSAGES,
  type MessageName,
  messageOf,
  type ReplyOf,
  SAVED,
} from '@lotkeeper/edge/readers/uhf/gclient/messages.ts'
import { optionBytes, TAG_HEAD } from '@lotkeeper/edge/readers/uhf/gclient/tag.ts'
import { pcOf } from '@lotkeeper/edge/readers/uhf/gen2.ts'
import { createFramer } from '@lotkeeper/edge/serial/framing.ts'
import {
  type Air,
  isLoose,
  LOOK_MS,
  type Look,
  levelOf,
  type Module,
  type ModuleMaker,
  type ModuleOptions,
  type ModuleState,
  readPauseMs,
  type Tagged,
} from './module.ts'

/** A reader of the GClient SDK; the style `RS485-07` is one with that address on a bus, deaf to everything without it. */
export const GCLIENT_MODULE: ModuleMaker = {
  family: '5a',
  baud: 115_200,
  make: (options) => createModule(options),
}

const createModule = (options: ModuleOptions): Module => {
  const memory = factoryFresh(options)
  const framer = createFramer(FRAMING)
  return {
    hear: (bytes, atMs) => {
      memory.poweredAt ??= atMs
      return framer.take(bytes).flatMap((piece) => (piece.kind === 'frame' ? answersTo(memory, piece.bytes, atMs) : []))
    },
    reading: () => memory.antennas > 0,
    look: (air, atMs) => lookAt(memory, options, { air, atMs }),
    state: (): ModuleState & Readonly<Memory> => ({ ...memory, powerDbm: memory.powers[memory.ports[0] as number] ?? 0 }),
  }
}

interface Memory {
  readonly address: number | null
  readonly serial: string
  readonly ports: readonly number[]
  readonly options: ModuleOptions
  readonly powerDbmMax: number
  readonly band: string | null
  powers: Readonly<Record<number, number>>
  region: ReplyOf<'getBand'>['band']
  isHopping: boolean
  speed: number
  q: number
  session: number
  flags: number
  /** In units of 10 ms. */
  repeated: number
  rssiMin: number
  isSleepy: boolean
  isResuming: boolean
  /** Mask of the ports in use; 0 while it does not read. */
  antennas: number
  isOnce: boolean
  turn: number
  poweredAt: number | null
  heartbeatAt: number
  heartbeats: number
  /** Heartbeats the host sent back. */
  echoes: number
  toldAt: ReadonlyMap<string, number>
  /** Messages answered since power came, by name. */
  readonly answered: string[]
}

const factoryFresh = (options: ModuleOptions): Memory => ({ ...settingsOf(options), options })

const settingsOf = ({
  style = 'PLAIN',
  hardware = 'GR0001',
  ports = [1],
  powerDbmMax = 33,
  band = null,
}: ModuleOptions): Omit<Memory, 'options'> => ({
  address: style.startsWith('RS485-') ? Number.parseInt(style.slice(6), 16) : null,
  ...{ serial: hardware, ports, powerDbmMax, band },
  powers: Object.fromEntries(ports.map((port) => [port, 20])),
  region: band === 'EU' ? 'EU' : 'US',
  isHopping: true,
  ...{ speed: 255, q: 4, session: 0, flags: 0, repeated: 100, rssiMin: 0 },
  isSleepy: true,
  isResuming: true,
  antennas: 0,
  isOnce: false,
  turn: 0,
  poweredAt: null,
  heartbeatAt: Number.NEGATIVE_INFINITY,
  heartbeats: 0,
  echoes: 0,
  toldAt: new Map(),
  answered: [],
})

/** One port of the mask a look; nothing is said of an empty field but a heartbeat now and then. */
const lookAt = (memory: Memory, options: ModuleOptions, { air, atMs }: { readonly air: Air; readonly atMs: number }): Look => {
  const used = memory.ports.filter((port) => memory.antennas & (1 << (port - 1)))
  const port = used[memory.turn % used.length] as number
  const tags = isLoose(options, port) ? [] : air.tagsAt(port)
  const tag = tags[Math.floor(memory.turn / used.length) % Math.max(1, tags.length)]
  memory.turn += 1
  if (memory.isOnce && memory.turn >= used.length) {
    memory.antennas = 0
    const over = writeNotice('inventoryOver', Uint8Array.of(DONE), memory.address)
    return { frames: tag ? [noticeOf(memory, tag, { port, atMs }), over] : [over], reads: tag ? 1 : 0, afterMs: 0 }
  }
  if (tag === undefined || isRepeated(memory, tag, atMs)) return { ...heartbeat(memory, atMs), reads: 0, afterMs: LOOK_MS / used.length }
  const at = atMs + (options.clockOffMs ?? 0)
  return { frames: [noticeOf(memory, tag, { port, atMs: at })], reads: 1, afterMs: readPauseMs(options, air) / used.length }
}

const heartbeat = (memory: Memory, atMs: number): { readonly frames: readonly Uint8Array[] } => {
  if (atMs - memory.heartbeatAt < HEARTBEAT_MS) return { frames: [] }
  memory.heartbeatAt = atMs
  memory.heartbeats += 1
  return { frames: [writeNotice('heartbeat', MESSAGES.heartbeat.ask.write({ serial: memory.heartbeats }), memory.address)] }
}

/** A tag is told once in the time its filter says. */
const isRepeated = (memory: Memory, { epc }: Tagged, atMs: number): boolean => {
  if (memory.repeated === 0) return false
  const told = memory.toldAt.get(String(epc)) ?? Number.NEGATIVE_INFINITY
  if (atMs - told < memory.repeated * 10) return true
  memory.toldAt = new Map([...memory.toldAt, [String(epc), atMs]])
  return false
}

const noticeOf = (
  memory: Memory,
  { epc, rssiDbm }: Tagged,
  { port, atMs }: { readonly port: number; readonly atMs: number },
): Uint8Array => {
  // Real readers' scale is not documented; the reader is not to believe in one.
  const rssiRaw = Math.max(0, Math.min(255, Math.round(rssiDbm) + 129))
  const options = [
    ...optionBytes(1, rssiRaw),
    ...optionBytes(7, { utcSec: Math.floor(atMs / 1_000), utcUs: Math.round((atMs % 1_000) * 1_000) }),
    ...optionBytes(8, 920_625),
  ]
  return writeNotice('tag', TAG_HEAD.write({ epc, pc: pcOf(epc.length), antenna: port, options: Uint8Array.from(options) }), memory.address)
}

/** While it reads, only its application and stop answer. */
const answersTo = (memory: Memory, frame: Uint8Array, atMs: number): readonly Uint8Array[] => {
  if (addressOf(frame) !== memory.address) return []
  if (isNoticeOf(frame, 'heartbeat')) memory.echoes += 1
  const name = isNotice(frame) ? null : messageOf(categoryOf(frame), idOf(frame))
  if (name === null) return []
  const wasReading = memory.antennas > 0
  if (wasReading && MESSAGES[name].category === MESSAGES.inventory.category && name !== 'stop') return []
  const answer = answerTo(memory, frame, { name, atMs })
  if (answer === null) return []
  memory.answered.push(name)
  const over = name === 'stop' && wasReading ? [writeNotice('inventoryOver', Uint8Array.of(STOPPED), memory.address)] : []
  return [answer, ...over]
}

const answerTo = <N extends MessageName>(
  memory: Memory,
  frame: Uint8Array,
  { name, atMs }: { readonly name: N; readonly atMs: number },
): Uint8Array | null => {
  const asked = readMessage(frame, name)
  const respond = RESPONDERS[name] as Responder<N> | undefined
  return asked === null || respond === undefined ? null : writeReply(name, respond(asked, memory, atMs), memory.address)
}

/** What the reader answers; what it does not know it leaves unanswered. */
type Responder<N extends MessageName> = (asked: AskOf<N>, memory: Memory, atMs: number) => ReplyOf<N>

const RESPONDERS: { readonly [N in MessageName]?: Responder<N> } = {
  readerInfo: (_, { serial, poweredAt }, atMs) => ({
    serial: lettersOf(serial),
    uptimeS: Math.floor((atMs - (poweredAt ?? atMs)) / 1_000),
    baseBuilt: lettersOf('2023-03-12'),
    more: Uint8Array.of(1, 0, 1, 2, 15),
  }),
  baseVersion: () => ({ version: Uint8Array.of(0, 3, 1, 7) }),
  setResume: ({ isOn }, memory) => kept(memory, { isResuming: isOn === 1 }),
  getResume: (_, { isResuming }) => ({ isOn: isResuming ? 1 : 0 }),
  capabilities: (_, { ports, powerDbmMax }) => ({
    ...{ dbmMin: 0, dbmMax: powerDbmMax, antennas: ports.length },
    bands: Uint8Array.of(0, 1, 3, 4),
    protocols: Uint8Array.of(0),
  }),
  setPower: ({ ports }, memory) => {
    const wished = ports.filter(({ port }) => port !== SAVED)
    if (wished.some(({ port }) => !memory.ports.includes(port))) return { result: 1 }
    if (wished.some(({ value }) => value > memory.powerDbmMax)) return { result: 2 }
    return kept(memory, { powers: { ...memory.powers, ...Object.fromEntries(wished.map(({ port, value }) => [port, value])) } })
  },
  getInputs: (_, { options }) => ({ ports: INPUTS.map((port) => ({ port, value: levelOf(options, port) })) }),
  getPower: (_, { powers }) => ({ ports: Object.entries(powers).map(([port, value]) => ({ port: Number(port), value })) }),
  setBand: ({ band }, memory) => {
    const isKnown = BANDS.some((one) => one === band) && (memory.band === null || memory.band === band)
    return isKnown ? kept(memory, { region: band }) : { result: 1 }
  },
  getBand: (_, { region }) => ({ band: region }),
  setFrequency: ({ isAutomatic }, memory) => kept(memory, { isHopping: isAutomatic === 1 }),
  getFrequency: (_, { isHopping }) => ({ isAutomatic: isHopping ? 1 : 0, channels: new Uint8Array(0) }),
  setTagLog: ({ options }, memory) => {
    const [first, high = 0, low = 0, second, rssiMin = 0] = options
    return first === 1 && second === 2 && options.length === 5 ? kept(memory, { repeated: (high << 8) | low, rssiMin }) : { result: 1 }
  },
  getTagLog: (_, { repeated, rssiMin }) => ({ repeated, rssiMin }),
  setBaseband: ({ options }, memory) => {
    const settings = Object.fromEntries(Array.from({ length: options.length >> 1 }, (_, at) => [options[at * 2], options[at * 2 + 1]]))
    if ((settings[3] ?? 0) > 3) return { result: 3 }
    if ((settings[4] ?? 0) > 2) return { result: 4 }
    const { speed, q, session, flags } = memory
    return kept(memory, { speed: settings[1] ?? speed, q: settings[2] ?? q, session: settings[3] ?? session, flags: settings[4] ?? flags })
  },
  getBaseband: (_, { speed, q, session, flags }) => ({ speed, q, session, flags }),
  setDormancy: ({ isOn }, memory) => kept(memory, { isSleepy: isOn === 1 }),
  getDormancy: (_, { isSleepy }) => ({ isOn: isSleepy ? 1 : 0, idle: 0 }),
  inventory: ({ antennas, mode }, memory) => {
    const all = memory.ports.reduce((mask, port) => mask | (1 << (port - 1)), 0)
    if (antennas === 0 || antennas & ~all) return { result: 1 }
    return kept(memory, { antennas, isOnce: mode !== CONTINUOUS, turn: 0, toldAt: new Map() })
  },
  stop: (_, memory) => kept(memory, { antennas: 0 }),
}

const kept = (memory: Memory, change: Partial<Memory>): { readonly result: number } => {
  Object.assign(memory, change)
  return { result: 0 }
}

const lettersOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const INPUTS = [1, 2, 3, 4] as const
const DONE = 0
const STOPPED = 1
const HEARTBEAT_MS = 10_000
