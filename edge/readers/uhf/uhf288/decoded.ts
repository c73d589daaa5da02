import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { Decoded, Sender } from '../family.ts'
import { COMMANDS, PUSH } from './commands.ts'
import { addressOf, askedIn, codeOf, mayBeAnswer, statusIn, toldIn } from './frames.ts'
import { HEARTBEAT, INVENTORY, OK } from './statuses.ts'
import { type TagForm, type TagRecord, tagAt, tagsIn } from './tags.ts'

/** The frame in words; field names are those of the reader vectors. `series` says which records tags stand in: the older one has no antenna. */
export const decodedOf = (series: Series, frame: Uint8Array, by?: Sender): Decoded => {
  const head = { adr: addressOf(frame), cmd: hexByte(codeOf(frame)) }
  const command = { ...head, kind: 'command', data: hexOf(askedIn(frame)) }
  if (by === 'host' || frame.length < ANSWER_LEAST) return command
  const told = toldBy(series, frame)
  const isHosts = codeOf(frame) !== PUSH && (told === null || !mayBeAnswer(frame) || isFastStart(frame))
  if (isHosts && by === undefined) return command
  return { ...head, status: hexByte(statusIn(frame)), ...(told ?? { kind: 'reply', data: hexOf(toldIn(frame)) }) }
}

export type Series = 'UHF18' | 'UHF288'

/** What an answer tells, or `null` when its records do not fit, which no reader sends. */
const toldBy = (series: Series, frame: Uint8Array): Decoded | null => {
  const code = codeOf(frame)
  const status = statusIn(frame)
  const end = frame.length - 2
  const plain = { kind: 'reply', data: hexOf(toldIn(frame)) }
  if (end === TOLD) return plain
  if (code === PUSH) return status === HEARTBEAT ? heartbeatIn(frame) : status === OK ? pushedIn(series, frame) : plain
  if (code === COMMANDS.buffered.code) return status > INVENTORY.memoryFull ? plain : bufferIn(frame)
  if (code !== COMMANDS.inventory.code && code !== COMMANDS.singleTag.code) return plain
  if (status === INVENTORY.statistics) return statisticsIn(frame)
  return status > INVENTORY.memoryFull ? plain : inventoryIn(series, frame)
}

const inventoryIn = (series: Series, frame: Uint8Array): Decoded | null => {
  const isOld = series === 'UHF18'
  const tags = tagsIn(isOld ? 'plain' : 'found', frame, isOld ? TOLD : TOLD + 1, frame.length - 2)
  if (tags === null) return null
  const antenna = isOld ? {} : { antennaMask: frame[TOLD] }
  return { ...antenna, kind: 'inventory', tags: tags.map(tagInWords), more: statusIn(frame) === INVENTORY.more }
}

/** Antennas are one byte, two in readers with 16 ports; what fits is what it is. */
const bufferIn = (frame: Uint8Array): Decoded | null => {
  const inForm = (form: TagForm) => tagsIn(form, frame, TOLD, frame.length - 2)
  const tags = inForm('buffered') ?? inForm('buffered16')
  return tags === null ? null : { kind: 'buffer', tags: tags.map(tagInWords), more: statusIn(frame) === INVENTORY.more }
}

const statisticsIn = (frame: Uint8Array): Decoded | null => {
  if (frame.length !== TOLD + 9) return null
  const told = viewOf(frame)
  return { kind: 'stats', antennaMask: frame[TOLD], readRate: told.getUint16(TOLD + 1), total: told.getUint32(TOLD + 3) }
}

const pushedIn = (series: Series, frame: Uint8Array): Decoded | null => {
  if (series === 'UHF18') return { kind: 'tag', epc: hexOf(toldIn(frame)) }
  const tag = tagAt('pushed', frame, TOLD, frame.length - 2)
  return tag === null || tag.bytes !== frame.length - 2 - TOLD ? null : { kind: 'tag', ...tagInWords(tag) }
}

/** `PacketNo(4) AntStatus(1, 4, 8 or 16) Total(4)`; of an antenna 0 is unused, 1 well, 2 disconnected. */
const heartbeatIn = (frame: Uint8Array): Decoded | null => {
  const end = frame.length - 2
  if (end < TOLD + 9) return null
  const told = viewOf(frame)
  return {
    kind: 'heartbeat',
    packetNo: told.getUint32(TOLD),
    antennaStatus: [...frame.subarray(TOLD + 4, end - 4)],
    total: told.getUint32(end - 4),
  }
}

const tagInWords = ({ antenna, epc, tid, rssiRaw, phase, freqKHz, count }: TagRecord): Decoded => ({
  ...(antenna === null ? {} : { antennaMask: antenna }),
  epc: hexOf(epc),
  ...(tid === null ? {} : { tid: hexOf(tid) }),
  ...(rssiRaw === null ? {} : { rssiRaw }),
  ...(phase === null ? {} : { phaseRaw: hexOf(phase), freqKHz }),
  ...(count === null ? {} : { count }),
})

/** The answer to a fast inventory is byte for byte the command that starts one on target A; the vectors take it for the command. */
const isFastStart = (frame: Uint8Array): boolean =>
  codeOf(frame) === COMMANDS.startFast.code && frame.length === ANSWER_LEAST && statusIn(frame) === OK

const viewOf = (frame: Uint8Array): DataView => new DataView(frame.buffer, frame.byteOffset, frame.length)
const hexByte = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0')

/** Where the parameters of an answer begin, and its least length. */
const TOLD = 4
const ANSWER_LEAST = 6
