import { brokenRows } from '@lotkeeper/protocol/ledger/broken.ts'
import { CHAIN_START } from '@lotkeeper/protocol/ledger/chain.ts'
import type { Stretch } from '@lotkeeper/protocol/ledger/stream.ts'
import { type EntryId, entryId, entryOf, HUB, type StreamId, writerOf } from '@lotkeeper/protocol/names.ts'
import { openCrypto } from '../../crypto.ts'
import type { DiscrepancyRows } from '../../projections/apply/discrepancies.ts'
import type { DiscrepancyDraft } from '../discrepancies.ts'
import type { Log, LogRow } from './log.ts'

/**
 * What the medium damaged from a number to the end of an epoch, which took no effect yet, or none any more: a text becomes a hole, is named, and its
 * writer is asked for it as for any other (P-017); a hash that the next entry proves is written anew. Runs inside the transaction that is open.
 */
export const keepDamage = (
  log: Log,
  discrepancies: Pick<DiscrepancyRows, 'open'>,
  { stream, epoch, from }: Omit<Stretch, 'upto'>,
): void => {
  const tip = log.tip(stream, epoch)
  const previous = from === 1 ? CHAIN_START : log.hashAt(stream, epoch, from - 1)
  if (!tip || !previous) return
  const rows = rowsOf(log, { stream, epoch, from, upto: tip.held })
  for (const { row, hash } of brokenRows(openCrypto(), rows, { previous, next: Buffer.from(tip.headHash, 'hex') })) {
    if (hash) log.rehash(stream, epoch, row.seq, hash)
    else {
      log.spoil(stream, epoch, row.seq)
      discrepancies.open(holeDraft(stream, entryId(stream, epoch, row.seq), row.receivedAtMs))
    }
  }
}

/** What a person reads of an entry whose text is gone. */
export const holeDraft = (stream: StreamId, entry: EntryId, atMs: number): DiscrepancyDraft => {
  const site = writerOf(stream) === HUB ? null : writerOf(stream)
  return { kind: 'hole', site, subject: entry, entry, atMs, facts: { at: entryOf(entry)?.seq ?? 0 } }
}

function* rowsOf(log: Log, { stream, epoch, from, upto }: Stretch): Generator<LogRow & { readonly text: string }> {
  for (let at = from; at <= upto; at += ROWS_AT_ONCE)
    for (const row of log.rows({ stream, epoch, from: at }, Math.min(ROWS_AT_ONCE, upto - at + 1))) yield { ...row, text: row.body }
}

/** Rows read together: reading one by one takes several times as long. */
const ROWS_AT_ONCE = 512
