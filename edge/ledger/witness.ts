import { epochOfOrigin, readCheckpoint } from '@lotkeeper/protocol/ledger/checkpoint.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import type { Database } from '../database.ts'

/**
 * Whether a checkpoint contradicts one that is kept: the same tree with another root at the same size, or smaller than it was. Then the hub has
 * told different counties, or different days, different histories.
 */
export const openWitness = (db: Database): ((entry: Entry) => boolean) => {
  const same = db.prepare<[string, number], string>('select text from checkpoint where epoch = ? and size = ?').pluck()
  const largest = db.prepare<[string], number | null>('select max(size) from checkpoint where epoch = ?').pluck()
  return (entry) => {
    const read = readCheckpoint(String(entry.body['text']))
    const epoch = read && epochOfOrigin(read.origin)
    if (!read || !epoch) return false
    const kept = same.get(epoch, read.size)
    return kept === undefined ? read.size < (largest.get(epoch) ?? 0) : readCheckpoint(kept)?.body !== read.body
  }
}
