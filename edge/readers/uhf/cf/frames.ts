import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { type Framing, MORE, NEVER } from '../../../serial/framing.ts'
import type { Layout } from '../../../serial/layout.ts'
import { crc8408 } from '../crc.ts'
import type { Decoded, Heard, Sender } from '../family.ts'
import { type AskOf, COMMANDS, type CommandName, commandOf, type ReplyOf, type SafeName } from './commands.ts'
import { OK, ROUND_END } from './statuses.ts'

/** `CF Adr Cmd(2) Len Status Data CRC(2)` from the reader; the CRC is that of UHFReader288, high byte first [rfid.md 1.7]. */
export const FRAMING: Framing = framingBy((bytes, at) => bytes[at + 1] !== EVERYBODY && (bytes[at + 4] as number) > 0)

/** `CF Adr Cmd(2) Len Data CRC(2)` from the host. */
export const FRAMING_SENT: Framing = framingBy(() => true)

export const addressOf = (frame: Uint8Array): number => frame[1] as number
export const codeOf = (frame: Uint8Array): number => ((frame[2] as number) << 8) | (frame[3] as number)
export const statusIn = (frame: Uint8Array): number => frame[STATUS] as number
/** What the host sent, and what follows the status. */
const askedIn = (frame: Uint8Array): Uint8Array => frame.subarray(STATUS, frame.length - 2)
const toldIn = (frame: Uint8Array): Uint8Array => frame.subarray(TOLD, frame.length - 2)

/** Frames from their values, both ways: the driver writes commands, a simulated module writes the rest. */
export const writeCommand = <N extends SafeName>(name: N, values: AskOf<N>): Uint8Array =>
  wrapped(EVERYBODY, COMMANDS[name].code, (COMMANDS[name].ask as Layout<AskOf<N>>).write(values))
export const writeReply = <N extends CommandName>(name: N, values: ReplyOf<N>): Uint8Array =>
  writeStatus(COMMANDS[name].code, OK, (COMMANDS[name].reply as Layout<ReplyOf<N>>).write(values))
export const writeStatus = (code: number, status: number, told: Uint8Array | readonly number[] = []): Uint8Array =>
  wrapped(ADDRESS, code, [status, ...told])

/** Values of a command, or `null` when its parameters are not those of the table. */
export const readCommand = <N extends CommandName>(frame: Uint8Array, name: N): AskOf<N> | null =>
  codeOf(frame) === COMMANDS[name].code ? (COMMANDS[name].ask as Layout<AskOf<N>>).read(askedIn(frame)) : null

/** Values of an answer with status 00, or `null` when it answers another command or has another shape. */
export const readReply = <N extends CommandName>(frame: Uint8Array, name: N): ReplyOf<N> | null =>
  codeOf(frame) === COMMANDS[name].code && frame.length > OVERHEAD && statusIn(frame) === OK
    ? (COMMANDS[name].reply as Layout<ReplyOf<N>>).read(toldIn(frame))
    : null

/** What a frame means to a reader that is reading; a tag is read straight from its bytes, for this is the way every read takes. */
export const hear = (frame: Uint8Array): Heard => {
  if (frame[3] !== COMMANDS.inventory.code || frame[2] !== 0 || frame.length <= OVERHEAD) return OTHER
  if (frame[STATUS] === ROUND_END) return IDLE
  if (frame[STATUS] !== OK || !isTag(frame) || isBarcode(frame)) return OTHER
  const epc = frame.subarray(EPC, frame.length - 2)
  const rssiRaw = ((frame[TOLD] as number) << 8) | (frame[TOLD + 1] as number)
  const rssiDbm = ((rssiRaw << 16) >> 16) / 10
  // Handhelds with one antenna may call it 0.
  const read = { port: (frame[ANTENNA] as number) || 1, epc, pc: (epc.length >> 1) << 11, rssiDbm, rssiRaw, phaseDeg: null, crcOk: null }
  return { kind: 'reads', reads: [read] }
}

