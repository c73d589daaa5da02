import type { Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { Database } from '../database.ts'
import { type Counts, NO_COUNTS } from './counts.ts'
import { LIMITS } from './limits.ts'

/** One import as it is remembered. */
export interface Run {
  readonly id: number
  readonly state: RunState
  readonly entriesDone: number
  readonly counts: Counts
}
/** `broken`: the process died under it; like a cancelled one it goes on when the same file comes again. */
export type RunState = 'running' | 'done' | 'cancelled' | 'failed' | 'broken'

/** The imports of this file: one row for each file and what was to be kept of it. */
export const openRuns = (db: Database, now: () => number) => {
  const found = db.prepare<[string, string], RunRow>(
    'select id, state, entries_done, counts from import where sha256 = ? and keep_text = ? order by id desc limit 1',
  )
  const added = db.prepare<[string, string, string, number, string, string, string]>(
    `insert into import (name, sha256, keep_text, bytes, state, entries_done, counts, actor, started_at) values (?, ?, ?, ?, 'running', 0, ?, ?, ?)`,
  )
  const again = db.prepare<[string, string, number]>(
    `update import set state = 'running', why = null, ended_at = null, actor = ?, started_at = ? where id = ?`,
  )
  const reached = db.prepare<[number, string, number]>('update import set entries_done = ?, counts = ? where id = ?')
  const counts = db.prepare<[number], { readonly counts: string }>('select counts from import where id = ?')
  const ended = db.prepare<[string, string | null, string, number]>('update import set state = ?, why = ?, ended_at = ? where id = ?')
  const broken = db.prepare<[string, string]>(`update import set state = 'broken', why = ?, ended_at = ? where state = 'running'`)
  const error = db.prepare<[number, number, string, string, string]>('insert or replace into import_error values (?, ?, ?, ?, ?)')
  const time = () => new Date(now()).toISOString()
  return {
    /** The run of this file: a new one, or one that goes on; of a file that went through the run it went through in. */
    begin: (order: Begun): Run => {
      const before = found.get(order.sha256, order.keep)
      if (before && before.state !== 'done') again.run(order.actor, time(), before.id)
      if (before) return runOf(before)
      const { name, sha256, keep, bytes, actor } = order
      const { lastInsertRowid } = added.run(name, sha256, keep, bytes, JSON.stringify(NO_COUNTS), actor, time())
      return { id: Number(lastInsertRowid), state: 'running', entriesDone: 0, counts: NO_COUNTS }
    },
    reached: (id: number, entries: number, counts: Counts) => void reached.run(entries, JSON.stringify(counts), id),
    counts: (id: number): Counts => JSON.parse(counts.get(id)?.counts ?? '{}') as Counts,
    end: (id: number, state: RunState, why: Refusal | null) => void ended.run(state, why && JSON.stringify(why), time(), id),
    /** Whatever ran when the process died. */
    broken: (why: Refusal) => void broken.run(JSON.stringify(why), time()),
    refused: (id: number, n: number, { part, di, refusal }: Refused) => {
      if (n <= LIMITS.errorsKept) error.run(id, n, part, di, JSON.stringify(refusal))
    },
  }
}

interface Begun {
  readonly name: string
  readonly sha256: string
  readonly keep: string
  readonly bytes: number
  readonly actor: string
}
interface Refused {
  readonly part: string
  readonly di: string
  readonly refusal: Refusal
}
interface RunRow {
  readonly id: number
  readonly state: RunState
  readonly entries_done: number
  readonly counts: string
}

const runOf = ({ id, state, entries_done, counts }: RunRow): Run => ({
  ...{ id, state, entriesDone: entries_done },
  counts: JSON.parse(counts) as Counts,
})
