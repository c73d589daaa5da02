import { hexOf } from '../bytes.ts'
import type { LotKey, NodeId, PlaceId } from '../names.ts'
import { placeOf } from '../names.ts'
import type { Parts } from '../parts.ts'
import { DIGEST_BUCKETS } from '../wire/digest.ts'

/** One position of a book. */
export interface DigestRow {
  readonly lot: LotKey
  readonly place: PlaceId
  readonly units: number
}

/** A book as one hash over all its positions and one per bucket, upper-case hex. */
export interface BookDigest {
  readonly digest: string
  /** `DIGEST_BUCKETS` hashes; that of an empty bucket is the hash of nothing. */
  readonly buckets: readonly string[]
}

/**
 * Digest of positions, in any order: `place\tlot\tunits\n` of every position that is not 0, sorted by place and lot as UTF-16 [ledger-and-sync 3].
 * Whoever asks often hands in a `bucketOf` that remembers: it costs as much as everything else together.
 */
export const digestOf = (
  parts: Pick<Parts, 'sha256' | 'utf8'>,
  rows: readonly DigestRow[],
  bucket: (place: PlaceId, lot: LotKey) => number = (place, lot) => bucketOf(parts, place, lot),
): BookDigest => {
  const texts: string[] = Array.from({ length: DIGEST_BUCKETS }, () => '')
  let whole = ''
  for (const { place, lot, units } of rows.filter((row) => row.units !== 0).toSorted(byPlaceAndLot)) {
    const text = `${place}\t${lot}\t${units}\n`
    whole += text
    texts[bucket(place, lot)] += text
  }
  const hashOf = (text: string): string => hexOf(parts.sha256(parts.utf8(text)))
  return { digest: hashOf(whole), buckets: texts.map(hashOf) }
}

/** Which bucket a position falls into: the first byte of SHA-256 of `place\tlot`, modulo `DIGEST_BUCKETS`. */
export const bucketOf = (parts: Pick<Parts, 'sha256' | 'utf8'>, place: PlaceId, lot: LotKey): number =>
  (parts.sha256(parts.utf8(`${place}\t${lot}`))[0] ?? 0) % DIGEST_BUCKETS

/** Whether a place stands in a node's digest: its rooms and virtual places, but not transit, which others write too. */
export const isDigested = (node: NodeId, place: PlaceId): boolean => {
  const name = placeOf(place)
  return name !== null && name.owner === node && name.virtual !== 'transit'
}

const byPlaceAndLot = (one: DigestRow, other: DigestRow): number => compared(one.place, other.place) || compared(one.lot, other.lot)
const compared = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
