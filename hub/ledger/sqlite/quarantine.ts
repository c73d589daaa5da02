import type { NodeId } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import type { Database } from '../../database.ts'

/** What could not be taken: one copy per hash, up to a quota of bytes per node; whatever is not kept is still counted by code. */
export interface Quarantine {
  readonly keep: (node: NodeId, code: string, payload: Uint8Array, atMs: number) => void
}

export const openQuarantine = (db: Database, parts: Pick<Parts, 'sha256'>): Quarantine => {
  const bytesOf = db.prepare<[string], number>('select coalesce(sum(kept_bytes), 0) from quarantine_count where node = ?').pluck()
  const add = db.prepare('insert or ignore into quarantine values (?, ?, ?, ?, ?)')
  const count = db.prepare(
    `insert into quarantine_count values (?, ?, 1, ?, ?) on conflict do update set n = n + 1, kept_bytes = kept_bytes + excluded.kept_bytes,
     last_at = excluded.last_at`,
  )
  return {
    keep: (node, code, payload, atMs) => {
      const room = (bytesOf.get(node) ?? 0) + payload.length <= QUARANTINE_BYTES_MAX
      const kept = room && add.run(node, parts.sha256(payload), code, atMs, payload).changes > 0
      count.run(node, code, kept ? payload.length : 0, atMs)
    },
  }
}

/** Bytes kept per node: a hundred batches of the largest size, enough to see what went wrong and too little to fill a disk. */
export const QUARANTINE_BYTES_MAX = 13_107_200
