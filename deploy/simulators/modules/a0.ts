import { type AskOf, COMMANDS, type CommandName, type ReplyOf } from '@lotkeeper/edge/readers/uhf/a0/commands.ts'
import {
  ANTENNA_MISSING,
  ANTENNA_OUT_OF_RANGE,
  BUFFER_EMPTY,
  FAILED,
  NO_RETURN_LOSS,
  NO_TAG,
  OK,
  PARAMETER_INVALID,
  POWER_OUT_OF_RANGE,
  REGION_OUT_OF_RANGE,
} from '@lotkeeper/edge/readers/uhf/a0/errors.ts'
import { addressOf, codeOf, FRAMING, PUBLIC, readCommand, writeReply, writeResult } from '@lotkeeper/edge/readers/uhf/a0/frames.ts'
import { type Band, regionOf } from '@lotkeeper/edge/readers/uhf/a0/region.ts'
import { createFramer } from '@lotkeeper/edge/serial/framing.ts'
import { beginRound, lookRound, type Round } from './a0-rounds.ts'
import { levelOf, type Module, type ModuleMaker, type ModuleOptions, type ModuleState } from './module.ts'

/** A module of up to eight ports that reads in rounds, a host's question each. */
export const A0_MODULE: ModuleMaker = {
  family: 'a0',
  baud: 115_200,
  make: (options) => createModule(options),
}

const createModule = (options: ModuleOptions): Module => {
  const memory = factoryFresh(options)
  const framer = createFramer(FRAMING)
  return {
    hear: (bytes, atMs) =>
      framer.take(bytes).flatMap((piece) => (piece.kind === 'frame' ? answersTo(memory, piece.bytes, options, atMs) : [])),
    reading: () => memory.round !== null,
    look: (air, atMs) => {
      const { round } = memory
      if (round === null) return { frames: [], reads: 0, afterMs: 0 }
      const { ended, ...look } = lookRound(round, air, atMs)
      if (ended) memory.round = null
      return look
    },
    state: (): ModuleState & Readonly<Memory> => ({ ...memory, powerDbm: memory.powers[0] ?? 0, region: regionOf(memory.band) }),
  }
}

interface Memory {
  address: number
  readonly firmware: string
  readonly powerDbmMax: number
  readonly only: string | null
  readonly ports: readonly number[]
  powers: readonly number[]
  band: Band
  workPort: number
  detectorDb: number
  profile: ReplyOf<'getProfile'>['profile']
  fastTid: ReplyOf<'getFastTid'>['fastTid']
  identifier: Uint8Array
  epcMatch: Uint8Array | null
  status: number
  group: number
  temperatureC: number
  round: Round | null
  /** Commands answered since power came, by name. */
  readonly answered: string[]
}

const factoryFresh = ({ firmware = '1.9', powerDbmMax = 33, band = null, ports = [1], temperatureC = 31 }: ModuleOptions): Memory => ({
  address: 1,
  firmware,
  powerDbmMax,
  only: band,
  ports,
  powers: ports.map(() => Math.min(30, powerDbmMax)),
  band: band === 'EU' ? { region: 'ETSI', from: 0, to: 6 } : { region: 'FCC', from: 7, to: 59 },
  workPort: ports[0] ?? 1,
  detectorDb: 3,
  profile: 'M4-250k',
  fastTid: 'off',
  identifier: new Uint8Array(12).fill(0x31),
  epcMatch: null,
  status: 0,
  group: 0,
  temperatureC,
  round: null,
  answered: [],
})

/** While a round runs the module is deaf; what is addressed to another it does not hear. */
const answersTo = (memory: Memory, frame: Uint8Array, options: ModuleOptions, atMs: number): readonly Uint8Array[] => {
  const { address } = memory
  if (memory.round !== null || (addressOf(frame) !== address && addressOf(frame) !== PUBLIC)) return []
  const asked = readCommand(frame)
  if (asked === null) return [writeResult(address, codeOf(frame), PARAMETER_INVALID)]
  memory.answered.push(asked.name)
  const begun = beginRound(asked, { options, address, workPort: memory.workPort, band: memory.band, atMs })
  if (begun !== null) {
    if (typeof begun === 'number') return [writeResult(address, codeOf(frame), begun)]
    memory.round = begun
    return []
  }
  const answer = answerTo(memory, rowOf(asked.name, memory), asked.values as never, options)
  if (answer === null) return []
  return [typeof answer === 'number' ? writeResult(address, codeOf(frame), answer) : answer]
}

/** Questions with one number and two forms of answer: which one it is depends on what is set. */
const rowOf = (name: CommandName, { band, epcMatch }: Memory): CommandName => {
  if (name === 'getRegion' && band.region === 'user') return 'getRegionOwn'
  return name === 'getMatch' && epcMatch === null ? 'getNoMatch' : name
}

/** What the module does with a command: its answer, a result code, or `null` for no answer at all. */
type Responder<N extends CommandName> = (asked: AskOf<N>, memory: Memory, options: ModuleOptions) => ReplyOf<N> | number | null

