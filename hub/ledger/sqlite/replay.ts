import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { entryId } from '@lotkeeper/protocol/names.ts'
import type { Placed } from '../../projections/apply/placed.ts'
import type { Log, LogRow } from './log.ts'

/**
 * Every applied entry of the log in the order the hub applied it. Inside an epoch that order is the log's own, so the epochs are merged by
 * their next entry; no index on the order is needed, and the write path does not pay for one (H-003).
 */
export interface Replay {
  /** The entries not yet given, up to an order; to be run to its end before the next call. */
  readonly upto: (ord: number) => Generator<Placed>
}

export const openReplay = (log: Log): Replay => {
  const next = new Map<string, number>()
  return {
    upto: function* (ord) {
      const epochs = log.epochs().filter((tip) => tip.applied >= (next.get(nameOf(tip)) ?? 1))
      const chunk = Math.max(CHUNK_MIN, Math.min(CHUNK_MAX, Math.floor(ROWS_IN_MEMORY / Math.max(1, epochs.length))))
      const heap = epochs.flatMap((tip) => openRun(log, tip, { from: next.get(nameOf(tip)) ?? 1, ord, chunk }) ?? [])
      for (let at = (heap.length >> 1) - 1; at >= 0; at -= 1) sink(heap, at)
      for (let run = heap[0]; run; run = heap[0]) {
        const { seq, body, receivedAtMs } = run.row
        yield { id: entryId(run.stream, run.epoch, seq), entry: JSON.parse(body) as Entry, receivedAtMs }
        next.set(nameOf(run), seq + 1)
        if (!run.step()) {
          const last = heap.pop()
          if (last && heap.length > 0) heap[0] = last
        }
        sink(heap, 0)
      }
    },
  }
}

interface Run {
  readonly stream: string
  readonly epoch: string
  row: LogRow
  readonly step: () => boolean
}

const openRun = (
  log: Log,
  { stream, epoch }: { readonly stream: string; readonly epoch: string },
  { from, ord, chunk }: { readonly from: number; readonly ord: number; readonly chunk: number },
): Run | null => {
  const within = (row: LogRow | undefined): row is LogRow => row !== undefined && row.ord !== null && row.ord <= ord
  let rows = log.rows({ stream, epoch, from }, chunk)
  let at = 0
  const [first] = rows
  if (!within(first)) return null
  const run: Run = {
    stream,
    epoch,
    row: first,
    step: () => {
      at += 1
      if (at >= rows.length) {
        rows = log.rows({ stream, epoch, from: run.row.seq + 1 }, chunk)
        at = 0
      }
      const row = rows[at]
      if (within(row)) run.row = row
      return within(row)
    },
  }
  return run
}

/** Restores the heap's order below one place: the run with the smallest order stands first. */
const sink = (heap: Run[], from: number): void => {
  for (let at = from; ; ) {
    const [left, right] = [2 * at + 1, 2 * at + 2]
    let least = at
    if (orderOf(heap, left) < orderOf(heap, least)) least = left
    if (orderOf(heap, right) < orderOf(heap, least)) least = right
    const [one, other] = [heap[at], heap[least]]
    if (least === at || !one || !other) return
    heap[at] = other
    heap[least] = one
    at = least
  }
}

const orderOf = (heap: readonly Run[], at: number): number => heap[at]?.row.ord ?? Number.POSITIVE_INFINITY
const nameOf = ({ stream, epoch }: { readonly stream: string; readonly epoch: string }): string => `${stream}\n${epoch}`

const ROWS_IN_MEMORY = 65_536
const CHUNK_MIN = 8
const CHUNK_MAX = 512
