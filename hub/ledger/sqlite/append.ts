import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import type { EpochTip, TakenEntry } from '@lotkeeper/protocol/ledger/stream.ts'
import { type EpochId, entryId, HUB, type StreamId, writerOf } from '@lotkeeper/protocol/names.ts'
import type { DiscrepancyRows } from '../../projections/apply/discrepancies.ts'
import type { Fold } from '../../projections/apply.ts'
import type { Log } from './log.ts'
import type { Tree } from './tree.ts'

/** Adds entries to the log and folds them, inside the transaction that is open; entries of a later version are held and parked. */
export interface Append {
  readonly all: (
    place: { readonly stream: StreamId; readonly epoch: EpochId },
    parent: EpochTip['parent'],
    entries: readonly TakenEntry[],
    at: { readonly receivedAtMs: number; readonly apply: boolean },
  ) => void
  /** Folds an entry that was parked. */
  readonly unpark: (entry: Entry, receivedAtMs: number) => void
  /** Counts since the last call: entries added, hub streams that grew. */
  readonly grown: () => { readonly entries: number; readonly streams: readonly StreamId[] }
}

export const openAppend = (rooms: {
  readonly log: Log
  readonly fold: Fold
  readonly discrepancies: DiscrepancyRows
  readonly tree: Pick<Tree, 'take'>
  /** An entry of the hub's own was applied: certificates and revocations are learnt from it. */
  readonly learn: (entry: Entry) => void
}): Append => {
  const streams = new Set<StreamId>()
  let entries = 0
  const fold = (id: string, entry: Entry, receivedAtMs: number) => {
    rooms.fold.apply({ id, entry, receivedAtMs })
    if (writerOf(entry.stream) === HUB) rooms.learn(entry)
  }
  const park = (stream: StreamId, id: string, seq: number, atMs: number) => {
    const site = writerOf(stream) === HUB ? null : writerOf(stream)
    rooms.discrepancies.open({ kind: 'entry-parked', site, subject: id, entry: id, atMs, facts: { at: seq } })
  }
  return {
    all: ({ stream, epoch }, parent, taken, { receivedAtMs, apply }) => {
      rooms.tree.take({ stream, epoch }, taken, receivedAtMs)
      const tip = rooms.log.tip(stream, epoch)
      // Once an entry is parked nothing after it in its epoch is applied, or sums would depend on when the hub was upgraded.
      let open = apply && (tip === null || tip.applied === tip.held)
      for (const one of taken) {
        const id = entryId(stream, epoch, one.seq)
        const applied = open && one.entry !== null
        rooms.log.add({ stream, epoch, parent }, one, { receivedAtMs, applied })
        if (applied && one.entry) fold(id, one.entry, receivedAtMs)
        else if (open) park(stream, id, one.seq, receivedAtMs)
        open = applied
      }
      entries += taken.length
      if (writerOf(stream) === HUB) streams.add(stream)
    },
    unpark: (entry, receivedAtMs) => {
      const { stream, epoch, seq } = entry
      const id = entryId(stream, epoch, seq)
      rooms.log.unpark(stream, epoch, seq)
      fold(id, entry, receivedAtMs)
      rooms.discrepancies.close('entry-parked', id, receivedAtMs)
      rooms.discrepancies.close('entry-not-applied', id, receivedAtMs)
    },
    grown: () => {
      const told = { entries, streams: [...streams] }
      entries = 0
      streams.clear()
      return told
    },
  }
}
