import type { DecisionBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import type { BatchReading } from '@lotkeeper/protocol/ledger/stream.ts'
import type { EntryId, Instant } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'

/** What people decided on batches that revoked keys signed, as the hub's own stream says it; the first word on a head stands. */
export interface Decisions {
  readonly of: (head: SealedHead) => Decision | null
  readonly learn: (id: EntryId, entry: Entry) => void
}
/** What a decision speaks of: one head, under one key. Where a batch began does not matter, for the head's hash proves all before it. */
export type SealedHead = Pick<BatchReading, 'stream' | 'epoch' | 'upto' | 'headHash' | 'key'>
export interface Decision {
  readonly verdict: DecisionBody['verdict']
  readonly at: Instant
  readonly actor: string | null
  readonly reason: string
  readonly entry: EntryId
}

/** Rows of the table `ledger`, like revocations: few, and learnt again from the log's own entries wherever those come back. */
export const openDecisions = (db: Database): Decisions => {
  const add = db.prepare('insert or ignore into ledger values (?, ?)')
  const find = db.prepare<[string], string>('select value from ledger where key = ?').pluck()
  return {
    of: (head) => {
      const value = find.get(nameOf(head))
      return value === undefined ? null : (JSON.parse(value) as Decision)
    },
    learn: (id, { body, occurredAt, actor }) => {
      const { verdict, reason, ...head } = body as DecisionBody
      const decision: Decision = { verdict, at: occurredAt, actor, reason, entry: id }
      add.run(nameOf(head), JSON.stringify(decision))
    },
  }
}

const nameOf = ({ stream, epoch, upto, headHash, key }: SealedHead): string => `decision/${stream}/${epoch}/${upto}/${headHash}/${key}`
