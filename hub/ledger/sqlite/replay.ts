import { sameBytes } from '@lotkeeper/protocol/bytes.ts'
import { CHAIN_START, hashAfter, holeOf } from '@lotkeeper/protocol/ledger/chain.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { type EntryId, entryId } from '@lotkeeper/protocol/names.ts'
import { openCrypto } from '../../crypto.ts'
import type { Placed } from '../../projections/apply/placed.ts'
import type { Log, LogRow } from './log.ts'

/**
 * Every applied entry of the log in the order the hub applied it. Inside an epoch that order is the log's own, so the epochs are merged by
 * their next entry; no index on the order is needed, and the write path does not pay for one (H-003). A hole that was filled after its epoch had
 * passed it is merged by itself; one that was not filled gives nothing, nor does a text that the medium damaged: that one is named. Each text is hashed;
 * `asItLies` leaves that to whoever judges the file afterwards.
 */
export interface Replay {
  /** The entries not yet given, up to an order; to be run to its end before the next call. */
  readonly upto: (ord: number) => Generator<Placed>
}

export const openReplay = (log: Log, unreadable: (entry: EntryId) => void, asItLies = false): Replay => {
  const read = openReading(log, asItLies)
  const next = new Map<string, number>()
  let after = 0
  return {
    upto: function* (ord) {
      const epochs = log.epochs().filter((tip) => tip.applied >= (next.get(nameOf(tip)) ?? 1))
      const chunk = Math.max(CHUNK_MIN, Math.min(CHUNK_MAX, Math.floor(ROWS_IN_MEMORY / Math.max(1, epochs.length))))
      const heap = epochs.flatMap((tip) => openRun(log, read, tip, { from: next.get(nameOf(tip)) ?? 1, ord, chunk }) ?? [])
      for (const one of log.filledLate()) heap.push(...openLate(read, one, { after, ord }))
      for (let at = (heap.length >> 1) - 1; at >= 0; at -= 1) sink(heap, at)
      for (let run = heap[0]; run; run = heap[0]) {
        const { seq, body, whole, receivedAtMs } = run.row
        const id = entryId(run.stream, run.epoch, seq)
        const entry = whole && !holeOf(body) ? entryIn(body) : null
        if (entry) yield { id, entry, receivedAtMs }
        else if (!holeOf(body)) unreadable(id)
        if (!run.late) next.set(nameOf(run), seq + 1)
        if (!run.step()) {
          const last = heap.pop()
          if (last && heap.length > 0) heap[0] = last
        }
        sink(heap, 0)
      }
      after = ord
    },
  }
}

/** What was read once and is no entry any more was damaged where it lies. */
const entryIn = (body: string): Entry | null => {
  try {
    return JSON.parse(body) as Entry
  } catch {
    return null
  }
}

interface ReadRow extends LogRow {
  readonly whole: boolean
}
type Reading = (place: StreamPlace, limit: number) => readonly ReadRow[]
interface StreamPlace {
  readonly stream: string
  readonly epoch: string
  readonly from: number
}

/** Rows of the log, each with whether its text still gives its hash. */
const openReading = (log: Log, asItLies: boolean): Reading => {
  const crypto = openCrypto()
  return (place, limit) => {
    const rows = log.rows(place, limit)
    let previous = place.from === 1 ? CHAIN_START : asItLies ? null : log.hashAt(place.stream, place.epoch, place.from - 1)
    return rows.map((row) => {
      const whole = asItLies || (previous !== null && sameBytes(hashAfter(crypto, previous, row.body), row.hash))
      previous = row.hash
      return { ...row, whole }
    })
  }
}

interface Run {
  readonly stream: string
  readonly epoch: string
  readonly late: boolean
  row: ReadRow
  readonly step: () => boolean
}

const openRun = (
  log: Log,
  read: Reading,
  { stream, epoch }: { readonly stream: string; readonly epoch: string },
  { from, ord, chunk }: { readonly from: number; readonly ord: number; readonly chunk: number },
): Run | null => {
  const within = (row: ReadRow | undefined): row is ReadRow => row !== undefined && row.ord !== null && row.ord <= ord
  /** Rows in the epoch's own order; what was applied out of it has a run of its own. */
  const rowsFrom = (from: number): readonly ReadRow[] => {
    const rows = read({ stream, epoch, from }, chunk)
    const late = log.filledLate().filter((one) => one.stream === stream && one.epoch === epoch)
    const kept = late.length === 0 ? rows : rows.filter(({ seq }) => !late.some((one) => one.seq === seq))
    const last = rows.at(-1)
    return kept.length > 0 || !last ? kept : rowsFrom(last.seq + 1)
  }
  let rows = rowsFrom(from)
  let at = 0
  const [first] = rows
  if (!within(first)) return null
  const run: Run = {
    stream,
    epoch,
    late: false,
    row: first,
    step: () => {
      at += 1
      if (at >= rows.length) {
        rows = rowsFrom(run.row.seq + 1)
        at = 0
      }
      const row = rows[at]
      if (within(row)) run.row = row
      return within(row)
    },
  }
  return run
}

const openLate = (
  read: Reading,
  { stream, epoch, seq }: { readonly stream: string; readonly epoch: string; readonly seq: number },
  { after, ord }: { readonly after: number; readonly ord: number },
): readonly Run[] => {
  const [row] = read({ stream, epoch, from: seq }, 1)
  const order = row?.ord ?? null
  return row && order !== null && order > after && order <= ord ? [{ stream, epoch, late: true, row, step: () => false }] : []
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
