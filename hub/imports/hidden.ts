import type { TableRow } from '@lotkeeper/protocol/api/hub-imports.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { MARKS, MASKED, SENSITIVE, type Sensitive } from '@lotkeeper/protocol/sensitive.ts'
import type { Column } from './columns.ts'

/** Keys of the columns that say what somebody may not see. */
export const hiddenKeys = (columns: readonly Column[], hidden: readonly Sensitive[]): ReadonlySet<string> =>
  new Set(columns.flatMap(({ key, sensitive }) => (sensitive !== undefined && hidden.includes(sensitive) ? [key] : [])))

/** Rows for somebody who may not see those columns: what is filled in there is masked, what is empty stays empty. */
export const hiddenCells = (rows: readonly Cells[], keys: ReadonlySet<string>): readonly Cells[] =>
  keys.size === 0
    ? rows
    : rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, cell]) => [key, keys.has(key) ? maskOf(cell) : cell])))
type Cells = Readonly<Record<string, string>>

/** A row of an import for them: that such a cell changes is told, from what to what is not. */
export const hiddenChanges = (row: TableRow, keys: ReadonlySet<string>): TableRow =>
  keys.size === 0
    ? row
    : {
        ...row,
        changes: row.changes.map(({ column, before, after }) =>
          keys.has(column) ? { column, before: maskOf(before), after: maskOf(after) } : { column, before, after },
        ),
      }

/**
 * The cells of a row without what a mask stands for, which stays as it is known; and whether its sender sets what they may not see: that is refused,
 * for they would write over what they never read.
 */
export const cellsHeld = (columns: readonly Column[], cells: ReadonlyMap<string, string>, keys: ReadonlySet<string>): Held => {
  const secret = columns.flatMap(({ key, zh, sensitive }) =>
    sensitive === undefined ? [] : [{ key, zh, right: SENSITIVE[sensitive].right }],
  )
  const said = secret.map((one) => ({ ...one, cell: cells.get(one.key) }))
  const set = said.find(({ key, cell }) => keys.has(key) && cell !== undefined && cell !== '' && !MARKS.includes(cell))
  const kept = new Set(said.flatMap(({ key, cell }) => (cell !== undefined && (MARKS.includes(cell) || keys.has(key)) ? [key] : [])))
  return {
    cells: kept.size === 0 ? cells : new Map([...cells].filter(([key]) => !kept.has(key))),
    why: set ? refuse('access.field-hidden', { field: set.zh, right: set.right }) : null,
  }
}
interface Held {
  readonly cells: ReadonlyMap<string, string>
  readonly why: Refusal | null
}

const maskOf = (cell: string): string => (cell === '' ? '' : MASKED)
