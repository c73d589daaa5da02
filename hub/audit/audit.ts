import type { Refusal } from '@lotkeeper/protocol/refusals.ts'
import { type Database, openDatabase, openWithin, storageTroubleOf } from '../database.ts'
import type { AuditNote, Head } from './chain.ts'
import { eraseAgain, forgetIn } from './forget.ts'
import { AUDIT_FORM } from './form.ts'
import { openChain } from './growing.ts'
import { openToldHead } from './head.ts'
import { type AuditSearch, openSearch } from './search.ts'
import { type AuditVerdict, auditVerdict, drained } from './verify.ts'
import { openWriting } from './writing.ts'

/** Who did what, when, from where: a chain of rows, and beside it what may be erased. */
export interface Audit extends AuditSearch {
  /** Puts an act on record; settles once it is on disk. A refusal: it is not, for there is no room. */
  readonly note: (row: AuditNote) => Promise<Refusal | null>
  /** Whether an act may be done now, because it can be put on record afterwards. */
  readonly mayAct: () => Refusal | null
  /** Something went by that could not be put on record; how many is, once there is room. */
  readonly missed: () => void
  readonly head: () => Head
  /** Erases the details of what somebody did, of what was done to them, and of whatever else names their id; answers how many. */
  readonly forget: (subject: string) => Promise<number | Refusal>
  /** Re-checks the chain from a row on, a piece at a time. */
  readonly verify: (from?: number) => Promise<AuditVerdict>
  readonly close: () => Promise<void>
}

export interface AuditParts {
  /** `:memory:` is for tests. */
  readonly file: string
  /** Where the last row is told, apart from the file; `null` keeps it nowhere. */
  readonly headFile: string | null
  readonly now: () => number
  /** Puts a fault on record. */
  readonly note: (error: unknown, where: string) => void
  readonly mbMax?: number | null
}

export const openAudit = ({ file, headFile, now, note: fault, mbMax = null }: AuditParts): Audit => {
  const opened = openDatabase(file, AUDIT_FORM, mbMax)
  return openWithin(opened, () => {
    const { db } = opened
    // What is erased must not lie in the file any longer, and a copy of the file must show what it is.
    db.pragma('secure_delete = on')
    tidied(db)
    const told = openToldHead(headFile)
    const chain = openChain(db, told, now)
    const writing = openWriting({ chain, file, opened, now, fault })
    const note = (row: AuditNote) => writing.note(row)
    return {
      ...openSearch(db),
      ...{ note, mayAct: writing.mayAct, missed: writing.missed, head: chain.head },
      forget: (subject) => forgetIn(db, subject, note),
      verify: async (from = 1) => drained(auditVerdict(db, { told: chain.head().seq > 0 ? chain.head() : null, from })),
      close: async () => {
        writing.close()
        told.close()
        opened.close()
      },
    }
  })
}

/** A disk without room keeps nobody from starting: what is to be moved and erased is at a later start. */
const tidied = (db: Database): void => {
  try {
    db.pragma('wal_checkpoint(truncate)')
    eraseAgain(db)
  } catch (cause) {
    if (storageTroubleOf(cause) !== 'full') throw cause
  }
}
