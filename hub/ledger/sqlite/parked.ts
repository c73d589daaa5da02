import { type EntryReading, readEntry } from '@lotkeeper/protocol/ledger/entry.ts'
import type { EpochTip, Stretch } from '@lotkeeper/protocol/ledger/stream.ts'
import { HUB, writerOf } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { storageTroubleOf } from '../../database.ts'
import type { Append } from './append.ts'
import type { Log } from './log.ts'

/** After an upgrade: what was held and parked in any epoch is read again. `false` when the disk had no room for all of it. */
export const unparkAll = (log: Log, append: Append, commit: Commit): boolean =>
  log.epochs().every((tip) => !isRefusal(unparkEpoch(log, append, tip, commit)))

/**
 * Applies what is parked in an epoch, each entry in a commit of its own. It stops at the first entry that still cannot be read or still breaks
 * the fold; that one stays parked with all behind it. Answers why, when it broke the fold or found no room.
 */
export const unparkEpoch = (log: Log, append: Append, tip: EpochTip, commit: Commit): unknown => {
  const { stream, epoch, held, applied } = tip
  if (held === applied) return null
  const unwritten = commit(() => append.keepDamage({ stream, epoch, from: applied + 1 }))
  if (isRefusal(unwritten)) return unwritten
  for (let seq = applied + 1; seq <= held; seq += 1) {
    const [row] = log.rows({ stream, epoch, from: seq }, 1)
    const reading = row && readEntry(row.body)
    if (!row || !reading || (!reading.known && !isHole(reading)))
      return heedBehind(log, append, { stream, epoch, from: seq + 1, upto: held }, commit)
    const parked = { entry: reading.known ? reading.entry : null, receivedAtMs: row.receivedAtMs }
    try {
      const refused = commit(() => append.unpark(tip, seq, parked))
      if (isRefusal(refused)) return refused
    } catch (cause) {
      if (storageTroubleOf(cause) !== null) throw cause
      return cause
    }
  }
  return null
}

/** An earlier program held what must not wait (H-056) without heeding it. */
const heedBehind = (log: Log, append: Append, { stream, epoch, from, upto }: Stretch, commit: Commit): unknown => {
  if (writerOf(stream) !== HUB || from > upto) return null
  const refused = commit(() => {
    for (let seq = from; seq <= upto; seq += ROWS_AT_ONCE)
      for (const { body } of log.rows({ stream, epoch, from: seq }, Math.min(ROWS_AT_ONCE, upto - seq + 1))) {
        const reading = readEntry(body)
        if (reading.known) append.heed(reading.entry)
      }
  })
  return isRefusal(refused) ? refused : null
}
const ROWS_AT_ONCE = 512

const isHole = (reading: EntryReading & { readonly known: false }): boolean => reading.later === null && reading.code === 'hole'

/** Answers a refusal when the disk is full. */
type Commit = (run: () => void) => unknown
