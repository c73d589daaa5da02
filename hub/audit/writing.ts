import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { type OpenedDatabase, storageTroubleOf, troubleNamed } from '../database.ts'
import type { AuditNote } from './chain.ts'
import type { Chain } from './growing.ts'

export interface WritingParts {
  readonly chain: Chain
  readonly file: string
  readonly opened: OpenedDatabase
  readonly now: () => number
  readonly fault: (error: unknown, where: string) => void
}
interface Waiting {
  readonly row: AuditNote
  readonly settle: (refused: Refusal | null) => void
}

/** Many rows in one commit: whatever came while the last one was written. */
export const openWriting = ({ chain, file, opened, now, fault }: WritingParts) => {
  let waiting: Waiting[] = []
  /** Done, and not on record yet: what had no room even in the reserve. */
  let owed: AuditNote[] = []
  let missed = 0
  let full = !opened.reserved
  let triedAt = Number.NEGATIVE_INFINITY
  let soon: NodeJS.Immediate | null = null
  const write = (rows: readonly AuditNote[]): boolean => {
    try {
      chain.append(rows)
      return true
    } catch (cause) {
      if (storageTroubleOf(cause) === null) throw cause
      if (!full) fault(troubleNamed(file, cause), 'audit')
      return false
    }
  }
  const flush = () => {
    soon = null
    const batch = waiting
    waiting = []
    const rows = [...owed, ...batch.map(({ row }) => row)]
    if (rows.length === 0) return
    let written = write(rows)
    if (!written && !full) {
      // What was begun before the disk filled was done: the room kept for this is for its rows.
      full = true
      opened.freeReserve()
      written = write(rows)
    }
    if (!written) full = true
    owed = written ? [] : rows.slice(-OWED_MAX)
    missed += written ? 0 : Math.max(0, rows.length - OWED_MAX)
    for (const { settle } of batch) settle(written ? null : refuse('audit.unwritable'))
  }
  const mayAct = (): Refusal | null => {
    if (!full) return null
    const age = now() - triedAt
    if (age >= 0 && age < RETRY_MS) return refuse('audit.unwritable')
    triedAt = now()
    // The row itself is the proof that there is room again.
    const again: AuditNote = { who: null, kind: 'hub', act: MISSED, outcome: 'audit.unwritable', count: missed }
    if (!opened.keepReserve() || !write([...owed, again])) return refuse('audit.unwritable')
    owed = []
    missed = 0
    full = false
    return null
  }
  return {
    note: (row: AuditNote) =>
      new Promise<Refusal | null>((settle) => {
        waiting.push({ row, settle })
        soon ??= setImmediate(flush)
      }),
    mayAct,
    missed: () => {
      missed += 1
    },
    close: () => {
      if (soon) clearImmediate(soon)
      flush()
    },
  }
}

const MISSED = 'audit-missed'
/** How often a full disk is asked for room again. */
const RETRY_MS = 1_000
/** Rows kept in memory for a disk that has no room: more than ever wait for one commit. */
const OWED_MAX = 1_000