const answerTo = <N extends CommandName>(memory: Memory, name: N, asked: AskOf<N>, options: ModuleOptions): Uint8Array | number | null => {
  const respond = (RESPONDERS as { readonly [K in N]?: Responder<K> })[name]
  // Settings that change nothing here are taken; questions nobody asks are not answered well.
  if (respond === undefined) return COMMANDS[name].kind === 'ack' ? OK : FAILED
  const reply = respond(asked, memory, options)
  if (reply === null || typeof reply === 'number') return reply as number | null
  return writeReply(memory.address, name, reply)
}

const RESPONDERS: { readonly [N in CommandName]?: Responder<N> } = {
  reset: (_, memory, options) => {
    Object.assign(memory, factoryFresh(options), { answered: memory.answered })
    return null
  },
  getFirmware: (_, { firmware }) => ({ version: firmware }),
  setAddress: ({ address }, memory) => kept(memory, { address }),
  setAntenna: ({ antenna }, memory) => (memory.ports.includes(antenna) ? kept(memory, { workPort: antenna }) : ANTENNA_OUT_OF_RANGE),
  getAntenna: (_, { workPort }) => ({ antenna: workPort }),
  setPower: ({ dbm }, memory) => setPower(memory, dbm),
  setPowerNow: ({ dbm }, memory) => setPower(memory, dbm),
  getPower: (_, { powers }) => ({ dbm: powersOf(powers, 4) }),
  getPowerEight: (_, { powers }) => ({ dbm: powersOf(powers, 8) }),
  setRegion: (band, memory) => setBand(memory, band),
  setRegionOwn: (band, memory) => setBand(memory, band),
  getRegion: (_, memory) => (memory.band.region === 'user' ? FAILED : memory.band),
  getRegionOwn: (_, memory) => (memory.band.region === 'user' ? memory.band : FAILED),
  getTemperature: (_, { temperatureC }) => ({ celsius: temperatureC }),
  setDetector: ({ db }, memory) => kept(memory, { detectorDb: db }),
  getDetector: (_, { detectorDb }) => ({ db: detectorDb }),
  measureReturnLoss: (_, { workPort, powers }, { loose = [] }) =>
    powers.length === 0 ? NO_RETURN_LOSS : { db: loose.includes(workPort) ? 0 : 18 },
  setProfile: ({ profile }, memory) => kept(memory, { profile }),
  getProfile: (_, { profile }) => ({ profile }),
  setFastTid: ({ fastTid }, memory) => kept(memory, { fastTid }),
  saveFastTid: ({ fastTid }, memory) => kept(memory, { fastTid }),
  getFastTid: (_, { fastTid }) => ({ fastTid }),
  setIdentifier: ({ identifier }, memory) => kept(memory, { identifier: identifier.slice() }),
  getIdentifier: (_, { identifier }) => ({ identifier }),
  setPortGroup: ({ group }, memory) => kept(memory, { group }),
  getPortGroup: (_, { group }) => ({ group }),
  setStatus: ({ status }, memory) => kept(memory, { status }),
  getStatus: (_, { status }) => ({ status }),
  readGpio: (_, __, options) => ({ gpio1: levelOf(options, 1), gpio2: levelOf(options, 2) }),
  setMatch: ({ epc }, memory) => kept(memory, { epcMatch: Uint8Array.from(epc) }),
  getMatch: (_, { epcMatch }) => ({ mode: 'match', epc: [...(epcMatch ?? [])] }),
  getNoMatch: () => ({ mode: 'none' }),
  clearMatch: (_, memory) => kept(memory, { epcMatch: null }),
  // No tag is ever singled out for access here, so these fail as they do in an empty field; nor is anything kept in the buffer.
  read: () => NO_TAG,
  write: () => NO_TAG,
  lock: () => NO_TAG,
  kill: () => NO_TAG,
  blockWrite: () => NO_TAG,
  getBuffer: () => BUFFER_EMPTY,
  takeBuffer: () => BUFFER_EMPTY,
  countBuffer: () => ({ count: 0 }),
  bufferInventory: (_, { workPort }, { loose = [] }) =>
    loose.includes(workPort) ? ANTENNA_MISSING : { antenna: workPort, tagCount: 0, readRate: 0, totalRead: 0 },
}

const setPower = (memory: Memory, dbm: readonly number[]): number => {
  if (dbm.length === 0 || dbm.some((one) => one > memory.powerDbmMax)) return POWER_OUT_OF_RANGE
  return kept(memory, { powers: memory.ports.map((_, at) => dbm[at] ?? (dbm[0] as number)) })
}

const setBand = (memory: Memory, band: Band): number =>
  memory.only === null || regionOf(band) === memory.only ? kept(memory, { band }) : REGION_OUT_OF_RANGE

/** One value where all ports have the same, else one a port. */
const powersOf = (powers: readonly number[], count: number): readonly number[] =>
  powers.every((one) => one === powers[0])
    ? powers.slice(0, 1)
    : Array.from({ length: Math.max(count, powers.length) }, (_, at) => powers[at] ?? powers[0] ?? 0)

const kept = (memory: Memory, change: Partial<Memory>): number => {
  Object.assign(memory, change)
  return OK
}
