import type { Condition, Family, Heard } from '../family.ts'
import { COMMANDS } from './commands.ts'
import { conversation } from './conversation.ts'
import { decodedOf } from './decoded.ts'
import { BUFFER_FULL, conditionOf, NO_TAGS, OK } from './errors.ts'
import { FRAMING, FRAMING_SENT, opcodeOf, REPLY_DATA, readReply, statusWordOf } from './frames.ts'
import { extendedOf, isHeartbeat, isUpload, modelOf } from './silion.ts'
import { readAt, streamedOf } from './tag.ts'

/**
 * ThingMagic's serial modules (M6e, Micro, Nano, M7e) and Silion's, which speak the same frames but stream by commands of their own: the dialect
 * is told by the version, or by what a module streams already.
 */
export const TMFF: Family = {
  name: 'TMFF',
  bauds: [115_200, 921_600, 57_600],
  framing: FRAMING,
  framingSent: FRAMING_SENT,
  dialects: ['TM', 'SILION'],
  dialectOf: (frame) => dialectOf(frame),
  hear: (frame) => hear(frame),
  decoded: (frame) => decodedOf(frame),
  conversation,
  inputs: 4,
  // A search of one second that found nothing is told; Silion's modules are silent for 15 s, so they are asked to go on before this (conversation.ts).
  idleMs: 5_000,
}

const hear = (frame: Uint8Array): Heard => {
  const opcode = opcodeOf(frame)
  const status = statusWordOf(frame)
  if (opcode === COMMANDS.readMultiple.code && status === OK) return streamed(frame)
  if (opcode === COMMANDS.readMultiple.code && status === NO_TAGS) return IDLE
  if (status === OK) return isUpload(frame) ? uploaded(frame) : OTHER
  const condition = conditionOf(status)
  return condition === null || !isUnasked(opcode, condition) ? OTHER : { kind: 'condition', condition, round: status === BUFFER_FULL }
}

/** Statuses of other commands are their answers; only failing firmware speaks up anywhere. */
const isUnasked = (opcode: number, { code }: Condition): boolean =>
  opcode === COMMANDS.readMultiple.code || opcode === COMMANDS.multiProtocol.code || code === 'fault'

const streamed = (frame: Uint8Array): Heard => {
  // After each search in other protocols: nothing but the status.
  if (frame[1] === 0) return IDLE
  const head = streamedOf(frame)
  if (head === null) return OTHER
  if (head.type === TAG) return { kind: 'reads', reads: [readAt(frame, head.at, head.metaFlags, 'thingmagic')] }
  return head.type === ENDED ? ROUND : IDLE
}

/** What Silion's modules upload that is neither tag nor heartbeat still tells that they live. */
const uploaded = (frame: Uint8Array): Heard => {
  if (isHeartbeat(frame)) return IDLE
  const read = readAt(frame, REPLY_DATA + 2, ((frame[REPLY_DATA] as number) << 8) | (frame[REPLY_DATA + 1] as number), 'silion')
  return read.crcOk === false && read.epc.length === 0 ? IDLE : { kind: 'reads', reads: [read] }
}

/** Who made the module, where a frame shows it. */
const dialectOf = (frame: Uint8Array): string | null => {
  const versions = readReply(frame, 'version') ?? readReply(frame, 'bootFirmware')
  if (versions !== null) return modelOf(versions.hardware[0] as number) === null ? 'TM' : 'SILION'
  if (opcodeOf(frame) === COMMANDS.readMultiple.code) return 'TM'
  return statusWordOf(frame) === OK && (isUpload(frame) || extendedOf(frame) !== null) ? 'SILION' : null
}

const TAG = 1
const ENDED = 0
const IDLE: Heard = { kind: 'idle' }
const ROUND: Heard = { kind: 'round' }
const OTHER: Heard = { kind: 'other' }
