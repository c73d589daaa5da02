import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { CHAIN_START } from '@lotkeeper/protocol/ledger/chain.ts'
import { type Entry, readEntry } from '@lotkeeper/protocol/ledger/entry.ts'
import type { EpochTip } from '@lotkeeper/protocol/ledger/stream.ts'
import type { StreamId } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../database.ts'
import { fault } from '../faults.ts'

/** The log: every entry of every stream held, in its exact text, and the tips of their epochs. Tips are kept in memory beside the table. */
export interface Log {
  /** All tips in the order the epochs were first held. `applied` counts up to the first parked entry. */
  readonly tips: () => readonly EpochTip[]
  readonly tip: (stream: StreamId, epoch: string) => EpochTip | null
  /** The newest epoch this machine's file wrote itself, else the newest held of that stream. */
  readonly lastOwn: (stream: StreamId) => EpochTip | null
  readonly begin: (epoch: Pick<EpochTip, 'stream' | 'epoch' | 'parent'>, here: boolean) => void
  /** Appends the entry after the tip; answers its place in commit order. */
  readonly append: (row: AppendRow) => number
  readonly park: (stream: StreamId, epoch: string, seq: number) => void
  /** It waits no longer for a version that can read it. */
  readonly unpark: (stream: StreamId, epoch: string, seq: number) => void
  readonly hashAt: (stream: StreamId, epoch: string, seq: number) => Uint8Array | null
  /** An entry's place in commit order. */
  readonly atOf: (stream: StreamId, epoch: string, seq: number) => number
  readonly textAt: (stream: StreamId, epoch: string, seq: number) => string | null
  readonly texts: (stream: StreamId, epoch: string, from: number, upto: number) => IterableIterator<LogText>
  /** The same at once: much faster for rows that are all wanted. */
  readonly rows: (stream: StreamId, epoch: string, from: number, upto: number) => readonly LogText[]
  /** Everything in commit order. */
  readonly all: () => IterableIterator<LogText & { readonly stream: StreamId; readonly epoch: string; readonly at: number }>
  /** Reads the tips again: after a rollback memory is ahead of the file. */
  readonly reload: () => void
}

export interface AppendRow {
  readonly stream: StreamId
  readonly epoch: string
  readonly seq: number
  readonly hash: Uint8Array
  readonly keptAtMs: number
  readonly kind: string
  readonly text: string
}
export interface LogText {
  readonly seq: number
  readonly hash: Uint8Array
  readonly kind: string
  readonly text: string
}

export const openLog = (db: Database): Log => {
  const sql = statementsOf(db)
  const epochs = new Map<string, Held>()
  const readParked = () => new Map(sql.parked.all().map((row) => [nameOf(row.stream, row.epoch), row.seq]))
  let parked = new Map<string, number>()
  let lastAt = 0

  const reload = () => {
    epochs.clear()
    lastAt = 0
    for (const row of sql.epochs.iterate()) {
      const held = heldOf(row)
      epochs.set(nameOf(held.tip.stream, held.tip.epoch), held)
      lastAt = Math.max(lastAt, row.last_at)
    }
    parked = readParked()
  }
  const tipOf = ({ tip }: Held): EpochTip => {
    const first = parked.get(nameOf(tip.stream, tip.epoch))
    return first === undefined ? tip : { ...tip, applied: first - 1 }
  }
  reload()

  return {
    tips: () => Array.from(epochs.values(), tipOf),
    tip: (stream, epoch) => {
      const held = epochs.get(nameOf(stream, epoch))
      return held ? tipOf(held) : null
    },
    lastOwn: (stream) => {
      const own = [...epochs.values()].filter(({ tip }) => tip.stream === stream && tip.held > 0)
      return (own.findLast(({ here }) => here) ?? own.at(-1))?.tip ?? null
    },
    begin: ({ stream, epoch, parent }, here) => {
      sql.begin.run(
        stream,
        epoch,
        parent?.epoch ?? null,
        parent?.seq ?? null,
        parent ? bytesOfHex(parent.hash) : null,
        CHAIN_START,
        here ? 1 : 0,
      )
      epochs.set(nameOf(stream, epoch), { here, tip: { stream, epoch, parent, held: 0, headHash: hexOf(CHAIN_START), applied: 0 } })
    },
    append: (row) => {
      const name = nameOf(row.stream, row.epoch)
      const held = epochs.get(name)
      if (held?.tip.held !== row.seq - 1)
        throw new Error(`entry ${row.seq} does not follow ${held?.tip.held} in ${row.stream}/${row.epoch}`)
      lastAt += 1
      sql.append.run(row.stream, row.epoch, row.seq, lastAt, row.hash, row.keptAtMs, row.kind, row.text)
      sql.advance.run(row.seq, row.hash, lastAt, row.stream, row.epoch)
      epochs.set(name, { ...held, tip: { ...held.tip, held: row.seq, headHash: hexOf(row.hash), applied: row.seq } })
      return lastAt
    },
    park: (stream, epoch, seq) => {
      sql.park.run(stream, epoch, seq)
      const name = nameOf(stream, epoch)
      parked.set(name, Math.min(seq, parked.get(name) ?? seq))
    },
    unpark: (stream, epoch, seq) => {
      if (sql.unpark.run(stream, epoch, seq).changes > 0) parked = readParked()
    },
    hashAt: (stream, epoch, seq) => sql.hash.get(stream, epoch, seq) ?? null,
    atOf: (stream, epoch, seq) => sql.at.get(stream, epoch, seq) ?? 0,
    textAt: (stream, epoch, seq) => sql.text.get(stream, epoch, seq) ?? null,
    texts: (stream, epoch, from, upto) => sql.texts.iterate(stream, epoch, from, upto),
    rows: (stream, epoch, from, upto) => sql.texts.all(stream, epoch, from, upto),
    all: () => sql.all.iterate(),
    reload,
  }
}

