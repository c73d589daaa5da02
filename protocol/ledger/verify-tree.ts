import { hexOf, sameBytes } from '../bytes.ts'
import type { EpochId } from '../names.ts'
import type { Parts } from '../parts.ts'
import { type Checkpoint, epochOfOrigin, originOf, readCheckpoint, verifyCheckpoint } from './checkpoint.ts'
import type { Findings } from './findings.ts'
import type { LogRow, StoredLedger, StoredTrees, ToldCheckpoint, TreeSpan } from './stored.ts'
import { leafHash, leavesOf, openEdge } from './tree.ts'

/** What re-checking the trees came to. */
export interface CheckpointVerdict {
  readonly trees: number
  readonly leaves: number
  /** Checkpoints whose root the ledger gives, and those of trees it no longer has (its hub was restored from a backup). */
  readonly checkpoints: number
  readonly beyond: number
}

/** Checks trees and checkpoints beside the walk over the log: `leaf` hears every row in order, `told` every checkpoint entry. */
export interface TreeCheck {
  readonly leaf: (row: LogRow) => void
  readonly told: (checkpoint: ToldCheckpoint) => void
  readonly end: () => CheckpointVerdict
}

export const openTreeCheck = (parts: Parts, stored: Pick<StoredLedger, 'trees' | 'hub' | 'witnessed'>, findings: Findings): TreeCheck => {
  const { trees } = stored
  const entries: ToldCheckpoint[] = []
  const leaves = trees ? openLeaves(parts, trees, findings) : null
  return {
    leaf: (row) => leaves?.check(row),
    told: (checkpoint) => void entries.push(checkpoint),
    end: () => {
      leaves?.end()
      const texts = new Set(entries.map(({ text }) => text))
      for (const { where, text } of stored.witnessed)
        if (trees && !texts.has(text)) findings.note('checkpoint-missing', where, shortOf(text))
      const read = [...entries, ...stored.witnessed].flatMap((told) => readTold(parts, stored.hub, told, findings))
      checkTwins(read, findings)
      return trees ? checkTrees(parts, { trees, hub: stored.hub, told: read }, findings) : { ...NO_TREES, checkpoints: read.length }
    },
  }
}

const NO_TREES: CheckpointVerdict = { trees: 0, leaves: 0, checkpoints: 0, beyond: 0 }
interface ReadCheckpoint extends Checkpoint {
  readonly where: string
}

const shortOf = (text: string): string => text.split('\n').slice(0, 2).join(' ')

/** Reads a checkpoint, with its signature where the county's key is at hand. */
const readTold = (
  parts: Parts,
  hub: StoredLedger['hub'],
  { where, text }: ToldCheckpoint,
  findings: Findings,
): readonly ReadCheckpoint[] => {
  const read = hub ? verifyCheckpoint(parts, text, hub.keys) : readCheckpoint(text)
  const epoch = read && epochOfOrigin(read.origin)
  if (read && epoch && (!hub || originOf(hub.county, epoch) === read.origin)) return [{ ...read, where }]
  findings.note('checkpoint-wrong', where, shortOf(text))
  return []
}

/** Two roots for one size of one tree: whoever signed both told two histories. */
const checkTwins = (read: readonly ReadCheckpoint[], findings: Findings): void => {
  const roots = new Map<string, Uint8Array>()
  for (const { origin, size, root, where } of read) {
    const name = `${origin} ${size}`
    const known = roots.get(name) ?? root
    roots.set(name, known)
    if (!sameBytes(known, root)) findings.note('checkpoint-differs', where, `${name}: ${hexOf(known)} and ${hexOf(root)}`)
  }
}

