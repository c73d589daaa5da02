import { bytesOfHex, hexOf, sameBytes } from '../bytes.ts'
import type { EpochId, StreamId } from '../names.ts'
import { writerOf } from '../names.ts'
import type { Parts } from '../parts.ts'
import type { RefusalCode } from '../refusals.ts'
import { CHAIN_START, hashesAfter, holeOf, provedTogether, signedHead } from './chain.ts'
import { ENTRY_BYTES_MAX, ENTRY_KINDS, type Entry, type EntryKind, type EntryReading, readEntry } from './entry.ts'

/** What a holder knows of one epoch of one stream. `held` 0 means nothing of it yet. */
export interface EpochTip {
  readonly stream: StreamId
  readonly epoch: EpochId
  /** `null` too while the first entry is a hole: a parent nobody can read implies no ancestor, on neither side (P-011). */
  readonly parent: { readonly epoch: EpochId; readonly seq: number; readonly hash: string } | null
  readonly held: number
  readonly headHash: string
  readonly applied: number
}

/** A tip as it stands in a `have`. */
export interface Tip {
  readonly stream: StreamId
  readonly epoch: EpochId
  readonly held: number
  readonly headHash: string
  /** Beyond `held` where a text in between is damaged and asked for again: what follows it was not lost (P-013). */
  readonly applied: number
  readonly refused: readonly { readonly from: number; readonly hash: string; readonly code: string }[]
}

/** A stretch of one epoch, both ends included. */
export interface Stretch {
  readonly stream: StreamId
  readonly epoch: EpochId
  readonly from: number
  readonly upto: number
}

/** A batch as read from the wire, before it is judged. */
export interface BatchReading {
  readonly stream: StreamId
  readonly epoch: EpochId
  readonly from: number
  readonly upto: number
  readonly headHash: string
  readonly key: string
  readonly signature: Uint8Array
  readonly entries: readonly string[]
}

/** What the judge must be told of the holder's log; a store fetches it in one look. */
export interface Known {
  /** Raw 32-byte key that may sign for this writer, or why there is none. */
  readonly publicKey: Uint8Array | 'unknown' | 'revoked'
  readonly tip: EpochTip | null
  /** Hash of an entry of this stream if held. */
  readonly hashAt: (epoch: EpochId, seq: number) => Uint8Array | null
  /** Numbers held as holes in this stretch; left out, holes stay what they are. */
  readonly holes?: (epoch: EpochId, from: number, upto: number) => readonly number[]
}

/** An entry that passed: its place, text, hash, and what reading it gave (`null`: a hole, or of a later version and parked). */
export interface TakenEntry {
  readonly seq: number
  readonly text: string
  readonly hash: Uint8Array
  readonly entry: Entry | null
  /** Its writer can no longer read it: held and counted as applied, without effect. */
  readonly hole?: true
}

/** What becomes of a batch [ledger-and-sync 3, receiver]. */
export type Judgement =
  /**
   * `filled`: true texts of what was held as holes; when there are any, `entries` may be empty. `parent` counts the filled first entry in.
   * `unsealed`: nobody looked at the signature, for the hashes that are held prove what was filled; it is not to be kept.
   */
  | {
      readonly is: 'taken'
      readonly parent: EpochTip['parent']
      readonly entries: readonly TakenEntry[]
      readonly filled: readonly TakenEntry[]
      readonly unsealed?: true
    }
  | { readonly is: 'duplicate' }
  | { readonly is: 'gap'; readonly held: number }
  | { readonly is: 'parent-missing' }
  | { readonly is: 'fork'; readonly at: number; readonly ours: string; readonly theirs: string }
  | { readonly is: 'refused'; readonly from: number; readonly hash: string; readonly code: RefusalCode }

