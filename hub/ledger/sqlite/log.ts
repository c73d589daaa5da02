import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { CHAIN_START, holeText } from '@lotkeeper/protocol/ledger/chain.ts'
import type { EpochTip, Stretch, TakenEntry } from '@lotkeeper/protocol/ledger/stream.ts'
import { type EpochId, entryId, type StreamId } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import { openHoles } from './holes.ts'

/** The log and its epochs inside one file. What is added is written at once; epoch rows are written by `flush` before the commit. */
export interface Log {
  readonly tip: (stream: StreamId, epoch: EpochId) => EpochTip | null
  readonly tips: (stream: StreamId) => readonly EpochTip[]
  readonly hashAt: (stream: StreamId, epoch: EpochId, seq: number) => Uint8Array | null
  /** Adds the next entry of an epoch. Not applied means parked: everything after it in its epoch is parked too. */
  readonly add: (place: EpochPlace, taken: TakenEntry, held: { readonly receivedAtMs: number; readonly applied: boolean }) => void
  /** Marks the first parked entry of an epoch as applied now. */
  readonly unpark: (stream: StreamId, epoch: EpochId, seq: number) => void
  /**
   * Puts the true text where a hole was held; `parent` is the epoch's from here on. An epoch that had passed the hole applies the text now, as the
   * newest of all: answers whether that is so.
   */
  readonly fill: (place: EpochPlace, taken: TakenEntry, receivedAtMs: number) => boolean
  /** Makes a hole of a text that is damaged where it lies; `rehash` writes the hash anew that stands beside a whole text. */
  readonly spoil: (stream: StreamId, epoch: EpochId, seq: number) => void
  readonly rehash: (stream: StreamId, epoch: EpochId, seq: number, hash: Uint8Array) => void
  /** Numbers held as holes in a stretch. */
  readonly holes: (stream: StreamId, epoch: EpochId, from: number, upto: number) => readonly number[]
  /** Entries applied out of their epoch's order, because they stood as holes when it came to them. */
  readonly filledLate: () => readonly { readonly stream: StreamId; readonly epoch: EpochId; readonly seq: number }[]
  /** Entries of an epoch from a number on, in order. */
  readonly rows: (stretch: Pick<Stretch, 'stream' | 'epoch' | 'from'>, limit: number) => readonly LogRow[]
  readonly epochs: () => readonly EpochTip[]
  /** How many entries were ever applied: the hub's order runs up to it. */
  readonly ord: () => number
  readonly flush: () => void
  readonly forget: () => void
}
export interface LogRow {
  readonly seq: number
  readonly hash: Uint8Array
  readonly receivedAtMs: number
  readonly ord: number | null
  readonly body: string
}
/** An epoch and what it goes on from. */
export interface EpochPlace {
  readonly stream: StreamId
  readonly epoch: EpochId
  readonly parent: EpochTip['parent']
}

export const openLog = (db: Database): Log => {
  const sql = statements(db)
  const holes = openHoles(db)
  const known = new Map<string, EpochRow>()
  const dirty = new Set<EpochRow>()
  // Asked for at every word of every node, and changed by commits only.
  const ofStream = new Map<StreamId, readonly EpochTip[]>()
  let ord = lastOrd(db)

  const find = (stream: StreamId, epoch: EpochId): EpochRow | null => {
    const name = `${stream}\n${epoch}`
    const row = known.get(name) ?? readEpoch(sql.epoch.get(stream, epoch))
    if (row && known.size >= EPOCHS_KEPT_MAX && dirty.size === 0) known.clear()
    if (row) known.set(name, row)
    return row
  }
  const ensure = ({ stream, epoch, parent }: EpochPlace): EpochRow => {
    const row = find(stream, epoch)
    if (row) return row
    const made: EpochRow = { stream, epoch, parent, held: 0, head: CHAIN_START, applied: 0 }
    known.set(`${stream}\n${epoch}`, made)
    return made
  }
  return {
    tip: (stream, epoch) => {
      const row = find(stream, epoch)
      return row && tipOf(row)
    },
    tips: (stream) => {
      const kept = ofStream.get(stream)
      if (kept) return kept
      const tips = sql.ofStream
        .all(stream)
        .flatMap((row) => readEpoch(row) ?? [])
        .map((row) => ({ ...tipOf(row) }))
      if (ofStream.size >= STREAMS_KEPT_MAX) ofStream.clear()
      ofStream.set(stream, tips)
      return tips
    },
    epochs: () =>
      sql.everyEpoch
        .all()
        .flatMap((row) => readEpoch(row) ?? [])
        .map(tipOf),
    ord: () => ord,
    hashAt: (stream, epoch, seq) => {
      const row = find(stream, epoch)
      return row && row.held === seq ? row.head : (sql.hash.get(stream, epoch, seq) ?? null)
    },
    add: (place, { seq, hash, text, hole }, { receivedAtMs, applied }) => {
      const row = ensure(place)
      const applies = applied && row.applied === row.held
      if (applies) ord += 1
      sql.add.run(place.stream, place.epoch, seq, hash, receivedAtMs, applies ? ord : null, text)
      if (hole) holes.note(entryId(place.stream, place.epoch, seq))
      row.held = seq
      row.head = hash
      if (applies) row.applied = seq
      dirty.add(row)
    },
    unpark: (stream, epoch, seq) => {
      const row = find(stream, epoch)
      if (!row || row.applied !== seq - 1) throw new Error(`entry ${stream}/${epoch}/${seq} is not the next to be applied`)
      ord += 1
      sql.unpark.run(ord, stream, epoch, seq)
      row.applied = seq
      dirty.add(row)
    },
    fill: (place, { seq, text }, receivedAtMs) => {
      const row = ensure(place)
      const late = row.applied >= seq
      if (late) ord += 1
      sql.fill.run({ ...place, seq, text, receivedAtMs, ord: late ? ord : null })
      holes.fill(entryId(place.stream, place.epoch, seq), late)
      row.parent = place.parent
      dirty.add(row)
      return late
    },
    spoil: (stream, epoch, seq) => {
      const hash = sql.hash.get(stream, epoch, seq)
      if (!hash) throw new Error(`entry ${stream}/${epoch}/${seq} is not held`)
      sql.text.run(holeText(hash), stream, epoch, seq)
      holes.note(entryId(stream, epoch, seq))
    },
    rehash: (stream, epoch, seq, hash) => void sql.rehash.run(hash, stream, epoch, seq),
    holes: holes.within,
    filledLate: holes.late,
    rows: ({ stream, epoch, from }, limit) => sql.rows.all(stream, epoch, from, limit),
    flush: () => {
      for (const { stream, epoch, parent, held, head, applied } of dirty) {
        const parentHash = parent && bytesOfHex(parent.hash)
        sql.put.run(stream, epoch, parent?.epoch ?? null, parent?.seq ?? null, parentHash, held, head, applied)
        ofStream.delete(stream)
      }
      if (dirty.size > 0) sql.ord.run(String(ord))
      dirty.clear()
    },
    forget: () => {
      known.clear()
      ofStream.clear()
      dirty.clear()
      holes.forget()
      ord = lastOrd(db)
    },
  }
}

