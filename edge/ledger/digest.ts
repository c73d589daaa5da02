import { type BookDigest, bucketOf, digestOf, isDigested } from '@lotkeeper/protocol/ledger/digest.ts'
import type { LotKey, NodeId, PlaceId } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import type { Book, PositionRow } from './contract.ts'

/** The own places as one hash, and their rows by bucket [ledger-and-sync 3, digest]. */
export interface OwnDigest {
  readonly read: () => BookDigest
  readonly rows: (buckets: readonly number[]) => readonly PositionRow[]
}

export const openOwnDigest = (parts: Parts, node: NodeId, book: Pick<Book, 'positions'>): OwnDigest => {
  const buckets = new Map<string, number>()
  const bucket = (place: PlaceId, lot: LotKey): number => {
    const name = `${place}\t${lot}`
    const known = buckets.get(name) ?? bucketOf(parts, place, lot)
    if (buckets.size >= BUCKETS_KEPT_MAX) buckets.clear()
    buckets.set(name, known)
    return known
  }
  const own = () => book.positions().filter(({ place, units }) => units !== 0 && isDigested(node, place))
  return {
    read: () => digestOf(parts, own(), bucket),
    rows: (wanted) => own().filter(({ place, lot }) => wanted.includes(bucket(place, lot))),
  }
}

/** Hashing a position's name costs as much as all the rest; a busy site has some thousand. */
const BUCKETS_KEPT_MAX = 20_000
