import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { closeDatabase, type Database, inTransaction, type Shape, troubleOf } from '../database.ts'
import type { EdgeParts } from '../parts.ts'

/**
 * The ring of raw reads: the sightings behind a passage, kept for a while beside the ledger, never in it [ledger-and-sync 2]. Whatever happens
 * to it, bookings go on: on a full disk sightings are dropped and counted.
 */
export interface Ring {
  /** Keeps what was seen under the key a passage names. Written with the next flush, at most every 10 s. */
  readonly keep: (key: string, sightings: readonly unknown[]) => void
  /** What was kept, or `null` when it never was or has run out. */
  readonly read: (key: string) => readonly unknown[] | null
  /** Keys that begin so, oldest first, so many at most: those written, not those that wait. */
  readonly keys: (prefix: string, limit: number) => readonly string[]
  /** Bytes kept, and blocks lost to a full disk or a too large block. */
  readonly state: () => { readonly bytes: number; readonly bytesMax: number; readonly dropped: number }
  readonly close: () => void
}

export interface RingLimits {
  readonly bytesMax: number
  readonly daysMax: number
}

export const openRing = (db: Database, parts: Pick<EdgeParts, 'clock' | 'timers'>, limits: RingLimits): Ring => {
  const sql = statementsOf(db)
  let waiting = new Map<string, Buffer>()
  let bytes = sql.bytes.get() ?? 0
  let dropped = 0
  let cancel: (() => void) | null = null

  const flush = () => {
    cancel = null
    const blocks = [...waiting]
    waiting = new Map()
    try {
      bytes = inTransaction(db, () => {
        for (const [key, block] of blocks) sql.keep.run(key, Math.round(parts.clock.now()), block.length, block)
        return bytes + sum(blocks) - forget(sql, bytes + sum(blocks), parts.clock.now(), limits)
      })
    } catch (error) {
      if (troubleOf(error) === null) throw error
      dropped += blocks.length
    }
  }

  return {
    keep: (key, sightings) => {
      const block = deflateRawSync(JSON.stringify(sightings))
      if (block.length > limits.bytesMax) {
        dropped += 1
        return
      }
      waiting.set(key, block)
      cancel ??= parts.timers.after(FLUSH_MS, flush)
    },
    read: (key) => sightingsIn(waiting.get(key) ?? sql.read.get(key)),
    keys: (prefix, limit) => sql.keys.all(prefix, `${prefix}\uffff`, limit),
    state: () => ({ bytes, bytesMax: limits.bytesMax, dropped }),
    close: () => {
      cancel?.()
      if (db.open && waiting.size > 0) flush()
      closeDatabase(db)
    },
  }
}

/** Reads a ring's file as it lies on the disk: what was kept under a key, or `null`. */
export const readRing = (db: Database): Ring['read'] => {
  const read = readBy(db)
  return (key) => sightingsIn(read.get(key))
}

const sightingsIn = (block: Buffer | undefined): readonly unknown[] | null =>
  block ? (JSON.parse(inflateRawSync(block).toString('utf8')) as readonly unknown[]) : null

/** Flushes wear the card; ten seconds of raw reads are what a power cut may cost. */
export const FLUSH_MS = 10_000

/** `LKRR`: Lotkeeper raw reads. */
export const RING_SHAPE: Shape = {
  application: 0x4c4b5252,
  version: 1,
  schema: `
create table block (at integer primary key, key text not null, kept_at integer not null, bytes integer not null, body blob not null) strict;
create index block_by_key on block (key);
`,
}

const DAY_MS = 86_400_000

/** Frees the oldest blocks until the limits hold; answers the bytes freed. */
const forget = (sql: ReturnType<typeof statementsOf>, bytes: number, nowMs: number, { bytesMax, daysMax }: RingLimits): number => {
  let freed = 0
  for (let row = sql.first.get(); row; row = sql.first.get()) {
    if (bytes - freed <= bytesMax && row.kept_at >= nowMs - daysMax * DAY_MS) break
    sql.forget.run(row.at)
    freed += row.bytes
  }
  return freed
}

const sum = (blocks: readonly (readonly [string, Buffer])[]): number => blocks.reduce((total, [, block]) => total + block.length, 0)

const statementsOf = (db: Database) => ({
  bytes: db.prepare<[], number>('select coalesce(sum(bytes), 0) from block').pluck(),
  keep: db.prepare<[string, number, number, Buffer]>('insert into block (key, kept_at, bytes, body) values (?, ?, ?, ?)'),
  read: readBy(db),
  keys: db.prepare<[string, string, number], string>('select key from block where key >= ? and key < ? order by key limit ?').pluck(),
  first: db.prepare<[], { at: number; kept_at: number; bytes: number }>('select at, kept_at, bytes from block order by at limit 1'),
  forget: db.prepare<[number]>('delete from block where at = ?'),
})

const readBy = (db: Database) => db.prepare<[string], Buffer>('select body from block where key = ? order by at desc limit 1').pluck()
