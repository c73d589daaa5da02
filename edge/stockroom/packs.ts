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
  let left: number | null = tags.length === 0 ? null : 0
  for (const epc of tags) {
    const tag = book.tag(epc)
    if (tag && tag.registration.lot !== lot) return refuse('stockroom.tag-other-lot', { epc, lot: tag.registration.lot })
    const here = tag?.place != null && roomOf(tag.place) === roomOf(from)
    left = left === null || !here || tag.units === null ? null : left + tag.units
  }
  return left !== null && units > left ? refuse('ledger.not-enough', { lot, place: from, book: left, asked: units }) : null
}

const roomOf = (place: PlaceId): string => place.slice(0, place.lastIndexOf('/'))
