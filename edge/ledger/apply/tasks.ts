import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { type EntryId, entryId, placeOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'

/** What waits for a person: passages nobody could decide, what the county asks, and what this node's own history left uncertain. */
export interface Tasks {
  /**
   * A question came; what answers it may have come before it, for a new card is given its past back in any order. What a hub restored from a backup
   * asks once more, for it lost that it had, is the same question: whatever answers the one answers the other.
   */
  readonly open: (asking: Entry, at: number) => void
  readonly settle: (task: EntryId, by: EntryId) => void
  /** A lot was counted at a place: the questions it names that asked for this are answered. */
  readonly counted: (count: { readonly lot: string; readonly place: string; readonly entry: EntryId }, tasks: readonly Asked[]) => void
  /** An answer is taken back: its questions stand again. */
  readonly undone: (entry: EntryId) => void
}

/** A question to count, and what it wants counted; `null` while that is not known. */
export interface Asked {
  readonly task: EntryId
  readonly wanted: readonly Wanted[] | null
}
export interface Wanted {
  readonly lot: string
  readonly place: string
}

export const openTasks = (db: Database): Tasks => {
  const open = db.prepare<[string, number, string | null]>('insert into task (task, at, settled_by, asked) values (?, ?, null, ?)')
  const settle = db.prepare<[string, string, string]>(`update task set settled_by = ? where (${SAME_QUESTION}) and settled_by is null`)
  const keep = db.prepare<[string, string, string, string]>(
    `insert into counted (task, lot, place, entry) values (?, ?, ?, ?)
     on conflict (task, lot, place) do update set entry = excluded.entry`,
  )
  const count = db.prepare<[string], number>('select count(*) from counted where task = ?').pluck()
  const counted = db.prepare<[string, string, string], string>('select entry from counted where task = ? and lot = ? and place = ?').pluck()
  const isOpened = db.prepare<[string], number>('select exists (select 1 from task where task = ?)').pluck()
  const taken = db.prepare<[string], string>('delete from counted where entry = ? returning task').pluck()
  const reopen = db.prepare<[string, string]>(`update task set settled_by = null where ${SAME_QUESTION}`)
  const answered = db.prepare<[string], string>('select task from task where settled_by = ?').pluck()
  const answerOfSame = db.prepare<[string | null], string>('select settled_by from task where asked = ? and settled_by is not null').pluck()
  /** What answered a question before it was known: all that it wants counted, or an answer that counts nothing. */
  const answerBefore = (task: EntryId, wanted: readonly Wanted[] | null): EntryId | undefined => {
    const counts = (wanted ?? []).map(({ lot, place }) => counted.get(task, lot, place))
    return counted.get(task, NOTHING.lot, NOTHING.place) ?? (counts.every((entry) => entry !== undefined) ? counts.at(-1) : undefined)
  }
  return {
    open: (asking, at) => {
      const [task, asked] = [entryId(asking.stream, asking.epoch, asking.seq), askedBy(asking)]
      open.run(task, at, asked)
      const before = answerOfSame.get(asked) ?? answerBefore(task, wantedBy(asking))
      if (before !== undefined) settle.run(before, task, task)
    },
    settle: (task, by) => {
      if (isOpened.get(task) === 1) settle.run(by, task, task)
      else keep.run(task, NOTHING.lot, NOTHING.place, by)
    },
    counted: ({ lot, place, entry }, tasks) => {
      for (const { task, wanted } of tasks) {
        if (wanted && !wanted.some((one) => one.lot === lot && one.place === place)) continue
        keep.run(task, lot, place, entry)
        if (count.get(task) === wanted?.length) settle.run(entry, task, task)
      }
    },
    undone: (entry) => {
      for (const task of [...taken.all(entry), ...answered.all(entry)]) reopen.run(task, task)
    },
  }
}

const SAME_QUESTION = 'task = ? or asked = (select asked from task where task = ?)'

/** What an answer that came before its question counted, when it was no count. */
const NOTHING: Wanted = { lot: '', place: '' }

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

/** What the county asks, word for word and under the action it asked it; `null` when nobody asks. */
export const askedBy = ({ kind, action, part, body }: Entry): string | null =>
  kind === 'ask' ? canonicalText({ action, part, body }) : null

/** An entry by which pulled-back history was covered from `unexplained`; its action is the exchange's own [ledger-and-sync 3]. */
export const isCover = ({ kind, action, lines }: Entry): boolean =>
  kind === 'move' &&
  action.startsWith(COVER_ACTION) &&
  lines.length > 0 &&
  lines.every(({ from }) => placeOf(from)?.virtual === 'unexplained')

const COVER_ACTION = 'pulled:'
