import { regionIn } from '@lotkeeper/edge/readers/uhf/cf/bands.ts'
import {
  type AskOf,
  COMMANDS,
  type CommandName,
  commandOf,
  type Parameters,
  type ReplyOf,
} from '@lotkeeper/edge/readers/uhf/cf/commands.ts'
import { addressOf, codeOf, FRAMING_SENT, readCommand, writeReply, writeStatus } from '@lotkeeper/edge/readers/uhf/cf/frames.ts'
import { BAD_PARAMETER, FAILED, OK, ROUND_END } from '@lotkeeper/edge/readers/uhf/cf/statuses.ts'
import { createHostFrames } from './host-frames.ts'
import {
  type Air,
  IDLE_MS,
  isLoose,
  LOOK_MS,
  type Look,
  type Module,
  type ModuleMaker,
  type ModuleOptions,
  type ModuleState,
  readPauseMs,
  type Tagged,
} from './module.ts'

/**
 * A CF600 with up to eight ports. `style` `active` was left in active mode and sends by itself from the moment it has
 * power; `powers` holds a power for each antenna.
 */
export const CF_MODULE: ModuleMaker = {
  family: 'cf',
  baud: 115_200,
  make: (options) => createModule(options),
}

const createModule = (options: ModuleOptions): Module => {
  const memory = factoryFresh(options)
  const framesIn = createHostFrames(FRAMING_SENT)
  return {
    hear: (bytes, atMs) => framesIn(bytes, atMs).flatMap((frame) => answersTo(memory, frame, atMs)),
    reading: () => isReading(memory),
    look: (air, atMs) => look(memory, options, { air, atMs }),
    state: (): ModuleState & Readonly<Memory> => ({
      ...memory,
      powerDbm: memory.parameters.powerDbm,
      region: regionIn(memory.parameters),
    }),
  }
}

interface Memory {
  readonly hardware: string
  readonly firmware: string
  readonly ports: readonly number[]
  readonly options: ModuleOptions
  readonly powerDbmMax: number
  readonly onlyBand: string | null
  parameters: Parameters
  powers: readonly number[]
  hasPowers: boolean
  inventory: boolean
  /** End of an inventory that was asked for a time or for rounds; `null` while it goes on for ever. */
  endsAt: number | null
  turn: number
  idleAt: number
  /** Commands answered since power came, by name. */
  readonly answered: string[]
}

const factoryFresh = (options: ModuleOptions): Memory => ({ ...settingsOf(options), options })

const settingsOf = ({
  style,
  hardware = 'CP-203910_V1.13',
  firmware = 'UHF Reader V1.0',
  ports = [1],
  powerDbmMax = 30,
  band = null,
}: ModuleOptions): Omit<Memory, 'options'> => ({
  ...{ hardware, firmware, ports, powerDbmMax },
  onlyBand: band,
  parameters: {
    ...{ address: 0, protocol: 0, workMode: style === 'active' ? 1 : 0, interface: 0x80, baud: 4, wiegand: 0, antennas: 1 },
    ...(band === 'EU'
      ? { region: 3, startMHz: 865, startKHz: 100, stepKHz: 200, lastChannel: 14 }
      : { region: 1, startMHz: 902, startKHz: 750, stepKHz: 500, lastChannel: 49 }),
    ...{ powerDbm: Math.min(20, powerDbmMax), area: 1, q: 4, session: 0, accessAddress: 0, accessLength: 12, filterSeconds: 0 },
    ...{ triggerSeconds: 3, buzzer: 1, pollingInterval: 5 },
  },
  powers: Array.from({ length: 8 }, () => Math.min(20, powerDbmMax)),
  hasPowers: style === 'powers',
  inventory: false,
  endsAt: null,
  turn: 0,
  idleAt: Number.NEGATIVE_INFINITY,
  answered: [],
})

const isReading = ({ inventory, parameters }: Memory): boolean => inventory || parameters.workMode === 1

const answersTo = (memory: Memory, frame: Uint8Array, atMs: number): readonly Uint8Array[] => {
  if (addressOf(frame) !== 0xff && addressOf(frame) !== memory.parameters.address) return []
  const name = commandOf(codeOf(frame))
  if (name === null) return []
  memory.answered.push(name)
  const respond = RESPONDERS[name] as Responder<CommandName> | undefined
  const asked = readCommand(frame, name)
  const reply = respond === undefined ? FAILED : asked === null ? BAD_PARAMETER : respond(asked as never, memory, atMs)
  if (reply === null) return []
  return [typeof reply === 'number' ? writeStatus(codeOf(frame), reply) : writeReply(name, reply as never)]
}

