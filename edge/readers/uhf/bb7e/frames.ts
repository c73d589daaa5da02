import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { type Framing, MORE, NEVER } from '../../../serial/framing.ts'
import type { Layout } from '../../../serial/layout.ts'
import type { Decoded } from '../family.ts'
import { tagCrcOf } from '../gen2.ts'
import {
  type AskOf,
  COMMANDS,
  type CommandName,
  commandOf,
  ERROR,
  ERROR_REPLY,
  type ReplyOf,
  TAG_NOTICE,
  type TagNotice,
} from './commands.ts'
import { errorOf } from './errors.ts'

/** `HDR Type Cmd PL(2) Param(PL) Sum END`; `BB..7E` and `AA..DD` are the same protocol [R200 user protocol V2.3.3]. */
export const FRAMING: Framing = {
  // Longer than any frame of the family; a stray header with a wild length must not swallow the line (rfid.md 1.9).
  bytesMax: 512,
  starts: (byte) => ENDS[byte] !== undefined,
  total: (bytes, at) => {
    const left = bytes.length - at
    if (left > 1 && (bytes[at + 1] as number) > NOTICE) return NEVER
    return left < PARAMS ? MORE : (((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number)) + OVERHEAD
  },
  check: (bytes, at, total) => {
    const end = at + total
    if (bytes[end - 1] !== ENDS[bytes[at] as number]) return 'end'
    return bytes[end - 2] === sumOf(bytes, at + 1, end - 2) ? null : 'checksum'
  },
  // A USB adapter holds bytes back up to 16 ms and a TCP bridge up to some 100; a module never pauses inside a frame.
  gapMs: 250,
}

/** The two header styles by their first byte. */
export const STYLES = { BB7E: 0xbb, AADD: 0xaa } as const
export type Style = keyof typeof STYLES

export const COMMAND = 0x00
export const RESPONSE = 0x01
export const NOTICE = 0x02

export const styleOf = (frame: Uint8Array): Style => (frame[0] === STYLES.AADD ? 'AADD' : 'BB7E')
export const typeOf = (frame: Uint8Array): number => frame[1] as number
export const codeOf = (frame: Uint8Array): number => frame[2] as number
export const paramsOf = (frame: Uint8Array): Uint8Array => frame.subarray(PARAMS, frame.length - 2)
export const isTagNotice = (frame: Uint8Array): boolean => typeOf(frame) === NOTICE && codeOf(frame) === COMMANDS.poll.code

/** The error code a frame carries, or `null` when it is no error frame. */
export const errorCodeOf = (frame: Uint8Array): number | null =>
  typeOf(frame) === RESPONSE && codeOf(frame) === ERROR && frame.length > OVERHEAD ? (frame[PARAMS] as number) : null

/** Frames from their values, both ways: the driver writes commands, a simulated module writes the rest. */
export const writeCommand = <N extends CommandName>(style: Style, name: N, values: AskOf<N>): Uint8Array =>
  wrapped(style, COMMAND, COMMANDS[name].code, (COMMANDS[name].ask as Layout<AskOf<N>>).write(values))
export const writeReply = <N extends CommandName>(style: Style, name: N, values: ReplyOf<N>): Uint8Array =>
  wrapped(style, RESPONSE, COMMANDS[name].code, (COMMANDS[name].reply as Layout<ReplyOf<N>>).write(values))
export const writeTagNotice = (style: Style, values: TagNotice): Uint8Array =>
  wrapped(style, NOTICE, COMMANDS.poll.code, TAG_NOTICE.write(values))
export const writeError = (style: Style, code: number): Uint8Array =>
  wrapped(style, RESPONSE, ERROR, ERROR_REPLY.write({ code, tag: null }))

/** Values of a command, or `null` when its parameters are not those of the table. */
export const readCommand = <N extends CommandName>(frame: Uint8Array, name: N): AskOf<N> | null =>
  typeOf(frame) === COMMAND && codeOf(frame) === COMMANDS[name].code ? (COMMANDS[name].ask as Layout<AskOf<N>>).read(paramsOf(frame)) : null

/** Values of an answer, or `null` when it answers another command or has another shape. */
export const readReply = <N extends CommandName>(frame: Uint8Array, name: N): ReplyOf<N> | null =>
  typeOf(frame) === RESPONSE && codeOf(frame) === COMMANDS[name].code
    ? (COMMANDS[name].reply as Layout<ReplyOf<N>>).read(paramsOf(frame))
    : null

/** The frame in words. Field names are those of the reader vectors; parameters that fit no row are kept as they came. */
export const decodedOf = (frame: Uint8Array): Decoded => {
  const params = paramsOf(frame)
  const head = { type: typeOf(frame), cmd: hexByte(codeOf(frame)), paramLen: params.length }
  const plain = { params: hexOf(params) }
  if (head.type === COMMAND) return { ...head, kind: 'command', ...plain }
  if (head.type === NOTICE) return { ...head, ...(isTagNotice(frame) ? decodedTag(params) : { kind: 'notice', ...plain }) }
  if (codeOf(frame) === ERROR) return { ...head, ...decodedError(params) }
  const name = commandOf(codeOf(frame))
  const row = name === null ? null : COMMANDS[name]
  const values = row?.reply.read(params) ?? null
  if (row === null || row.kind === 'ack' || values === null) return { ...head, kind: 'ack', ...plain }
  return { ...head, kind: row.kind, ...readable(values) }
}

const decodedTag = (params: Uint8Array): Decoded => {
  const notice = TAG_NOTICE.read(params)
  if (notice === null) return { kind: 'notice', params: hexOf(params) }
  return {
    kind: 'tag',
    rssiDbm: notice.rssiDbm,
    pc: hexWord(notice.pc),
    epc: hexOf(notice.epc),
    tagCrc: hexWord(notice.tagCrc),
    tagCrcOk: tagCrcOf(notice.pc, notice.epc) === notice.tagCrc,
  }
}

const decodedError = (params: Uint8Array): Decoded => {
  const code = params[0]
  if (code === undefined) return { kind: 'error', params: '' }
  const tag = ERROR_REPLY.read(params)?.tag ?? null
  const found = tag === null ? {} : { pc: hexWord(tag.pc), epc: hexOf(tag.epc) }
  return { kind: 'error', code: hexByte(code), error: errorOf(code).name, ...found }
}

const readable = (values: object): Decoded =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? hexOf(value) : name === 'pc' ? hexWord(value) : value,
    ]),
  )

const wrapped = (style: Style, type: number, code: number, params: Uint8Array): Uint8Array => {
  const frame = new Uint8Array(params.length + OVERHEAD)
  frame.set([STYLES[style], type, code, params.length >> 8, params.length & 0xff])
  frame.set(params, PARAMS)
  frame[frame.length - 2] = sumOf(frame, 1, frame.length - 2)
  frame[frame.length - 1] = ENDS[STYLES[style]] as number
  return frame
}

const sumOf = (bytes: Uint8Array, from: number, to: number): number => {
  let sum = 0
  for (let at = from; at < to; at += 1) sum += bytes[at] as number
  return sum & 0xff
}

const hexByte = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0')
const hexWord = (word: number): string => word.toString(16).toUpperCase().padStart(4, '0')

/** Bytes before the parameters, and all bytes that are not parameters. */
const PARAMS = 5
const OVERHEAD = 7
const ENDS: Readonly<Record<number, number>> = { [STYLES.BB7E]: 0x7e, [STYLES.AADD]: 0xdd }
