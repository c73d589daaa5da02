import { regionIn } from '@lotkeeper/edge/readers/uhf/uhf288/bands.ts'
import { type AskOf, COMMANDS, type CommandName, commandOf, PUSH, type ReplyOf } from '@lotkeeper/edge/readers/uhf/uhf288/commands.ts'
import { addressOf, codeOf, FRAMING_SENT, readCommand, writeReply, writeStatus } from '@lotkeeper/edge/readers/uhf/uhf288/frames.ts'
import {
  BAD_COMMAND,
  BAD_LENGTH,
  BAD_PARAMETER,
  HEARTBEAT,
  INVENTORY,
  NO_ANTENNA,
  NO_TAG,
  OK,
} from '@lotkeeper/edge/readers/uhf/uhf288/statuses.ts'
import { createHostFrames } from './host-frames.ts'
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

/**
 * A UHFReader288 with one to sixteen ports. `hardware` `Ex10` has the fast inventory; `style` `real-time` was left in that mode by whoever had it
 * before and sends by itself from the moment it has power.
 */
export const UHF288_MODULE: ModuleMaker = {
  family: 'uhf288',
  baud: 57_600,
  make: (options) => createModule(options),
}

const createModule = (options: ModuleOptions): Module => {
  const memory = factoryFresh(options)
  const framesIn = createHostFrames(FRAMING_SENT)
  return {
    hear: (bytes, atMs) => framesIn(bytes, atMs).flatMap((frame) => answersTo(memory, frame, atMs)),
    reading: () => memory.round !== null || isPushing(memory),
    look: (air, atMs) =>
      memory.round === null ? lookPushing(memory, options, { air, atMs }) : lookInRound(memory, options, { air, atMs }),
    state: (): ModuleState & Readonly<Memory> => ({
      ...memory,
      powerDbm: Math.max(...memory.powers),
      region: regionIn(memory.band),
    }),
  }
}

/** One round on one port. */
interface Round {
  readonly port: number
  readonly query: AskOf<'inventory'>['query']
  readonly endsAt: number
  tags: number
}

interface Memory {
  readonly type: number
  readonly ports: readonly number[]
  readonly options: ModuleOptions
  readonly powerDbmMax: number
  readonly temperatureC: number
  readonly onlyBand: string | null
  band: { readonly highest: number; readonly lowest: number }
  powers: readonly number[]
  address: number
  scanTime: number
  checksAntennas: boolean
  /** Antennas of a fast inventory and of real-time mode. */
  antennas: readonly number[]
  mode: number
  realTime: AskOf<'setRealTime'>
  heartbeat: number
  query: readonly number[]
  fast: boolean
  round: Round | null
  turn: number
  packets: number
  total: number
  beatAt: number | null
  /** Commands answered since power came, by name. */
  readonly answered: string[]
}

const factoryFresh = (options: ModuleOptions): Memory => ({ ...settingsOf(options), options })

const settingsOf = ({
  style,
  hardware = 'R2000',
  ports = [1],
  powerDbmMax = 30,
  band = null,
  temperatureC = 38,
}: ModuleOptions): Omit<Memory, 'options'> => ({
  type: hardware === 'Ex10' ? EX10 : R2000,
  ports,
  powerDbmMax,
  temperatureC,
  onlyBand: band,
  band: band === 'EU' ? { highest: 0x4e, lowest: 0x00 } : { highest: 0x31, lowest: 0x80 },
  powers: Array.from({ length: Math.max(...ports) > 8 ? 16 : Math.max(...ports) > 4 ? 8 : Math.max(...ports) > 1 ? 4 : 1 }, () =>
    Math.min(20, powerDbmMax),
  ),
  address: 0,
  scanTime: 20,
  checksAntennas: false,
  antennas: ports,
  mode: style === 'real-time' ? 1 : 0,
  realTime: { protocol: 0, pause: 0, filterSeconds: 0, q: 4, session: 0, mask: new Uint8Array(0) },
  heartbeat: 1,
  query: [6, 1],
  fast: false,
  round: null,
  turn: 0,
  packets: 0,
  total: 0,
  beatAt: null,
  answered: [],
})

const isPushing = ({ fast, mode }: Memory): boolean => fast || mode !== 0

/** What a reader hears while it is at work: a round ends for 93, a fast inventory for 51, and real-time mode knows three commands. */
const answersTo = (memory: Memory, frame: Uint8Array, atMs: number): readonly Uint8Array[] => {
  const name = commandOf(codeOf(frame))
  if (addressOf(frame) !== 0xff && addressOf(frame) !== memory.address) return []
  if (memory.round !== null) return name === 'stopInventory' ? endRound(memory, memory.round) : []
  if (memory.fast && name !== 'stopFast') return []
  if (memory.mode !== 0 && (name === null || !REAL_TIME.includes(name))) return []
  const respond = name === null ? undefined : (RESPONDERS[name] as Responder<CommandName> | undefined)
  if (name === null || respond === undefined) return [writeStatus(0, BAD_COMMAND)]
  memory.answered.push(name)
  const asked = readCommand(frame, name)
  if (asked === null) return [writeStatus(codeOf(frame), BAD_LENGTH)]
  const reply = respond(asked as never, memory, atMs)
  if (reply === null) return []
  return [typeof reply === 'number' ? writeStatus(reply === BAD_COMMAND ? 0 : codeOf(frame), reply) : writeReply(name, reply as never)]
}

