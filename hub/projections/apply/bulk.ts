import type { Database } from '../../database.ts'

/** Rows of one table, written several to a statement: half of what a small insert costs is its statement. */
export interface Bulk {
  readonly add: (...row: readonly (string | number | null)[]) => void
  /** Writes what is left; nothing is in the table for sure before it. */
  readonly flush: () => void
  /** Drops what is left. */
  readonly forget: () => void
}

/** `tail` is what an upsert does on conflict. Two rows of one key may be added: they are applied in order. */
export const openBulk = (db: Database, table: string, columns: number, tail = ''): Bulk => {
  const row = `(${Array.from({ length: columns }, () => '?').join(', ')})`
  const sql = (rows: number) => `insert into ${table} values ${Array.from({ length: rows }, () => row).join(', ')} ${tail}`
  const [many, one] = [db.prepare(sql(ROWS)), db.prepare(sql(1))]
  const full = ROWS * columns
  let values: (string | number | null)[] = []
  return {
    add: (...added) => {
      for (const value of added) values.push(value)
      if (values.length < full) return
      many.run(...values)
      values = []
    },
    flush: () => {
      for (let at = 0; at < values.length; at += columns) one.run(...values.slice(at, at + columns))
      values = []
    },
    forget: () => {
      values = []
    },
  }
}

/** More save nothing further and make long statements. */
const ROWS = 16
