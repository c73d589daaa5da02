import { regionIn } from '@lotkeeper/edge/readers/uhf/uhf288/bands.ts'
import { type AskOf, COMMANDS, type CommandName, commandOf, PUSH, type ReplyOf } from '@lotkeeper/edge/readers/uhf/uhf288/commands.ts'
import { addressOf, codeOf, FRAMING_SENT, readCommand, writeReply, writeStatus } from '@lotkeeper/edge/readers/uhf/uhf288/frames.ts'
import { BAD_COMMAND, BAD_LENGTH, BAD_PARAMETER, INVENTORY, NO_TAG, OK } from '@lotkeeper/edge/readers/uhf/uhf288/statuses.ts'
import { createHostFrames } from './host-frames.ts'
import {
  type Air,
  LOOK_MS,
  type Look,
  type Module,
  type ModuleMaker,
  type ModuleOptions,
  type ModuleState,
  readPauseMs,
  type Tagged,
} from './module.ts'

/** A UHFReader18: one antenna, no signal strength. `style` `scan` was left in scan mode and sends by itself from the moment it has power. */
export const UHF18_MODULE: ModuleMaker = {
  family: 'uhf18',
  baud: 57_600,
  make: (options) => createModule(options),
}

const createModule = (options: ModuleOptions): Module => {
  const memory = factoryFresh(options)
  const framesIn = createHostFrames(FRAMING_SENT)
  return {
    hear: (bytes, atMs) => framesIn(bytes, atMs).flatMap((frame) => answersTo(memory, frame, atMs)),
    reading: () => memory.endsAt !== null || memory.workMode.mode !== 0,
    look: (air, atMs) => look(memory, options, { air, atMs }),
    state: (): ModuleState & Readonly<Memory> => ({ ...memory, region: regionIn(memory.band) }),
  }
}

interface Memory {
  readonly powerDbmMax: number
  readonly onlyBand: string | null
  band: { readonly highest: number; readonly lowest: number }
  powerDbm: number
  scanTime: number
  workMode: AskOf<'setWorkMode18'>
  /** When the running round ends, ms; `null` when none runs. */
  endsAt: number | null
  turn: number
  readonly answered: string[]
}

const factoryFresh = ({ style, powerDbmMax = 30, band = null }: ModuleOptions): Memory => ({
  powerDbmMax,
  onlyBand: band,
  band: band === 'EU' ? { highest: 0x4e, lowest: 0x00 } : { highest: 0x31, lowest: 0x80 },
  powerDbm: Math.min(20, powerDbmMax),
  scanTime: 10,
  workMode: { mode: style === 'scan' ? 1 : 0, output: 2, memory: 4, startAddress: 0, words: 1, tagSeconds: 0 },
  endsAt: null,
  turn: 0,
  answered: [],
})

/** One command at a time: what comes inside a round is lost. In scan mode only the reader's own commands are answered, not those on tags. */
const answersTo = (memory: Memory, frame: Uint8Array, atMs: number): readonly Uint8Array[] => {
  if (memory.endsAt !== null || (addressOf(frame) !== 0xff && addressOf(frame) !== 0)) return []
  const name = commandOf(codeOf(frame))
  if (name === 'inventory') {
    if (memory.workMode.mode !== 0) return []
    memory.answered.push(name)
    memory.endsAt = atMs + memory.scanTime * 100
    return []
  }
  const respond = name === null ? undefined : (RESPONDERS[name] as Responder<CommandName> | undefined)
  if (name === null || respond === undefined) return [writeStatus(0, BAD_COMMAND)]
  memory.answered.push(name)
  const asked = readCommand(frame, name)
  const reply = asked === null ? BAD_LENGTH : respond(asked as never, memory)
  return [typeof reply === 'number' ? writeStatus(codeOf(frame), reply) : writeReply(name, reply as never)]
}

type Responder<N extends CommandName> = (asked: AskOf<N>, memory: Memory) => ReplyOf<N> | number

const RESPONDERS: { readonly [N in CommandName]?: Responder<N> } = {
  readerInfo: (_, { band, powerDbm, scanTime }) => ({
    major: 2,
    minor: 36,
    type: 0x09,
    protocols: 3,
    ...band,
    powerDbm,
    scanTime,
    more: [],
  }),
  setBand: (band, memory) => {
    const region = regionIn(band)
    const isKnown = ['user', 'CN900', 'US', 'KR'].includes(region)
    return !isKnown || (memory.onlyBand !== null && region !== memory.onlyBand) ? BAD_PARAMETER : kept(memory, { band })
  },
  setAddress: () => OK,
  setScanTime: ({ scanTime }, memory) => kept(memory, { scanTime: scanTime < 3 ? 10 : scanTime }),
  setBaud: () => OK,
  setPower: ({ dbm: [dbm = 0] }, memory) => (dbm > memory.powerDbmMax ? BAD_PARAMETER : kept(memory, { powerDbm: dbm })),
  signal: () => OK,
  setWiegand18: () => OK,
  setWorkMode18: (workMode, memory) => kept(memory, { workMode }),
  getWorkMode18: (_, { workMode }) => ({ wiegand: 0x001e_0a0f, ...workMode, accuracies: Uint8Array.of(8, 0) }),
  setEasAccuracy18: () => OK,
  setSyrisOffset18: () => OK,
  setTriggerOffset18: ({ offset }) => ({ offset }),
  singleTag: () => NO_TAG,
  // No tag is ever singled out for access here, so these fail as they do in an empty field.
  read: () => NO_TAG,
  write: () => NO_TAG,
  writeEpc: () => NO_TAG,
  kill: () => NO_TAG,
}

const look = (memory: Memory, options: ModuleOptions, { air, atMs }: { readonly air: Air; readonly atMs: number }): Look => {
  const isScanning = memory.endsAt === null
  if (!isScanning && atMs >= (memory.endsAt ?? 0)) {
    memory.endsAt = null
    return { frames: [writeStatus(COMMANDS.inventory.code, NO_TAG)], reads: 0, afterMs: LOOK_MS }
  }
  const left = isScanning ? LOOK_MS : Math.max(1, (memory.endsAt ?? 0) - atMs)
  const tag = (options.loose ?? []).includes(PORT) ? undefined : nextTag(memory, air)
  if (tag === undefined) return { frames: [], reads: 0, afterMs: Math.min(LOOK_MS, left) }
  const told = isScanning ? [...tag.epc] : [1, tag.epc.length, ...tag.epc]
  const frame = isScanning ? writeStatus(PUSH, OK, told) : writeStatus(COMMANDS.inventory.code, INVENTORY.more, told)
  return { frames: [frame], reads: 1, afterMs: Math.min(readPauseMs(options, air), left) }
}

const nextTag = (memory: Memory, air: Air): Tagged | undefined => {
  const tags = air.tagsAt(PORT)
  memory.turn += 1
  return tags[memory.turn % Math.max(1, tags.length)]
}

const kept = (memory: Memory, change: Partial<Memory>): number => {
  Object.assign(memory, change)
  return OK
}

const PORT = 1