/** The entry of a text in the log; `null` for a hole, for what a later version wrote, and for a damaged text that nobody has found yet: a flipped bit must not break who reads it. */
export const entryIn = (text: string): Entry | null => {
  const reading = readEntry(text)
  return reading.known ? reading.entry : null
}

/** The tip must be the very entry that stands last: a torn or edited file does not go on silently. Throws `ledger.log-damaged`. */
export const judgeTail = (log: Log): void => {
  for (const stream of new Set(log.tips().map((tip) => tip.stream))) {
    const last = log.lastOwn(stream)
    const hash = last && log.hashAt(stream, last.epoch, last.held)
    if (last && !(hash && hexOf(hash) === last.headHash)) throw fault('ledger.log-damaged', { epoch: last.epoch, seq: last.held })
  }
}

interface Held {
  readonly tip: EpochTip
  readonly here: boolean
}
interface EpochRow {
  readonly stream: string
  readonly epoch: string
  readonly parent_epoch: string | null
  readonly parent_seq: number | null
  readonly parent_hash: Uint8Array | null
  readonly held_seq: number
  readonly head_hash: Uint8Array
  readonly last_at: number
  readonly here: number
}
type AllRow = LogText & { readonly stream: string; readonly epoch: string; readonly at: number }

const statementsOf = (db: Database) => ({
  epochs: db.prepare<[], EpochRow>('select * from epoch order by ord'),
  parked: db.prepare<[], { stream: string; epoch: string; seq: number }>(
    'select stream, epoch, min(seq) as seq from parked group by stream, epoch',
  ),
  park: db.prepare('insert into parked (stream, epoch, seq) values (?, ?, ?)'),
  unpark: db.prepare('delete from parked where stream = ? and epoch = ? and seq = ?'),
  begin: db.prepare(
    `insert into epoch (stream, epoch, parent_epoch, parent_seq, parent_hash, held_seq, head_hash, last_at, here) values (?, ?, ?, ?, ?, 0, ?, 0, ?)`,
  ),
  append: db.prepare('insert into log (stream, epoch, seq, at, hash, kept_at, kind, body) values (?, ?, ?, ?, ?, ?, ?, ?)'),
  advance: db.prepare('update epoch set held_seq = ?, head_hash = ?, last_at = ? where stream = ? and epoch = ?'),
  hash: db.prepare<[string, string, number], Uint8Array>('select hash from log where stream = ? and epoch = ? and seq = ?').pluck(),
  at: db.prepare<[string, string, number], number>('select at from log where stream = ? and epoch = ? and seq = ?').pluck(),
  text: db.prepare<[string, string, number], string>('select body from log where stream = ? and epoch = ? and seq = ?').pluck(),
  texts: db.prepare<[string, string, number, number], LogText>(
    'select seq, hash, kind, body as text from log where stream = ? and epoch = ? and seq between ? and ? order by seq',
  ),
  all: db.prepare<[], AllRow>('select stream, epoch, at, seq, hash, kind, body as text from log order by at'),
})

const heldOf = (row: EpochRow): Held => ({
  here: row.here === 1,
  tip: {
    stream: row.stream,
    epoch: row.epoch,
    parent:
      row.parent_epoch === null ? null : { epoch: row.parent_epoch, seq: row.parent_seq ?? 0, hash: hexOf(row.parent_hash ?? CHAIN_START) },
    held: row.held_seq,
    headHash: hexOf(row.head_hash),
    applied: row.held_seq,
  },
})

const nameOf = (stream: string, epoch: string): string => `${stream}\n${epoch}`
