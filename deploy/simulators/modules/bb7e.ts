import { type AskOf, type CommandName, commandOf, type ReplyOf } from '@lotkeeper/edge/readers/uhf/bb7e/commands.ts'
import { BAD_COMMAND, BAD_PARAMETER, NO_TAG } from '@lotkeeper/edge/readers/uhf/bb7e/errors.ts'
import {
  COMMAND,
  codeOf,
  FRAMING,
  readCommand,
  type Style,
  styleOf,
  typeOf,
  writeError,
  writeReply,
  writeTagNotice,
} from '@lotkeeper/edge/readers/uhf/bb7e/frames.ts'
import { pcOf, tagCrcOf } from '@lotkeeper/edge/readers/uhf/gen2.ts'
import { createFramer } from '@lotkeeper/edge/serial/framing.ts'
import {
  IDLE_MS,
  LOOK_MS,
  levelOf,
  type Module,
  type ModuleMaker,
  type ModuleOptions,
  type ModuleState,
  readPauseMs,
  type Tagged,
} from './module.ts'

/** A single-port BB..7E module. */
export const BB7E_MODULE: ModuleMaker = {
  family: 'bb7e',
  baud: 115_200,
  make: (options) => createModule(options),
}

const createModule = (options: ModuleOptions): Module => {
  const memory = factoryFresh(options)
  const framer = createFramer(FRAMING)
  const idleMs = options.idleMs ?? IDLE_MS
  let turn = 0
  return {
    hear: (bytes) => {
      const heard = memory.asleep ? bytes.subarray(1) : bytes
      // The byte that wakes a sleeping module is not heard.
      if (bytes.length > 0) memory.asleep = false
      return framer.take(heard).flatMap((piece) => (piece.kind === 'frame' ? answersTo(memory, piece.bytes) : []))
    },
    reading: () => memory.pollsLeft > 0,
    // A tag answers with its notice; of the empty polls only some are told, each by an error frame 15.
    look: (air, atMs) => {
      const tags = air.tagsAt(PORT)
      const tag = tags[turn % Math.max(1, tags.length)]
      if (tag !== undefined) {
        turn += 1
        memory.pollsLeft -= 1
        return { frames: [noticeOf(memory.style, tag)], reads: 1, afterMs: readPauseMs(options, air) }
      }
      if (atMs - memory.idleAt < idleMs) return { frames: [], reads: 0, afterMs: LOOK_MS }
      memory.idleAt = atMs
      memory.pollsLeft -= 1
      return { frames: [writeError(memory.style, NO_TAG)], reads: 0, afterMs: LOOK_MS }
    },
    state: (): ModuleState & Readonly<Memory> => ({ ...memory }),
  }
}

const noticeOf = (style: Style, { epc, rssiDbm }: Tagged): Uint8Array => {
  const pc = pcOf(epc.length)
  return writeTagNotice(style, { rssiDbm: Math.max(-128, Math.min(127, Math.round(rssiDbm))), pc, epc, tagCrc: tagCrcOf(pc, epc) })
}

interface Memory {
  readonly options: ModuleOptions
  style: Style
  readonly hardware: string
  readonly firmware: string
  readonly powerDbmMax: number
  readonly band: string | null
  powerDbm: number
  region: ReplyOf<'getRegion'>['region']
  hopping: string
  channel: number
  hopList: readonly number[]
  query: AskOf<'setQuery'>['query']
  select: AskOf<'setSelect'>
  selectMode: string
  gain: AskOf<'setGain'>
  carrier: string
  idleMinutes: number
  baud: number
  asleep: boolean
  pollsLeft: number
  /** When an empty poll was told last; the first poll of an inventory is told whatever it finds, for it is the only answer to the command. */
  idleAt: number
  /** Commands answered since power came, by name. */
  readonly answered: string[]
}

const factoryFresh = (options: ModuleOptions): Memory => ({ ...settingsOf(options), options })

const settingsOf = ({
  style = 'BB7E',
  hardware = 'M100 26dBm V1.0',
  firmware = 'V2.3.5',
  powerDbmMax = 26,
  band = null,
}: ModuleOptions): Omit<Memory, 'options'> => ({
  style: style === 'AADD' ? 'AADD' : 'BB7E',
  hardware,
  firmware,
  powerDbmMax,
  band,
  powerDbm: 20,
  region: band === 'EU' ? 'EU' : 'CN900',
  hopping: 'on',
  channel: 0,
  hopList: [],
  query: { dr: 0, m: 0, trext: 1, sel: 0, session: 0, target: 0, q: 4 },
  select: { how: { target: 0, action: 0, bank: 1 }, pointerBits: 32, maskBits: 0, truncate: 0, mask: new Uint8Array(0) },
  selectMode: 'never',
  gain: { mixer: 2, ifAmplifier: 6, threshold: 0x01b0 },
  carrier: 'off',
  idleMinutes: 0,
  baud: 115_200,
  asleep: false,
  pollsLeft: 0,
  idleAt: Number.NEGATIVE_INFINITY,
  answered: [],
})

