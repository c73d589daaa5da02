import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import type { OpeningTold } from '@lotkeeper/protocol/ledger/opening.ts'
import type { EntryId } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import { ANSWER_STANDS } from '../apply/openings.ts'
import type { OpeningRow } from '../contract.ts'

/** What the county tells to take over, as far as nobody took it over yet. */
export const openOpening = (db: Database, entryAt: (id: EntryId) => Entry | null) => {
  const act = db.prepare<[string], string>('select act from opening_part where entry = ?').pluck()
  const open = db.prepare<[string, string], { readonly part: number; readonly entry: string }>(
    `select part, entry from opening_part where act = ? and part not in
     (select part from opening_answer where act = ? and part is not null and ${ANSWER_STANDS}) order by part`,
  )
  return (task: EntryId): OpeningRow | null => {
    const named = act.get(task)
    const told = named === undefined ? null : (entryAt(task)?.body as OpeningTold | undefined)
    if (named === undefined || !told) return null
    const parts = open.all(named, named).map(({ part, entry }) => {
      const body = entryAt(entry)?.body as OpeningTold | undefined
      return { part, opening: entry, lines: body?.lines ?? [] }
    })
    return { act: named, doc: told.doc, counted: told.counted, parts }
  }
}

/**
 * Takings that this card wrote of parts that were taken over before it came: both stand, since its past came back. One of each part is told; what came back
 * stays, for what comes behind it may speak of it.
 */
export const takenTwice = (db: Database): readonly EntryId[] =>
  db
    .prepare<[], string>(
      `with standing as (select entry, act, part from opening_answer where part is not null and ${ANSWER_STANDS})
       select min(entry) from standing s join (select act, part from standing group by act, part having count(*) > 1) using (act, part)
       where exists (select 1 from epoch e where e.here = 1 and s.entry like e.stream || '/' || e.epoch || '/%') group by act, part`,
    )
    .pluck()
    .all()
