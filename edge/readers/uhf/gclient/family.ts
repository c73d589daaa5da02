import type { Family, Heard } from '../family.ts'
import { conversation, dialectAt } from './conversation.ts'
import { decodedOf } from './decoded.ts'
import { addressOf, dataAt, FRAMING, isNoticeOf } from './frames.ts'
import { readOf } from './tag.ts'

/** Readers of the GClient SDK: one protocol for both sides, up to 32 ports, an optional address on a shared bus. */
export const GCLIENT: Family = {
  name: '5A',
  bauds: [115_200],
  framing: FRAMING,
  framingSent: null,
  dialects: ['PLAIN'],
  dialectOf: (frame) => dialectAt(addressOf(frame)),
  hear: (frame) => hear(frame),
  decoded: (frame) => decodedOf(frame),
  conversation,
  inputs: 16,
  // Asked to go on before this (conversation.ts).
  idleMs: 5_000,
  echoOf: (frame) => (isNoticeOf(frame, 'heartbeat') ? frame : null),
}

const hear = (frame: Uint8Array): Heard => {
  if (isNoticeOf(frame, 'tag')) return { kind: 'reads', reads: [readOf(frame)] }
  if (isNoticeOf(frame, 'heartbeat')) return IDLE
  if (!isNoticeOf(frame, 'inventoryOver')) return OTHER
  const reason = frame[dataAt(frame)]
  if (reason === HARDWARE) return { kind: 'condition', condition: FAULT, round: true }
  return reason === DONE ? ROUND : OTHER
}

/** Why an inventory is over; 1 is our own stop. */
const DONE = 0
const HARDWARE = 2
const FAULT = {
  code: 'fault',
  port: null,
  meaning: { zh: '读写器硬件故障，盘点中断', en: "the reader's hardware failed and ended the inventory" },
} as const
const IDLE: Heard = { kind: 'idle' }
const ROUND: Heard = { kind: 'round' }
const OTHER: Heard = { kind: 'other' }
