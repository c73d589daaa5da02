import { type NoteSigner, originOf, writeCheckpoint } from '@lotkeeper/protocol/ledger/checkpoint.ts'
import type { TakenEntry } from '@lotkeeper/protocol/ledger/stream.ts'
import { type Edge, inclusionPath, leafHash, leavesOf, openEdge, rootAt, type TreeHead } from '@lotkeeper/protocol/ledger/tree.ts'
import { type EntryId, type EpochId, entryOf, type StreamId } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import type { Database } from '../../database.ts'
import { openTiles } from './tiles.ts'

/**
 * The tree over all entries in the order the hub took them, one per hub epoch [RFC 6962]. Leaf 0 is the text of the last checkpoint before it, so
 * one root holds all history. It is begun with the first entry taken and written in the transaction of the log.
 */
export interface Tree {
  /** Entries that follow one another in an epoch are about to be added to the log. */
  readonly take: (place: EntryPlace, taken: readonly Pick<TakenEntry, 'seq' | 'hash'>[], receivedAtMs: number) => void
  /** Signs and keeps the head as it is now; `null` when nothing came since the last time but what `told` named. */
  readonly sign: () => (TreeHead & { readonly text: string }) | null
  /** What came since is the checkpoint's own entry: no reason for the next. */
  readonly told: () => void
  /** The newest checkpoint of this hub epoch, else the bare head. */
  readonly head: () => TreeHead & { readonly text: string | null }
  /** Where an entry stands, and its way to the newest checkpoint of its tree that covers it; `null` when the hub never took it. */
  readonly inclusion: (entry: EntryId) => Inclusion | null
  /** Writes what is gathered, before the commit. */
  readonly flush: () => void
  /** After a rollback: memory is ahead of the file. */
  readonly forget: () => void
}
export interface EntryPlace {
  readonly stream: StreamId
  readonly epoch: EpochId
}
export interface Inclusion extends TreeHead {
  readonly hubEpoch: EpochId
  readonly index: number
  readonly leaf: Uint8Array
  readonly path: readonly Uint8Array[]
}
export interface TreeFacts {
  readonly epoch: EpochId
  /** Key id of the county key, which names the tree. */
  readonly countyKey: string
  readonly signer: () => NoteSigner
  readonly now: () => number
}

export const openTree = (db: Database, parts: Parts, facts: TreeFacts): Tree => {
  const sql = statementsOf(db)
  const tiles = openTiles(db, parts)
  const spans = openSpans(db, facts.epoch)
  let grown: Grown | null = null
  let told = 0

  const sign = (epoch: EpochId, head: TreeHead): string => {
    const text = writeCheckpoint(parts, { origin: originOf(facts.countyKey, epoch), ...head }, facts.signer())
    sql.putHead.run(epoch, head.size, head.root, text, facts.now())
    return text
  }
  /** What the last tree holds beyond its last checkpoint (its hub was killed) is signed now, or nothing would ever speak for it. */
  const lastWord = (epoch: EpochId): string => {
    const size = tiles.size(epoch)
    const known = sql.newest.get(epoch, 0)
    return known?.size === size ? known.text : sign(epoch, { size, root: rootAt(parts, tiles.hashAt(epoch), size) })
  }
  const goOn = (): Grown => {
    const size = tiles.size(facts.epoch)
    const written = tiles.write(facts.epoch, size)
    return { ...written, edge: openEdge(parts, { size, peaks: tiles.peaks(facts.epoch, size) }, written.completed) }
  }
  const begin = (): Grown => {
    const standing = sql.trees.all()
    if (standing.some(({ epoch }) => epoch === facts.epoch)) return goOn()
    const before = standing.at(-1)
    const first = before ? lastWord(before.epoch) : ''
    sql.begin.run(facts.epoch, (before?.ord ?? 0) + 1, first)
    const made = goOn()
    made.edge.append(leafHash(parts, parts.utf8(first)))
    if (!before) for (const place of sql.epochs.all()) addHeld(made.edge, place)
    return made
  }
  /** A file from before there were trees: what it holds comes first, epoch by epoch. */
  const addHeld = (edge: Edge, place: EntryPlace): void => {
    let rows = sql.hashes.all(place.stream, place.epoch, 0)
    while (rows.length > 0) {
      add(edge, place, rows, 0)
      rows = sql.hashes.all(place.stream, place.epoch, rows.at(-1)?.seq ?? 0)
    }
  }
  const add = (edge: Edge, place: EntryPlace, rows: readonly Pick<TakenEntry, 'seq' | 'hash'>[], receivedAtMs: number): void => {
    spans.add({ ...place, seq: rows[0]?.seq ?? 1, entries: rows.length, leaf: edge.size(), at: receivedAtMs })
    const leafOf = leavesOf(parts, place)
    for (const { seq, hash } of rows) edge.append(leafOf(seq, hash))
  }

  return {
    take: (place, taken, receivedAtMs) => {
      if (taken.length === 0) return
      grown ??= begin()
      add(grown.edge, place, taken, receivedAtMs)
    },
    sign: () => {
      if (!grown || grown.edge.size() === told) return null
      const head = { size: grown.edge.size(), root: grown.edge.root() }
      return { ...head, text: sign(facts.epoch, head) }
    },
    told: () => {
      told = grown?.edge.size() ?? 0
    },
    head: () => {
      const signed = sql.newest.get(facts.epoch, 0)
      if (signed) return signed
      const size = tiles.size(facts.epoch)
      return { size, root: rootAt(parts, tiles.hashAt(facts.epoch), size), text: null }
    },
    inclusion: (entry) => {
      const place = entryOf(entry)
      const span = place && spans.of(place)
      if (!place || !span) return null
      const index = span.leaf + place.seq - span.seq
      const at = tiles.hashAt(span.hubEpoch)
      const size = sql.newest.get(span.hubEpoch, index + 1)?.size ?? tiles.size(span.hubEpoch)
      const path = inclusionPath(parts, at, index, size)
      return { hubEpoch: span.hubEpoch, index, size, leaf: at(0, index), path, root: rootAt(parts, at, size) }
    },
    flush: () => {
      spans.flush()
      grown?.flush()
    },
    forget: () => {
      spans.forget()
      grown = null
    },
  }
}

