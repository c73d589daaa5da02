import { type Layout, layout, rest, u8, u16 } from '../../../serial/layout.ts'
import { COMMANDS } from './commands.ts'
import { OK } from './errors.ts'
import { dataOf, isSent, opcodeOf, REPLY_DATA, writeCommand, writeFrame } from './frames.ts'

/**
 * Silion's commands inside opcode AA: `Moduletech SubCmd(2) Data`, and from the host also `SubCRC BB`. What a module uploads while it reads has the
 * opcode but not the marker [Silion EX10 protocol 2024-12, 3.2 and 5.6, as worked in public drivers whose bytes were recomputed].
 */
export const SUB = { startReading: 0xaa48, stopReading: 0xaa49 } as const

export interface Extended {
  readonly sub: number
  readonly body: Uint8Array
}

export const START_READING = layout([
  ['metaFlags', u16],
  ['option', u8],
  ['searchFlags', u16],
  ['select', rest],
])

/** Frames from their values: the driver writes commands, a simulated module writes the rest. */
export const writeExtended = ({ sub, body }: Extended): Uint8Array => {
  const counted = [sub >> 8, sub & 0xff, ...body]
  const sum = counted.reduce((total, byte) => total + byte, 0) & 0xff
  return writeCommand('extended', { body: Uint8Array.from([...MARKER, ...counted, sum, END]) })
}
export const writeExtendedReply = ({ sub, body }: Extended): Uint8Array =>
  writeFrame(COMMANDS.extended.code, OK, Uint8Array.from([...MARKER, sub >> 8, sub & 0xff, ...body]))
export const writeUpload = (metaFlags: number, record: Uint8Array): Uint8Array =>
  writeFrame(COMMANDS.extended.code, OK, UPLOAD.write({ metaFlags, record }))
export const writeHeartbeat = (): Uint8Array => writeFrame(COMMANDS.extended.code, OK, HEARTBEAT)

/** What a frame of either side says by the marker, or `null` when it has none or the host's sum is wrong. */
export const extendedOf = (frame: Uint8Array): Extended | null => {
  const data = dataOf(frame)
  if (opcodeOf(frame) !== COMMANDS.extended.code || !MARKER.every((byte, at) => data[at] === byte)) return null
  const said = EXTENDED.read(data.subarray(MARKER.length))
  if (said === null || !isSent(frame)) return said
  const { sub, body } = said
  const end = body.length - 2
  const whole = writeExtended({ sub, body: body.subarray(0, Math.max(0, end)) })
  return end >= 0 && whole.length === frame.length && whole.every((byte, at) => byte === frame[at])
    ? { sub, body: body.subarray(0, end) }
    : null
}

/** Whether a module's frame of this opcode was uploaded while reading, rather than answered. */
export const isUpload = (frame: Uint8Array): boolean => opcodeOf(frame) === COMMANDS.extended.code && frame[REPLY_DATA] !== MARKER[0]
export const isHeartbeat = (frame: Uint8Array): boolean => HEARTBEAT.every((byte, at) => frame[REPLY_DATA + at] === byte)

/** Chips and boards by the first byte of the hardware version; ThingMagic's own begin with others. */
export const modelOf = (hardware: number): string | null => MODELS[hardware] ?? null

const lettersOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const MARKER = lettersOf('Moduletech')
const HEARTBEAT = lettersOf('XTSJ')
const END = 0xbb
const EXTENDED: Layout<Extended> = layout([
  ['sub', u16],
  ['body', rest],
])
const UPLOAD = layout([
  ['metaFlags', u16],
  ['record', rest],
])
const MODELS: Readonly<Record<number, string>> = {
  49: 'E710',
  50: 'E510',
  51: 'E310',
  52: 'E910',
  160: 'SLR1100',
  161: 'SLR1200',
  162: 'SLR3000',
  163: 'SLR5100',
  164: 'SLR5200',
  165: 'SLR3100',
  166: 'SLR5300',
  167: 'SLR3200',
  168: 'SLR5800',
  169: 'SLR5900',
  170: 'SLR6000',
  171: 'SLR6100',
  172: 'SQMM12x',
  177: 'SFM2',
  179: 'FDMA',
  192: 'SQM5800',
}
