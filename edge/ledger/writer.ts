import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { hashAfter } from '@lotkeeper/protocol/ledger/chain.ts'
import { ENTRY_BYTES_MAX, type Entry, readEntry, writeEntry } from '@lotkeeper/protocol/ledger/entry.ts'
import { judgeLines } from '@lotkeeper/protocol/ledger/movement.ts'
import type { EpochTip } from '@lotkeeper/protocol/ledger/stream.ts'
import { type EntryId, entryId, type NodeId, type StreamId, streamOfNode, writerOf } from '@lotkeeper/protocol/names.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { EdgeParts } from '../parts.ts'
import type { Apply } from './apply.ts'
import type { Book, Booking, Changed, Draft, Head } from './contract.ts'
import type { Log } from './log.ts'

/** Writes own entries. Everything here runs inside the caller's transaction; `reset` follows a rollback. */
export interface Writer {
  /** Judges and writes the drafts of one action; a refusal wrote nothing. */
  readonly write: (action: string, drafts: readonly Draft[]) => Written | Refusal
  /** Writes the first entry of this process's epoch unless it stands. */
  readonly beginEpoch: () => void
  readonly head: () => Head
  /** Of this process; it begins with the first commit. */
  readonly epoch: string
  readonly lastOwnAtMs: () => number | null
  readonly reset: () => void
}
export type Written = Booking['entries']

export interface WriterOptions {
  readonly node: NodeId
  readonly zone: string
  readonly software: string
}
/** What a ledger borrows from outside. */
export type LedgerParts = Pick<EdgeParts, 'crypto' | 'clock' | 'random' | 'boot' | 'signer'>
/** Runs a write as one transaction with everything that belongs to it; a full or failing disk refuses. */
export type Commit = <Result>(write: () => Result) => Result | Refusal

export const openWriter = (
  parts: LedgerParts,
  options: WriterOptions,
  store: { readonly log: Log; readonly apply: Apply; readonly book: Book; readonly wrote: (entry: Changed['entries'][number]) => void },
): Writer => {
  const { log, book } = store
  const stream = streamOfNode(options.node)
  const epoch = freshEpoch(parts, log, stream)
  let lastOwnAtMs = lastEntryMs(log, stream)
  let parent: EpochTip | null = log.lastOwn(stream)
  const tip = () => log.tip(stream, epoch)

  const entryOfDraft = (action: string, draft: Draft, seq: number, part: number): Entry => ({
    v: 1,
    stream,
    epoch,
    seq,
    kind: draft.kind,
    action,
    part,
    actor: draft.actor,
    device: draft.device,
    occurredAt: new Date(draft.occurredAtMs).toISOString(),
    zone: options.zone,
    boot: parts.boot.id,
    upMs: Math.max(0, Math.floor(parts.boot.upMs())),
    doc: draft.doc,
    refs: [...draft.refs],
    reverses: draft.reverses,
    lines: [...draft.lines],
    body: draft.body,
  })

  const append = (entry: Entry, text: string, previous: Uint8Array): Written[number] => {
    const hash = hashAfter(parts.crypto, previous, text)
    const at = log.append({ stream, epoch, seq: entry.seq, hash, keptAtMs: Math.round(parts.clock.now()), kind: entry.kind, text })
    store.apply(entry, at)
    if (bearsSiteTime(entry.kind)) lastOwnAtMs = Date.parse(entry.occurredAt)
    const id = entryId(stream, epoch, entry.seq)
    store.wrote({ id, entry, own: true })
    return { id, seq: entry.seq, hash: hexOf(hash), entry }
  }

  return {
    beginEpoch: () => {
      if (tip()) return
      const named = parent && { epoch: parent.epoch, seq: parent.held, hash: parent.headHash }
      log.begin({ stream, epoch, parent: named }, true)
      const draft: Draft<'epoch'> = {
        ...PLAIN,
        kind: 'epoch',
        occurredAtMs: parts.clock.now(),
        body: { parent: named, software: options.software },
      }
      const entry = entryOfDraft(`epoch:${epoch}`, draft, 1, 0)
      append(entry, writeEntry(entry), new Uint8Array(32))
    },
    write: (action, drafts) => {
      const wrong = judgeDrafts(options.node, book, drafts)
      if (wrong) return wrong
      const next = (tip()?.held ?? 0) + 1
      const entries = drafts.map((draft, part) => entryOfDraft(action, draft, next + part, part))
      const texts = entries.map(writeEntry)
      const bytes = Math.max(0, ...texts.map((text) => parts.crypto.utf8(text).length))
      if (bytes > ENTRY_BYTES_MAX) return refuse('ledger.entry-too-large', { bytes })
      return entries.map((entry, at) => append(entry, texts[at] ?? '', previousHash(log, stream, epoch, entry.seq)))
    },
    head: () => {
      const now = tip() ?? parent
      return { epoch: now?.epoch ?? epoch, seq: now?.held ?? 0, hash: now?.headHash ?? '0'.repeat(64) }
    },
    epoch,
    lastOwnAtMs: () => lastOwnAtMs,
    reset: () => {
      lastOwnAtMs = lastEntryMs(log, stream)
      if (!tip()) parent = log.lastOwn(stream)
    },
  }
}

