import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { CHAIN_START } from '@lotkeeper/protocol/ledger/chain.ts'
import type { EpochTip, Stretch, TakenEntry } from '@lotkeeper/protocol/ledger/stream.ts'
import type { EpochId, StreamId } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'

/** The log and its epochs inside one file. What is added is written at once; epoch rows are written by `flush` before the commit. */
export interface Log {
  readonly tip: (stream: StreamId, epoch: EpochId) => EpochTip | null
  readonly tips: (stream: StreamId) => readonly EpochTip[]
  readonly hashAt: (stream: StreamId, epoch: EpochId, seq: number) => Uint8Array | null
  /** Adds the next entry of an epoch. Not applied means parked: everything after it in its epoch is parked too. */
  readonly add: (place: EpochPlace, taken: TakenEntry, held: { readonly receivedAtMs: number; readonly applied: boolean }) => void
  /** Marks the first parked entry of an epoch as applied now. */
  readonly unpark: (stream: StreamId, epoch: EpochId, seq: number) => void
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
  const known = new Map<string, EpochRow>()
  const dirty = new Set<EpochRow>()
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
    tips: (stream) =>
      sql.ofStream
        .all(stream)
        .flatMap((row) => readEpoch(row) ?? [])
        .map(tipOf),
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
    add: (place, { seq, hash, text }, { receivedAtMs, applied }) => {
      const row = ensure(place)
      const applies = applied && row.applied === row.held
      if (applies) ord += 1
      sql.add.run(place.stream, place.epoch, seq, hash, receivedAtMs, applies ? ord : null, text)
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
    rows: ({ stream, epoch, from }, limit) => sql.rows.all(stream, epoch, from, limit),
    flush: () => {
      for (const { stream, epoch, parent, held, head, applied } of dirty) {
        const parentHash = parent && bytesOfHex(parent.hash)
        sql.put.run(stream, epoch, parent?.epoch ?? null, parent?.seq ?? null, parentHash, held, head, applied)
      }
      if (dirty.size > 0) sql.ord.run(String(ord))
      dirty.clear()
    },
    forget: () => {
      known.clear()
      dirty.clear()
      ord = lastOrd(db)
    },
  }
}

interface EpochRow {
  readonly stream: StreamId
  readonly epoch: EpochId
  readonly parent: EpochTip['parent']
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
  unpark: db.prepare('update log set ord = ? where stream = ? and epoch = ? and seq = ?'),
  rows: db.prepare<[string, string, number, number], LogRow>(
    `select seq, hash, received_at as receivedAtMs, ord, body from log where stream = ? and epoch = ? and seq >= ? order by seq limit ?`,
  ),
  put: db.prepare(
    `insert into epoch (stream, epoch, parent_epoch, parent_seq, parent_hash, held_seq, head_hash, applied_seq) values (?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (stream, epoch) do update set held_seq = excluded.held_seq, head_hash = excluded.head_hash, applied_seq = excluded.applied_seq`,
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
const tipOf = (row: EpochRow): EpochTip => ({
  stream: row.stream,
  epoch: row.epoch,
  parent: row.parent,
  held: row.held,
  get headHash() {
    return hexOf(row.head)
  },
  applied: row.applied,
})

const EPOCHS_KEPT_MAX = 20_000
