import { type Door, planCrossing, SAME_BOX_MS, type TagStanding } from '@lotkeeper/protocol/rules/crossing.ts'
import type { Book } from '../ledger/contract.ts'
import type { Crossing } from './walks.ts'

/** What of the book a testimony looks at. */
export type TestimonyBook = Pick<Book, 'standing' | 'recentReceipts' | 'movements'>

/**
 * Whether the books agree with the direction of a passage. They contradict it where the pack was announced here and never came, yet goes out; or stands on
 * the far side already. What somebody may have booked by hand before carrying it proves nothing.
 */
export const testimonyOf = (
  book: TestimonyBook,
  door: Door,
  crossing: { readonly direction: 'in' | 'out' | 'uncertain'; readonly epc: string; readonly atMs: number },
): Crossing['says'] => {
  const tag = book.standing(crossing.epc)
  if (crossing.direction === 'uncertain' || tag === null || tag.retired) return 'nothing'
  const plan = planCrossing(door, crossing, tag, book.recentReceipts(tag.lot, crossing.atMs - SAME_BOX_MS))
  if (plan.is === 'book') return 'agrees'
  if (plan.outcome === 'confirmed') return plan.confirms === null && !isByHand(book, tag, crossing) ? 'contradicts' : 'nothing'
  const neverCame = plan.outcome === 'not-here' && tag.place === null && tag.site === door.node
  return neverCame && !isByHand(book, tag, crossing) ? 'contradicts' : 'nothing'
}

/** Somebody booked this pack, or packs of its lot without saying which, in the last hours: it may be carried now to where the book has it already. */
const isByHand = (book: TestimonyBook, { lot }: TagStanding, { epc, atMs }: { readonly epc: string; readonly atMs: number }): boolean =>
  book.movements({ lot, limit: MOVEMENTS_SEEN }).some(({ entry }) => {
    if (atMs - Date.parse(entry.occurredAt) > BY_HAND_MS || entry.body['passage'] !== undefined) return false
    return entry.lines.some((line) => line.lot === lot && (line.tags.length === 0 || line.tags.includes(epc)))
  })

/** What is booked in the morning is carried by the evening. */
const BY_HAND_MS = 12 * 3_600_000
const MOVEMENTS_SEEN = 50
