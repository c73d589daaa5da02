import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { type Framing, MORE, NEVER } from '../../../serial/framing.ts'
import type { Layout } from '../../../serial/layout.ts'
import type { Decoded } from '../family.ts'
import { type AskOf, COMMANDS, type CommandName, type ReplyOf } from './commands.ts'
import { readTag, TAG, TAG_MOST } from './tags.ts'

/** `A5 5A Len(2) Cmd Data XOR 0D 0A`, Len counting the whole frame; some clients say `C8 8C`, and are answered so [rfid.md 1.6]. */
export const FRAMING: Framing = {
  bytesMax: 2_048,
  starts: (byte) => SECONDS[byte] !== 0,
  total: (bytes, at) => {
    const left = bytes.length - at
    if (left < 2) return MORE
    if (bytes[at + 1] !== SECONDS[bytes[at] as number]) return NEVER
    if (left < 4) return MORE
    const total = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)
    if (total < OVERHEAD) return NEVER
    // No tag's record is as long as a wrong length may say: it must not hold up the line.
    return total > TAG_MOST + OVERHEAD && left > 4 && bytes[at + 4] === TAG ? NEVER : total
  },
  check: (bytes, at, total) => {
    const end = at + total
    if (bytes[end - 2] !== 0x0d || bytes[end - 1] !== 0x0a) return 'end'
    let sum = 0
    for (let place = at + 2; place < end - 3; place += 1) sum ^= bytes[place] as number
    return sum === bytes[end - 3] ? null : 'checksum'
  },
  // A USB adapter holds bytes back up to 16 ms and a TCP bridge up to some 100; a module never pauses inside a frame.
  gapMs: 250,
  // Sent between frames to keep a connection open.
  idleBytes: [0x00],
}

/** The two header styles by their first byte. */
export const STYLES = { A55A: 0xa5, C88C: 0xc8 } as const
export type Style = keyof typeof STYLES

export const styleOf = (frame: Uint8Array): Style => (frame[0] === STYLES.C88C ? 'C88C' : 'A55A')
export const codeOf = (frame: Uint8Array): number => frame[4] as number
export const dataOf = (frame: Uint8Array): Uint8Array => frame.subarray(5, frame.length - 3)

/** Frames from their values, both ways: the driver writes commands, a simulated module writes the rest. */
export const writeCommand = <N extends CommandName>(style: Style, name: N, values: AskOf<N>): Uint8Array =>
  wrapped(style, COMMANDS[name].code, (COMMANDS[name].ask as Layout<AskOf<N>>).write(values))
export const writeReply = <N extends CommandName>(style: Style, name: N, values: ReplyOf<N>): Uint8Array =>
  wrapped(style, COMMANDS[name].code + 1, (COMMANDS[name].reply as Layout<ReplyOf<N>>).write(values))
/** The bare zero that says no, or that the command is not known. */
export const writeRefusal = (style: Style, code: number): Uint8Array => wrapped(style, code + 1, Uint8Array.of(REFUSED))
export const writeTagFrame = (style: Style, record: Uint8Array): Uint8Array => wrapped(style, TAG, record)

/** Values of a command, or `null` when its data are not those of the table. */
export const readCommand = <N extends CommandName>(frame: Uint8Array, name: N): AskOf<N> | null =>
  codeOf(frame) === COMMANDS[name].code ? (COMMANDS[name].ask as Layout<AskOf<N>>).read(dataOf(frame)) : null

/** Values of an answer, or `null` when it answers another command or has another shape. */
export const readReply = <N extends CommandName>(frame: Uint8Array, name: N): ReplyOf<N> | null =>
  codeOf(frame) === COMMANDS[name].code + 1 ? (COMMANDS[name].reply as Layout<ReplyOf<N>>).read(dataOf(frame)) : null

/** Whether the module says no to this command. */
export const isRefusal = (frame: Uint8Array, name: CommandName): boolean =>
  codeOf(frame) === COMMANDS[name].code + 1 && frame.length === OVERHEAD + 1 && frame[5] === REFUSED

/** The frame in words; field names are those of the reader vectors. Only tags are taken apart. */
export const decodedOf = (frame: Uint8Array): Decoded => {
  const data = dataOf(frame)
  const cmd = hexOf(frame.subarray(4, 5))
  const tag = codeOf(frame) === TAG ? readTag(data) : null
  if (tag === null) return { cmd, kind: 'message', data: hexOf(data) }
  return {
    cmd,
    kind: 'tag',
    pc: hexOf(data.subarray(0, 2)),
    epc: hexOf(tag.epc),
    ...(tag.tid === null ? {} : { tid: hexOf(tag.tid) }),
    ...(tag.user === null ? {} : { user: hexOf(tag.user) }),
    ...(tag.phaseDeg === null ? {} : { phaseDeg: tag.phaseDeg }),
    ...(tag.freqKHz === null ? {} : { freqKHz: tag.freqKHz }),
    rssiDbm: tag.rssiDbm,
    antennaIndex: tag.antennaIndex,
  }
}

const wrapped = (style: Style, code: number, data: Uint8Array): Uint8Array => {
  const total = data.length + OVERHEAD
  const frame = new Uint8Array(total)
  const first = STYLES[style]
  frame.set([first, SECONDS[first] as number, total >> 8, total & 0xff, code])
  frame.set(data, 5)
  let sum = 0
  for (let at = 2; at < total - 3; at += 1) sum ^= frame[at] as number
  frame.set([sum, 0x0d, 0x0a], total - 3)
  return frame
}

const OVERHEAD = 8
const REFUSED = 0
/** The second byte of a header by its first; 0 where no header begins so. */
const SECONDS = Uint8Array.from({ length: 256 }, (_, byte) => (byte === STYLES.A55A ? 0x5a : byte === STYLES.C88C ? 0x8c : 0))
