/**
 * The names things go by on the wire and in the ledger. Text forms are final: they are hashed into entries (P-001).
 *
 *   node     `qinglong`                      lower case, 2..32, never `hub` or `all`
 *   stream   `qinglong>*`  `hub>qinglong`  `hub>all`
 *   place    `qinglong/main/available`       node / room / state
 *            `qinglong/~consumed`            node / ~virtual kind; `hub/~supplier` belongs to the hub
 *   lot      `gauze-10x10/B2509`             item / normalised lot number, `-` if the thing has none
 *   entry    `qinglong>* /0011223344556677/12`  stream / epoch / seq, without the space
 */

export type NodeId = string
export type StreamId = string
export type EpochId = string
export type PlaceId = string
export type ItemId = string
export type LotKey = string
export type EntryId = string
/** Calendar date `YYYY-MM-DD`; never a moment. */
export type CalendarDate = string
/** RFC 3339 UTC with milliseconds, `2026-11-22T03:24:00.000Z`. */
export type Instant = string

export const ROOM_STATES = ['pending', 'available', 'held'] as const
export type RoomState = (typeof ROOM_STATES)[number]
export const VIRTUAL_KINDS = ['supplier', 'consumed', 'scrapped', 'adjusted', 'transformed', 'unexplained', 'transit'] as const
export type VirtualKind = (typeof VIRTUAL_KINDS)[number]

export const HUB = 'hub'
const RESERVED: readonly string[] = [HUB, 'all']

export const NODE_PATTERN = '^[a-z][a-z0-9-]{1,31}$'
export const ROOM_PATTERN = '^[a-z][a-z0-9-]{0,31}$'
export const ITEM_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'
export const EPOCH_PATTERN = '^[0-9a-f]{16}$'
export const DATE_PATTERN = '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
export const INSTANT_PATTERN = '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$'
/** Longest lot number kept: GS1 AI (10) allows 20; local and MA numbers may be longer. */
export const LOT_NUMBER_LENGTH_MAX = 40

export const isNodeId = (text: string): boolean => NODE.test(text) && !RESERVED.includes(text)
export const isItemId = (text: string): boolean => ITEM.test(text)
// Made once: names are read with every line that is booked.
const NODE = new RegExp(NODE_PATTERN)
const ROOM = new RegExp(ROOM_PATTERN)
const ITEM = new RegExp(ITEM_PATTERN)
const EPOCH = new RegExp(EPOCH_PATTERN)
const DATE = new RegExp(DATE_PATTERN)

export const streamOfNode = (node: NodeId): StreamId => `${node}>*`
export const streamToNode = (node: NodeId): StreamId => `${HUB}>${node}`
export const STREAM_TO_ALL: StreamId = `${HUB}>all`
/** The writer of a stream: a node, or `hub`. */
export const writerOf = (stream: StreamId): string => stream.slice(0, Math.max(0, stream.indexOf('>')))

/** The node whose stream it is, be it written by it or to it; `null`: it is told to all. */
export const nodeOfStream = (stream: StreamId): NodeId | null => {
  const writer = writerOf(stream)
  if (writer !== HUB) return writer
  const audience = stream.slice(writer.length + 1)
  return audience === 'all' ? null : audience
}

/** Whether the text names a stream: `node>*`, `hub>node` or `hub>all`. */
export const isStreamId = (text: string): boolean => {
  const [writer = '', audience = '', more] = text.split('>')
  if (more !== undefined) return false
  if (writer === HUB) return audience === 'all' || isNodeId(audience)
  return audience === '*' && isNodeId(writer)
}

export const roomPlace = (node: NodeId, room: string, state: RoomState): PlaceId => `${node}/${room}/${state}`
export const virtualPlace = (owner: NodeId, kind: VirtualKind): PlaceId => `${owner}/~${kind}`
/** Where goods on their way to a node stand; written by the sender and by the receiver. */
export const transitTo = (node: NodeId): PlaceId => virtualPlace(node, 'transit')

/** What a place name says, or `null` when the text names no place. */
export type PlaceName =
  | { readonly owner: NodeId; readonly room: string; readonly state: RoomState; readonly virtual: null }
  | { readonly owner: NodeId; readonly room: null; readonly state: null; readonly virtual: VirtualKind }

export const placeOf = (text: PlaceId): PlaceName | null => {
  const [owner = '', second = '', third, more] = text.split('/')
  if (more !== undefined || (!isNodeId(owner) && owner !== HUB)) return null
  if (third === undefined) {
    const virtual = VIRTUAL_KINDS.find((kind) => second === `~${kind}`)
    return virtual ? { owner, room: null, state: null, virtual } : null
  }
  const state = ROOM_STATES.find((one) => one === third)
  return state && ROOM.test(second) ? { owner, room: second, state, virtual: null } : null
}

/** Lot key of an item and a lot number as printed: NFKC, trimmed, inner white space single, upper case; empty is `-` (P-002). */
export const lotKey = (item: ItemId, lotNumber: string | null): LotKey => `${item}/${normalLotNumber(lotNumber)}`
export const normalLotNumber = (lotNumber: string | null): string => {
  const plain = (lotNumber ?? '').normalize('NFKC').trim().replace(/\s+/g, ' ').toUpperCase()
  return plain === '' ? '-' : plain
}

/** Item and lot number of a key, or `null` when the text is no lot key. */
export const lotOf = (key: LotKey): { readonly item: ItemId; readonly lotNumber: string } | null => {
  const slash = key.indexOf('/')
  const item = key.slice(0, slash)
  const lotNumber = key.slice(slash + 1)
  if (slash < 1 || !isItemId(item) || lotNumber === '' || lotNumber.length > LOT_NUMBER_LENGTH_MAX) return null
  return normalLotNumber(lotNumber) === lotNumber ? { item, lotNumber } : null
}

export const entryId = (stream: StreamId, epoch: EpochId, seq: number): EntryId => `${stream}/${epoch}/${seq}`
export const entryOf = (id: EntryId): { readonly stream: StreamId; readonly epoch: EpochId; readonly seq: number } | null => {
  const [stream = '', epoch = '', seq = '', more] = id.split('/')
  if (more !== undefined || !isStreamId(stream) || !EPOCH.test(epoch) || !/^[1-9][0-9]{0,15}$/.test(seq)) return null
  return { stream, epoch, seq: Number(seq) }
}

/** Whether the text is a date of the calendar (no 31 February). */
export const isCalendarDate = (text: string): boolean => {
  if (!DATE.test(text)) return false
  const at = new Date(`${text}T00:00:00.000Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}
