import { readEntry } from '@lotkeeper/protocol/ledger/entry.ts'
import { storageTroubleOf } from '../../database.ts'
import type { Append } from './append.ts'
import type { Log, LogRow } from './log.ts'

/**
 * After an upgrade: what was held and parked is read again, each entry in a commit of its own. An epoch stops at the first entry that still
 * cannot be read or still breaks the fold; that one stays parked with all behind it, and its discrepancy stays open.
 */
export const unparkAll = (log: Log, append: Append, commit: (run: () => void) => void): void => {
  for (const { stream, epoch, held, applied } of log.epochs()) {
    for (let seq = applied + 1; seq <= held; seq += 1) {
      const [row] = log.rows({ stream, epoch, from: seq }, 1)
      if (!row || !unpark(append, row, commit)) break
    }
  }
}

const unpark = (append: Append, row: LogRow, commit: (run: () => void) => void): boolean => {
  const reading = readEntry(row.body)
  if (!reading.known) return false
  try {
    commit(() => append.unpark(reading.entry, row.receivedAtMs))
    return true
  } catch (cause) {
    if (storageTroubleOf(cause) !== null) throw cause
    return false
  }
}
