import { sameBytes } from '../bytes.ts'
import type { EpochId, StreamId } from '../names.ts'
import type { Parts } from '../parts.ts'

/**
 * A Merkle tree over leaves in a row [RFC 6962 2.1]. Whoever adds leaves remembers the right edge only: the roots of the perfect subtrees from
 * left to right, as many as the size has ones in binary.
 */
export interface Edge {
  readonly size: () => number
  readonly root: () => Uint8Array
  readonly append: (leaf: Uint8Array) => void
  /** All that must be remembered to go on later. */
  readonly peaks: () => readonly Uint8Array[]
}
/** A perfect subtree of 2^height leaves, the `index`-th of its height. */
export type Completed = (height: number, index: number, hash: Uint8Array) => void
/** Hash of a perfect subtree of a tree that lies somewhere. */
export type HashAt = (height: number, index: number) => Uint8Array
type Hashing = Pick<Parts, 'sha256'>

/** Goes on at the edge of a tree; `completed` hears of every perfect subtree, leaves (height 0) included, when it is there. */
export const openEdge = (
  parts: Hashing,
  from: { readonly size: number; readonly peaks: readonly Uint8Array[] } = { size: 0, peaks: [] },
  completed: Completed = () => {},
): Edge => {
  const peaks = [...from.peaks]
  let size = from.size
  return {
    size: () => size,
    root: () =>
      peaks.reduceRight<Uint8Array | null>((right, left) => (right ? nodeHash(parts, left, right) : left), null) ?? parts.sha256(),
    append: (leaf) => {
      let hash = leaf
      let index = size
      completed(0, index, hash)
      for (let height = 1; index % 2 === 1; height += 1) {
        hash = nodeHash(parts, peaks.pop() ?? hash, hash)
        index = (index - 1) / 2
        completed(height, index, hash)
      }
      peaks.push(hash)
      size += 1
    },
    peaks: () => [...peaks],
  }
}

/** Leaf of some bytes: SHA-256(0x00 || bytes). */
export const leafHash = (parts: Hashing, bytes: Uint8Array): Uint8Array => parts.sha256(LEAF, bytes)

/**
 * Leaves of the entries of one epoch in the hub's tree: SHA-256 over 0x00, the entry's id, LF, its hash in the chain as upper-case hex, LF, so that
 * the text of the entry is bound too. The bytes are put together by hand: there are as many as there are entries.
 */
export const leavesOf = (
  parts: Pick<Parts, 'sha256' | 'utf8'>,
  { stream, epoch }: { readonly stream: StreamId; readonly epoch: EpochId },
): ((seq: number, chainHash: Uint8Array) => Uint8Array) => {
  const start = parts.utf8(`\0${stream}/${epoch}/`)
  const bytes = new Uint8Array(start.length + SEQ_DIGITS_MAX + 2 * HASH_BYTES + 2)
  bytes.set(start)
  return (seq, chainHash) => {
    let at = start.length
    for (const digit of String(seq)) {
      bytes[at] = digit.charCodeAt(0)
      at += 1
    }
    bytes[at] = LINE_FEED
    at += 1
    for (const byte of chainHash) {
      bytes[at] = HEX[byte >> 4] ?? 0
      bytes[at + 1] = HEX[byte & 15] ?? 0
      at += 2
    }
    bytes[at] = LINE_FEED
    return parts.sha256(bytes.subarray(0, at + 1))
  }
}

/** Inner node: SHA-256(0x01 || left || right). */
export const nodeHash = (parts: Hashing, left: Uint8Array, right: Uint8Array): Uint8Array => {
  PAIR.set(left, 1)
  PAIR.set(right, 1 + HASH_BYTES)
  return parts.sha256(PAIR)
}

/** Root over the first `size` leaves of a tree. */
export const rootAt = (parts: Hashing, at: HashAt, size: number): Uint8Array =>
  size === 0 ? parts.sha256() : rangeHash(parts, at, { from: 0, size })

/** Proof that leaf `index` is in the tree of `size` leaves, from the leaf's sibling upwards [RFC 6962 2.1.1]. */
export const inclusionPath = (parts: Hashing, at: HashAt, index: number, size: number): readonly Uint8Array[] => {
  const path: Uint8Array[] = []
  let range: Range = { from: 0, size }
  while (range.size > 1) {
    const [left, right] = halves(range)
    const inLeft = index < right.from
    path.unshift(rangeHash(parts, at, inLeft ? right : left))
    range = inLeft ? left : right
  }
  return path
}

