import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { tagCrcIn } from '../crc.ts'
import type { Decoded } from '../family.ts'
import { COMMANDS } from './commands.ts'
import { NO_TAGS, OK, RETURN_LOSS, TOO_HOT } from './errors.ts'
import { dataOf, isSent, opcodeOf, REPLY_DATA, statusWordOf } from './frames.ts'
import { type RecordForm, recordOf } from './record.ts'
import { isHeartbeat, isUpload } from './silion.ts'
import { streamedOf } from './tag.ts'

/** A frame of either side in words; field names are those of the reader vectors. */
export const decodedOf = (frame: Uint8Array): Decoded => {
  const opcode = hexOf(frame.subarray(2, 3))
  if (isSent(frame)) return { kind: 'command', opcode, data: hexOf(dataOf(frame)) }
  const head = { opcode, status: hexOf(frame.subarray(3, REPLY_DATA)) }
  const said = saidIn(frame)
  return said === null ? { ...head, kind: 'reply', data: hexOf(dataOf(frame)) } : { ...head, ...said }
}

const saidIn = (frame: Uint8Array): Decoded | null => {
  const code = opcodeOf(frame)
  if (code === COMMANDS.readMultiple.code) return statusWordOf(frame) === OK ? streamedIn(frame) : conditionIn(frame)
  if (!isUpload(frame) || statusWordOf(frame) !== OK) return null
  if (isHeartbeat(frame)) return { kind: 'keepalive' }
  const metaFlags = ((frame[REPLY_DATA] as number) << 8) | (frame[REPLY_DATA + 1] as number)
  const tag = tagIn(frame, REPLY_DATA + 2, metaFlags, 'silion')
  return tag === null ? null : { kind: 'tag', metaFlags: hexWord(metaFlags), ...tag }
}

const conditionIn = (frame: Uint8Array): Decoded | null => {
  const kind = KINDS[statusWordOf(frame)]
  const data = dataOf(frame)
  return kind === undefined ? null : { kind, ...(data.length > 0 ? { data: hexOf(data) } : {}) }
}

const streamedIn = (frame: Uint8Array): Decoded | null => {
  const streamed = streamedOf(frame)
  if (streamed === null) return null
  const { type, searchFlags, metaFlags, at } = streamed
  const head = { searchFlags: hexWord(searchFlags), metaFlags: hexWord(metaFlags) }
  if (type === TAG) {
    const tag = tagIn(frame, at, metaFlags, 'thingmagic')
    return tag === null ? null : { kind: 'tag', ...head, ...tag }
  }
  const kind = TYPES[type]
  return kind === undefined ? null : { kind, ...head, data: hexOf(frame.subarray(at, frame.length - 2)) }
}

const tagIn = (frame: Uint8Array, at: number, metaFlags: number, form: RecordForm): Decoded | null => {
  const end = frame.length - 2
  const record = recordOf(metaFlags, form)?.read(frame.subarray(at, end)) ?? null
  if (record === null) return null
  const { antenna, data, tagType, brandId, length: _length, pc, xpc, epc, brand, tagCrc, more, ...plain } = record
  const counted = 2 + xpc.length + epc.length + (brand?.length ?? 0)
  const crcAt = end - more.length - 2
  return {
    ...plain,
    ...(antenna ? { antennaTx: antenna.tx, antennaRx: antenna.rx } : {}),
    ...(data && data.length > 0 ? { data: hexOf(data) } : {}),
    ...(brandId === undefined ? {} : { brandId: hexWord(brandId) }),
    ...(tagType ? { tagType: hexOf(tagType) } : {}),
    pc: hexWord(pc),
    ...(xpc.length > 0 ? { xpc: hexOf(xpc) } : {}),
    epc: hexOf(epc),
    ...(brand ? { brand: hexOf(brand) } : {}),
    tagCrc: hexWord(tagCrc),
    tagCrcOk: tagCrcIn(frame, crcAt - counted, crcAt) === tagCrc,
    ...(more.length > 0 ? { more: hexOf(more) } : {}),
  }
}

const hexWord = (word: number): string => word.toString(16).toUpperCase().padStart(4, '0')

/** Response types of a streamed answer that tell of no tag. */
const TAG = 1
const TYPES: Readonly<Record<number, string>> = { 0: 'end', 2: 'status' }
const KINDS: Readonly<Record<number, string>> = { [NO_TAGS]: 'keepalive', [TOO_HOT]: 'overTemperature', [RETURN_LOSS]: 'highReturnLoss' }