/** Judges one batch against what is held. Pure; the caller commits what was taken and then sends its `have`. */
export const judgeBatch = (parts: Parts, known: Known, batch: BatchReading): Judgement => {
  const held = known.tip?.held ?? 0
  const holes = fillableHoles(known, batch, held)
  if (batch.upto <= held && holes.length === 0 && sameHead(known, batch)) return { is: 'duplicate' }
  if (batch.from > held + 1) return { is: 'gap', held }
  const previous = batch.from === 1 ? CHAIN_START : known.hashAt(batch.epoch, batch.from - 1)
  if (!previous) return { is: 'gap', held }
  const hashes = hashesAfter(parts, previous, batch.entries)
  const wrong = judgeSeal(parts, known, batch, hashes) ?? judgeProved(batch, held)
  const filledAlone = wrong === 'wire.key-revoked' ? filledUnsealed(parts, known, batch, { hashes, holes, held }) : null
  if (filledAlone) return filledAlone
  if (wrong) return { is: 'refused', from: batch.from, hash: batch.headHash, code: wrong }
  const fork = forkOf(known, batch, hashes, held)
  if (fork) return fork
  const filled = readFilled(parts, known, batch, hashes, holes)
  if (batch.upto <= held && filled.length === 0) return { is: 'duplicate' }
  return readNew(parts, known, batch, hashes, { held, filled })
}

/**
 * What a holder must send a peer: every entry above the peer's tips, parents first. An epoch the peer lists is held up to `held`;
 * its ancestors, by the holder's own parent records, up to the point they branched, unless the peer says otherwise of one: it may have lost the
 * middle of its past. The peer's word may go backwards; it rules. What the peer itself `brought` since it has at least: a batch that ends in the
 * middle of an epoch does not say that its sender has no more of it.
 */
export const stretchesToSend = (held: readonly EpochTip[], peer: readonly Tip[], brought: readonly Tip[] = []): readonly Stretch[] => {
  const byName = new Map(held.map((tip) => [nameOf(tip), tip]))
  const peerHeld = new Map<string, number>()
  const stopped = new Map<string, number>()
  const said = new Set(peer.map(nameOf))
  const raise = (name: string, seq: number) => peerHeld.set(name, Math.max(peerHeld.get(name) ?? 0, seq))
  for (const tip of [...peer, ...brought]) {
    raise(nameOf(tip), tip.held)
    for (const refused of tip.refused)
      stopped.set(nameOf(tip), Math.min(stopped.get(nameOf(tip)) ?? Number.POSITIVE_INFINITY, refused.from))
    for (let mine = byName.get(nameOf(tip)); mine?.parent && tip.held > 0; mine = byName.get(`${mine.stream}\n${mine.parent.epoch}`)) {
      const parent = `${mine.stream}\n${mine.parent.epoch}`
      if (!said.has(parent)) raise(parent, mine.parent.seq)
    }
  }
  return held.flatMap((tip) => {
    const from = Math.min(peerHeld.get(nameOf(tip)) ?? 0, tip.held) + 1
    const upto = Math.min(tip.held, (stopped.get(nameOf(tip)) ?? Number.POSITIVE_INFINITY) - 1)
    return from <= upto ? [{ stream: tip.stream, epoch: tip.epoch, from, upto }] : []
  })
}

/** The tips a holder tells: epochs from which nothing of the same stream goes on, or whose own end lies beyond where the next began. */
export const tipsToTell = (held: readonly EpochTip[]): readonly EpochTip[] => {
  const goesOnAt = new Map<string, number>()
  for (const tip of held) {
    if (tip.parent && tip.held > 0) {
      const name = `${tip.stream}\n${tip.parent.epoch}`
      goesOnAt.set(name, Math.max(goesOnAt.get(name) ?? 0, tip.parent.seq))
    }
  }
  return held.filter((tip) => tip.held > (goesOnAt.get(nameOf(tip)) ?? -1))
}