/** Root of the tree of `size` leaves that a leaf and its path give, or `null` when the path is none of such a tree. */
export const rootOfPath = (
  parts: Hashing,
  place: { readonly index: number; readonly size: number },
  leaf: Uint8Array,
  path: readonly Uint8Array[],
): Uint8Array | null => {
  if (place.index < 0 || place.index >= place.size || path.some(({ length }) => length !== HASH_BYTES)) return null
  const sides: ('left' | 'right')[] = []
  let range: Range = { from: 0, size: place.size }
  while (range.size > 1) {
    const [left, right] = halves(range)
    const inLeft = place.index < right.from
    sides.unshift(inLeft ? 'left' : 'right')
    range = inLeft ? left : right
  }
  if (sides.length !== path.length) return null
  return path.reduce((hash, other, at) => (sides[at] === 'left' ? nodeHash(parts, hash, other) : nodeHash(parts, other, hash)), leaf)
}

/** Proof that the tree of `size` leaves begins with the tree of `before` leaves [RFC 6962 2.1.2]. */
export const consistencyPath = (parts: Hashing, at: HashAt, before: number, size: number): readonly Uint8Array[] => {
  const path: Uint8Array[] = []
  let range: Range = { from: 0, size }
  let whole = true
  while (before < range.from + range.size) {
    const [left, right] = halves(range)
    const inLeft = before <= right.from
    path.unshift(rangeHash(parts, at, inLeft ? right : left))
    range = inLeft ? left : right
    whole &&= inLeft
  }
  if (!whole) path.unshift(rangeHash(parts, at, range))
  return path
}

/** Whether the path proves that the later tree begins with the earlier one. */
export const isConsistent = (parts: Hashing, earlier: TreeHead, later: TreeHead, path: readonly Uint8Array[]): boolean => {
  if (earlier.size < 1 || earlier.size > later.size || path.some(({ length }) => length !== HASH_BYTES)) return false
  const roots = rootsOf(parts, [...path], { size: later.size, before: earlier.size, known: earlier.root })
  return roots !== null && roots.left === 0 && sameBytes(roots.before, earlier.root) && sameBytes(roots.after, later.root)
}
export interface TreeHead {
  readonly size: number
  readonly root: Uint8Array
}

interface Range {
  readonly from: number
  readonly size: number
}
interface Roots {
  readonly before: Uint8Array
  readonly after: Uint8Array
  /** Hashes of the path that were not needed. */
  readonly left: number
}

/** Both roots that a consistency path gives, the outermost hash last in it; `known` stands for the whole earlier tree where it is a subtree. */
const rootsOf = (
  parts: Hashing,
  path: Uint8Array[],
  { size, before, known }: { readonly size: number; readonly before: number; readonly known: Uint8Array | null },
): Roots | null => {
  if (before === size) {
    const hash = known ?? path.pop()
    return hash ? { before: hash, after: hash, left: path.length } : null
  }
  const outer = path.pop()
  if (!outer) return null
  const half = halfOf(size)
  if (before <= half) {
    const inner = rootsOf(parts, path, { size: half, before, known })
    return inner && { ...inner, after: nodeHash(parts, inner.after, outer) }
  }
  const inner = rootsOf(parts, path, { size: size - half, before: before - half, known: null })
  return inner && { before: nodeHash(parts, outer, inner.before), after: nodeHash(parts, outer, inner.after), left: inner.left }
}

/** The largest power of two below a size above 1: where its tree parts. */
const halfOf = (size: number): number => {
  let half = 1
  while (half * 2 < size) half *= 2
  return half
}
const halves = ({ from, size }: Range): readonly [Range, Range] => {
  const half = halfOf(size)
  return [
    { from, size: half },
    { from: from + half, size: size - half },
  ]
}

/** Hash over a range as trees part into them: it begins at a multiple of the power of two that holds it. */
const rangeHash = (parts: Hashing, at: HashAt, range: Range): Uint8Array => {
  const height = Math.log2(range.size)
  if (Number.isInteger(height)) return at(height, range.from / range.size)
  const [left, right] = halves(range)
  return nodeHash(parts, rangeHash(parts, at, left), rangeHash(parts, at, right))
}

const HASH_BYTES = 32
const SEQ_DIGITS_MAX = 16
const LINE_FEED = 10
const HEX = Uint8Array.from('0123456789ABCDEF', (digit) => digit.charCodeAt(0))
const LEAF = new Uint8Array(1)
/** Written anew for every inner node: a tree of a million leaves has a million of them. */
const PAIR = new Uint8Array(1 + 2 * HASH_BYTES).fill(1, 0, 1)
