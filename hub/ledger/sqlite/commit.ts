import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { type OpenedDatabase, sqliteCode, storageTroubleOf } from '../../database.ts'
import { fault } from '../../faults.ts'

/** One writer's transactions: all or nothing, and what becomes of them when the disk has no room. */
export interface Commits {
  /** Runs in one durable transaction. A refusal answered by `run`, or a full disk, leaves nothing behind; any other error is thrown on. */
  readonly durable: <Answer>(run: () => Answer) => Answer | Refusal
  /** For words that may be lost (link life): committed without waiting for the disk, dropped when there is no room. */
  readonly light: (run: () => void) => void
  readonly storage: () => { readonly state: 'ok' | 'full'; readonly sinceMs: number | null }
}

export const openCommits = (
  opened: OpenedDatabase,
  on: {
    /** Before the commit: everything gathered in memory must be written. */
    readonly flush: () => void
    /** After the commit. */
    readonly done: () => void
    /** After a rollback: everything remembered must be forgotten. */
    readonly forget: () => void
    /** The disk became full, or has room again; runs inside a transaction of its own. */
    readonly full: (sinceMs: number) => void
    readonly room: (atMs: number) => void
    readonly now: () => number
  },
): Commits => {
  const { db } = opened
  const [begin, commit, rollback] = [db.prepare('begin immediate'), db.prepare('commit'), db.prepare('rollback')]
  let fullSince: number | null = null
  let alarmed = false

  const within = <Answer>(run: () => Answer): Answer => {
    begin.run()
    let answer: Answer
    try {
      answer = run()
      if (isRefusal(answer)) {
        rollback.run()
        on.forget()
        return answer
      }
      on.flush()
      commit.run()
    } catch (cause) {
      if (db.inTransaction) rollback.run()
      on.forget()
      throw cause
    }
    on.done()
    return answer
  }
  const fill = (): Refusal => {
    if (fullSince === null) {
      fullSince = on.now()
      alarm(fullSince)
    }
    return refuse('ledger.disk-full')
  }
  /** The reserve is given back so that the alarm itself finds room; if even that fails, the refusals and the health answer still tell it. */
  const alarm = (sinceMs: number): void => {
    opened.freeReserve()
    try {
      within(() => on.full(sinceMs))
      alarmed = true
    } catch (cause) {
      if (storageTroubleOf(cause) !== 'full') throw cause
    }
  }
  const recover = (): void => {
    if (fullSince === null) return
    const sinceMs = fullSince
    fullSince = null
    // A disk that had no room even for the alarm: that it was full is written down now, before it is closed.
    if (!alarmed) within(() => on.full(sinceMs))
    alarmed = false
    within(() => on.room(on.now()))
  }
  if (!opened.reserved) fill()
  return {
    durable: (run) => {
      // While the disk is full nothing is tried before the reserve itself fits again: else its room would be eaten entry by entry.
      if (fullSince !== null && !opened.keepReserve()) return refuse('ledger.disk-full')
      try {
        const answer = within(run)
        recover()
        return answer
      } catch (cause) {
        const trouble = storageTroubleOf(cause)
        if (trouble === 'full') return fill()
        throw trouble === 'failing' ? fault('database.failed', { file: db.name, code: sqliteCode(cause) ?? '?' }, cause) : cause
      }
    },
    light: (run) => {
      if (fullSince !== null) return
      db.pragma('synchronous = normal')
      try {
        within(run)
      } catch (cause) {
        if (storageTroubleOf(cause) !== 'full') throw cause
      } finally {
        db.pragma('synchronous = full')
      }
    },
    storage: () => ({ state: fullSince === null ? 'ok' : 'full', sinceMs: fullSince }),
  }
}