/** What the reader does with a command: its answer, a status, or `null` for no answer yet. */
type Responder<N extends CommandName> = (asked: AskOf<N>, memory: Memory, atMs: number) => ReplyOf<N> | number | null

const RESPONDERS: { readonly [N in CommandName]?: Responder<N> } = {
  readerInfo: (_, { type, band, powers, scanTime, antennas, checksAntennas }) => ({
    ...{ major: 2, minor: 20, type, protocols: 2, ...band, powerDbm: Math.max(...powers), scanTime },
    more: [maskOf(antennas) & 0xff, 0, 0, checksAntennas ? 1 : 0],
  }),
  inventory: ({ antenna, scanTime, query }, memory, atMs) => {
    const port = antenna - 0x80 + 1
    if (!memory.ports.includes(port)) return BAD_PARAMETER
    memory.round = { port, query, endsAt: atMs + Math.max(3, scanTime) * 100, tags: 0 }
    return null
  },
  setBand: (band, memory) => (memory.onlyBand !== null && regionIn(band) !== memory.onlyBand ? BAD_PARAMETER : kept(memory, { band })),
  setAddress: ({ address }, memory) => (address === 0xff ? BAD_PARAMETER : kept(memory, { address })),
  setScanTime: ({ scanTime }, memory) => kept(memory, { scanTime: Math.max(3, scanTime) }),
  setBaud: () => OK,
  setPower: ({ dbm }, memory) => {
    const values = dbm.map((value) => value & 0x7f)
    if (values.some((value) => value > memory.powerDbmMax)) return BAD_PARAMETER
    if (values.length !== 1 && values.length !== memory.powers.length) return BAD_PARAMETER
    return kept(memory, { powers: memory.powers.map((_, at) => values[values.length === 1 ? 0 : at] as number) })
  },
  getPowers: (_, { powers }) => ({ dbm: powers }),
  setAntennas: ({ mask }, memory) => {
    const bits = mask.length === 1 ? (mask[0] as number) & 0x0f : ((mask[1] as number) << 8) | (mask[2] as number)
    const antennas = memory.ports.filter((port) => (bits >> (port - 1)) & 1)
    return antennas.length === 0 ? BAD_PARAMETER : kept(memory, { antennas })
  },
  signal: () => OK,
  setBuzzer: () => OK,
  setPins: () => OK,
  getPins: (_, { options }) => ({ pins: levelOf(options, 1) }),
  serialNumber: () => ({ serial: 0x20_26_11_22 }),
  checkAntennas: ({ on }, memory) => (on > 1 ? BAD_PARAMETER : kept(memory, { checksAntennas: on === 1 })),
  setRealTime: (realTime, memory) => kept(memory, { realTime }),
  setWorkMode: ({ mode }, memory) => (mode > 2 ? BAD_PARAMETER : kept(memory, { mode })),
  getWorkMode: (_, { mode, realTime: { protocol, pause, filterSeconds, q, session } }) => ({
    mode,
    realTime: Uint8Array.of(protocol, pause, filterSeconds, q, session),
  }),
  heartbeat: ({ interval }, memory) => {
    if ((interval & 0x80) !== 0) memory.heartbeat = interval & 0x7f
    return { interval: memory.heartbeat }
  },
  profile: () => ({ profile: 1 }),
  returnLoss: ({ antenna }, { ports, options }) =>
    ports.includes(antenna + 1) ? { db: isLoose(options, antenna + 1) ? 2 : 18 } : BAD_PARAMETER,
  temperature: (_, { temperatureC }) => ({ isAbove: temperatureC >= 0 ? 1 : 0, degrees: Math.abs(Math.round(temperatureC)) }),
  stopInventory: () => null,
  clearBuffer: () => OK,
  countBuffer: () => ({ count: 0 }),
  buffered: () => INVENTORY.done,
  getConfig: ({ number }, { type, query }) =>
    type !== EX10 ? BAD_COMMAND : number === 9 ? { values: query } : number === 8 ? { values: [0] } : BAD_PARAMETER,
  setConfig: ({ number, values }, memory) =>
    memory.type !== EX10 ? BAD_COMMAND : number === 9 ? kept(memory, { query: values }) : number === 8 ? OK : BAD_PARAMETER,
  startFast: (_, memory) => (memory.type === EX10 ? kept(memory, { fast: true }) : BAD_LENGTH),
  stopFast: (_, memory) => (memory.type === EX10 ? kept(memory, { fast: false }) : BAD_LENGTH),
  // No tag is ever singled out for access here, so these fail as they do in an empty field.
  read: () => NO_TAG,
  write: () => NO_TAG,
  writeEpc: () => NO_TAG,
  kill: () => NO_TAG,
  protect: () => NO_TAG,
}

