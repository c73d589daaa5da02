import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { Kind, Values } from '../../../serial/layout.ts'
import type { Decoded } from '../family.ts'
import { addressOf, categoryOf, dataOf, idOf, isNotice, isNoticeOf } from './frames.ts'
import { MESSAGES } from './messages.ts'
import { OPTIONS, TAG_HEAD } from './tag.ts'

/** A frame of either side in words; field names are those of the reader vectors. */
export const decodedOf = (frame: Uint8Array): Decoded => {
  const data = dataOf(frame)
  const address = addressOf(frame)
  return {
    protoType: frame[1],
    protoVer: frame[2],
    rs485: address !== null,
    ...(address === null ? {} : { rs485Addr: address }),
    notify: isNotice(frame),
    category: categoryOf(frame),
    msgId: hexOf(frame.subarray(4, 5)),
    len: data.length,
    ...(saidIn(frame, data) ?? { kind: 'message', data: hexOf(data) }),
  }
}

const saidIn = (frame: Uint8Array, data: Uint8Array): Decoded | null => {
  if (isNoticeOf(frame, 'tag')) return tagIn(data)
  if (isNoticeOf(frame, 'inventoryOver')) return data.length === 1 ? { kind: 'inventoryOver', reason: data[0] } : null
  if (categoryOf(frame) !== MESSAGES.heartbeat.category || idOf(frame) !== MESSAGES.heartbeat.id) return null
  const heartbeat = MESSAGES.heartbeat.reply.read(data)
  return heartbeat === null ? null : { kind: 'heartbeat', ...heartbeat }
}

const tagIn = (data: Uint8Array): Decoded | null => {
  const head = TAG_HEAD.read(data)
  if (head === null) return null
  const { epc, pc, antenna, options } = head
  return { kind: 'tag', epc: hexOf(epc), pc: hexWord(pc), antenna, ...optionsIn(options) }
}

/** Options by their names; what follows one that nobody knows stays as it came. */
const optionsIn = (bytes: Uint8Array): Decoded => {
  const said: Record<string, unknown> = {}
  const from = { bytes, at: 0 }
  while (from.at < bytes.length) {
    const begin = from.at
    const row = KINDS[bytes[begin] as number]
    from.at += 1
    const value = row?.kind.read(from, said as Values)
    if (row === undefined || value === undefined) return { ...said, more: hexOf(bytes.subarray(begin)) }
    if (row.name === 'utc') Object.assign(said, value)
    else said[row.name] = value instanceof Uint8Array ? hexOf(value) : row.name === 'crc' ? hexWord(value as number) : value
  }
  return said
}

const KINDS: Readonly<Record<number, { readonly name: string; readonly kind: Kind<unknown> }>> = OPTIONS as never

const hexWord = (word: number): string => word.toString(16).toUpperCase().padStart(4, '0')
