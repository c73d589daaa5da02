import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import type { OpeningBody, TakeOverBody } from '@lotkeeper/protocol/ledger/opening.ts'
import { type EntryId, entryId } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'

/**
 * Stock of an old system that the county tells this node to take over. An act is one task, however many parts it came in, and stands open while one of
 * its parts does: how it stands is judged anew at every word on it, for a new card is given its past back in any order.
 */
export interface Openings {
  /** The county's word: a part to take over, or that nobody is to. The same act again, out of another epoch of a hub, is the act it was. */
  readonly told: (entry: Entry, body: OpeningBody, at: number) => void
  /** This node's answer. */
  readonly answered: (entry: Entry, body: TakeOverBody, at: number) => void
  /** An answer was taken back; its reversal is noted. */
  readonly undone: (answer: EntryId) => void
}

/** Of `opening_answer`: what was not taken back, before it was held or after. */
export const ANSWER_STANDS = 'not exists (select 1 from reversal where reversal.entry = opening_answer.entry)'

export const openOpenings = (db: Database): Openings => {
  const sql = statementsOf(db)
  const judge = (act: string): void => {
    const parts = sql.parts.all(act)
    const [first] = parts
    if (first === undefined || parts.length < first.parts) return
    sql.open.run(first.entry, Math.max(...parts.map(({ at }) => at)))
    const answers = sql.answers.all(act)
    const over = sql.withdrawal.get(act) ?? answers.find(({ part }) => part === null)?.entry
    const taken = parts.map(({ part }) => answers.find((answer) => answer.part === part)?.entry)
    sql.settle.run(taken.includes(undefined) ? (over ?? null) : (taken.at(-1) ?? null), first.entry)
  }
  return {
    told: (entry, body, at) => {
      const id = idOf(entry)
      if (body.is === 'withdrawn') sql.withdraw.run(body.act, id)
      else sql.part.run(entry.action, entry.part, body.parts, id, at)
      judge(body.is === 'withdrawn' ? body.act : entry.action)
    },
    answered: (entry, body, at) => {
      sql.answer.run(idOf(entry), body.act, body.is === 'taken' ? body.part : null, at)
      judge(body.act)
    },
    undone: (answer) => {
      const act = sql.actOf.get(answer)
      if (act !== undefined) judge(act)
    },
  }
}

const idOf = ({ stream, epoch, seq }: Entry): EntryId => entryId(stream, epoch, seq)

const statementsOf = (db: Database) => ({
  part: db.prepare<[string, number, number, string, number]>(
    'insert into opening_part (act, part, parts, entry, at) values (?, ?, ?, ?, ?) on conflict do nothing',
  ),
  withdraw: db.prepare<[string, string]>('insert into opening_withdrawn (act, entry) values (?, ?) on conflict do nothing'),
  answer: db.prepare<[string, string, number | null, number]>('insert into opening_answer (entry, act, part, at) values (?, ?, ?, ?)'),
  actOf: db.prepare<[string], string>('select act from opening_answer where entry = ?').pluck(),
  parts: db.prepare<[string], { readonly part: number; readonly parts: number; readonly entry: string; readonly at: number }>(
    'select part, parts, entry, at from opening_part where act = ? order by part',
  ),
  answers: db.prepare<[string], { readonly entry: string; readonly part: number | null }>(
    `select entry, part from opening_answer where act = ? and ${ANSWER_STANDS} order by at`,
  ),
  withdrawal: db.prepare<[string], string>('select entry from opening_withdrawn where act = ?').pluck(),
  open: db.prepare<[string, number]>('insert into task (task, at) values (?, ?) on conflict do nothing'),
  settle: db.prepare<[string | null, string]>('update task set settled_by = ? where task = ?'),
})
