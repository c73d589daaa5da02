import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { type EntryId, placeOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'

/** What waits for a person: passages nobody could decide, what the county asks, and what this node's own history left uncertain. */
export interface Tasks {
  readonly open: (task: EntryId, at: number) => void
  readonly settle: (task: EntryId, by: EntryId) => void
  /** A lot was counted at a place: the questions it names that asked for this are answered. */
  readonly counted: (count: { readonly lot: string; readonly place: string; readonly entry: EntryId }, tasks: readonly Asked[]) => void
  /** An answer is taken back: its questions stand again. */
  readonly undone: (entry: EntryId) => void
}

/** A question to count, and what it wants counted. */
export interface Asked {
  readonly task: EntryId
  readonly wanted: readonly Wanted[]
}
export interface Wanted {
  readonly lot: string
  readonly place: string
}

export const openTasks = (db: Database): Tasks => {
  const open = db.prepare<[string, number]>('insert into task (task, at) values (?, ?)')
  const settle = db.prepare<[string, string]>('update task set settled_by = ? where task = ? and settled_by is null')
  const keep = db.prepare<[string, string, string, string]>(
    `insert into counted (task, lot, place, entry) values (?, ?, ?, ?)
     on conflict (task, lot, place) do update set entry = excluded.entry`,
  )
  const count = db.prepare<[string], number>('select count(*) from counted where task = ?').pluck()
  const taken = db.prepare<[string], string>('delete from counted where entry = ? returning task').pluck()
  const reopen = db.prepare<[string]>('update task set settled_by = null where task = ?')
  const answered = db.prepare<[string], string>('select task from task where settled_by = ?').pluck()
  return {
    open: (task, at) => void open.run(task, at),
    settle: (task, by) => void settle.run(by, task),
    counted: ({ lot, place, entry }, tasks) => {
      for (const { task, wanted } of tasks) {
        if (!wanted.some((one) => one.lot === lot && one.place === place)) continue
        keep.run(task, lot, place, entry)
        if (count.get(task) === wanted.length) settle.run(entry, task)
      }
    },
    undone: (entry) => {
      for (const task of [...taken.all(entry), ...answered.all(entry)]) reopen.run(task)
    },
  }
}

/**
 * What an entry wants counted: the county's question names one lot at one place; own history that came back and did not cover what had left
 * since names every room it was covered in. `null`: it asks for no count.
 */
export const wantedBy = (entry: Entry): readonly Wanted[] | null => {
  if (entry.kind === 'ask') {
    const { what, lot, place } = entry.body as { readonly what: string; readonly lot: string; readonly place: string }
    return what === 'count' ? [{ lot, place }] : null
  }
  return isCover(entry) ? entry.lines.map(({ lot, to }) => ({ lot, place: to })) : null
}

/** An entry by which pulled-back history was covered from `unexplained`; its action is the exchange's own [ledger-and-sync 3]. */
export const isCover = ({ kind, action, lines }: Entry): boolean =>
  kind === 'move' &&
  action.startsWith(COVER_ACTION) &&
  lines.length > 0 &&
  lines.every(({ from }) => placeOf(from)?.virtual === 'unexplained')

const COVER_ACTION = 'pulled:'
