import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { RAISED, twiceAlarm } from '@lotkeeper/protocol/ledger/raised.ts'
import { type EntryId, entryId, type NodeId, streamOfNode } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import type { Database } from '../database.ts'
import type { Book } from './contract.ts'
import { PLAIN, type Writer } from './writer.ts'

/** Which acts were booked, and where: an act that comes again is answered by what stands. Runs inside the caller's transaction. */
export interface Actions {
  readonly find: (action: string) => ActionRow | null
  readonly keep: (action: string, act: string, first: Place & { readonly entries: number }) => void
  /**
   * An own entry was given back, folded anew or is read at last, and is about to take effect: from now on its act is known. What the same act wrote
   * while it was forgotten, or another answer to the same question, is remembered as its twin until `nameTwins`.
   */
  readonly learn: (place: Place, text: string, entry: Entry | null) => void
  /** Keeps each pair of twins in the log, once, when both can be read, move something and stand. */
  readonly nameTwins: (store: { readonly book: Book; readonly writer: Writer }, nowMs: number) => void
}

interface Place {
  readonly epoch: string
  readonly seq: number
}
interface ActionRow extends Place {
  readonly act: string | null
  readonly stream: string
  readonly entries: number
}

export const openActions = (db: Database, node: NodeId): Actions => {
  const sql = statementsOf(db)
  const own = streamOfNode(node)
  const meet = (one: EntryId, other: EntryId) => {
    if (one !== other) sql.twin.run(`${TWINS}${[one, other].toSorted().join(' ')}`)
  }
  return {
    find: (action) => sql.find.get(action) ?? null,
    keep: (action, act, first) => void sql.keep.run(action, act, own, first.epoch, first.seq, first.entries),
    learn: ({ epoch, seq }, text, entry) => {
      const said = entry ?? wordsOf(text)
      // That it started, or what its clock was, nobody asks of a node again: those acts are not known while they are written either.
      if (!said || entry?.kind === 'epoch' || entry?.kind === 'clock') return
      const { action, part } = said
      const id = entryId(own, epoch, seq)
      const before = sql.find.get(action)
      if (!before) sql.keep.run(action, null, own, epoch, seq - part, part + 1)
      else if (before.epoch === epoch && before.seq === seq - part) sql.more.run(part + 1, action)
      else if (part < before.entries) meet(id, entryId(own, before.epoch, before.seq + part))
      for (const answer of entry ? sql.answers.all({ task: taskOf(entry) }) : []) meet(id, answer)
    },
    nameTwins: ({ book, writer }, nowMs) => {
      for (const key of sql.twins.all()) {
        const [one, other] = key
          .slice(TWINS.length)
          .split(' ')
          .map((id) => ({ id, entry: book.entry(id) }))
        // Until its text is back, or this version can read it, nobody knows what it moves.
        if (!one?.entry || !other?.entry) continue
        sql.named.run(key)
        if (!stands(book, one.id, one.entry) || !stands(book, other.id, other.entry)) continue
        const [first, second] = one.entry.occurredAt <= other.entry.occurredAt ? [one, other] : [other, one]
        const body = twiceAlarm({ entry: first.id, again: second.id })
        if (book.raised().some(({ alarm }) => alarm === body.alarm)) continue
        const action = `${RAISED}:${writer.epoch.slice(0, 8)}:${body.alarm}`
        const written = writer.write(action, [{ ...PLAIN, kind: 'alarm', occurredAtMs: nowMs, body }])
        if (isRefusal(written)) throw new Error(`naming what stands twice was refused: ${written.en}`)
      }
    },
  }
}

/** It moved something, and nobody took any of it back; what was taken back twice the county names itself. */
const stands = (book: Book, id: EntryId, { kind, lines }: Entry): boolean =>
  kind !== 'reverse' && lines.length > 0 && lines.every((_, at) => book.reversedBy(id, at) === null)

/** The question an entry answers by moving something; a second count of what was counted is told of by the lost tail. */
const taskOf = ({ kind, lines, body }: Entry): string | null => {
  if (lines.length === 0) return null
  if (kind === 'correct') return String(body['ask'])
  return kind === 'settle' ? String(body['task']) : null
}

/** What can be told of an entry of a later version. */
const wordsOf = (text: string): Pick<Entry, 'action' | 'part'> | null => {
  const { action, part } = JSON.parse(text) as Partial<Record<string, unknown>>
  return typeof action === 'string' && typeof part === 'number' && Number.isSafeInteger(part) && part >= 0 ? { action, part } : null
}

/** Keys of `ledger` under which pairs wait that nobody has named. */
const TWINS = 'twins '

const statementsOf = (db: Database) => ({
  find: db.prepare<[string], ActionRow>('select act, stream, epoch, first_seq as seq, entries from action where action = ?'),
  keep: db.prepare<[string, string | null, string, string, number, number]>(
    'insert into action (action, act, stream, epoch, first_seq, entries) values (?, ?, ?, ?, ?, ?)',
  ),
  more: db.prepare<[number, string]>('update action set entries = max(entries, ?) where action = ? and act is null'),
  // What answered a question that is not known yet counts nothing: its row names no lot.
  answers: db
    .prepare<[{ readonly task: string | null }], string>(
      `select settled_by from task where task = @task and settled_by is not null
       union select entry from counted where task = @task and lot = '' and place = ''`,
    )
    .pluck(),
  twin: db.prepare<[string]>(`insert into ledger (key, value) values (?, '') on conflict do nothing`),
  twins: db.prepare<[], string>(`select key from ledger where key >= '${TWINS}' and key < 'twins!'`).pluck(),
  named: db.prepare<[string]>('delete from ledger where key = ?'),
})