/** The frame in words; field names are those of the reader vectors. */
export const decodedOf = (frame: Uint8Array, by?: Sender): Decoded => {
  const head = { adr: hexOf(frame.subarray(1, 2)), cmd: hexOf(frame.subarray(2, 4)) }
  const isHosts = by === 'host' || frame.length <= OVERHEAD || (by === undefined && addressOf(frame) === EVERYBODY)
  if (isHosts) return { ...head, kind: 'command', data: hexOf(askedIn(frame)) }
  const answer = { ...head, status: hexOf(frame.subarray(STATUS, TOLD)) }
  const isInventory = codeOf(frame) === COMMANDS.inventory.code
  if (isInventory && statusIn(frame) === ROUND_END && frame.length === OVERHEAD + 1) return { ...answer, kind: 'roundEnd' }
  if (!isInventory || statusIn(frame) !== OK || !isTag(frame)) return { ...answer, kind: 'reply', data: hexOf(toldIn(frame)) }
  if (isBarcode(frame)) return { ...answer, kind: 'barcode', text: barcodeIn(frame) }
  const rssiDbm = new DataView(frame.buffer, frame.byteOffset).getInt16(TOLD) / 10
  const epc = hexOf(frame.subarray(EPC, frame.length - 2))
  return { ...answer, kind: 'tag', rssiDbm, antenna: frame[ANTENNA], channel: frame[ANTENNA + 1], epc }
}

const isTag = (frame: Uint8Array): boolean => frame.length >= EPC + 2 && (frame[EPC - 1] as number) === frame.length - 2 - EPC

/** Handhelds send barcodes as tags without signal, antenna and channel, between STX and ETX. */
const isBarcode = (frame: Uint8Array): boolean =>
  frame[ANTENNA] === 0 &&
  frame[TOLD] === 0 &&
  frame[TOLD + 1] === 0 &&
  frame[ANTENNA + 1] === 0 &&
  frame[EPC] === STX &&
  frame.includes(ETX, EPC)
const barcodeIn = (frame: Uint8Array): string => String.fromCharCode(...frame.subarray(EPC + 1, frame.lastIndexOf(ETX)))

const wrapped = (address: number, code: number, rest: Uint8Array | readonly number[]): Uint8Array => {
  const frame = new Uint8Array(rest.length + OVERHEAD)
  frame.set([HEADER, address, code >> 8, code & 0xff, rest.length])
  frame.set(rest, STATUS)
  const crc = crc8408(frame, 0, frame.length - 2)
  frame[frame.length - 2] = crc >> 8
  frame[frame.length - 1] = crc & 0xff
  return frame
}

/** Both directions are cut alike: a header, the number of a known command, a length. */
function framingBy(may: (bytes: Uint8Array, at: number) => boolean): Framing {
  return {
    bytesMax: 262,
    starts: (byte) => byte === HEADER,
    total: (bytes, at) => {
      const left = bytes.length - at
      if (left > 2 && bytes[at + 2] !== 0) return NEVER
      if (left > 3 && commandOf(bytes[at + 3] as number) === null) return NEVER
      if (left < STATUS) return MORE
      return may(bytes, at) ? (bytes[at + 4] as number) + OVERHEAD : NEVER
    },
    check: (bytes, at, total) => {
      const end = at + total - 2
      return crc8408(bytes, at, end) === (((bytes[end] as number) << 8) | (bytes[end + 1] as number)) ? null : 'crc'
    },
    // A USB adapter holds bytes back up to 16 ms and a TCP bridge up to some 100; a module never pauses inside a frame.
    gapMs: 250,
    // Some network readers send two zeros when they are connected to.
    idleBytes: [0x00],
  }
}

const IDLE: Heard = { kind: 'idle' }
const OTHER: Heard = { kind: 'other' }
const HEADER = 0xcf
/** Every reader hears this address; answers carry the reader's own. */
const EVERYBODY = 0xff
const ADDRESS = 0x00
/** Places in a frame, and all bytes that are not data. */
const STATUS = 5
const TOLD = 6
const ANTENNA = 8
const EPC = 11
const OVERHEAD = 7
const STX = 0x02
const ETX = 0x03