/** What the module does with a command: its answer, a status, or `null` for no answer at all. */
type Responder<N extends CommandName> = (asked: AskOf<N>, memory: Memory, atMs: number) => ReplyOf<N> | number | null

const RESPONDERS: { readonly [N in CommandName]?: Responder<N> } = {
  inventory: ({ type, amount }, memory, atMs) => {
    if (type > 1) return BAD_PARAMETER
    const ms = amount * (type === 0 ? 1_000 : ROUND_MS)
    Object.assign(memory, { inventory: true, endsAt: amount === 0 ? null : atMs + ms, idleAt: Number.NEGATIVE_INFINITY })
    return null
  },
  stop: (_, memory) => kept(memory, { inventory: false }),
  setPower: ({ dbm }, memory) => {
    // Nought is refused: it would leave the power where it was.
    if (dbm < 1 || dbm > memory.powerDbmMax) return BAD_PARAMETER
    return kept(memory, { parameters: { ...memory.parameters, powerDbm: dbm } })
  },
  antennaPower: ({ operation, values: [isOn = 0, ...dbm] }, memory) => {
    if (operation === 1) {
      if (dbm.some((value) => value > memory.powerDbmMax)) return BAD_PARAMETER
      return kept(memory, { hasPowers: isOn === 1, powers: memory.powers.map((power, at) => dbm[at] ?? power) })
    }
    return { operation: 2, isOn: memory.hasPowers ? 1 : 0, dbm: memory.powers }
  },
  deviceInfo: (_, { hardware, firmware }) => ({
    bytes: Uint8Array.of(
      ...textOf(hardware, 32),
      ...textOf(firmware, 32),
      ...textOf('SN2026000001', 12),
      ...textOf('MU-910', 32),
      ...textOf('E310', 32),
      ...textOf('SN2026000002', 12),
    ),
  }),
  getParameters: (_, { parameters }) => parameters,
  setParameters: (parameters, memory) => {
    const isForbidden = memory.onlyBand !== null && regionIn(parameters) !== memory.onlyBand
    return isForbidden || parameters.powerDbm > memory.powerDbmMax || parameters.session > 3 ? BAD_PARAMETER : kept(memory, { parameters })
  },
  outputMode: () => OK,
  readMode: () => OK,
}

const look = (memory: Memory, options: ModuleOptions, { air, atMs }: { readonly air: Air; readonly atMs: number }): Look => {
  if (memory.endsAt !== null && atMs >= memory.endsAt) {
    Object.assign(memory, { inventory: false, endsAt: null })
    return { frames: [EMPTY_ROUND], reads: 0, afterMs: LOOK_MS }
  }
  const ports = memory.ports.filter((port) => ((memory.parameters.antennas >> (port - 1)) & 1) === 1 && !isLoose(memory.options, port))
  for (const [at] of ports.entries()) {
    const port = ports[(memory.turn + at) % ports.length] as number
    const tags = air.tagsAt(port)
    if (tags.length === 0) continue
    memory.turn += 1
    const tag = tags[Math.floor(memory.turn / ports.length) % tags.length] as Tagged
    return { frames: [tagFrame(tag, port)], reads: 1, afterMs: readPauseMs(options, air) }
  }
  if (atMs - memory.idleAt < (options.idleMs ?? IDLE_MS)) return { frames: [], reads: 0, afterMs: LOOK_MS }
  memory.idleAt = atMs
  return { frames: [EMPTY_ROUND], reads: 0, afterMs: LOOK_MS }
}

/** Signal in tenths of a dBm, antenna, channel, length, EPC. */
const tagFrame = ({ epc, rssiDbm }: Tagged, port: number): Uint8Array => {
  const signal = Math.round(rssiDbm * 10) & 0xffff
  return writeStatus(COMMANDS.inventory.code, OK, [signal >> 8, signal & 0xff, port, CHANNEL, epc.length, ...epc])
}

const textOf = (text: string, bytes: number): readonly number[] =>
  Array.from({ length: bytes }, (_, at) => (at < text.length ? text.charCodeAt(at) : 0))

const kept = (memory: Memory, change: Partial<Memory>): number => {
  Object.assign(memory, change)
  return OK
}

const EMPTY_ROUND = writeStatus(COMMANDS.inventory.code, ROUND_END)
const ROUND_MS = 100
const CHANNEL = 7
