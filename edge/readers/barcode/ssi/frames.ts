import { type Framing, MORE, NEVER } from '../../../serial/framing.ts'
import { opcodeOf, type SsiName } from './opcodes.ts'

/** A packet taken apart. */
export interface SsiFrame {
  readonly opcode: number
  /** 0 the scanner, 4 the host. */
  readonly source: number
  /** Bit 0: sent again; bit 1: more packets of this message follow; bit 3: keep what is set. */
  readonly status: number
  readonly body: Uint8Array
}

/** The packet of a frame whose check holds (`SSI_FRAMING`). A long one begins `FF F4` and has its length in two bytes, then the opcode again. */
export const readSsi = (frame: Uint8Array): SsiFrame => {
  const head = isLong(frame, 0) ? 5 : 2
  const [source = 0, status = 0] = frame.subarray(head)
  return { opcode: frame[1] ?? 0, source, status, body: frame.subarray(head + 2, -2) }
}

/** A packet as bytes, with length and checksum; a body over 251 bytes does not fit one packet. */
export const writeSsi = ({ opcode, source, status, body }: SsiFrame): Uint8Array => {
  const packet = [body.length + 4, opcode, source, status, ...body]
  const check = checkOf(packet, 0, packet.length)
  return Uint8Array.from([...packet, check >> 8, check & 0xff])
}

/** A command of the host. */
export const hostFrame = (name: SsiName, body: readonly number[] = []): Uint8Array =>
  writeSsi({ opcode: opcodeOf(name), source: HOST, status: 0, body: Uint8Array.from(body) })

/** Packets of either side. Any opcode from 10 on is taken, for the checksum covers it; the source byte and the unused status bits tell noise apart early. */
export const SSI_FRAMING: Framing = {
  bytesMax: 4_200,
  starts: (byte) => byte >= LENGTH_LEAST,
  total: (bytes, at) => {
    if (bytes.length - at < 2) return MORE
    if ((bytes[at + 1] as number) < OPCODE_LEAST) return NEVER
    const long = isLong(bytes, at)
    const head = at + (long ? 5 : 2)
    if (long && bytes.length >= head && (bytes[at + 4] !== LONG || lengthOf(bytes, at) < 8)) return NEVER
    if (bytes.length > head && !SOURCES.includes(bytes[head] as number)) return NEVER
    if (bytes.length > head + 1 && ((bytes[head + 1] as number) & UNUSED_STATUS) !== 0) return NEVER
    if (bytes.length < head + 2) return MORE
    return lengthOf(bytes, at) + 2
  },
  check: (bytes, at, total) => {
    const end = at + total - 2
    return checkOf(bytes, at, end) === (bytes[end] as number) * 256 + (bytes[end + 1] as number) ? null : 'checksum'
  },
  gapMs: 150,
  idleBytes: [0],
}

/** Discarded by a module that sleeps, and wakes it [SSI guide, WAKEUP]. */
export const SSI_WAKE = Uint8Array.of(0)
export const HOST = 4
export const DECODER = 0
export const RESENT = 1
export const MORE_PACKETS = 2
/** Most bytes of a body in one packet. */
export const SSI_BODY_MAX = 251

const LENGTH_LEAST = 4
/** No opcode lies below; without this, what is left of a spoilt scan looks like the head of a long packet. */
const OPCODE_LEAST = 0x10
const LONG = 0xf4
const SOURCES: readonly number[] = [DECODER, HOST]
const UNUSED_STATUS = 0xf0

const isLong = (bytes: Uint8Array, at: number): boolean => bytes[at] === 0xff && bytes[at + 1] === LONG

const lengthOf = (bytes: Uint8Array, at: number): number =>
  isLong(bytes, at) ? (bytes[at + 2] as number) * 256 + (bytes[at + 3] as number) : (bytes[at] as number)

/** Two's complement of the sum of all bytes before it, 16 bits. */
const checkOf = (bytes: Uint8Array | readonly number[], from: number, to: number): number => {
  let sum = 0
  for (let at = from; at < to; at += 1) sum += bytes[at] as number
  return -sum & 0xffff
}
