import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import type { EpochTip, Stretch, TakenEntry } from '@lotkeeper/protocol/ledger/stream.ts'
import { type EntryId, type EpochId, entryId, HUB, type StreamId, writerOf } from '@lotkeeper/protocol/names.ts'
import type { DiscrepancyRows } from '../../projections/apply/discrepancies.ts'
import type { Fold } from '../../projections/apply.ts'
import { holeDraft, keepDamage } from './damage.ts'
import type { EpochPlace, Log } from './log.ts'
import type { Tree } from './tree.ts'

/** Adds entries to the log and folds them, inside the transaction that is open; entries of a later version are held and parked. */
export interface Append {
  readonly all: (
    place: { readonly stream: StreamId; readonly epoch: EpochId },
    parent: EpochTip['parent'],
    entries: readonly TakenEntry[],
    at: { readonly receivedAtMs: number; readonly apply: boolean },
  ) => void
  /** Puts true texts where holes were held, and folds those their epoch had passed. */
  readonly fill: (place: EpochPlace, filled: readonly TakenEntry[], receivedAtMs: number) => void
  /** Folds an entry that was parked, or passes a hole among those that were (no entry). */
  readonly unpark: (place: EpochPlace, seq: number, parked: { readonly entry: Entry | null; readonly receivedAtMs: number }) => void
  /** What is damaged of all that is parked in an epoch becomes a hole before anything of it is read. */
  readonly keepDamage: (parked: Omit<Stretch, 'upto'>) => void
  /** An entry that can be read is held behind a parked one: what must not wait for an upgrade counts now. */
  readonly heed: (entry: Entry) => void
  /** Counts since the last call: entries added, hub streams that grew. */
  readonly grown: () => { readonly entries: number; readonly streams: readonly StreamId[] }
}

export const openAppend = (rooms: {
  readonly log: Log
  readonly fold: Fold
  readonly discrepancies: DiscrepancyRows
  readonly tree: Pick<Tree, 'take'>
  /** An entry was applied: of the hub's own certificates and revocations are learnt, of a node's the hub's own entries follow. */
  readonly learn: (id: EntryId, entry: Entry) => void
  /** An entry that can be read is held behind a parked one: what must not wait for an upgrade counts now. */
  readonly heed: (entry: Entry) => void
}): Append => {
  const streams = new Set<StreamId>()
  let entries = 0
  const fold = (id: EntryId, entry: Entry, receivedAtMs: number) => {
    rooms.fold.apply({ id, entry, receivedAtMs })
    rooms.learn(id, entry)
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
        const applied = open && (one.entry !== null || one.hole === true)
        rooms.log.add({ stream, epoch, parent }, one, { receivedAtMs, applied })
        if (one.hole) rooms.discrepancies.open(holeDraft(stream, id, receivedAtMs))
        if (applied && one.entry) fold(id, one.entry, receivedAtMs)
        else if (one.entry) rooms.heed(one.entry)
        else if (open && !applied) park(stream, id, one.seq, receivedAtMs)
        open = applied
      }
      entries += taken.length
      if (writerOf(stream) === HUB) streams.add(stream)
    },
    fill: (place, filled, receivedAtMs) => {
      for (const one of filled) {
        const id = entryId(place.stream, place.epoch, one.seq)
        const late = rooms.log.fill(place, one, receivedAtMs)
        if (late && one.entry) fold(id, one.entry, receivedAtMs)
        else if (one.entry) rooms.heed(one.entry)
        rooms.discrepancies.close('hole', id, receivedAtMs)
      }
      entries += filled.length
    },
    unpark: ({ stream, epoch }, seq, { entry, receivedAtMs }) => {
      const id = entryId(stream, epoch, seq)
      rooms.log.unpark(stream, epoch, seq)
      if (entry) fold(id, entry, receivedAtMs)
      rooms.discrepancies.close('entry-parked', id, receivedAtMs)
      rooms.discrepancies.close('entry-not-applied', id, receivedAtMs)
    },
    keepDamage: (parked) => keepDamage(rooms.log, rooms.discrepancies, parked),
    heed: rooms.heed,
    grown: () => {
      const told = { entries, streams: [...streams] }
      entries = 0
      streams.clear()
      return told
    },
  }
}
