import { type Framing, MORE, NEVER } from '../../../serial/framing.ts'
import type { Layout } from '../../../serial/layout.ts'
import { crc8408 } from '../crc.ts'
import { type AskOf, COMMANDS, type CommandName, type CommandRow, PUSH, PUSH_ROW, type ReplyOf, rowOf } from './commands.ts'
import { BAD_COMMAND, isTagStatus, NO_ANTENNA, NOT_SAVED, OK, POWER_REFUSED, TAG_ERROR } from './statuses.ts'

/**
 * `Len Adr Cmd Status Data CRC` from the reader; Len counts the bytes after itself, the CRC comes low byte first
 * [UHF RFID Reader Series User Manual V2.20, 4]. No byte marks the beginning, so a command with a status of its own and a number of bytes that goes
 * with both must stand there: noise holds the line only where it looks like that.
 */
export const FRAMING: Framing = framingBy((bytes, at) =>
  bytes[at + 1] === EVERYBODY ? false : isAnswer(bytes[at + 2] as number, bytes[at + 3] as number, (bytes[at] as number) - LEN_LEAST - 1),
)

/** `Len Adr Cmd Data CRC` from the host. */
export const FRAMING_SENT: Framing = framingBy((bytes, at) =>
  isWithin(rowOf(bytes[at + 2] as number)?.asked ?? NO_SPAN, (bytes[at] as number) - LEN_LEAST),
)

export const addressOf = (frame: Uint8Array): number => frame[1] as number
export const codeOf = (frame: Uint8Array): number => frame[2] as number
export const statusIn = (frame: Uint8Array): number => frame[3] as number
/** What follows the command number, and what follows the status. */
export const askedIn = (frame: Uint8Array): Uint8Array => frame.subarray(3, frame.length - 2)
export const toldIn = (frame: Uint8Array): Uint8Array => frame.subarray(4, frame.length - 2)

/** Whether a reader may have sent it; a broadcast address and the wrong number of bytes are the host's. */
export const mayBeAnswer = (frame: Uint8Array): boolean =>
  addressOf(frame) !== EVERYBODY && isAnswer(codeOf(frame), statusIn(frame), frame.length - 1 - LEN_LEAST - 1)

/** Frames from their values, both ways: the driver writes commands, a simulated module writes the rest. */
export const writeCommand = <N extends CommandName>(name: N, values: AskOf<N>, address = EVERYBODY): Uint8Array =>
  wrapped([address, COMMANDS[name].code], (COMMANDS[name].ask as Layout<AskOf<N>>).write(values))
/** A command without any parameters, though its row has some: how the older series asks for a round. */
export const writeBare = (name: CommandName): Uint8Array => wrapped([EVERYBODY, COMMANDS[name].code], [])
export const writeReply = <N extends CommandName>(name: N, values: ReplyOf<N>): Uint8Array =>
  wrapped([ADDRESS, COMMANDS[name].code, OK], (COMMANDS[name].reply as Layout<ReplyOf<N>>).write(values))
export const writeStatus = (code: number, status: number, told: Uint8Array | readonly number[] = []): Uint8Array =>
  wrapped([ADDRESS, code, status], told)

/** Values of a command, or `null` when its parameters are not those of the table. */
export const readCommand = <N extends CommandName>(frame: Uint8Array, name: N): AskOf<N> | null =>
  codeOf(frame) === COMMANDS[name].code ? (COMMANDS[name].ask as Layout<AskOf<N>>).read(askedIn(frame)) : null

/** Values of an answer with status 00, or `null` when it answers another command or has another shape. */
export const readReply = <N extends CommandName>(frame: Uint8Array, name: N): ReplyOf<N> | null =>
  codeOf(frame) === COMMANDS[name].code && frame.length > LEN_LEAST + 1 && statusIn(frame) === OK
    ? (COMMANDS[name].reply as Layout<ReplyOf<N>>).read(toldIn(frame))
    : null

/** Both directions are cut alike; they differ in what may stand behind the length. */
function framingBy(may: (bytes: Uint8Array, at: number) => boolean): Framing {
  return {
    bytesMax: 256,
    headless: true,
    starts: (byte) => byte >= LEN_LEAST,
    // The shortest frame of either side has more than the bytes that are looked at here.
    total: (bytes, at) => {
      const left = bytes.length - at
      if (left < 3) return MORE
      const code = bytes[at + 2] as number
      if (rowOf(code) === undefined && code !== PUSH && code !== UNKNOWN) return NEVER
      if (left < 4) return MORE
      return may(bytes, at) ? (bytes[at] as number) + 1 : NEVER
    },
    check: (bytes, at, total) => (crc8408(bytes, at, at + total) === 0 ? null : 'crc'),
    // The protocol's own limit is 15 ms between bytes. A USB adapter passes bytes on every 16 ms, so a frame may stand still for 31 ms here; a TCP
    // bridge that packs bytes and a busy Pi want as much again and more. A gap that is called too early costs a frame, one too late only waiting.
    gapMs: 100,
  }
}

const isAnswer = (code: number, status: number, bytes: number): boolean => {
  if (bytes < 0) return false
  if (code === UNKNOWN) return status === BAD_COMMAND && bytes === 0
  const row = rowOf(code)
  const { statuses = PLAIN, told } = row ?? PUSH_ROW
  if (statuses.includes(status)) return isWithin(told, bytes) || (bytes === 0 && status !== OK)
  return row !== undefined && isRefusal(row, status, bytes)
}

const isRefusal = ({ code, onTag }: CommandRow, status: number, bytes: number): boolean => {
  if (bytes > (status === TAG_ERROR || status === NO_ANTENNA ? 1 : 0)) return false
  if (status >= NO_ANTENNA || status === NOT_SAVED) return true
  if (status === POWER_REFUSED) return code === COMMANDS.setPower.code || code === COMMANDS.setWritePower.code
  return isTagStatus(status) && onTag === true
}

const wrapped = (head: readonly number[], rest: Uint8Array | readonly number[]): Uint8Array => {
  const frame = new Uint8Array(1 + head.length + rest.length + 2)
  frame[0] = frame.length - 1
  frame.set(head, 1)
  frame.set(rest, 1 + head.length)
  const crc = crc8408(frame, 0, frame.length - 2)
  frame[frame.length - 2] = crc & 0xff
  frame[frame.length - 1] = crc >> 8
  return frame
}

const isWithin = ([least, most]: readonly [number, number], bytes: number): boolean => bytes >= least && bytes <= most

/** Every reader hears this address, whatever its own; none answers with it. */
const EVERYBODY = 0xff
/** Address readers leave the factory with. */
const ADDRESS = 0x00
/** Number under which an unknown command is refused. */
const UNKNOWN = 0x00
/** Address, command and CRC. */
const LEN_LEAST = 4
const PLAIN = [OK]
const NO_SPAN = [1, 0] as const
