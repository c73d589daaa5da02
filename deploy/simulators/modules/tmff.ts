import {
  ANTENNAS,
  type AskOf,
  type CommandName,
  commandOf,
  GEN2,
  GEN2_KEYS,
  IN_APPLICATION,
  IN_BOOTLOADER,
  OPTIONAL,
  PORT_POWERS,
  PORT_VALUES,
  type ReplyOf,
  STREAM,
} from '@lotkeeper/edge/readers/uhf/tmff/commands.ts'
import {
  BAD_LENGTH,
  BAD_OPCODE,
  BAD_PARAMETER,
  BAD_REGION,
  NO_ANTENNA,
  NO_TAGS,
  POWER_TOO_HIGH,
  TOO_HOT,
} from '@lotkeeper/edge/readers/uhf/tmff/errors.ts'
import { FRAMING_SENT, opcodeOf, readCommand, unwrapped, writeFrame, writeReply } from '@lotkeeper/edge/readers/uhf/tmff/frames.ts'
import { extendedOf, START_READING, SUB, writeExtendedReply, writeHeartbeat } from '@lotkeeper/edge/readers/uhf/tmff/silion.ts'
import { createFramer } from '@lotkeeper/edge/serial/framing.ts'
import {
  type Air,
  IDLE_MS,
  isLoose,
  LOOK_MS,
  type Look,
  levelOf,
  type Module,
  type ModuleMaker,
  type ModuleOptions,
  readPauseMs,
  type Tagged,
} from './module.ts'
import { streamStartOf, tagFrameOf } from './tmff-stream.ts'

/** A ThingMagic module, or in the style `SILION` one of theirs, which wakes in its bootloader and streams by commands of its own. */
export const TMFF_MODULE: ModuleMaker = {
  family: 'tmff',
  baud: 115_200,
  make: (options) => createModule(options),
}

const createModule = (options: ModuleOptions): Module => {
  const memory = factoryFresh(options)
  const framer = createFramer(FRAMING_SENT)
  return {
    hear: (bytes, atMs) => framer.take(bytes).flatMap((piece) => (piece.kind === 'frame' ? answersTo(memory, piece.bytes, atMs) : [])),
    reading: () => memory.stream !== null,
    look: (air, atMs) => lookAt(memory, options, { air, atMs }),
    state: () => ({ ...memory }),
  }
}

interface Memory {
  readonly isSilion: boolean
  readonly ports: readonly number[]
  readonly options: ModuleOptions
  readonly powerDbmMax: number
  readonly band: string | null
  readonly temperatureC: number
  stage: 'bootloader' | 'application'
  powerDbm: number
  region: ReplyOf<'getRegion'>['region']
  search: readonly number[]
  optional: Readonly<Record<number, number>>
  gen2: Readonly<Record<number, readonly number[]>>
  protocol: number
  mode: number
  baud: number
  /** What is told of each tag while reading, and since when; `null` while it does not read. */
  stream: { readonly metaFlags: number; readonly searchFlags: number; readonly sinceMs: number } | null
  turn: number
  idleAt: number
  readonly told: Set<string>
  /** Commands answered since power came, by name. */
  readonly answered: string[]
}

const factoryFresh = (options: ModuleOptions): Memory => {
  const { style = 'TM', ports = [1], powerDbmMax = 30, band = null, temperatureC = 38 } = options
  const isSilion = style === 'SILION'
  return {
    ...{ isSilion, ports, options, powerDbmMax, band, temperatureC },
    stage: isSilion || options.firmware === 'bootloader' ? 'bootloader' : 'application',
    powerDbm: 20,
    region: band === 'EU' ? 'EU' : 'US',
    search: ports.slice(0, 1),
    optional: { [OPTIONAL.readFilter]: 1, [OPTIONAL.antennaCheck]: 0 },
    gen2: { [GEN2_KEYS.session]: [0], [GEN2_KEYS.target]: [1, 0] },
    protocol: 0,
    mode: 0,
    baud: 115_200,
    stream: null,
    turn: 0,
    idleAt: Number.NEGATIVE_INFINITY,
    told: new Set(),
    answered: [],
  }
}

