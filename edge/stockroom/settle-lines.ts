import type { Line } from '@lotkeeper/protocol/ledger/entry.ts'
import { type LotKey, type NodeId, type PlaceId, placeOf, roomPlace, transitTo, virtualPlace } from '@lotkeeper/protocol/names.ts'
import type { Door, TagStanding } from '@lotkeeper/protocol/rules/crossing.ts'
import type { Book } from '../ledger/contract.ts'
import { foundLines } from './issue.ts'
import type { Amount } from './quantity.ts'
import { arrivalLines } from './receive.ts'

/** A passage a person has settled: which door, which tag. */
export interface Crossed {
  readonly door: Door
  readonly epc: string
  readonly node: NodeId
}

type Known = TagStanding & { readonly units: number }

/**
 * What "it came in" books. A box that stands inside already: nothing. One from another room of the site: across, in its state. Else it arrives,
 * pending, out of the transit it was announced in; also when that was to another site, for there it is missing now, and the sums stay whole.
 */
export const inLines = (book: Book, { door, epc, node }: Crossed, tag: Known): readonly Line[] => {
  const standing = placeOf(tag.place ?? '')
  if (standing?.owner === node && standing.room !== null) {
    return standing.room === door.inside
      ? []
      : crossLines(book, node, { ...tag, epc, from: tag.place ?? '', to: roomPlace(node, door.inside, standing.state) })
  }
  const to = roomPlace(node, door.inside, 'pending')
  return [{ lot: tag.lot, from: transitTo(tag.site), to, units: tag.units, entered: null, tags: [epc] }]
}

/** What "it went out" books. A box the books did not have here is found first: it was here, or it could not have left. */
export const outLines = (book: Book, { door, epc, node }: Crossed, tag: Known): readonly Line[] => {
  const standing = placeOf(tag.place ?? '')
  const stands = standing?.owner === node && standing.room !== null
  const from = stands ? (tag.place ?? '') : roomPlace(node, door.inside, 'available')
  const to = beyondOf(door, stands ? standing.state : 'available')
  return from === to ? [] : crossLines(book, node, { ...tag, epc, from, to })
}

/** What binding a tag books: it arrived, announced or not; or it left, out of what the room holds. */
export const boundLines = (
  book: Book,
  { door, epc, node }: Crossed,
  box: { readonly lot: LotKey; readonly amount: Amount; readonly out: boolean; readonly doc: string | null },
): readonly Line[] => {
  const { lot, amount, out, doc } = box
  if (!out) return arrivalLines(book, { lot, to: roomPlace(node, door.inside, 'pending'), amount, tags: [epc], doc }, node)
  const from = roomPlace(node, door.inside, 'available')
  const lines = crossLines(book, node, { lot, units: amount.units, epc, from, to: beyondOf(door, 'available') })
  return lines.length === 1 ? lines.map((line) => ({ ...line, entered: amount.entered })) : lines
}

/** Units a scan has just received get the tag of their box: out of the unlabelled and back in, for only a line binds a tag. `null`: not there. */
export const labelledLines = (
  book: Book,
  { door, epc, node }: Crossed,
  box: { readonly lot: LotKey; readonly units: number },
): readonly Line[] | null => {
  const { lot, units } = box
  const place = (['pending', 'available'] as const)
    .map((state) => roomPlace(node, door.inside, state))
    .find((one) => book.units(lot, one) >= units)
  if (place === undefined) return null
  const between = virtualPlace(node, 'transformed')
  return [
    // Named on the way out too, so that nobody takes it for another box of the lot that stands there.
    { lot, from: place, to: between, units, entered: null, tags: [epc] },
    { lot, from: between, to: place, units, entered: null, tags: [epc] },
  ]
}

/**
 * A pack across a door: its units out of the states of the room they stand in, the tag's own first (acceptance by lot does not say which carton);
 * each keeps its state, and what the room lacks is found first.
 */
const crossLines = (
  book: Book,
  node: NodeId,
  box: { readonly lot: LotKey; readonly units: number; readonly epc: string; readonly from: PlaceId; readonly to: PlaceId },
): readonly Line[] => {
  const { lot, units, epc, from, to } = box
  const lines: Line[] = []
  let missing = units
  for (const place of statesFrom(from)) {
    const taken = Math.min(missing, Math.max(0, book.units(lot, place)))
    if (taken > 0) lines.push({ lot, from: place, to: inStateOf(to, place), units: taken, entered: null, tags: [epc] })
    missing -= taken
  }
  if (missing === 0) return lines
  return [...foundLines(node, { lot, to: from, units: missing }), ...lines, { lot, from, to, units: missing, entered: null, tags: [epc] }]
}

const statesFrom = (place: PlaceId): readonly PlaceId[] => {
  const name = placeOf(place)
  if (!name || name.room === null) return [place]
  const others = (['available', 'pending', 'held'] as const).map((state) => roomPlace(name.owner, name.room, state))
  return [place, ...others.filter((one) => one !== place)]
}

const inStateOf = (to: PlaceId, from: PlaceId): PlaceId => {
  const target = placeOf(to)
  const source = placeOf(from)
  return target && target.room !== null && source && source.state !== null ? roomPlace(target.owner, target.room, source.state) : to
}

/** Behind a door without a known other side the way is lost: the units stand as unexplained until somebody says. */
const beyondOf = ({ node, beyond }: Door, state: 'pending' | 'available' | 'held'): PlaceId => {
  if (beyond === null) return virtualPlace(node, 'unexplained')
  return 'room' in beyond ? roomPlace(node, beyond.room, state) : transitTo(beyond.node)
}