/** Walks the spans beside the log: each entry is the leaf its span says. */
const openLeaves = (parts: Parts, { spans, tile, trees }: StoredTrees, findings: Findings) => {
  const next = spans[Symbol.iterator]()
  const tiles = new Map<string, Uint8Array | null>()
  let last: { readonly epoch: EpochId; readonly at: number; readonly bytes: Uint8Array | null } = { epoch: '', at: 0, bytes: null }
  const known = new Set(trees.map(({ epoch }) => epoch))
  let step = next.next()
  let leafOf: ReturnType<typeof leavesOf> | null = null
  let [stream, epoch] = ['', '']
  /** Whether the log has walked through the span that stands next. */
  let ended = false
  const tileOf = (epoch: EpochId, at: number): Uint8Array | null => {
    const name = `${epoch} ${at}`
    let bytes = tiles.get(name)
    if (bytes === undefined) {
      if (tiles.size >= TILES_KEPT_MAX) tiles.clear()
      bytes = tile(epoch, 0, at)
      tiles.set(name, bytes)
    }
    return bytes
  }
  const isStored = (epoch: EpochId, index: number, hash: Uint8Array): boolean => {
    const at = Math.floor(index / TILE_HASHES)
    if (last.epoch !== epoch || last.at !== at) last = { epoch, at, bytes: tileOf(epoch, at) }
    return holds(last.bytes, index % TILE_HASHES, hash)
  }
  const skip = (before: (span: TreeSpan) => boolean): void => {
    for (; step.done !== true && before(step.value); step = next.next()) {
      const { stream, epoch, seq, entries } = step.value
      if (!ended) findings.note('leaf-missing', `${stream}/${epoch}/${seq}`, `leaves of ${entries} entries that are not there`)
      ended = false
    }
  }
  const check = (row: LogRow): void => {
    skip((span) => isBefore(span, row))
    const span = step.done === true ? null : step.value
    if (known.size === 0) return
    if (!span || span.stream !== row.stream || span.epoch !== row.epoch || span.seq > row.seq || !known.has(span.hubEpoch)) {
      findings.note('leaf-missing', whereOf(row), '-')
      return
    }
    ended = row.seq === span.seq + span.entries - 1
    if (!leafOf || stream !== row.stream || epoch !== row.epoch) {
      stream = row.stream
      epoch = row.epoch
      leafOf = leavesOf(parts, row)
    }
    const index = span.leaf + row.seq - span.seq
    if (!isStored(span.hubEpoch, index, leafOf(row.seq, row.hash))) findings.note('leaf-differs', whereOf(row), `${span.hubEpoch} ${index}`)
    if (span.at !== 0 && span.at !== row.receivedAtMs && !row.late)
      findings.note('received-differs', whereOf(row), `${new Date(span.at).toISOString()} and ${new Date(row.receivedAtMs).toISOString()}`)
  }
  return { check, end: () => skip(() => true) }
}

const whereOf = ({ stream, epoch, seq }: LogRow): string => `${stream}/${epoch}/${seq}`

/** Whether a span lies wholly before a row, in the order of both. */
const isBefore = (span: TreeSpan, row: LogRow): boolean => {
  if (span.stream !== row.stream) return span.stream < row.stream
  if (span.epoch !== row.epoch) return span.epoch < row.epoch
  return span.seq + span.entries <= row.seq
}

/** Grows every tree again from its leaves and compares tiles, heads and all checkpoints with it. */
const checkTrees = (
  parts: Parts,
  { trees, hub, told }: { readonly trees: StoredTrees; readonly hub: StoredLedger['hub']; readonly told: readonly ReadCheckpoint[] },
  findings: Findings,
): CheckpointVerdict => {
  const byTree = Map.groupBy(told, ({ origin }) => epochOfOrigin(origin) ?? '')
  let [leaves, checkpoints, beyond] = [0, 0, 0]
  let before = ''
  const newest = trees.trees.at(-1)?.epoch
  for (const { epoch, first } of trees.trees) {
    if (first !== before) findings.note('tree-differs', `${epoch} 0`, 'its first leaf is not the last word of the tree before')
    const heads = trees.heads(epoch)
    const read = heads.flatMap(({ text, size, root }) => {
      const where = `${epoch} ${size}`
      const [one] = readTold(parts, hub, { where, text }, findings)
      const same = one && epochOfOrigin(one.origin) === epoch && one.size === size && sameBytes(one.root, root)
      if (one && !same) findings.note('checkpoint-wrong', where, 'the text does not say what stands beside it')
      return one && same ? [one] : []
    })
    const asked = [...read, ...(byTree.get(epoch) ?? [])].sort((one, other) => one.size - other.size)
    byTree.delete(epoch)
    const grown = growAgain(parts, trees, { epoch, first, asked }, findings)
    leaves += grown.size
    for (const { where, size } of grown.beyond) {
      if (epoch === newest) findings.note('checkpoint-beyond', where, `${size} leaves, there are ${grown.size}`)
      else beyond += 1
    }
    checkpoints += asked.length - grown.beyond.length
    before = heads.findLast(({ size }) => size === grown.size)?.text ?? '?'
  }
  for (const unknown of byTree.values()) beyond += unknown.length
  return { trees: trees.trees.length, leaves, checkpoints, beyond }
}