/** One antenna of the search list a look: its next tag, or now and then that nothing was found, or that nothing hangs on it. */
const lookAt = (memory: Memory, options: ModuleOptions, { air, atMs }: { readonly air: Air; readonly atMs: number }): Look => {
  const { stream, search, turn, optional } = memory
  if (stream === null) return { frames: [], reads: 0, afterMs: LOOK_MS }
  const port = search[turn % search.length] as number
  memory.turn += 1
  const isBare = isLoose(options, port)
  if (isBare && optional[OPTIONAL.antennaCheck] === 1 && !memory.isSilion)
    return idle(memory, atMs, { idleMs: LOOK_MS, status: NO_ANTENNA })
  if (memory.temperatureC > HOT_C) return idle(memory, atMs, { idleMs: IDLE_MS, status: TOO_HOT })
  const tags = isBare ? [] : air.tagsAt(port)
  const tag = tags[Math.floor(turn / search.length) % Math.max(1, tags.length)]
  if (tag === undefined || isFiltered(memory, tag))
    return idle(memory, atMs, { idleMs: memory.isSilion ? HEARTBEAT_MS : (options.idleMs ?? IDLE_MS), status: NO_TAGS })
  const readMs = atMs + (options.clockOffMs ?? 0) - stream.sinceMs
  const frame = tagFrameOf({ tag, port, ...stream, isSilion: memory.isSilion, readMs })
  return { frames: [frame], reads: 1, afterMs: readPauseMs(options, air) / search.length }
}

/** With its read filter on, a module tells each tag once. */
const isFiltered = ({ optional, told }: Memory, { epc }: Tagged): boolean => {
  if (optional[OPTIONAL.readFilter] !== 1) return false
  const isTold = told.has(String(epc))
  told.add(String(epc))
  return isTold
}

const idle = (memory: Memory, atMs: number, { idleMs, status }: { readonly idleMs: number; readonly status: number }): Look => {
  const afterMs = LOOK_MS / memory.search.length
  if (atMs - memory.idleAt < idleMs) return { frames: [], reads: 0, afterMs }
  memory.idleAt = atMs
  const frame = memory.isSilion ? writeHeartbeat() : writeFrame(READ_MULTIPLE, status, NOTHING)
  return { frames: [frame], reads: 0, afterMs }
}

/** While it streams, a module is deaf to everything but stop and what is wrapped for that time. */
const answersTo = (memory: Memory, frame: Uint8Array, atMs: number): readonly Uint8Array[] => {
  const name = commandOf(opcodeOf(frame)) as CommandName
  const isHeard = memory.stream === null || name === (memory.isSilion ? 'extended' : 'multiProtocol')
  if (!isHeard) return []
  if (memory.stage === 'bootloader' && !BOOTLOADER_KNOWS.includes(name)) return [writeFrame(opcodeOf(frame), BAD_OPCODE, NOTHING)]
  memory.answered.push(name)
  if (name === 'extended' && memory.isSilion) return extendedAnswer(memory, frame, atMs)
  if (name === 'multiProtocol' && !memory.isSilion) return streamAnswer(memory, frame, atMs)
  return [answerTo(memory, frame, name)]
}

const streamAnswer = (memory: Memory, frame: Uint8Array, atMs: number): readonly Uint8Array[] => {
  const asked = readCommand(frame, 'multiProtocol')
  if (asked === null) return [writeFrame(MULTI, BAD_LENGTH, NOTHING)]
  const { option, body } = asked
  if (option === STREAM.wrapped) {
    const [inner] = createFramer(FRAMING_SENT).take(unwrapped(body))
    if (inner?.kind !== 'frame') return [writeFrame(MULTI, BAD_PARAMETER, NOTHING)]
    const answer = answerTo(memory, inner.bytes, commandOf(opcodeOf(inner.bytes)) as CommandName)
    return [writeReply('multiProtocol', { option, body: answer.subarray(1, answer.length - 2) })]
  }
  if (option === STREAM.stop) memory.stream = null
  else {
    const plan = option === STREAM.start && memory.protocol === GEN2 ? streamStartOf(body) : null
    if (plan === null) return [writeFrame(MULTI, BAD_PARAMETER, NOTHING)]
    begin(memory, plan, atMs)
  }
  return [writeReply('multiProtocol', { option, body: NOTHING })]
}