/** What a draft leaves empty. */
export const PLAIN = { actor: null, device: null, doc: null, refs: [], reverses: null, lines: [] } as const

/** The drafts of one action are judged together: the second sees what the first moves. */
const judgeDrafts = (node: NodeId, book: Book, drafts: readonly Draft[]): Refusal | null => {
  for (const draft of drafts) {
    const wrong = draft.reverses && judgeReversal(node, book, draft.reverses)
    if (wrong) return wrong
  }
  return judgeLines(
    node,
    drafts.flatMap((draft) => draft.lines),
    book.units,
    book.owns,
  )
}

/** A line is reversed at most once by its writer [ledger-and-sync 1.7]. */
const judgeReversal = (node: NodeId, book: Book, reverses: NonNullable<Draft['reverses']>): Refusal | null => {
  if (writerOf(reverses.entry) !== node) return refuse('ledger.reverse-foreign')
  const entry = book.entry(reverses.entry)
  if (!entry) return refuse('ledger.entry-unknown', { entry: reverses.entry })
  if (entry.kind === 'retag' && reverses.lines.length === 0)
    return book.retagUndoneBy(reverses.entry) === null ? null : refuse('ledger.reverse-twice')
  if (reverses.lines.length === 0) return refuse('ledger.reverse-nothing')
  for (const [at, line] of reverses.lines.entries()) {
    if (!entry.lines[line]) return refuse('ledger.reverse-unknown-line', { line })
    if (reverses.lines.indexOf(line) !== at || book.reversedBy(reverses.entry, line)) return refuse('ledger.reverse-twice')
  }
  return null
}

/** A machine that boots without randomness may draw the same number twice; an epoch is written by one process only. */
const freshEpoch = (parts: LedgerParts, log: Log, stream: StreamId): string => {
  for (;;) {
    const epoch = hexOf(parts.random.bytes(8)).toLowerCase()
    if (!log.tip(stream, epoch)) return epoch
  }
}

const previousHash = (log: Log, stream: StreamId, epoch: string, seq: number): Uint8Array => {
  const hash = log.hashAt(stream, epoch, seq - 1)
  if (!hash) throw new Error(`no hash before entry ${seq}`)
  return hash
}

/** An epoch or a word about the clock carries the bare clock, which may be wrong by years; what people and doors do carries the site's time. */
const bearsSiteTime = (kind: string): boolean => kind !== 'epoch' && kind !== 'clock'

/** The site's time when the newest own entry was written that can be read. */
const lastEntryMs = (log: Log, stream: StreamId): number | null => {
  let place = log.lastOwn(stream)
  let seq = place?.held ?? 0
  while (place) {
    for (; seq > 0; seq -= 1) {
      const reading = readEntry(log.textAt(stream, place.epoch, seq) ?? '')
      if (reading.known && bearsSiteTime(reading.entry.kind)) return Date.parse(reading.entry.occurredAt)
    }
    seq = place.parent?.seq ?? 0
    place = place.parent && log.tip(stream, place.parent.epoch)
  }
  return null
}

/**
 * The entries of an action that was booked before. A damaged one counts as well: its number and hash stand in its row, and to be told that nothing
 * was booked a person would book it once more.
 */
export const writtenBefore = (log: Log, first: { stream: StreamId; epoch: string; seq: number; entries: number }): Written => {
  const rows: Written[number][] = []
  for (let seq = first.seq; seq < first.seq + first.entries; seq += 1) {
    const id: EntryId = entryId(first.stream, first.epoch, seq)
    const hash = log.hashAt(first.stream, first.epoch, seq)
    if (!hash) throw new Error(`the log lacks ${id} of a booked action`)
    const reading = readEntry(log.textAt(first.stream, first.epoch, seq) ?? '')
    rows.push({ id, seq, hash: hexOf(hash), entry: reading.known ? reading.entry : null })
  }
  return rows
}