const lookInRound = (memory: Memory, options: ModuleOptions, { air, atMs }: Moment): Look => {
  const round = memory.round as Round
  if (memory.checksAntennas && isLoose(memory.options, round.port)) {
    memory.round = null
    return { frames: [writeStatus(COMMANDS.inventory.code, NO_ANTENNA)], reads: 0, afterMs: LOOK_MS }
  }
  if (atMs >= round.endsAt) return { frames: endRound(memory, round), reads: 0, afterMs: LOOK_MS }
  const tag = isLoose(memory.options, round.port) ? undefined : nextTag(memory, air, round.port)
  const left = Math.max(1, round.endsAt - atMs)
  if (tag === undefined) return { frames: [], reads: 0, afterMs: Math.min(LOOK_MS, left) }
  round.tags += 1
  const told = [antennaOf(memory, round.port), 1, ...recordOf(tag, (round.query.phase & 1) === 1)]
  return {
    frames: [writeStatus(COMMANDS.inventory.code, INVENTORY.more, told)],
    reads: 1,
    afterMs: Math.min(readPauseMs(options, air), left),
  }
}

/** Real-time mode and the fast inventory: each tag at once, and in real-time mode a heartbeat when there was none for long. */
const lookPushing = (memory: Memory, options: ModuleOptions, { air, atMs }: Moment): Look => {
  const ports = memory.antennas.filter((port) => !isLoose(memory.options, port))
  for (const [at] of ports.entries()) {
    const port = ports[(memory.turn + at) % ports.length] as number
    const tag = nextTag(memory, air, port)
    if (tag === undefined) continue
    memory.total += 1
    memory.beatAt = atMs
    const frame = writeStatus(PUSH, OK, [antennaOf(memory, port), ...recordOf(tag, false)])
    return { frames: [frame], reads: 1, afterMs: readPauseMs(options, air) }
  }
  memory.beatAt ??= atMs
  if (memory.fast || memory.heartbeat === 0 || atMs - memory.beatAt < memory.heartbeat * 30_000)
    return { frames: [], reads: 0, afterMs: LOOK_MS }
  memory.beatAt = atMs
  return { frames: [beatOf(memory)], reads: 0, afterMs: LOOK_MS }
}

interface Moment {
  readonly air: Air
  readonly atMs: number
}

const nextTag = (memory: Memory, air: Air, port: number): Tagged | undefined => {
  const tags = air.tagsAt(port)
  memory.turn += 1
  return tags[memory.turn % Math.max(1, tags.length)]
}

const endRound = (memory: Memory, { port, query, tags }: Round): readonly Uint8Array[] => {
  memory.round = null
  const code = COMMANDS.inventory.code
  const antenna = antennaOf(memory, port)
  const end = writeStatus(code, INVENTORY.done, [antenna, 0])
  return query.statistics === 0 ? [end] : [end, writeStatus(code, INVENTORY.statistics, [antenna, 0, tags & 0xff, 0, 0, 0, tags & 0xff])]
}

const beatOf = (memory: Memory): Uint8Array => {
  memory.packets += 1
  const states = memory.powers.map((_, at) =>
    !memory.antennas.includes(at + 1) ? 0 : memory.checksAntennas && isLoose(memory.options, at + 1) ? 2 : 1,
  )
  return writeStatus(PUSH, HEARTBEAT, [...wordOf(memory.packets), ...states, ...wordOf(memory.total)])
}

/** Length with its flags, EPC, signal, and on request phase and frequency. The scale of the signal is this module's own: 0 is -129 dBm. */
const recordOf = ({ epc, rssiDbm, phaseDeg = 0 }: Tagged, isPhased: boolean): readonly number[] => {
  const signal = Math.max(0, Math.min(255, Math.round(rssiDbm) + 129))
  const phase = isPhased ? [...wordOf(Math.round(phaseDeg)), ...wordOf(CHANNEL_KHZ).slice(1)] : []
  return [epc.length | (isPhased ? 0x40 : 0), ...epc, signal, ...phase]
}

/** Readers of up to 8 ports set a bit, those of 16 tell the number, from 0. */
const antennaOf = ({ powers }: Memory, port: number): number => (powers.length > 8 ? port - 1 : 1 << (port - 1))
const maskOf = (ports: readonly number[]): number => ports.reduce((mask, port) => mask | (1 << (port - 1)), 0)
const wordOf = (value: number): readonly number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff)

const kept = (memory: Memory, change: Partial<Memory>): number => {
  Object.assign(memory, change)
  return OK
}

const REAL_TIME: readonly CommandName[] = ['readerInfo', 'setWorkMode', 'getWorkMode']
const R2000 = 0x20
const EX10 = 0x5a
const CHANNEL_KHZ = 922_625
