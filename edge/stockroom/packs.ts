import type { LotKey, PlaceId } from '@lotkeeper/protocol/names.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Book } from '../ledger/contract.ts'

/** Units about to leave a room in packs that were named by their tags. */
export interface Packed {
  readonly lot: LotKey
  readonly from: PlaceId
  readonly units: number
  readonly tags: readonly string[]
}

/**
 * Whether the packs named can hold what is said to leave in them: a tag stands for one lot, and an opened pack holds its remainder only. What is
 * left in a pack nobody knows, or in one the book has elsewhere, the person at the shelf sees better.
 */
export const packRefusal = (book: Book, { lot, from, units, tags }: Packed): Refusal | null => {
  const other = tagRefusal(book, lot, tags)
  if (other) return other
  let left: number | null = tags.length === 0 ? null : 0
  for (const epc of tags) {
    const tag = book.tag(epc)
    const here = tag?.place != null && roomOf(tag.place) === roomOf(from)
    left = left === null || !here || tag.units === null ? null : left + tag.units
  }
  return left !== null && units > left ? refuse('ledger.not-enough', { lot, place: from, book: left, asked: units }) : null
}

/** Whether every tag named that is known stands for this lot. */
export const tagRefusal = (book: Book, lot: LotKey, tags: readonly string[]): Refusal | null => {
  const other = tags.map((epc) => book.tag(epc)).find((tag) => tag !== null && tag.registration.lot !== lot)
  return other ? refuse('stockroom.tag-other-lot', { epc: other.epc, lot: other.registration.lot }) : null
}

const roomOf = (place: PlaceId): string => place.slice(0, place.lastIndexOf('/'))
