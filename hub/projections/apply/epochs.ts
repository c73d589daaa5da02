import type { BodyOf } from '@lotkeeper/protocol/ledger/entry.ts'
import { type EpochId, HUB, type StreamId, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import type { Placed } from './placed.ts'

/** A place in a stream: the last entry of something. */
export interface StreamPlace {
  readonly epoch: EpochId
  readonly seq: number
}

/** The epochs nodes opened, as their first entries tell: in which boot, and what they go on from. */
export interface Epochs {
  readonly note: (placed: Placed) => void
  readonly ofBoot: (stream: StreamId, boot: string) => readonly EpochId[]
  /** Whether a place comes after the tip, or beside it on another branch; `false` while the tip itself was not heard of. */
  readonly isAfter: (stream: StreamId, place: StreamPlace, tip: StreamPlace) => boolean
}

export const openEpochs = (db: Database, schema: SchemaName): Epochs => {
  const put = db.prepare<[string, string, string, string | null, number | null]>(
    `insert or ignore into ${schema}.node_epoch values (?, ?, ?, ?, ?)`,
  )
  const ofBoot = db.prepare<[string, string], string>(`select epoch from ${schema}.node_epoch where stream = ? and boot = ?`).pluck()
  const find = db.prepare<[string, string], { readonly parent_epoch: string | null; readonly parent_seq: number | null }>(
    `select parent_epoch, parent_seq from ${schema}.node_epoch where stream = ? and epoch = ?`,
  )
  return {
    note: ({ entry: { stream, epoch, boot, body } }) => {
      if (writerOf(stream) === HUB) return
      const { parent } = body as BodyOf<'epoch'>
      put.run(stream, epoch, boot, parent?.epoch ?? null, parent?.seq ?? null)
    },
    ofBoot: (stream, boot) => ofBoot.all(stream, boot),
    isAfter: (stream, { epoch, seq }, tip) => {
      if (epoch === tip.epoch) return seq > tip.seq
      const walked = new Set<EpochId>()
      let row = find.get(stream, tip.epoch)
      if (!row) return false
      while (row?.parent_epoch != null && !walked.has(row.parent_epoch)) {
        if (row.parent_epoch === epoch) return seq > (row.parent_seq ?? 0)
        walked.add(row.parent_epoch)
        row = find.get(stream, row.parent_epoch)
      }
      return true
    },
  }
}