/** While polling, a module is deaf to everything but stop; frames in the other header style mean nothing to it. */
const answersTo = (memory: Memory, frame: Uint8Array): readonly Uint8Array[] => {
  if (typeOf(frame) !== COMMAND || styleOf(frame) !== memory.style) return []
  const name = commandOf(codeOf(frame))
  if (memory.pollsLeft > 0 && name !== 'stop') return []
  if (name === null) return [writeError(memory.style, BAD_COMMAND)]
  memory.answered.push(name)
  const answer = answerTo(memory, frame, name)
  return answer === null ? [] : [answer]
}

const answerTo = <N extends CommandName>(memory: Memory, frame: Uint8Array, name: N): Uint8Array | null => {
  const asked = readCommand(frame, name)
  if (asked === null) return writeError(memory.style, BAD_PARAMETER)
  const reply = RESPONDERS[name](asked, memory)
  if (reply === null) return null
  return typeof reply === 'number' ? writeError(memory.style, reply) : writeReply(memory.style, name, reply)
}

/** What the module does with a command: its answer, an error code, or `null` for no answer at all. */
type Responder<N extends CommandName> = (asked: AskOf<N>, memory: Memory) => ReplyOf<N> | number | null

const RESPONDERS: { readonly [N in CommandName]: Responder<N> } = {
  moduleInfo: ({ infoType }, { hardware, firmware }) => {
    const text = [hardware, firmware, 'simulated'][infoType]
    return text === undefined ? BAD_PARAMETER : { infoType, text }
  },
  idleMode: ({ minutes }, memory) => kept(memory, { idleMinutes: minutes }),
  setRegion: ({ region }, memory) =>
    region.startsWith('0x') || (memory.band !== null && region !== memory.band) ? BAD_PARAMETER : kept(memory, { region }),
  getRegion: (_, { region }) => ({ region }),
  saveSettings: () => DONE,
  loadSettings: () => DONE,
  getSelect: (_, { select }) => select,
  setSelect: (select, memory) => kept(memory, { select }),
  getQuery: (_, { query }) => ({ query }),
  setQuery: ({ query }, memory) => kept(memory, { query }),
  // No answer: the module is at the new speed already.
  setBaud: ({ baud }, memory) => {
    memory.baud = baud
    return null
  },
  setSelectMode: ({ mode }, memory) => (mode.startsWith('0x') ? BAD_PARAMETER : kept(memory, { selectMode: mode })),
  sleep: (_, memory) => kept(memory, { asleep: true }),
  restart: () => DONE,
  // What is set is answered with 1 for done, what is asked for with the level.
  io: (asked, { options }) =>
    asked.pin < 1 || asked.pin > 4 ? BAD_PARAMETER : { ...asked, value: asked.operation === READ_LEVEL ? levelOf(options, asked.pin) : 1 },
  idleSleep: ({ minutes }, memory) => {
    memory.idleMinutes = minutes
    return { minutes }
  },
  poll: (_, memory) => {
    Object.assign(memory, { pollsLeft: 1, idleAt: Number.NEGATIVE_INFINITY })
    return null
  },
  // The polls themselves are the answer.
  pollMany: ({ count }, memory) => {
    if (count === 0) return BAD_PARAMETER
    Object.assign(memory, { pollsLeft: count, idleAt: Number.NEGATIVE_INFINITY })
    return null
  },
  stop: (_, memory) => kept(memory, { pollsLeft: 0 }),
  // No tag is ever singled out for access here, so these fail as they do in an empty field.
  read: () => 0x09,
  write: () => 0x10,
  kill: () => 0x12,
  lock: () => 0x13,
  setHopList: ({ channels }, memory) => kept(memory, { hopList: channels }),
  getChannel: (_, { channel }) => ({ channel }),
  setChannel: ({ channel }, memory) => kept(memory, { channel }),
  setHopping: ({ hopping }, memory) => kept(memory, { hopping }),
  setCarrier: ({ carrier }, memory) => kept(memory, { carrier }),
  setPower: ({ dbm }, memory) => (dbm > memory.powerDbmMax ? BAD_PARAMETER : kept(memory, { powerDbm: dbm })),
  getPower: (_, { powerDbm }) => ({ dbm: powerDbm }),
  setGain: (gain, memory) => kept(memory, { gain }),
  getGain: (_, { gain }) => gain,
  scanJammer: () => QUIET_BAND,
  scanRssi: () => QUIET_BAND,
}

const kept = (memory: Memory, change: Partial<Memory>): typeof DONE => {
  Object.assign(memory, change)
  return DONE
}

const DONE = { result: 0 } as const
/** All 20 channels of CN900 at the floor the module can tell. */
const QUIET_BAND = { from: 0, to: 19, dbm: Array.from({ length: 20 }, () => -70) }
const READ_LEVEL = 2
const PORT = 1
