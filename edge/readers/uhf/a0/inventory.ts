import type { Condition, Heard, Read } from '../family.ts'
import { epcBytesOf } from '../gen2.ts'
import { COMMANDS } from './commands.ts'
import { ANTENNA_MISSING, errorOf, NO_TAG } from './errors.ts'

/**
 * What a frame of a running inventory says [rfid.md 1.3]. A round's end has 7 bytes of data, which no tag record can have, and is looked for first.
 * Tag records are read straight from the bytes: this is the one place that runs for every read.
 */
export const hearInventory = (frame: Uint8Array): Heard => {
  if (!isInventory(frame)) return OTHER
  const length = frame.length - OVERHEAD
  if (length === ROUND_END) return ROUND
  if (length === 1) return complaintOf(frame[DATA] as number, null)
  if (length === 2) return complaintOf(frame[DATA + 1] as number, (frame[DATA] as number) + 1)
  if (length < TAG_LEAST) return OTHER
  return { kind: 'reads', reads: [readOf(frame, length)] }
}

/** Whether a frame belongs to one of the three inventories that tell tags as they are read. */
export const isInventory = (frame: Uint8Array): boolean => {
  const code = frame[3] as number
  return code >= COMMANDS.inventory.code && code <= COMMANDS.sessionInventory.code
}

/**
 * Whether an inventory frame can have so many bytes of data: those of a command, a result, a round's end, or the record its PC word announces.
 * Sum and length alone let one wrong length in 256 swallow the frames behind it.
 */
export const isPossible = (bytes: Uint8Array, at: number, total: number): boolean => {
  const length = total - OVERHEAD
  return length <= ROUND_END || formOf(bytes, at + DATA, length) !== null || SWITCHES.includes(length)
}

/** One tag as the wire has it. `rssiRaw` is without the bit that tells the upper ports; `phase` and `tid` stand there when the firmware was told to. */
export interface TagRecord {
  readonly freqIndex: number
  /** From 1. */
  readonly port: number
  readonly pc: number
  readonly epc: Uint8Array
  readonly rssiRaw: number
  readonly phase: number | null
  readonly tid: Uint8Array | null
}

/** The record in these data, or `null` where the length is not that of its PC word. */
export const readTag = (data: Uint8Array): TagRecord | null => {
  const form = data.length < TAG_LEAST ? null : formOf(data, 0, data.length)
  if (form === null) return null
  const pc = ((data[1] as number) << 8) | (data[2] as number)
  const end = 3 + epcBytesOf(pc)
  const at = end + form.tid
  const level = data[at] as number
  return {
    freqIndex: (data[0] as number) >> 2,
    port: portOf(data[0] as number, level),
    pc,
    epc: data.subarray(3, end),
    rssiRaw: level & LEVEL,
    phase: form.phase === 0 ? null : ((data[at + 1] as number) << 8) | (data[at + 2] as number),
    tid: form.tid === 0 ? null : data.subarray(end, at),
  }
}

/** The data of a tag record. */
export const writeTag = ({ freqIndex, port, pc, epc, rssiRaw, phase, tid }: TagRecord): Uint8Array => {
  const upper = port > 4 ? UPPER_PORTS : 0
  const ending = phase === null ? [rssiRaw | upper] : [rssiRaw | upper, phase >> 8, phase & 0xff]
  return Uint8Array.of((freqIndex << 2) | ((port - 1) & 3), pc >> 8, pc & 0xff, ...epc, ...(tid ?? []), ...ending)
}

/** Port of a record, from 1: two bits beside the frequency, and the top bit of the level for 5-8. */
export const portOf = (freqAnt: number, level: number): number => (freqAnt & 3) + (level >= UPPER_PORTS ? 5 : 1)

/** dBm of a level by the table that makers of the family print; within 1 dB. */
export const dbmOf = (rssiRaw: number): number => rssiRaw - LEVEL_ZERO
export const levelOf = (dbm: number): number => Math.max(0, Math.min(LEVEL, Math.round(dbm) + LEVEL_ZERO))

const readOf = (frame: Uint8Array, length: number): Read => {
  const pc = ((frame[DATA + 1] as number) << 8) | (frame[DATA + 2] as number)
  const form = formOf(frame, DATA, length)
  // A record whose PC contradicts its length passed the sum by chance: a read that failed its check, to be counted with those.
  if (form === null) return { ...NO_READ, pc, rssiRaw: (frame[DATA + length - 1] as number) & LEVEL }
  const end = DATA + 3 + ((pc >> 11) << 1)
  const level = frame[end + form.tid] as number
  const rssiRaw = level & LEVEL
  return {
    port: portOf(frame[DATA] as number, level),
    epc: frame.subarray(DATA + 3, end),
    pc,
    rssiDbm: rssiRaw - LEVEL_ZERO,
    rssiRaw,
    // The unit of the phase is nowhere told.
    phaseDeg: null,
    crcOk: null,
  }
}

/** What follows the EPC besides the level, by the bytes left over: nothing, a phase, a TID, or both; `null` where none fits. */
const formOf = (bytes: Uint8Array, at: number, length: number): Form | null => {
  const epcBytes = ((bytes[at + 1] as number) >> 3) << 1
  const extra = length - TAG_LEAST - epcBytes
  if (extra === 0) return PLAIN
  if (extra === 2) return WITH_PHASE
  // Fast TID appends the tag's TID; every one begins with the class E2.
  if ((extra !== 12 && extra !== 14) || bytes[at + 3 + epcBytes] !== TID_CLASS) return null
  return extra === 12 ? WITH_TID : WITH_BOTH
}

interface Form {
  readonly tid: number
  readonly phase: number
}

const complaintOf = (code: number, port: number | null): Heard => {
  // A round that found nothing may end with this code instead of its count.
  if (code === NO_TAG) return ROUND
  const kind = code === ANTENNA_MISSING ? 'antenna-missing' : COMPLAINTS[code]
  if (kind === undefined) return OTHER
  const { zh, en } = errorOf(code)
  return { kind: 'condition', condition: { code: kind, port, meaning: { zh, en } } }
}

const COMPLAINTS: Readonly<Record<number, Condition['code']>> = {
  32: 'fault',
  35: 'fault',
  36: 'fault',
  37: 'power',
  82: 'fault',
  83: 'fault',
  84: 'power',
  87: 'power',
  238: 'return-loss',
}

/** Bytes before the data, and all that are not data: A0, length, address, command, sum. */
const DATA = 4
const OVERHEAD = 5
const ROUND_END = 7
/** Data of the three forms of a fast switch. */
const SWITCHES: readonly number[] = [10, 18, 29]
/** Place, PC and level. */
const TAG_LEAST = 4
const LEVEL = 0x7f
const LEVEL_ZERO = 129
const UPPER_PORTS = 0x80
const TID_CLASS = 0xe2
const PLAIN: Form = { tid: 0, phase: 0 }
const WITH_PHASE: Form = { tid: 0, phase: 2 }
const WITH_TID: Form = { tid: 12, phase: 0 }
const WITH_BOTH: Form = { tid: 12, phase: 2 }
const OTHER: Heard = { kind: 'other' }
const ROUND: Heard = { kind: 'round' }
const NO_READ = { port: 1, epc: new Uint8Array(0), rssiDbm: null, phaseDeg: null, crcOk: false } as const
