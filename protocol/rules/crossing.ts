import { type NodeId, type PlaceId, placeOf, roomPlace, transitTo } from '../names.ts'

/** What a node knows of a tag when it crosses: its registration, where its units are booked, how many are left. */
export interface TagStanding {
  readonly lot: string
  /** Units still in the tagged pack; `null` when units left it and nobody said which pack. */
  readonly units: number | null
  /** Node the registration announces the pack to. */
  readonly site: NodeId
  /** Where the tag's units stand on this node's books; `null` when not booked here. */
  readonly place: PlaceId | null
  /** Document of the registration or shipment. */
  readonly doc: string | null
  /** It stands for nothing any more: torn off, or replaced by another. */
  readonly retired: boolean
}

/** A door joins a room with what lies beyond it: another room of the node, or another node. */
export interface Door {
  readonly door: string
  readonly node: NodeId
  readonly inside: string
  readonly beyond: { readonly room: string } | { readonly node: NodeId } | null
}

/** A receipt by scan that may be the very box now crossing. */
export interface RecentReceipt {
  readonly entry: string
  readonly lot: string
  readonly units: number
  readonly doc: string | null
  readonly tags: readonly string[]
  readonly atMs: number
}

/** Why a crossing became a task, or that it only confirmed; the keys are the `outcome` of a `passage` entry. */
export const CROSSING_OUTCOMES = {
  confirmed: { task: false, zh: '与账面一致', en: 'Agrees with the books' },
  uncertain: { task: true, zh: '方向不明，请确认', en: 'Direction uncertain: please settle' },
  'unknown-tag': { task: true, zh: '标签未登记', en: 'Unknown tag' },
  'retired-tag': { task: true, zh: '标签已作废，却又被读到', en: 'A retired tag was read again' },
  'not-announced': { task: true, zh: '标签不是发往本站的', en: 'Tag is announced to another site' },
  'not-here': { task: true, zh: '账面上不在本站，却从门口出去', en: 'Left through the door but was not on the books here' },
  'other-room': { task: true, zh: '账面在本站另一间', en: 'Booked in another room of this site' },
  'remainder-unknown': { task: true, zh: '拆过箱，剩余数量不明', en: 'Opened pack: remainder unknown' },
  'same-box': { task: true, zh: '可能与刚才扫码的是同一箱，请确认', en: 'May be the box just scanned: please settle' },
  'no-way-out': { task: true, zh: '这扇门没有设置通向哪里', en: 'The door has no place beyond it' },
} as const
export type CrossingOutcome = keyof typeof CROSSING_OUTCOMES

/** What a decided crossing books [ledger-and-sync 1.8]. */
export type CrossingPlan =
  | {
      readonly is: 'book'
      readonly kind: 'receive' | 'move' | 'ship'
      readonly from: PlaceId
      readonly to: PlaceId
      readonly units: number
      readonly lot: string
      readonly doc: string | null
    }
  | { readonly is: 'observe'; readonly outcome: CrossingOutcome; readonly confirms: string | null }

/** A scan and a crossing of the same box within this time are one movement [ledger-and-sync 1.8]. */
export const SAME_BOX_MS = 600_000

/**
 * Decides a crossing. IN of a tag announced to this site and not yet booked: transit -> room, pending. IN of a tag that stands in the
 * room beyond: back into the room (the mirror of OUT; P-006). Units keep their state, so nothing is inspected by walking. A tag booked inside: confirmation. OUT: room -> beyond. Anything else asks.
 */
export const planCrossing = (
  door: Door,
  crossing: { readonly direction: 'in' | 'out' | 'uncertain'; readonly epc: string; readonly atMs: number },
  tag: TagStanding | null,
  receipts: readonly RecentReceipt[],
): CrossingPlan => {
  // Whatever way it went: it stands for no pack, so nothing came and nothing left with it.
  if (tag?.retired) return observe('retired-tag')
  if (crossing.direction === 'uncertain') return observe('uncertain')
  if (!tag) return observe('unknown-tag')
  return crossing.direction === 'in' ? planIn(door, crossing, tag, receipts) : planOut(door, tag)
}

const observe = (outcome: CrossingOutcome, confirms: string | null = null): CrossingPlan => ({ is: 'observe', outcome, confirms })

const planIn = (
  door: Door,
  crossing: { readonly epc: string; readonly atMs: number },
  tag: TagStanding,
  receipts: readonly RecentReceipt[],
): CrossingPlan => {
  const standing = tag.place === null ? null : placeOf(tag.place)
  if (standing?.room === door.inside && standing.owner === door.node) return observe('confirmed')
  if (standing?.room != null && door.beyond && 'room' in door.beyond && standing.room === door.beyond.room) {
    if (tag.units === null) return observe('remainder-unknown')
    return {
      is: 'book',
      kind: 'move',
      from: tag.place ?? '',
      to: roomPlace(door.node, door.inside, standing.state),
      units: tag.units,
      lot: tag.lot,
      doc: tag.doc,
    }
  }
  if (standing?.room != null && standing.owner === door.node) return observe('other-room')
  if (tag.site !== door.node) return observe('not-announced')
  if (tag.units === null) return observe('remainder-unknown')
  const twin = sameBox(crossing, tag, receipts)
  if (twin) return twin
  return {
    is: 'book',
    kind: 'receive',
    from: transitTo(door.node),
    to: roomPlace(door.node, door.inside, 'pending'),
    units: tag.units,
    lot: tag.lot,
    doc: tag.doc,
  }
}

const sameBox = (
  crossing: { readonly epc: string; readonly atMs: number },
  tag: TagStanding,
  receipts: readonly RecentReceipt[],
): CrossingPlan | null => {
  const recent = receipts.filter((receipt) => receipt.lot === tag.lot && Math.abs(crossing.atMs - receipt.atMs) <= SAME_BOX_MS)
  const named = recent.find((receipt) => receipt.tags.includes(crossing.epc))
  if (named) return observe('confirmed', named.entry)
  const free = recent.filter((receipt) => receipt.tags.length === 0)
  if (free.length === 0) return null
  const [only] = free
  return free.length === 1 && only && only.units === tag.units && only.doc === tag.doc
    ? observe('confirmed', only.entry)
    : observe('same-box')
}

const planOut = (door: Door, tag: TagStanding): CrossingPlan => {
  const standing = tag.place === null ? null : placeOf(tag.place)
  if (door.beyond && 'room' in door.beyond && standing?.room === door.beyond.room) return observe('confirmed')
  if (standing?.room !== door.inside) return observe('not-here')
  if (tag.units === null) return observe('remainder-unknown')
  if (!door.beyond) return observe('no-way-out')
  const from = tag.place ?? ''
  if ('node' in door.beyond)
    return { is: 'book', kind: 'ship', from, to: transitTo(door.beyond.node), units: tag.units, lot: tag.lot, doc: tag.doc }
  return {
    is: 'book',
    kind: 'move',
    from,
    to: roomPlace(door.node, door.beyond.room, standing.state),
    units: tag.units,
    lot: tag.lot,
    doc: tag.doc,
  }
}
