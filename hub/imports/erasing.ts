import type { Database } from '../database.ts'
import { TABLES } from './tables.ts'

/** What rows of brought-in tables say of persons: found and erased, for these rows stay where they were staged. */
export interface StagedPersons {
  /** Every such text; a row may say several: as it came, as it was before, as it is to be. */
  readonly persons: () => IterableIterator<StagedPerson>
  /** Takes the texts out of every row of a party, and of every other row that says one of them; answers how many rows that were. */
  readonly erase: (party: string, texts: readonly string[]) => number
}
export interface StagedPerson {
  readonly run: number
  readonly row: number
  readonly id: string | null
  readonly at: string
  readonly texts: readonly string[]
}

export const openStagedPersons = (db: Database): StagedPersons => {
  const all = db.prepare<[], Found>(
    `select r.run, r.n as row, r.id, u.started_at as at, r.cells, r.fields, r.before, r.shown from row r join run u on u.id = r.run
     where u.kind = 'parties' order by r.run, r.n`,
  )
  const put = db.prepare<[string, string | null, string | null, string, number, number]>(
    'update row set cells = ?, fields = ?, before = ?, shown = ? where run = ? and n = ?',
  )
  const erase = db.transaction((party: string, texts: readonly string[]) => {
    const found = [...all.iterate()].filter((row) => {
      const said = textsIn(row)
      return said.length > 0 && (row.id === party || said.some((text) => texts.includes(text)))
    })
    for (const { run, row, cells, fields, before, shown } of found) {
      put.run(without(cells) ?? '{}', without(fields), without(before), withoutChanges(shown), run, row)
    }
    return found.length
  })
  return {
    persons: function* () {
      for (const row of all.iterate()) {
        const texts = textsIn(row)
        if (texts.length > 0) yield { run: row.run, row: row.row, id: row.id, at: row.at, texts }
      }
    },
    erase: (party, texts) => {
      // What is deleted is overwritten, here and in the log of changes.
      db.pragma('secure_delete = on')
      const rows = erase.immediate(party, texts)
      db.pragma('wal_checkpoint(TRUNCATE)')
      return rows
    },
  }
}

interface Found {
  readonly run: number
  readonly row: number
  readonly id: string | null
  readonly at: string
  readonly cells: string
  readonly fields: string | null
  readonly before: string | null
  readonly shown: string
}

/** Columns that say who a person is; their fields are called as they are. */
const KEYS: ReadonlySet<string> = new Set(TABLES.parties.columns.flatMap(({ key, sensitive }) => (sensitive === 'contacts' ? [key] : [])))

const textsIn = ({ cells, fields, before }: Found): readonly string[] => {
  const said = [cells, fields, before].flatMap((json) =>
    json === null ? [] : Object.entries(JSON.parse(json) as Readonly<Record<string, unknown>>),
  )
  return [...new Set(said.flatMap(([key, text]) => (KEYS.has(key) && typeof text === 'string' && text !== '' ? [text] : [])))]
}

const without = (json: string | null): string | null =>
  json === null ? null : JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(json) as object).filter(([key]) => !KEYS.has(key))))

const withoutChanges = (json: string): string => {
  const shown = JSON.parse(json) as { readonly changes?: readonly { readonly column: string }[] }
  return JSON.stringify({ ...shown, changes: (shown.changes ?? []).filter(({ column }) => !KEYS.has(column)) })
}