interface Grown {
  readonly edge: Edge
  readonly flush: () => void
}
interface Span extends EntryPlace {
  readonly seq: number
  readonly entries: number
  /** Place of the first of them among the leaves. */
  readonly leaf: number
  readonly at: number
}

/** Which entries became which leaves; entries in a row are one row, for an index of every entry would cost as much as the log's. */
const openSpans = (db: Database, hubEpoch: EpochId) => {
  const put = db.prepare('insert into tree_span values (@stream, @epoch, @seq, @entries, @hubEpoch, @leaf, @at)')
  const find = db.prepare<[string, string, number], Span & { readonly hubEpoch: EpochId }>(
    `select stream, epoch, seq, entries, hub_epoch as hubEpoch, leaf, at from tree_span where stream = ? and epoch = ? and seq <= ?
     order by seq desc limit 1`,
  )
  let last: Span | null = null
  const flush = () => {
    if (last) put.run({ ...last, hubEpoch })
    last = null
  }
  return {
    add: (span: Span) => {
      if (last && goesOn(last, span)) last = { ...last, entries: last.entries + span.entries }
      else {
        flush()
        last = span
      }
    },
    of: ({ stream, epoch, seq }: EntryPlace & { readonly seq: number }) => {
      const span = find.get(stream, epoch, seq)
      return span && seq < span.seq + span.entries ? span : null
    },
    flush,
    forget: () => {
      last = null
    },
  }
}

const goesOn = (one: Span, next: Span): boolean =>
  one.stream === next.stream &&
  one.epoch === next.epoch &&
  one.at === next.at &&
  one.seq + one.entries === next.seq &&
  one.leaf + one.entries === next.leaf

const statementsOf = (db: Database) => ({
  trees: db.prepare<[], { readonly epoch: EpochId; readonly ord: number }>('select hub_epoch as epoch, ord from tree order by ord'),
  begin: db.prepare<[string, number, string]>('insert into tree values (?, ?, ?)'),
  newest: db.prepare<[string, number], TreeHead & { readonly text: string }>(
    'select size, root, text from tree_head where hub_epoch = ? and size >= ? order by size desc limit 1',
  ),
  putHead: db.prepare<[string, number, Uint8Array, string, number]>('insert or replace into tree_head values (?, ?, ?, ?, ?)'),
  epochs: db.prepare<[], EntryPlace>('select stream, epoch from epoch order by ord'),
  hashes: db.prepare<[string, string, number], Pick<TakenEntry, 'seq' | 'hash'>>(
    `select seq, hash from log where stream = ? and epoch = ? and seq > ? order by seq limit ${ROWS_READ}`,
  ),
})

const ROWS_READ = 4_096