const extendedAnswer = (memory: Memory, frame: Uint8Array, atMs: number): readonly Uint8Array[] => {
  const asked = extendedOf(frame)
  if (asked?.sub === SUB.stopReading) memory.stream = null
  else if (asked?.sub === SUB.startReading) {
    const plan = START_READING.read(asked.body)
    if (plan === null) return [writeFrame(EXTENDED, BAD_LENGTH, NOTHING)]
    begin(memory, plan, atMs)
  } else return [writeFrame(EXTENDED, BAD_PARAMETER, NOTHING)]
  return [writeExtendedReply({ sub: asked.sub, body: NOTHING })]
}

const begin = (
  memory: Memory,
  { metaFlags, searchFlags }: { readonly metaFlags: number; readonly searchFlags: number },
  atMs: number,
): void => {
  Object.assign(memory, {
    stream: { metaFlags, searchFlags, sinceMs: atMs },
    idleAt: memory.isSilion ? atMs : Number.NEGATIVE_INFINITY,
  })
  memory.told.clear()
}

const answerTo = <N extends CommandName>(memory: Memory, frame: Uint8Array, name: N): Uint8Array => {
  const respond = RESPONDERS[name] as Responder<N> | undefined
  if (respond === undefined) return writeFrame(opcodeOf(frame), BAD_OPCODE, NOTHING)
  const asked = readCommand(frame, name)
  if (asked === null) return writeFrame(opcodeOf(frame), BAD_LENGTH, NOTHING)
  const reply = respond(asked, memory)
  return typeof reply === 'number' ? writeFrame(opcodeOf(frame), reply, NOTHING) : writeReply(name, reply)
}

/** What the module does with a command: its answer, or a status word. */
type Responder<N extends CommandName> = (asked: AskOf<N>, memory: Memory) => ReplyOf<N> | number

const RESPONDERS: { readonly [N in CommandName]?: Responder<N> } = {
  version: (_, memory) => versionsOf(memory),
  bootFirmware: (_, memory) => {
    if (memory.stage === 'application') return BAD_OPCODE
    memory.stage = 'application'
    return versionsOf(memory)
  },
  setBaud: ({ baud }, memory) => kept(memory, { baud }),
  currentProgram: (_, { stage }) => ({ program: stage === 'bootloader' ? IN_BOOTLOADER : IN_APPLICATION }),
  clearBuffer: () => ({}),
  getAntennas: ({ option }, memory) => antennasOf(option, memory),
  getReadPower: ({ option }, { powerDbm }) => ({ option, dbm: powerDbm, limits: NOTHING }),
  getProtocol: (_, { protocol }) => ({ protocol }),
  // Silion's tell the levels alone, ThingMagic's which way a pin goes too.
  getInputs: (_, { options, isSilion }) => ({
    body: Uint8Array.from(
      isSilion ? PINS.map((pin) => levelOf(options, pin)) : [1, ...PINS.flatMap((pin) => [pin, 0, levelOf(options, pin)])],
    ),
  }),
  getRegion: (_, { region }) => ({ region }),
  getPowerMode: (_, { mode }) => ({ mode }),
  getOptional: ({ option, key }, { optional }) => ({ option, key, value: Uint8Array.of(optional[key] ?? 0) }),
  getProtocolParameter: ({ option, key }, { gen2 }) => ({ option, key, value: Uint8Array.from(gen2[key] ?? []) }),
  getTemperature: (_, { temperatureC }) => ({ celsius: temperatureC }),
  setAntennas: ({ option, body }, memory) => antennasSet(option, body, memory),
  setReadPower: ({ dbm }, memory) => (dbm > memory.powerDbmMax ? POWER_TOO_HIGH : kept(memory, { powerDbm: dbm })),
  setProtocol: ({ protocol }, memory) => (protocol === GEN2 ? kept(memory, { protocol }) : BAD_PARAMETER),
  setRegion: ({ region }, memory) =>
    region.startsWith('0x') || (memory.band !== null && region !== memory.band) ? BAD_REGION : kept(memory, { region }),
  setPowerMode: ({ mode }, memory) => kept(memory, { mode }),
  setOptional: ({ key, value }, memory) => kept(memory, { optional: { ...memory.optional, [key]: value[0] ?? 0 } }),
  setProtocolParameter: ({ option, key, value }, memory) =>
    option === GEN2 ? kept(memory, { gen2: { ...memory.gen2, [key]: [...value] } }) : BAD_PARAMETER,
}

