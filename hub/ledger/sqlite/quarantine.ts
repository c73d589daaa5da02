import type { NodeId } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import type { SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { Database } from '../../database.ts'
import { amongSites, sitesText } from '../../projections/questions/scope.ts'

/** What could not be taken: one copy per hash, up to a quota of bytes per node; whatever is not kept is still counted by code. */
export interface Quarantine {
  readonly keep: (node: NodeId, code: string, payload: Uint8Array, atMs: number) => void
  /** Newest first, from behind a place on. */
  readonly after: (place: QuarantinePlace | null, nodes: SiteScope, limit: number) => readonly Quarantined[]
  readonly one: (node: NodeId, hash: string) => Quarantined | null
  /** All that was brought by a node and set aside for this reason. */
  readonly of: (node: NodeId, code: string) => readonly Quarantined[]
}
/** One kept copy; `hash` in upper-case hexadecimal. */
export interface Quarantined {
  readonly node: NodeId
  readonly hash: string
  readonly code: string
  readonly receivedAtMs: number
  readonly payload: Uint8Array
}
export type QuarantinePlace = Pick<Quarantined, 'node' | 'hash' | 'receivedAtMs'>

export const openQuarantine = (db: Database, parts: Pick<Parts, 'sha256'>): Quarantine => {
  const bytesOf = db.prepare<[string], number>('select coalesce(sum(kept_bytes), 0) from quarantine_count where node = ?').pluck()
  const add = db.prepare('insert or ignore into quarantine values (?, ?, ?, ?, ?)')
  const count = db.prepare(
    `insert into quarantine_count values (?, ?, 1, ?, ?) on conflict do update set n = n + 1, kept_bytes = kept_bytes + excluded.kept_bytes,
     last_at = excluded.last_at`,
  )
  // The keys first: sorting must not carry a hundred kilobytes a row.
  const page = db.prepare<[object], Quarantined>(
    `with page as materialized (select node, hash, received_at from quarantine where (@all or ${amongSites('node')})
       and (-received_at, node, hash) > (-@before, @after, unhex(@hash)) order by -received_at, node, hash limit @limit)
     ${COLUMNS} from page p cross join quarantine q on q.node = p.node and q.hash = p.hash order by -q.received_at, q.node, q.hash`,
  )
  const one = db.prepare<[string, string], Quarantined>(`${COLUMNS} from quarantine q where q.node = ? and q.hash = unhex(?)`)
  const of = db.prepare<[string, string], Quarantined>(`${COLUMNS} from quarantine q where q.node = ? and q.code = ?`)
  return {
    after: (place, nodes, limit) =>
      page.all({
        all: nodes === 'all' ? 1 : 0,
        sites: sitesText(nodes),
        before: place?.receivedAtMs ?? Number.MAX_SAFE_INTEGER,
        after: place?.node ?? '',
        hash: place?.hash ?? '',
        limit,
      }),
    one: (node, hash) => one.get(node, hash) ?? null,
    of: (node, code) => of.all(node, code),
    keep: (node, code, payload, atMs) => {
      const room = (bytesOf.get(node) ?? 0) + payload.length <= QUARANTINE_BYTES_MAX
      const kept = room && add.run(node, parts.sha256(payload), code, atMs, payload).changes > 0
      count.run(node, code, kept ? payload.length : 0, atMs)
    },
  }
}

/** Bytes kept per node: a hundred batches of the largest size, enough to see what went wrong and too little to fill a disk. */
export const QUARANTINE_BYTES_MAX = 13_107_200

const COLUMNS = 'select q.node, hex(q.hash) as hash, q.code, q.received_at as receivedAtMs, q.payload'