/** Orders epochs so that every parent stands before its children; epochs of equal standing keep their order. */
export const parentsFirst = (held: readonly EpochTip[]): readonly EpochTip[] => {
  const byName = new Map(held.map((tip) => [nameOf(tip), tip]))
  const placed = new Set<string>()
  const ordered: EpochTip[] = []
  for (const tip of held) {
    const line: EpochTip[] = []
    for (
      let at: EpochTip | undefined = tip;
      at && !placed.has(nameOf(at));
      at = at.parent ? byName.get(`${at.stream}\n${at.parent.epoch}`) : undefined
    ) {
      placed.add(nameOf(at))
      line.push(at)
    }
    ordered.push(...line.reverse())
  }
  return ordered
}

const nameOf = (tip: { readonly stream: StreamId; readonly epoch: EpochId }): string => `${tip.stream}\n${tip.epoch}`

const sameHead = (known: Known, batch: BatchReading): boolean => {
  const ours = known.hashAt(batch.epoch, batch.upto)
  return ours !== null && hexOf(ours) === batch.headHash
}

const judgeSeal = (parts: Parts, known: Known, batch: BatchReading, hashes: readonly Uint8Array[]): RefusalCode | null => {
  if (known.publicKey === 'unknown') return 'wire.key-unknown'
  if (known.publicKey === 'revoked') return 'wire.key-revoked'
  const head = hashes.at(-1)
  if (!head || hexOf(head) !== batch.headHash) return 'wire.chain-broken'
  return parts.verify(known.publicKey, signedHead(parts, batch), batch.signature) ? null : 'wire.signature-wrong'
}

const forkOf = (known: Known, batch: BatchReading, hashes: readonly Uint8Array[], held: number): Judgement | null => {
  for (let seq = batch.from; seq <= Math.min(held, batch.upto); seq += 1) {
    const ours = known.hashAt(batch.epoch, seq)
    const theirs = hashes[seq - batch.from]
    if (ours && theirs && !sameBytes(ours, theirs)) return { is: 'fork', at: seq, ours: hexOf(ours), theirs: hexOf(theirs) }
  }
  return null
}

/** A new text before a hole hangs on nothing that was signed: whoever has no key could have put it there. */
const judgeProved = (batch: BatchReading, held: number): RefusalCode | null => {
  const fresh = batch.entries.slice(Math.max(0, held + 1 - batch.from))
  return provedTogether(fresh) === fresh.length ? null : 'wire.chain-broken'
}

/**
 * Numbers held as holes for which a batch brings texts that hang on its signature without another hole in between. Of one that has a hole there
 * too nothing is new: whatever became of its key, nobody is asked about it.
 */
const fillableHoles = (known: Known, { epoch, from, upto, entries }: BatchReading, held: number): readonly number[] => {
  const lastHole = from + entries.findLastIndex((text) => holeOf(text) !== null)
  return (known.holes?.(epoch, from, Math.min(upto, held)) ?? []).filter((seq) => seq > lastHole)
}

/**
 * What a revoked key signed is nothing new where only its text was missing: the hash that is held was proved when the hole was taken, and no other
 * text gives it. The rest of the batch is judged when it comes alone.
 */
const filledUnsealed = (
  parts: Parts,
  known: Known,
  batch: BatchReading,
  { hashes, holes, held }: { readonly hashes: readonly Uint8Array[]; readonly holes: readonly number[]; readonly held: number },
): Judgement | null => {
  if (holes.length === 0 || forkOf(known, batch, hashes, held)) return null
  const filled = readFilled(parts, known, batch, hashes, holes)
  if (filled.length === 0) return null
  return { is: 'taken', parent: parentOf(known, filled), entries: [], filled, unsealed: true }
}

/** The true texts a batch brings for holes. */
const readFilled = (
  parts: Parts,
  known: Known,
  batch: BatchReading,
  hashes: readonly Uint8Array[],
  holes: readonly number[],
): readonly TakenEntry[] =>
  holes.flatMap((seq) => {
    const text = batch.entries[seq - batch.from] ?? ''
    const reading = readPlaced(parts, batch, seq, text)
    const hash = hashes[seq - batch.from]
    if (!hash || typeof reading === 'string' || !reading.known) return []
    if (seq === 1 && typeof firstOf(known, reading.entry) === 'string') return []
    return [{ seq, text, hash, entry: reading.entry }]
  })

