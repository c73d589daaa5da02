import { type EntryId, type LotKey, type PlaceId, placeOf } from '@lotkeeper/protocol/names.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { SAME_BOX_MS } from '@lotkeeper/protocol/rules/crossing.ts'
import type { Book } from '../ledger/contract.ts'
import type { Circumstances } from './draft.ts'
import { sinceMs, timeOfDay } from './now.ts'

/** What the door booked that a scan now confirms: one entry as a rule, several when boxes scanned together came in one after another. */
export interface DoorReceipt {
  readonly entries: readonly EntryId[]
  readonly lot: LotKey
  readonly place: PlaceId
  readonly units: number
}

/** A receipt as scanned, before it is known whether the door has booked it. */
export interface ScannedBox {
  readonly lot: LotKey
  readonly units: number
  readonly tags: readonly string[]
  readonly doc: string | null
}

/**
 * The box the door booked, if this is it [ledger-and-sync 1.8]: the same tag; else the same lot, units and document within ten minutes. A document
 * only one side knows does not set them apart. Where it may be and may not be, the person is asked by a refusal (`anotherBox` answers it).
 */
export const twinOf = (book: Book, box: ScannedBox, at: Circumstances): DoorReceipt | Refusal | null => {
  if (box.tags.length > 0) return tagged(book, box)
  const recent = recentAtDoor(book, box.lot, at)
  const alike = recent.filter(({ doc }) => box.doc === null || doc === null || doc === box.doc)
  const [first] = alike
  if (!first) return null
  const same = alike.find(({ units }) => units === box.units)
  if (same) return receiptOf(same.lot, [same])
  const all = receiptOf(first.lot, alike)
  if (all.units === box.units) return all
  const { entry, atMs, units } = first
  return refuse('rules.already-booked', { entry, at: timeOfDay(at.now.zone, atMs), booked: units, asked: box.units })
}

/** Tags of the box, as the door read them. */
export const boxAtDoor = (book: Book, { entries }: DoorReceipt): readonly string[] =>
  entries.flatMap((id) => book.entry(id)?.lines.flatMap(({ tags }) => tags) ?? [])

interface AtDoor {
  readonly entry: EntryId
  readonly lot: LotKey
  readonly place: PlaceId
  readonly units: number
  readonly doc: string | null
  readonly atMs: number
}

/** Receipts of the lot that a door booked in the last ten minutes and no scan has confirmed yet, oldest first. */
const recentAtDoor = (book: Book, lot: LotKey, at: Circumstances): readonly AtDoor[] => {
  // All that the ledger remembers: by whose clock they are recent is judged below, for a clock may have jumped in between.
  const receipts = book.recentReceipts(lot, 0).filter(({ entry }) => !at.confirmed.has(entry))
  return receipts.toReversed().flatMap(({ entry: id, units, doc, atMs }) => {
    const entry = book.entry(id)
    const line = entry?.lines.find((one) => one.lot === lot)
    if (!entry || !line || entry.body['passage'] === undefined || sinceMs(at.now, entry) > SAME_BOX_MS) return []
    return [{ entry: id, lot, place: line.to, units, doc, atMs }]
  })
}

/** A tag names its box for good: wherever the door booked it, however long ago, this is that box. */
const tagged = (book: Book, { lot, tags, units }: ScannedBox): DoorReceipt | Refusal | null => {
  const standing = tags.flatMap((epc) => {
    const place = book.standing(epc)?.place ?? null
    return place !== null && placeOf(place)?.room != null ? [{ epc, place }] : []
  })
  const [first] = standing
  if (!first) return null
  const booked = book.movements({ lot, limit: HISTORY_MAX }).find(({ entry }) => entry.lines.some((line) => line.tags.includes(first.epc)))
  if (booked) return { entries: [booked.id], lot, place: first.place, units }
  return refuse('rules.already-booked', { entry: null, at: '-', booked: units, asked: units })
}

const receiptOf = (lot: LotKey, receipts: readonly AtDoor[]): DoorReceipt => ({
  entries: receipts.map(({ entry }) => entry),
  lot,
  place: receipts[0]?.place ?? '',
  units: receipts.reduce((sum, { units }) => sum + units, 0),
})

/** How far back a tag's receipt is looked for; a lot with more movements than this since has been opened long ago. */
const HISTORY_MAX = 200
