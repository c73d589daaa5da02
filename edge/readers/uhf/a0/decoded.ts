import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { Decoded, Sender } from '../family.ts'
import { tagCrcOf } from '../gen2.ts'
import { COMMANDS, type CommandName, commandsOf } from './commands.ts'
import { isKnownError, OK } from './errors.ts'
import { addressOf, codeOf, dataOf, ROUND_END, readCommand, SWITCH_END } from './frames.ts'
import { dbmOf, isInventory, portOf, readTag } from './inventory.ts'
import { megahertzOf } from './region.ts'

/**
 * The frame in words; the field names are those of the reader vectors. Commands and answers share one form, so the data decide who sent it: what no
 * module answers to that command is the host's.
 */
export const decodedOf = (frame: Uint8Array, by?: Sender): Decoded => {
  const head = { adr: addressOf(frame), cmd: hexByte(codeOf(frame)) }
  const answer = by === 'host' ? null : answerIn(frame)
  if (answer !== null) return { ...head, ...answer }
  const data = hexOf(dataOf(frame))
  const isHosts = by === 'host' || (by === undefined && (data === '' || readCommand(frame) !== null))
  return isHosts ? { kind: 'command', ...head, data } : { ...head, kind: 'reply', data }
}

const answerIn = (frame: Uint8Array): Decoded | null => {
  const data = dataOf(frame)
  if (data.length === 0) return null
  if (isInventory(frame)) return toldIn(frame, data)
  for (const name of commandsOf(codeOf(frame))) {
    const values = COMMANDS[name].kind === 'ack' || COMMANDS[name].kind === 'reply' ? null : COMMANDS[name].reply.read(data)
    if (values !== null) return { kind: COMMANDS[name].kind, ...readable(name, values) }
  }
  return data.length === 1 && (OWN_RESULTS[codeOf(frame)]?.includes(data[0] as number) ?? true) ? resultOf(data[0] as number) : null
}

/** What an inventory tells. */
const toldIn = (frame: Uint8Array, data: Uint8Array): Decoded | null => {
  // What only reading and writing a tag can come to is here the host's number of rounds.
  if (data.length === 1) return ACCESS_ONLY.includes(data[0] as number) ? null : resultOf(data[0] as number)
  if (data.length === 2) return { kind: 'error', antenna: (data[0] as number) + 1, code: hexByte(data[1] as number) }
  const isSwitch = codeOf(frame) === COMMANDS.fastSwitch4.code
  const ended = isSwitch ? SWITCH_END.read(data) : ROUND_END.read(data)
  if (ended !== null) return { kind: 'roundEnd', ...ended, ...('antenna' in ended ? { antenna: ended.antenna + 1 } : {}) }
  const tag = readTag(data)
  if (tag === null) return null
  const { freqIndex, port, pc, epc, rssiRaw, phase, tid } = tag
  return {
    kind: 'tag',
    ...placeOf(freqIndex, port),
    pc: hexWord(pc),
    epc: hexOf(epc),
    ...(tid === null ? {} : { tid: hexOf(tid) }),
    ...levelsOf(rssiRaw),
    ...(phase === null ? {} : { phase }),
  }
}

const resultOf = (code: number): Decoded | null => {
  if (code === OK) return { kind: 'ack', code: hexByte(code) }
  return isKnownError(code) ? { kind: 'error', code: hexByte(code) } : null
}

/** Values as the vectors spell them: words and bytes in hex, the place of a record taken apart, one number where one stands for all ports. */
const readable = (name: CommandName, values: object): Decoded => {
  const told: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(values)) {
    if (value instanceof Uint8Array) told[field] = hexOf(value)
    else if (field === 'pc' || field === 'tagCrc') told[field] = hexWord(value as number)
    else if (field === 'code') told[field] = hexByte(value as number)
    else if (field === 'dbm') told[field] = (value as readonly number[]).length === 1 ? (value as readonly number[])[0] : value
    else if (field === 'freqAnt') Object.assign(told, placeOf((value as number) >> 2, portOf(value as number, upperOf(values))))
    else if (field === 'rssi') Object.assign(told, levelsOf((value as number) & 0x7f))
    else if (field === 'count' && 'freqAnt' in values && !('rssi' in values)) told[field] = (value as number) & 0x7f
    else if (field !== 'bytes') told[field] = value
  }
  if ('tagCrc' in values) told['tagCrcOk'] = crcHolds(values as Sealed)
  if (name === 'getRegion') Object.assign(told, { fromMHz: megahertzOf(told['from'] as number), toMHz: megahertzOf(told['to'] as number) })
  return told
}

/** The byte whose top bit tells the upper ports: the level where a record has one, else the count. */
const upperOf = (values: object): number => ('rssi' in values ? (values.rssi as number) : 'count' in values ? (values.count as number) : 0)

interface Sealed {
  readonly pc: number
  readonly epc: Uint8Array
  readonly tagCrc: number
}
const crcHolds = ({ pc, epc, tagCrc }: Sealed): boolean => tagCrcOf(pc, epc) === tagCrc

const placeOf = (freqIndex: number, antenna: number): Decoded => ({ freqIndex, freqMHz: megahertzOf(freqIndex), antenna })
const levelsOf = (rssiRaw: number): Decoded => ({ rssiRaw, rssiDbmApprox: dbmOf(rssiRaw) })
const hexByte = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0')
const hexWord = (word: number): string => word.toString(16).toUpperCase().padStart(4, '0')
/** Result codes of commands whose own one byte of data has values that are result codes elsewhere: only these are taken for the module's. */
const OWN_RESULTS: Readonly<Record<number, readonly number[]>> = {
  [COMMANDS.setDetector.code]: [0x10, 0x11, 0x41],
  [COMMANDS.setPowerNow.code]: [0x10, 0x11, 0x25, 0x48, 0x54, 0x57],
  [COMMANDS.setAddress.code]: [0x10, 0x11, 0x41, 0x46],
  [COMMANDS.setPower.code]: [0x10, 0x11, 0x25, 0x48, 0x54, 0x57],
}
const ACCESS_ONLY: readonly number[] = [0x32, 0x33, 0x34, 0x35, 0x37, 0x3c, 0x40]
