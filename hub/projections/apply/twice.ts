import type { BodyOf } from '@lotkeeper/protocol/ledger/entry.ts'
import { placeIn, readTwice } from '@lotkeeper/protocol/ledger/raised.ts'
import { type EntryId, entryOf, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import type { DiscrepancyRows } from './discrepancies.ts'
import type { Placed } from './placed.ts'

/** Acts that a node says stand twice in its stream: open until either entry is taken back, whatever of it is heard first. */
export interface Twice {
  readonly note: (placed: Placed) => void
  /** An entry was taken back. */
  readonly reversed: (entry: EntryId, atMs: number) => void
}

export const openTwice = (db: Database, discrepancies: DiscrepancyRows, schema: SchemaName): Twice => {
  const gone = db.prepare<[string, string], number>(`select 1 from ${schema}.reversal where entry in (?, ?) limit 1`).pluck()
  const open = db
    .prepare<[], string>(
      `select subject from ${schema}.discrepancy where discrepancy >= 'act-twice:' and discrepancy < 'act-twice;' and closed_at is null`,
    )
    .pluck()
  return {
    note: ({ id, entry, receivedAtMs }) => {
      const pair = readTwice(entry.body as BodyOf<'alarm'>)
      // A node speaks of its own stream.
      if (!pair || [pair.entry, pair.again].some((one) => entryOf(one)?.stream !== entry.stream)) return
      if (gone.get(pair.entry, pair.again) !== undefined) return
      discrepancies.open({
        kind: 'act-twice',
        site: writerOf(entry.stream),
        subject: `${pair.entry} ${pair.again}`,
        entry: id,
        atMs: receivedAtMs,
        facts: { entry: placeIn(pair.entry), again: placeIn(pair.again) },
      })
    },
    reversed: (entry, atMs) => {
      for (const subject of open.all()) if (subject.split(' ').includes(entry)) discrepancies.close('act-twice', subject, atMs)
    },
  }
}
