import { type Framing, MORE, NEVER, type NoiseReason } from '../../../serial/framing.ts'
import type { Layout } from '../../../serial/layout.ts'
import { crcThingMagic } from '../crc.ts'
import { type AskOf, COMMANDS, type CommandName, commandOf, type ReplyOf } from './commands.ts'
import { mayBeStatus, OK } from './errors.ts'

/** What the module sends: `FF Len Op Status(2) Data(Len) CRC(2)`. A run of `FF` wakes sleeping modules and is no header [rfid.md 1.4]. */
export const FRAMING: Framing = {
  // The longest the module's own length byte allows.
  bytesMax: 255,
  starts: (byte) => byte === HEADER,
  total: (bytes, at) => {
    const left = bytes.length - at
    if (left < 2) return MORE
    const length = bytes[at + 1] as number
    if (length > DATA_MAX || (left > 2 && !isOpcode(bytes[at + 2] as number))) return NEVER
    if (left > 3 && !mayBeStatus(bytes[at + 3] as number)) return NEVER
    return length + OVERHEAD
  },
  check: (bytes, at, total) => checked(bytes, at, total),
  // A USB adapter holds bytes back up to 16 ms and a TCP bridge up to some 100; a module never pauses inside a frame.
  gapMs: 250,
}

/** What the host sends: the same without the status word. */
export const FRAMING_SENT: Framing = {
  ...FRAMING,
  total: (bytes, at) => {
    const left = bytes.length - at
    if (left < 2) return MORE
    const length = bytes[at + 1] as number
    return length > SENT_MAX || (left > 2 && !isOpcode(bytes[at + 2] as number)) ? NEVER : length + SENT_OVERHEAD
  },
}

export const opcodeOf = (frame: Uint8Array): number => frame[2] as number
/** Who sent a frame follows from its length. */
export const isSent = (frame: Uint8Array): boolean => frame.length === (frame[1] as number) + SENT_OVERHEAD
export const statusWordOf = (frame: Uint8Array): number => ((frame[3] as number) << 8) | (frame[4] as number)
/** What follows the status word in a module's frame, or the opcode in a host's. */
export const dataOf = (frame: Uint8Array): Uint8Array => frame.subarray(isSent(frame) ? 3 : REPLY_DATA, frame.length - 2)

/** Where data begins in a module's frame. */
export const REPLY_DATA = 5

/** Frames from their values, both ways: the driver writes commands, a simulated module writes the rest. */
export const writeCommand = <N extends CommandName>(name: N, values: AskOf<N>): Uint8Array => {
  const data = (COMMANDS[name].ask as Layout<AskOf<N>>).write(values)
  return sealed([HEADER, data.length, COMMANDS[name].code, ...data])
}
export const writeReply = <N extends CommandName>(name: N, values: ReplyOf<N>): Uint8Array =>
  writeFrame(COMMANDS[name].code, OK, (COMMANDS[name].reply as Layout<ReplyOf<N>>).write(values))
export const writeFrame = (opcode: number, status: number, data: Uint8Array): Uint8Array =>
  sealed([HEADER, data.length, opcode, status >> 8, status & 0xff, ...data])

/** Values of a command, or `null` when its data is not that of the table. */
export const readCommand = <N extends CommandName>(frame: Uint8Array, name: N): AskOf<N> | null =>
  isSent(frame) && opcodeOf(frame) === COMMANDS[name].code ? (COMMANDS[name].ask as Layout<AskOf<N>>).read(dataOf(frame)) : null

/** Values of a good answer, or `null` when it answers another command, is a refusal, or has another shape. */
export const readReply = <N extends CommandName>(frame: Uint8Array, name: N): ReplyOf<N> | null =>
  !isSent(frame) && opcodeOf(frame) === COMMANDS[name].code && statusWordOf(frame) === OK
    ? (COMMANDS[name].reply as Layout<ReplyOf<N>>).read(dataOf(frame))
    : null

/** A command as it is sent while the module streams, and out of that form again. */
export const wrapped = (command: Uint8Array): Uint8Array =>
  writeCommand('multiProtocol', { timeoutMs: 0, option: 4, body: command.subarray(1, command.length - 2) })
export const unwrapped = (body: Uint8Array): Uint8Array => sealed([HEADER, ...body])

const isOpcode = (byte: number): boolean => commandOf(byte) !== null

const checked = (bytes: Uint8Array, at: number, total: number): NoiseReason | null => {
  const end = at + total - 2
  return crcThingMagic(bytes, at + 1, end) === (((bytes[end] as number) << 8) | (bytes[end + 1] as number)) ? null : 'crc'
}

const sealed = (bytes: readonly number[]): Uint8Array => {
  const frame = Uint8Array.from([...bytes, 0, 0])
  const crc = crcThingMagic(frame, 1, bytes.length)
  frame.set([crc >> 8, crc & 0xff], bytes.length)
  return frame
}

const HEADER = 0xff
const OVERHEAD = 7
const SENT_OVERHEAD = 5
const DATA_MAX = 0xf8
const SENT_MAX = 0xfa