const readNew = (
  parts: Parts,
  known: Known,
  batch: BatchReading,
  hashes: readonly Uint8Array[],
  { held, filled }: { readonly held: number; readonly filled: readonly TakenEntry[] },
): Judgement => {
  const entries: TakenEntry[] = []
  let parent = parentOf(known, filled)
  for (let seq = Math.max(batch.from, held + 1); seq <= batch.upto; seq += 1) {
    const text = batch.entries[seq - batch.from] ?? ''
    const hash = hashes[seq - batch.from] ?? CHAIN_START
    const reading = readPlaced(parts, batch, seq, text)
    if (reading === 'hole') {
      entries.push({ seq, text, hash, entry: null, hole: true })
      continue
    }
    if (typeof reading === 'string')
      return entries.length + filled.length > 0
        ? { is: 'taken', parent, entries, filled }
        : { is: 'refused', from: seq, hash: hexOf(hash), code: reading }
    if (seq === 1) {
      const named = firstOf(known, reading.known ? reading.entry : null)
      if (named === 'parent-missing') return { is: named }
      if (named === 'misplaced') return { is: 'refused', from: 1, hash: hexOf(hash), code: 'wire.entry-misplaced' }
      parent = named
    }
    entries.push({ seq, text, hash, entry: reading.known ? reading.entry : null })
  }
  return { is: 'taken', parent, entries, filled }
}

/** What the epoch goes on from as far as it is known: its first entry may be among what was filled. */
const parentOf = (known: Known, [first]: readonly TakenEntry[]): EpochTip['parent'] =>
  first?.seq === 1 && first.entry ? parentNamed(first.entry) : (known.tip?.parent ?? null)

/** What the first entry of an epoch goes on from. */
const firstOf = (known: Known, entry: Entry | null): EpochTip['parent'] | 'parent-missing' | 'misplaced' => {
  if (entry?.kind !== 'epoch') return 'misplaced'
  const parent = parentNamed(entry)
  return parent && !heldParent(known, parent) ? 'parent-missing' : parent
}

/** A reading that is kept: of this version, or of a later one. */
type KeptReading = Exclude<EntryReading, { readonly later: null }>

const readPlaced = (parts: Parts, batch: BatchReading, seq: number, text: string): KeptReading | RefusalCode | 'hole' => {
  if (text.length * UTF8_BYTES_MAX > ENTRY_BYTES_MAX && parts.utf8(text).length > ENTRY_BYTES_MAX) return 'wire.entry-too-large'
  const reading = readEntry(text)
  if (!reading.known && reading.later === null) return reading.code
  const place = reading.known ? reading.entry : reading.later
  if (place.stream !== batch.stream || place.epoch !== batch.epoch || place.seq !== seq) return 'wire.entry-misplaced'
  if (reading.known && !mayWrite(batch.stream, reading.entry.kind as EntryKind)) return 'wire.kind-foreign'
  return reading
}

/** Bytes that one UTF-16 unit of a text takes at most: most entries are known as short enough without being encoded. */
const UTF8_BYTES_MAX = 3

const mayWrite = (stream: StreamId, kind: EntryKind): boolean => {
  const writer = ENTRY_KINDS[kind].writer
  return writer === 'any' || (writer === 'hub') === (writerOf(stream) === 'hub')
}

const parentNamed = (entry: Entry): EpochTip['parent'] => {
  const parent = entry.body['parent'] as EpochTip['parent']
  return parent ?? null
}

const heldParent = (known: Known, parent: NonNullable<EpochTip['parent']>): boolean => {
  const ours = known.hashAt(parent.epoch, parent.seq)
  const named = bytesOfHex(parent.hash)
  return ours !== null && named !== null && sameBytes(ours, named)
}