interface EpochRow {
  readonly stream: StreamId
  readonly epoch: EpochId
  parent: EpochTip['parent']
  held: number
  head: Uint8Array
  applied: number
}
interface EpochColumns {
  readonly stream: string
  readonly epoch: string
  readonly parent_epoch: string | null
  readonly parent_seq: number | null
  readonly parent_hash: Uint8Array | null
  readonly held_seq: number
  readonly head_hash: Uint8Array
  readonly applied_seq: number
}

const statements = (db: Database) => ({
  epoch: db.prepare<[string, string], EpochColumns>('select * from epoch where stream = ? and epoch = ?'),
  ofStream: db.prepare<[string], EpochColumns>('select * from epoch where stream = ? order by ord'),
  everyEpoch: db.prepare<[], EpochColumns>('select * from epoch order by ord'),
  hash: db.prepare<[string, string, number], Uint8Array>('select hash from log where stream = ? and epoch = ? and seq = ?').pluck(),
  add: db.prepare('insert into log values (?, ?, ?, ?, ?, ?, ?)'),
  fill: db.prepare(
    `update log set body = @text, ord = @ord, received_at = case when @ord is null then received_at else @receivedAtMs end
     where stream = @stream and epoch = @epoch and seq = @seq`,
  ),
  text: db.prepare('update log set body = ? where stream = ? and epoch = ? and seq = ?'),
  rehash: db.prepare('update log set hash = ? where stream = ? and epoch = ? and seq = ?'),
  unpark: db.prepare('update log set ord = ? where stream = ? and epoch = ? and seq = ?'),
  rows: db.prepare<[string, string, number, number], LogRow>(
    `select seq, hash, received_at as receivedAtMs, ord, body from log where stream = ? and epoch = ? and seq >= ? order by seq limit ?`,
  ),
  put: db.prepare(
    `insert into epoch (stream, epoch, parent_epoch, parent_seq, parent_hash, held_seq, head_hash, applied_seq) values (?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (stream, epoch) do update set parent_epoch = excluded.parent_epoch, parent_seq = excluded.parent_seq,
     parent_hash = excluded.parent_hash, held_seq = excluded.held_seq, head_hash = excluded.head_hash, applied_seq = excluded.applied_seq`,
  ),
  ord: db.prepare(`insert into ledger values ('ord', ?) on conflict do update set value = excluded.value`),
})

const lastOrd = (db: Database): number => Number(db.prepare(`select value from ledger where key = 'ord'`).pluck().get() ?? 0)

const readEpoch = (row: EpochColumns | undefined): EpochRow | null => {
  if (!row) return null
  const { stream, epoch, parent_epoch, parent_seq, parent_hash } = row
  const parent =
    parent_epoch !== null && parent_seq !== null && parent_hash ? { epoch: parent_epoch, seq: parent_seq, hash: hexOf(parent_hash) } : null
  return { stream, epoch, parent, held: row.held_seq, head: row.head_hash, applied: row.applied_seq }
}

/** The head is asked for seldom and the number held with every batch, so its text is made only when asked. */
const tipOf = ({ stream, epoch, parent, held, head, applied }: EpochRow): EpochTip => ({
  stream,
  epoch,
  parent,
  held,
  get headHash() {
    return hexOf(head)
  },
  applied,
})

const EPOCHS_KEPT_MAX = 20_000
const STREAMS_KEPT_MAX = 4_096
