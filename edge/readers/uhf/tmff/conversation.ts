import type { Ask, Conversation, Learned, Wish } from '../family.ts'
import { ask, FINE, lenient, refusalOf } from './asking.ts'
import { COMMANDS, GEN2, IN_BOOTLOADER, type ReplyOf, STREAM } from './commands.ts'
import { conditionOf, NO_TAGS, OK } from './errors.ts'
import { opcodeOf, readReply, statusWordOf, writeCommand } from './frames.ts'
import { inputsBeside, inputsPausing } from './pins.ts'
import { returnLossOf, settingsOf } from './settings.ts'
import { extendedOf, isUpload, modelOf, START_READING, SUB, writeExtended } from './silion.ts'

/** From unknown to reading: out of the bootloader, Gen2, region, antennas by turns, power, each read told, and a search without end. */
export const conversation = (wish: Wish): Conversation => {
  const { inputs = [] } = wish
  const state: State = { inBootloader: false, isSilion: false, quietFrames: 0, quietMs: 0 }
  const start = startOf(state)
  return {
    // Only modules put to sleep need waking, and bootloaders are confused by it [MercuryAPI 2023]; we let none sleep.
    wake: new Uint8Array(0),
    stop: STOP,
    drain: { quietMs: 200, mostMs: 2_000 },
    probe: ask({ name: 'version', command: 'version', waitMs: 300, tries: 4 }, {}, versionsIn),
    configure: [...bootOf(state), ...settingsOf(wish)],
    health: [
      lenient(ask({ name: 'temperature', command: 'getTemperature' }, {}, ({ celsius }) => ({ temperatureC: celsius }))),
      ...wish.ports.map(returnLossOf),
    ],
    start,
    inputs: () => {
      if (inputs.length === 0) return null
      return state.isSilion ? inputsPausing(inputs, [STOP, start]) : inputsBeside(inputs)
    },
    again: ({ frames, rounds, ms }) => {
      if (rounds > 0) return [STOP, start]
      if (!state.isSilion) return null
      if (frames !== state.quietFrames || ms < state.quietMs) Object.assign(state, { quietFrames: frames, quietMs: ms })
      return ms - state.quietMs >= SILION_QUIET_MS ? [STOP, start] : null
    },
  }
}

interface State {
  inBootloader: boolean
  isSilion: boolean
  /** Frames since the start, and since when there were no more of them. */
  quietFrames: number
  quietMs: number
}

const STOP: Ask = {
  name: 'stop',
  bytes: (dialect) =>
    dialect === 'SILION'
      ? writeExtended({ sub: SUB.stopReading, body: NOTHING })
      : writeCommand('multiProtocol', { timeoutMs: 0, option: STREAM.stop, body: NOTHING }),
  // A module that does not know the other's way of stopping says so: it is not reading in that way.
  answer: (frame) => {
    const code = opcodeOf(frame)
    const isStopped = readReply(frame, 'multiProtocol')?.option === STREAM.stop || extendedOf(frame)?.sub === SUB.stopReading
    const isRefused = statusWordOf(frame) !== OK && (code === COMMANDS.multiProtocol.code || code === COMMANDS.extended.code)
    return isStopped || isRefused ? FINE : null
  },
  waitMs: 300,
  tries: 2,
}

const startOf = (state: State): Ask => ({
  name: 'start',
  bytes: (dialect) => {
    state.isSilion = dialect === 'SILION'
    Object.assign(state, { quietFrames: 0, quietMs: 0 })
    return state.isSilion
      ? writeExtended({ sub: SUB.startReading, body: START_READING.write(SILION_START) })
      : writeCommand('multiProtocol', { timeoutMs: 0, option: STREAM.start, body: STREAM_START })
  },
  answer: (frame) => {
    const code = opcodeOf(frame)
    const status = statusWordOf(frame)
    if (state.isSilion) {
      if (code !== COMMANDS.extended.code) return null
      return status !== OK ? refusalOf(status) : isUpload(frame) || extendedOf(frame)?.sub === SUB.startReading ? FINE : null
    }
    if (code === COMMANDS.readMultiple.code) return status === OK || status === NO_TAGS || conditionOf(status) ? FINE : refusalOf(status)
    if (code !== COMMANDS.multiProtocol.code) return null
    return status !== OK ? refusalOf(status) : readReply(frame, 'multiProtocol')?.option === STREAM.start ? FINE : null
  },
  waitMs: 1_500,
  tries: 2,
})

/** A module in its bootloader (Silion's always after power came, ThingMagic's after a broken update) is brought to its application. */
const bootOf = (state: State): readonly Ask[] => {
  const isBoot = (program: number): boolean => (program & PROGRAM_BITS) === (IN_BOOTLOADER & PROGRAM_BITS)
  const program = ask({ name: 'program', command: 'currentProgram' }, {}, (reply) => {
    state.inBootloader = isBoot(reply.program)
    return {}
  })
  const boot = ask({ name: 'boot', command: 'bootFirmware' }, {}, versionsIn)
  return [
    program,
    {
      ...program,
      name: 'boot',
      bytes: (dialect) => (state.inBootloader ? boot : program).bytes(dialect),
      answer: (frame) => (state.inBootloader ? boot : program).answer(frame),
      // The application takes up to a second to begin [MercuryAPI 2023].
      waitMs: 1_500,
    },
  ]
}

const versionsIn = ({ hardware, firmware }: ReplyOf<'version'>): Learned => {
  const [model = 0] = hardware
  const silion = modelOf(model)
  return {
    version: silion === null ? `ThingMagic ${THINGMAGIC[model] ?? hexByte(model)}` : `Silion ${silion}`,
    firmware: Array.from(firmware, hexByte).join('.'),
  }
}

const hexByte = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0')

const NOTHING = new Uint8Array(0)
const PROGRAM_BITS = 3
/** Silion's heartbeat comes every 15 s, too late to tell a dead module by; asking it to begin again costs some 20 ms. */
const SILION_QUIET_MS = 3_000
/** Hardware's first byte [MercuryAPI 2023]. */
const THINGMAGIC: Readonly<Record<number, string>> = { 24: 'M6e', 25: 'M6e-i', 32: 'M6e Micro', 48: 'M6e Nano', 56: 'M7e' }
/** Read many, Gen2: option 10 (metadata), search by antenna list, streaming, many tags (001B), searches of 1000 ms, metadata 01FF; bytes as SparkFun's library sends them. */
const STREAM_START = Uint8Array.of(0x22, 0, 0, GEN2, 7, 0x22, 0x10, 0, 0x1b, 0x03, 0xe8, 0x01, 0xff)
/** Count, RSSI, antenna, frequency, time and phase; by antenna list, with heartbeat. */
const SILION_START = { metaFlags: 0x003f, option: 0, searchFlags: 0x8003, select: NOTHING } as const