const versionsOf = ({ isSilion, stage }: Memory): ReplyOf<'version'> => ({
  bootloader: Uint8Array.of(0x14, 0x07, 0x18, 0x00),
  hardware: isSilion ? Uint8Array.of(0x31, 0x02, 0x00, 0x00) : Uint8Array.of(0x30, 0x00, 0x00, 0x02),
  firmwareDate: Uint8Array.of(0x20, 0x23, 0x03, 0x12),
  firmware: isSilion ? Uint8Array.of(0x23, 0x03, 0x12, 0x00) : Uint8Array.of(0x01, 0x0b, 0x02, 0x10),
  // The bootloader reads no tags.
  protocols: stage === 'application' ? 0x10 : 0,
})

const antennasOf = (option: number, { ports, options, powerDbm, search }: Memory): ReplyOf<'getAntennas'> | number => {
  const values = (measured: (port: number) => number) =>
    PORT_VALUES.write({ ports: ports.map((port) => ({ port, value: measured(port) })) })
  if (option === ANTENNAS.search) return { option, body: Uint8Array.from(search.flatMap((port) => [port, port])) }
  if (option === ANTENNAS.powers) return { option, body: PORT_POWERS.write({ powers: ports.map((port) => ({ port, dbm: powerDbm })) }) }
  if (option === ANTENNAS.detect) return { option, body: values((port) => (isLoose(options, port) ? 0 : 1)) }
  return option === ANTENNAS.returnLoss ? { option, body: values((port) => (isLoose(options, port) ? 1 : 18)) } : BAD_PARAMETER
}

const antennasSet = (option: number, body: Uint8Array, memory: Memory): ReplyOf<'setAntennas'> | number => {
  if (option === ANTENNAS.search) {
    const search = Array.from({ length: body.length >> 1 }, (_, at) => body[at * 2] as number)
    return search.length > 0 && search.every((port) => memory.ports.includes(port)) ? kept(memory, { search }) : BAD_PARAMETER
  }
  const powers = option === ANTENNAS.powers && memory.isSilion ? (PORT_POWERS.read(body)?.powers ?? []) : []
  const [first] = powers
  if (first === undefined) return BAD_PARAMETER
  return powers.some(({ dbm }) => dbm > memory.powerDbmMax) ? POWER_TOO_HIGH : kept(memory, { powerDbm: first.dbm })
}

const kept = (memory: Memory, change: Partial<Memory>): Readonly<Record<never, never>> => {
  Object.assign(memory, change)
  return {}
}

const NOTHING = new Uint8Array(0)
const PINS = [1, 2, 3, 4] as const
const READ_MULTIPLE = 0x22
const MULTI = 0x2f
const EXTENDED = 0xaa
/** Above it ThingMagic's modules stop sending [Autonomous Configuration Tool guide, table 7]. */
const HOT_C = 85
/** As Silion's manual has it. */
const HEARTBEAT_MS = 15_000
const BOOTLOADER_KNOWS: readonly CommandName[] = ['version', 'bootFirmware', 'setBaud', 'currentProgram']