const growAgain = (
  parts: Parts,
  trees: StoredTrees,
  { epoch, first, asked }: { readonly epoch: EpochId; readonly first: string; readonly asked: readonly ReadCheckpoint[] },
  findings: Findings,
): { readonly size: number; readonly beyond: readonly ReadCheckpoint[] } => {
  let last: { readonly name: string; readonly bytes: Uint8Array | null } = { name: '', bytes: null }
  const edge = openEdge(parts, undefined, (height, index, hash) => {
    if (height === 0 || height % TILE_HEIGHT !== 0) return
    const [level, tile] = [height / TILE_HEIGHT, Math.floor(index / TILE_HASHES)]
    const name = `${level} ${tile}`
    if (last.name !== name) last = { name, bytes: trees.tile(epoch, level, tile) }
    if (!holds(last.bytes, index % TILE_HASHES, hash)) findings.note('tree-differs', `${epoch} ${height}/${index}`, hexOf(hash))
  })
  let next = 0
  const compare = () => {
    for (let one = asked[next]; one && one.size <= edge.size(); one = asked[next]) {
      next += 1
      if (!sameBytes(one.root, edge.root())) findings.note('checkpoint-differs', one.where, `${epoch} ${one.size}: ${hexOf(edge.root())}`)
    }
  }
  compare()
  for (const { tile, hashes } of trees.tiles(epoch, 0)) {
    if (tile * TILE_HASHES !== edge.size() || hashes.length % HASH_BYTES !== 0)
      findings.note('tree-differs', `${epoch} tile ${tile}`, 'a tile is missing or cut')
    for (let from = 0; from + HASH_BYTES <= hashes.length; from += HASH_BYTES) {
      edge.append(hashes.slice(from, from + HASH_BYTES))
      if (asked[next]?.size === edge.size()) compare()
    }
  }
  if (
    edge.size() > 0 &&
    !sameBytes(leafHash(parts, parts.utf8(first)), trees.tile(epoch, 0, 0)?.subarray(0, HASH_BYTES) ?? new Uint8Array())
  )
    findings.note('leaf-differs', `${epoch} 0`, 'leaf 0 is not the text the tree began with')
  checkPlaces(trees, epoch, edge.size(), findings)
  return { size: edge.size(), beyond: asked.slice(next) }
}

/** Whether a hash stands at its place in a tile; looked at where it lies, for there are as many as entries. */
const holds = (tile: Uint8Array | null, index: number, hash: Uint8Array): boolean => {
  const from = index * HASH_BYTES
  if (!tile || tile.length < from + HASH_BYTES || hash.length !== HASH_BYTES) return false
  for (let at = 0; at < HASH_BYTES; at += 1) if (tile[from + at] !== hash[at]) return false
  return true
}

/** Every leaf but the first belongs to one span, and what lies above the leaves ends where they end. */
const checkPlaces = (trees: StoredTrees, epoch: EpochId, size: number, findings: Findings): void => {
  let at = 1
  for (const { leaf, entries } of trees.places(epoch)) {
    if (leaf !== at) findings.note('tree-differs', `${epoch} ${at}`, `the next entries are leaves from ${leaf} on`)
    at = leaf + entries
  }
  if (at !== size) findings.note('tree-differs', `${epoch} ${at}`, `the tree has ${size} leaves`)
  for (let level = 1, hashes = Math.floor(size / TILE_HASHES); level <= LEVELS_MAX; level += 1, hashes = Math.floor(hashes / TILE_HASHES)) {
    let stored = 0
    for (const { hashes: bytes } of trees.tiles(epoch, level)) stored += bytes.length / HASH_BYTES
    if (stored !== hashes) findings.note('tree-differs', `${epoch} level ${level}`, `${stored} hashes, the leaves give ${hashes}`)
  }
}

const HASH_BYTES = 32
const TILE_HASHES = 256
const TILE_HEIGHT = 8
/** 256^6 leaves are more than a number can count. */
const LEVELS_MAX = 6
/** 32 MB: the tiles of a million leaves, which every stream walks through anew. */
const TILES_KEPT_MAX = 4_096
