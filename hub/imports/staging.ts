import type { RowOutcome, TableImport, TableKind, TableRow, TableState } from '@lotkeeper/protocol/api/hub-imports.ts'
import type { Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { Database } from '../database.ts'
import type { Fields } from './columns.ts'

/** One row as it is kept between its preview and its end. */
export interface StagedRow {
  readonly row: number
  readonly cells: Readonly<Record<string, string>>
  readonly outcome: RowOutcome
  readonly id: string | null
  readonly name: string
  readonly fields: Fields | null
  /** What the record said when it was compared, and the version that was; 0: a new record. */
  readonly before: Fields | null
  readonly version: number
  readonly shown: Pick<TableRow, 'matched' | 'score' | 'changes' | 'candidates' | 'warnings'>
  readonly why: Refusal | null
  /** The version the commit made; 0: none; below 0: the version that undid it. */
  readonly written: number
}
export interface StagedRun {
  readonly id: number
  readonly kind: TableKind
  readonly name: string
  readonly sha256: string
  /** How often this file was imported and undone before: a new import of it is a new act. */
  readonly attempt: number
  readonly state: TableState
  readonly columns: readonly string[]
  readonly actor: string
  readonly committedAt: string | null
}

/** The imports as they are kept. */
export interface Staging {
  readonly begin: (run: Pick<StagedRun, 'kind' | 'name' | 'sha256' | 'actor'>, at: string) => number
  readonly run: (id: number) => StagedRun | null
  /** The last import of this file. */
  readonly last: (sha256: string, kind: TableKind) => StagedRun | null
  readonly setState: (id: number, state: TableState, at: string | null, why?: Refusal | null) => void
  readonly setColumns: (id: number, columns: readonly string[], ignored: readonly string[]) => void
  readonly setProgress: (id: number, done: number, rows: number) => void
  readonly setCommitted: (id: number, at: string) => void
  readonly put: (id: number, rows: readonly StagedRow[]) => void
  readonly setWritten: (id: number, written: readonly (readonly [row: number, version: number])[]) => void
  readonly row: (id: number, row: number) => StagedRow | null
  /** Rows after one, in their order; only of that outcome. */
  readonly rows: (id: number, after: number, limit: number, outcome?: RowOutcome) => readonly StagedRow[]
  /** The last rows before one, in their order; only of that outcome. */
  readonly rowsBefore: (id: number, before: number, limit: number, outcome?: RowOutcome) => readonly StagedRow[]
  /** Rows after one whose record a person chose, and that nothing was written of. */
  readonly chosen: (id: number, after: number, limit: number) => readonly StagedRow[]
  /** Rows that the commit wrote, the last first, before one of them. */
  readonly written: (id: number, before: number, limit: number) => readonly StagedRow[]
  /** Another row of the import that is that record; null: none. */
  readonly holder: (id: number, record: string, row: number) => number | null
  /** Whether that version of a record is what the undoing of a batch left. */
  readonly undone: (record: string, version: number) => boolean
  readonly clear: (id: number) => void
  readonly show: (id: number) => TableImport | null
  readonly newest: (limit: number) => readonly TableImport[]
  readonly inState: (states: readonly TableState[]) => readonly number[]
}

export const openStaging = (db: Database): Staging => {
  const runs = openRuns(db)
  const rows = openRows(db)
  return { ...runs, ...rows }
}

const openRuns = (db: Database) => {
  const one = db.prepare<[number], RunRow>('select * from run where id = ?')
  const last = db.prepare<[string, string], RunRow>('select * from run where sha256 = ? and kind = ? order by id desc limit 1')
  const attempts = db.prepare<[string, string], number>('select count(*) from run where sha256 = ? and kind = ?').pluck()
  const begin = db.prepare<[string, string, string, number, string, string]>(
    `insert into run (kind, name, sha256, attempt, state, done, rows, columns, ignored, actor, started_at) values (?, ?, ?, ?, 'reading', 0, 0, '[]', '[]', ?, ?)`,
  )
  const state = db.prepare<[string, string | null, string | null, number]>(
    'update run set state = ?, ended_at = ?, why = ?, done = 0 where id = ?',
  )
  const columns = db.prepare<[string, string, number]>('update run set columns = ?, ignored = ? where id = ?')
  const progress = db.prepare<[number, number, number]>('update run set done = ?, rows = ? where id = ?')
  const committed = db.prepare<[string, number]>('update run set committed_at = ? where id = ?')
  // Each out of an index alone: the rows themselves are read by nobody who only asks how far an import is.
  const counted = db.prepare<[number], { readonly outcome: RowOutcome; readonly rows: number }>(
    'select outcome, count(*) as rows from row where run = ? group by outcome',
  )
  const written = db.prepare<[number], number>('select count(*) from row where run = ? and written > 0').pluck()
  const newest = db.prepare<[number], RunRow>('select * from run order by id desc limit ?')
  const inState = db.prepare<[string], number>('select id from run where state in (select value from json_each(?)) order by id').pluck()
  const shown = (row: RunRow): TableImport => {
    const counts = Object.fromEntries(counted.all(row.id).map((each) => [each.outcome, each.rows]))
    const outcomes = { new: 0, changed: 0, same: 0, choice: 0, error: 0, ...counts }
    const why = row.why === null ? null : whyOf(JSON.parse(row.why) as Refusal)
    return {
      ...{ import: row.id, kind: row.kind, name: row.name, sha256: row.sha256, state: row.state, done: row.done, rows: row.rows, outcomes },
      ...{ written: written.get(row.id) ?? 0, ignored: JSON.parse(row.ignored) as string[] },
      ...{ why, actor: row.actor, startedAt: row.started_at, endedAt: row.ended_at },
    }
  }
  return {
    begin: ({ kind, name, sha256, actor }, at) =>
      Number(begin.run(kind, name, sha256, attempts.get(sha256, kind) ?? 0, actor, at).lastInsertRowid),
    run: (id) => runOf(one.get(id)),
    last: (sha256, kind) => runOf(last.get(sha256, kind)),
    setState: (id, to, at, why = null) => void state.run(to, at, why === null ? null : JSON.stringify(why), id),
    setColumns: (id, keys, ignored) => void columns.run(JSON.stringify(keys), JSON.stringify(ignored), id),
    setProgress: (id, done, of) => void progress.run(done, of, id),
    setCommitted: (id, at) => void committed.run(at, id),
    show: (id) => {
      const row = one.get(id)
      return row ? shown(row) : null
    },
    newest: (limit) => newest.all(limit).map(shown),
    inState: (states) => inState.all(JSON.stringify(states)),
  } satisfies Partial<Staging>
}

const openRows = (db: Database) => {
  const put = db.prepare<
    [number, number, string, string, string | null, string, string | null, string | null, number, string, string | null]
  >(
    'insert or replace into row (run, n, cells, outcome, id, name, fields, before, version, shown, why) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const one = db.prepare<[number, number], RowRow>('select * from row where run = ? and n = ?')
  const all = db.prepare<[number, number, number], RowRow>('select * from row where run = ? and n > ? order by n limit ?')
  const some = db.prepare<[number, string, number, number], RowRow>(
    'select * from row where run = ? and outcome = ? and n > ? order by n limit ?',
  )
  const allBefore = db.prepare<[number, number, number], RowRow>('select * from row where run = ? and n < ? order by n desc limit ?')
  const someBefore = db.prepare<[number, string, number, number], RowRow>(
    'select * from row where run = ? and outcome = ? and n < ? order by n desc limit ?',
  )
  const chosen = db.prepare<[number, number, number], RowRow>(
    `select * from row where run = ? and n > ? and written = 0 and shown ->> 'matched' = 'chosen' order by n limit ?`,
  )
  const written = db.prepare<[number, number, number], RowRow>(
    'select * from row where run = ? and written > 0 and n < ? order by n desc limit ?',
  )
  const setWritten = db.prepare<[number, number, number]>('update row set written = ? where run = ? and n = ?')
  const holder = db
    .prepare<[number, string, number], number>(
      `select n from row where run = ? and id = ? and n <> ? and outcome in ('new', 'changed', 'same') limit 1`,
    )
    .pluck()
  const undone = db
    .prepare<[string, number], number>('select exists (select 1 from row where id = ? and written = ? and written < 0)')
    .pluck()
  const clear = db.prepare<[number]>('delete from row where run = ?')
  const setAll = db.transaction((run: number, rows: readonly (readonly [number, number])[]) => {
    for (const [row, version] of rows) setWritten.run(version, run, row)
  })
  const putAll = db.transaction((run: number, rows: readonly StagedRow[]) => {
    for (const { row, cells, outcome, id, name, fields, before, version, shown, why } of rows)
      put.run(
        ...([run, row, JSON.stringify(cells), outcome, id, name, fields && JSON.stringify(fields)] as const),
        ...([before && JSON.stringify(before), version, JSON.stringify(shown), why && JSON.stringify(why)] as const),
      )
  })
  return {
    put: (run, rows) => putAll.immediate(run, rows),
    setWritten: (run, written) => setAll.immediate(run, written),
    row: (run, row) => rowOf(one.get(run, row)),
    rows: (run, after, limit, outcome) =>
      (outcome === undefined ? all.all(run, after, limit) : some.all(run, outcome, after, limit)).flatMap((row) => rowOf(row) ?? []),
    rowsBefore: (run, before, limit, outcome) =>
      (outcome === undefined ? allBefore.all(run, before, limit) : someBefore.all(run, outcome, before, limit))
        .reverse()
        .flatMap((row) => rowOf(row) ?? []),
    chosen: (run, after, limit) => chosen.all(run, after, limit).flatMap((row) => rowOf(row) ?? []),
    written: (run, before, limit) => written.all(run, before, limit).flatMap((row) => rowOf(row) ?? []),
    holder: (run, record, row) => holder.get(run, record, row) ?? null,
    undone: (record, version) => undone.get(record, -version) === 1,
    clear: (run) => void clear.run(run),
  } satisfies Partial<Staging>
}

/** A row as it is shown. */
export const rowView = ({ row, outcome, id, name, shown, why, written }: StagedRow): TableRow => ({
  ...{ row, outcome, id, name, ...shown, why: why && whyOf(why), written: written > 0 },
})

const whyOf = ({ code, zh, en }: Refusal) => ({ code, zh, en })

const runOf = (row: RunRow | undefined): StagedRun | null =>
  row
    ? {
        ...{ id: row.id, kind: row.kind, name: row.name, sha256: row.sha256, attempt: row.attempt, state: row.state, actor: row.actor },
        ...{ columns: JSON.parse(row.columns) as string[], committedAt: row.committed_at },
      }
    : null

const rowOf = (row: RowRow | undefined): StagedRow | null =>
  row
    ? {
        ...{ row: row.n, outcome: row.outcome, id: row.id, name: row.name, version: row.version, written: row.written },
        ...{ cells: JSON.parse(row.cells) as Readonly<Record<string, string>>, shown: JSON.parse(row.shown) as StagedRow['shown'] },
        fields: row.fields === null ? null : (JSON.parse(row.fields) as Fields),
        before: row.before === null ? null : (JSON.parse(row.before) as Fields),
        why: row.why === null ? null : (JSON.parse(row.why) as Refusal),
      }
    : null

interface RunRow {
  readonly id: number
  readonly kind: TableKind
  readonly name: string
  readonly sha256: string
  readonly attempt: number
  readonly state: TableState
  readonly done: number
  readonly rows: number
  readonly columns: string
  readonly ignored: string
  readonly why: string | null
  readonly actor: string
  readonly started_at: string
  readonly ended_at: string | null
  readonly committed_at: string | null
}
interface RowRow {
  readonly n: number
  readonly cells: string
  readonly outcome: RowOutcome
  readonly id: string | null
  readonly name: string
  readonly fields: string | null
  readonly before: string | null
  readonly version: number
  readonly shown: string
  readonly why: string | null
  readonly written: number
}
