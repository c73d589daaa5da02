import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { Database } from '../database.ts'
import type { AuditNote } from './chain.ts'

/**
 * Erases the details that name an opaque id: of what they did, of what was done to them, and of whatever else holds the id. The chain is put on
 * record first with the rows concerned, so that no detail is ever gone without somebody saying so; a start anew finishes what was broken off.
 */
export const forgetIn = async (
  db: Database,
  subject: string,
  note: (row: AuditNote) => Promise<Refusal | null>,
): Promise<number | Refusal> => {
  const upto = db.prepare<[], number | null>('select max(seq) from chain').pluck().get() ?? 0
  const find = db
    .prepare<[number, number, string, string, string], number>(
      `select d.seq from detail d join chain c on c.seq = d.seq where d.seq > ? and d.seq <= ? and (c.who = ? or c.subject = ? or instr(d.json, ?) > 0)`,
    )
    .pluck()
  const drop = db.prepare('delete from detail where seq = ?')
  let erased = 0
  for (let from = 0; from < upto; from += PIECE_ROWS) {
    const rows = find.all(from, Math.min(upto, from + PIECE_ROWS), subject, subject, JSON.stringify(subject))
    if (rows.length > 0) {
      const refused = await note({
        who: null,
        kind: 'hub',
        act: FORGOTTEN,
        subject,
        outcome: 'ok',
        count: rows.length,
        erased: spansOf(rows),
      })
      if (isRefusal(refused)) return refused
      db.transaction(() => {
        for (const seq of rows) drop.run(seq)
      }).immediate()
      erased += rows.length
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  db.pragma('wal_checkpoint(truncate)')
  return erased
}

/** Details that are on record as erased and lie there all the same: a start anew, or a backup that brought them back, erases them again. */
export const eraseAgain = (db: Database): number => {
  const rows = db.prepare<[string], string>('select body from chain where act = ?').pluck().all(FORGOTTEN)
  const drop = db.prepare('delete from detail where seq >= ? and seq <= ?')
  let dropped = 0
  db.transaction(() => {
    for (const body of rows) for (const [from, upto] of spansIn(body)) dropped += drop.run(from, upto).changes
  }).immediate()
  return dropped
}

/** The named act of erasing details. */
const FORGOTTEN = 'details-erased'
/** Rows looked at before others are served. */
const PIECE_ROWS = 5_000

/** A row that was made unreadable erases nothing; verifying names it. */
const spansIn = (body: string): readonly (readonly [number, number])[] => {
  try {
    return (JSON.parse(body) as { readonly erased?: [number, number][] }).erased ?? []
  } catch {
    return []
  }
}

const spansOf = (rows: readonly number[]): readonly (readonly [number, number])[] => {
  const spans: [number, number][] = []
  for (const seq of rows.toSorted((one, other) => one - other)) {
    const last = spans.at(-1)
    if (last && last[1] === seq - 1) last[1] = seq
    else spans.push([seq, seq])
  }
  return spans
}
