import type { Condition, Heard, Read } from '../family.ts'
import { COMMANDS, PUSH } from './commands.ts'
import { HEARTBEAT, INVENTORY, NO_ANTENNA, NO_TAG, OK, POOR_LINK } from './statuses.ts'
import { JOINED, LENGTH, PHASE_BYTES, PHASED, TID_BYTES } from './tags.ts'

/** What a frame of a UHFReader288 means; tags are read straight from its bytes, for this is the way every read takes. */
export const hear288 = (frame: Uint8Array): Heard => {
  const code = frame[2]
  const status = frame[3] as number
  if (code === PUSH) return status === OK ? pushed(frame) : status === HEARTBEAT ? beat(frame) : OTHER
  if (code !== COMMANDS.inventory.code || frame.length < ANSWER_LEAST) return OTHER
  if (status < INVENTORY.done || status > INVENTORY.memoryFull) return ended(frame, status)
  const reads: Read[] = []
  const end = frame.length - 2
  let at = TOLD + 2
  for (let left = at <= end ? (frame[TOLD + 1] as number) : 0; left > 0; left -= 1) {
    const next = at + 1 + bytesAfter(frame[at] as number)
    if (next > end) return OTHER
    reads.push(readAt(frame, at, portOf(frame[TOLD] as number)))
    at = next
  }
  // Records that do not fill the frame are a command of ours that came back, or another model's.
  if (at !== end && end !== TOLD) return OTHER
  return reads.length > 0 ? { kind: 'reads', reads, round: status !== INVENTORY.more } : status === INVENTORY.more ? IDLE : ROUND
}

/** The same of a UHFReader18, which tells neither antenna nor signal: `rssiRaw` is 0, the port the first. */
export const hear18 = (frame: Uint8Array): Heard => {
  const code = frame[2]
  const status = frame[3] as number
  const end = frame.length - 2
  if (code === PUSH && status === OK && end > TOLD) return { kind: 'reads', reads: [plainRead(frame.subarray(TOLD, end))] }
  if (code !== COMMANDS.inventory.code || frame.length < ANSWER_LEAST) return OTHER
  if (status < INVENTORY.done || status > INVENTORY.memoryFull) return ended(frame, status)
  const reads: Read[] = []
  let at = TOLD + 1
  for (let left = at <= end ? (frame[TOLD] as number) : 0; left > 0; left -= 1) {
    const next = at + 1 + (frame[at] as number)
    if (next > end) return OTHER
    reads.push(plainRead(frame.subarray(at + 1, next)))
    at = next
  }
  if (at !== end && end !== TOLD) return OTHER
  return reads.length > 0 ? { kind: 'reads', reads, round: status !== INVENTORY.more } : status === INVENTORY.more ? IDLE : ROUND
}

/** Bytes of a record after its length byte. */
const bytesAfter = (flags: number): number => (flags & LENGTH) + 1 + ((flags & PHASED) === 0 ? 0 : PHASE_BYTES)

const readAt = (frame: Uint8Array, at: number, port: number): Read => {
  const flags = frame[at] as number
  const dataEnd = at + 1 + (flags & LENGTH)
  const epc = frame.subarray(at + 1, (flags & JOINED) === 0 ? dataEnd : Math.max(at + 1, dataEnd - TID_BYTES))
  // Neither the scale of the signal nor the unit of the phase stands in any manual.
  return { port, epc, pc: pcFor(epc), rssiDbm: null, rssiRaw: frame[dataEnd] as number, phaseDeg: null, crcOk: null }
}

const plainRead = (epc: Uint8Array): Read => ({ port: 1, epc, pc: pcFor(epc), rssiDbm: null, rssiRaw: 0, phaseDeg: null, crcOk: null })

const pushed = (frame: Uint8Array): Heard => {
  const at = TOLD + 1
  if (frame.length < at + 4 || at + 1 + bytesAfter(frame[at] as number) !== frame.length - 2) return OTHER
  return { kind: 'reads', reads: [readAt(frame, at, portOf(frame[TOLD] as number))] }
}

/** A heartbeat names the state of every antenna; the first that is disconnected is told, the next when that one is mended. */
const beat = (frame: Uint8Array): Heard => {
  const missing = frame.subarray(TOLD + 4, frame.length - 6).indexOf(DISCONNECTED)
  return missing < 0 ? IDLE : { kind: 'condition', condition: missingAt(missing + 1) }
}

const ended = (frame: Uint8Array, status: number): Heard => {
  if (status === NO_TAG || status === POOR_LINK) return ROUND
  if (status === INVENTORY.statistics) return IDLE
  if (status !== NO_ANTENNA) return OTHER
  return { kind: 'condition', condition: missingAt(frame.length > ANSWER_LEAST ? portOf(frame[TOLD] as number) : null), round: true }
}

/** Readers of up to 8 ports set a bit; what a reader of 16 ports says, the number of its port, is set right by whoever asked that port. */
const portOf = (mask: number): number => (mask === 0 ? 1 : 32 - Math.clz32(mask & -mask))

const missingAt = (port: number | null): Condition => ({
  code: 'antenna-missing',
  port,
  meaning: { zh: '天线没有接好', en: 'the antenna is not connected' },
})

/** The PC word is not passed on; its length part follows from the EPC. */
const pcFor = (epc: Uint8Array): number => (epc.length >> 1) << 11

const IDLE: Heard = { kind: 'idle' }
const OTHER: Heard = { kind: 'other' }
const ROUND: Heard = { kind: 'round' }
/** Where the parameters of an answer begin. */
const TOLD = 4
const ANSWER_LEAST = 6
const DISCONNECTED = 2
