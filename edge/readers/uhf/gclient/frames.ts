import { type Framing, MORE, NEVER } from '../../../serial/framing.ts'
import type { Layout } from '../../../serial/layout.ts'
import { crcXmodem } from '../crc.ts'
import { type AskOf, MESSAGES, type MessageName, NOTICES, type ReplyOf } from './messages.ts'

/** `5A Type(00) Version(01) Ctl Id [Address] Len(2) Data CRC(2)`, the same from both sides [rfid.md 1.5]. */
export const FRAMING: Framing = {
  // No message is longer; a stray header with a wild length must not swallow the line (rfid.md 1.9).
  bytesMax: 1500,
  starts: (byte) => byte === HEADER,
  total: (bytes, at) => {
    const left = bytes.length - at
    if ((left > 1 && bytes[at + 1] !== PROTO_TYPE) || (left > 2 && bytes[at + 2] !== PROTO_VERSION)) return NEVER
    if (left < 4) return MORE
    const control = bytes[at + 3] as number
    if ((control & RESERVED) !== 0 || (control & CATEGORY) > CATEGORY_MAX) return NEVER
    const overhead = control & RS485 ? OVERHEAD + 1 : OVERHEAD
    return left < overhead - 2 ? MORE : wordAt(bytes, at + overhead - 4) + overhead
  },
  check: (bytes, at, total) => (crcXmodem(bytes, at + 1, at + total - 2) === wordAt(bytes, at + total - 2) ? null : 'crc'),
  // A USB adapter holds bytes back up to 16 ms and a TCP bridge up to some 100; a reader never pauses inside a frame.
  gapMs: 250,
}

/** Address on an RS-485 bus, or `null` where there is none. */
export const addressOf = (frame: Uint8Array): number | null => (controlOf(frame) & RS485 ? (frame[5] as number) : null)
export const isNotice = (frame: Uint8Array): boolean => (controlOf(frame) & NOTICE) !== 0
export const categoryOf = (frame: Uint8Array): number => controlOf(frame) & CATEGORY
export const idOf = (frame: Uint8Array): number => frame[4] as number
/** Where the data begins. */
export const dataAt = (frame: Uint8Array): number => (controlOf(frame) & RS485 ? OVERHEAD - 1 : OVERHEAD - 2)
export const dataOf = (frame: Uint8Array): Uint8Array => frame.subarray(dataAt(frame), frame.length - 2)
export const wordAt = (bytes: Uint8Array, at: number): number => ((bytes[at] as number) << 8) | (bytes[at + 1] as number)

export const isNoticeOf = (frame: Uint8Array, name: keyof typeof NOTICES): boolean =>
  isNotice(frame) && categoryOf(frame) === NOTICES[name].category && idOf(frame) === NOTICES[name].id

/** Frames from their values, both ways: the driver writes messages, a simulated reader writes the rest. */
export const writeMessage = <N extends MessageName>(name: N, values: AskOf<N>, address: number | null = null): Uint8Array =>
  sealed(MESSAGES[name], (MESSAGES[name].ask as Layout<AskOf<N>>).write(values), address)
export const writeReply = <N extends MessageName>(name: N, values: ReplyOf<N>, address: number | null = null): Uint8Array =>
  sealed(MESSAGES[name], (MESSAGES[name].reply as Layout<ReplyOf<N>>).write(values), address)
export const writeNotice = (name: keyof typeof NOTICES, data: Uint8Array, address: number | null = null): Uint8Array =>
  sealed({ id: NOTICES[name].id, category: NOTICES[name].category | NOTICE }, data, address)

/** Values of a message, or `null` when it is another, or its data is not that of the table. */
export const readMessage = <N extends MessageName>(frame: Uint8Array, name: N): AskOf<N> | null =>
  isMessage(frame, name) ? (MESSAGES[name].ask as Layout<AskOf<N>>).read(dataOf(frame)) : null
export const readReply = <N extends MessageName>(frame: Uint8Array, name: N): ReplyOf<N> | null =>
  isMessage(frame, name) ? (MESSAGES[name].reply as Layout<ReplyOf<N>>).read(dataOf(frame)) : null

const isMessage = (frame: Uint8Array, name: MessageName): boolean =>
  !isNotice(frame) && categoryOf(frame) === MESSAGES[name].category && idOf(frame) === MESSAGES[name].id

const controlOf = (frame: Uint8Array): number => frame[3] as number

const sealed = (
  { category, id }: { readonly category: number; readonly id: number },
  data: Uint8Array,
  address: number | null,
): Uint8Array => {
  const head = address === null ? [category, id] : [category | RS485, id, address]
  const frame = Uint8Array.from([HEADER, PROTO_TYPE, PROTO_VERSION, ...head, data.length >> 8, data.length & 0xff, ...data, 0, 0])
  const crc = crcXmodem(frame, 1, frame.length - 2)
  frame.set([crc >> 8, crc & 0xff], frame.length - 2)
  return frame
}

const HEADER = 0x5a
const PROTO_TYPE = 0
const PROTO_VERSION = 1
/** Bits of the control byte. */
const RESERVED = 0xc0
const RS485 = 0x20
const NOTICE = 0x10
const CATEGORY = 0x0f
const CATEGORY_MAX = 5
/** All bytes that are not data, without an address. */
const OVERHEAD = 9
