import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { DIGEST_BUCKETS } from '../wire/digest.ts'
import { bucketOf, type DigestRow, digestOf, isDigested } from './digest.ts'

const parts = {
  sha256: (...chunks: readonly Uint8Array[]) => {
    const hash = createHash('sha256')
    for (const chunk of chunks) hash.update(chunk)
    return hash.digest()
  },
  utf8: (text: string) => new TextEncoder().encode(text),
}
const sha = (text: string) => createHash('sha256').update(text).digest('hex').toUpperCase()
const row = (place: string, lot: string, units: number): DigestRow => ({ place, lot, units })

test('a digest is the hash of the sorted positions, whatever order they come in, and 0 is no position', () => {
  const rows = [
    row('b/main/available', 'x/1', 3),
    row('a/~consumed', 'x/2', -7),
    row('a/~consumed', 'x/1', 1),
    row('b/main/held', 'x/9', 0),
  ]
  const text = 'a/~consumed\tx/1\t1\na/~consumed\tx/2\t-7\nb/main/available\tx/1\t3\n'
  expect(digestOf(parts, rows).digest).toBe(sha(text))
  expect(digestOf(parts, rows.toReversed())).toEqual(digestOf(parts, rows))
  expect(digestOf(parts, []).digest).toBe(sha(''))
})

test('one changed position changes the whole and exactly its bucket', () => {
  const rows = Array.from({ length: 300 }, (_, at) => row(`a/r${at % 7}/available`, `item/${at}`, at + 1))
  const before = digestOf(parts, rows)
  const after = digestOf(
    parts,
    rows.map((one) => (one.lot === 'item/41' ? { ...one, units: 1_000 } : one)),
  )
  const differing = before.buckets.flatMap((hash, at) => (hash === after.buckets[at] ? [] : [at]))
  expect(after.digest).not.toBe(before.digest)
  expect(differing).toEqual([bucketOf(parts, 'a/r6/available', 'item/41')])
  expect(before.buckets).toHaveLength(DIGEST_BUCKETS)
  expect(new Set(rows.map(({ place, lot }) => bucketOf(parts, place, lot))).size).toBeGreaterThan(40)
})

test('what another may write too is left out', () => {
  const places = ['aa/main/available', 'aa/~consumed', 'aa/~unexplained', 'aa/~transit', 'bb/main/available', 'hub/~supplier', 'nonsense']
  expect(places.filter((place) => isDigested('aa', place))).toEqual(['aa/main/available', 'aa/~consumed', 'aa/~unexplained'])
})
