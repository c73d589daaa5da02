import { type Framing, MORE, NEVER } from '../../../serial/framing.ts'
import { type Layout, layout, u8, u16, u24, u32 } from '../../../serial/layout.ts'
import { type AskOf, COMMANDS, type CommandName, commandsOf, type ReplyOf } from './commands.ts'
import { isPossible, type TagRecord, writeTag } from './inventory.ts'

/** `A0 Len Adr Cmd Data Check`: Len counts what follows it, Check brings the sum of all bytes to zero [rfid.md 1.3]. */
export const FRAMING: Framing = {
  bytesMax: 257,
  starts: (byte) => byte === HEADER,
  total: (bytes, at) => {
    const left = bytes.length - at
    if (left < 2) return MORE
    const length = bytes[at + 1] as number
    if (length < LENGTH_LEAST) return NEVER
    // `A0` stands in every second EPC somewhere: only with a number of the table behind it, and no longer than that command can be, is it a header.
    if (left > 3 && length > (LENGTHS[bytes[at + 3] as number] as number)) return NEVER
    return length + 2
  },
  check: (bytes, at, total) => {
    let sum = 0
    for (let place = at; place < at + total; place += 1) sum += bytes[place] as number
    if ((sum & 0xff) !== 0) return 'checksum'
    return INVENTORIES[bytes[at + 3] as number] === 0 || isPossible(bytes, at, total) ? null : 'length'
  },
  // A USB adapter holds bytes back up to 16 ms and a TCP bridge up to some 100; a module never pauses inside a frame.
  gapMs: 250,
}

/** Every module hears this address besides its own. */
export const PUBLIC = 0xff

export const addressOf = (frame: Uint8Array): number => frame[2] as number
export const codeOf = (frame: Uint8Array): number => frame[3] as number
export const dataOf = (frame: Uint8Array): Uint8Array => frame.subarray(4, frame.length - 1)

/** End of a round of 89 and 8B, and of a fast switch 8A. */
export const ROUND_END = layout([
  ['antenna', u8],
  ['readRate', u16],
  ['totalRead', u32],
])
export const SWITCH_END = layout([
  ['totalRead', u24],
  ['durationMs', u32],
])
type InventoryName = 'inventory' | 'fastSwitch4' | 'fastSwitch8' | 'fastSwitchSession' | 'sessionInventory'

/** Frames from their values, both ways: the driver writes commands, a simulated module writes the rest. */
export const writeCommand = <N extends CommandName>(name: N, values: AskOf<N>): Uint8Array =>
  wrapped(PUBLIC, COMMANDS[name].code, (COMMANDS[name].ask as Layout<AskOf<N>>).write(values))
export const writeReply = <N extends CommandName>(address: number, name: N, values: ReplyOf<N>): Uint8Array =>
  wrapped(address, COMMANDS[name].code, (COMMANDS[name].reply as Layout<ReplyOf<N>>).write(values))
/** The result of any command: done, or refused. */
export const writeResult = (address: number, code: number, result: number): Uint8Array => wrapped(address, code, Uint8Array.of(result))
export const writeTagRecord = (address: number, name: InventoryName, tag: TagRecord): Uint8Array =>
  wrapped(address, COMMANDS[name].code, writeTag(tag))
export const writeRoundEnd = (address: number, name: InventoryName, data: Uint8Array): Uint8Array =>
  wrapped(address, COMMANDS[name].code, data)
/** A fast switch found nothing connected at a port; it goes on with the next. */
export const writePortMissing = (address: number, port: number, result: number): Uint8Array =>
  wrapped(address, COMMANDS.fastSwitch4.code, Uint8Array.of(port - 1, result))

/** Name and values of a command, or `null` when its data are not those of the table. */
export const readCommand = (frame: Uint8Array): { readonly name: CommandName; readonly values: unknown } | null => {
  for (const name of commandsOf(codeOf(frame))) {
    const values: unknown = COMMANDS[name].ask.read(dataOf(frame))
    if (values !== null) return { name, values }
  }
  return null
}

/** Values of an answer, or `null` when it answers another command or has another shape. */
export const readReply = <N extends CommandName>(frame: Uint8Array, name: N): ReplyOf<N> | null =>
  codeOf(frame) === COMMANDS[name].code ? (COMMANDS[name].reply as Layout<ReplyOf<N>>).read(dataOf(frame)) : null

const wrapped = (address: number, code: number, data: Uint8Array): Uint8Array => {
  const frame = new Uint8Array(data.length + 5)
  frame.set([HEADER, data.length + LENGTH_LEAST, address, code])
  frame.set(data, 4)
  let sum = 0
  for (const byte of frame) sum += byte
  frame[frame.length - 1] = -sum & 0xff
  return frame
}

const HEADER = 0xa0
/** Address, command and sum. */
const LENGTH_LEAST = 3
/** The longest tag record: place, PC, 31 words of EPC, TID, level and phase; nothing else the inventories say is longer. */
const TAG_MOST = 1 + 2 + 62 + 12 + 1 + 2
/** 1 for the commands that tell tags as they are read. */
const INVENTORIES = Uint8Array.from({ length: 256 }, (_, code) =>
  code >= COMMANDS.inventory.code && code <= COMMANDS.sessionInventory.code ? 1 : 0,
)
/** Longest length by command number; 0 where the family has no such command. */
const LENGTHS = Uint8Array.from({ length: 256 }, (_, code) => {
  if (commandsOf(code).length === 0) return 0
  return INVENTORIES[code] === 0 ? 0xff : LENGTH_LEAST + TAG_MOST
})
