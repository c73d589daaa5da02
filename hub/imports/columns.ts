import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Sensitive } from '@lotkeeper/protocol/sensitive.ts'
import type { Cells } from './cells.ts'
import type { Limits } from './limits.ts'

/** One column of a table. Its header is both names; either is known, also without the star that says it must be filled in. */
export interface Column {
  readonly key: string
  readonly zh: string
  readonly en: string
  readonly required?: true
  /** What its cells say that not everybody sees. */
  readonly sensitive?: Sensitive
}
/** Fields of a record as the catalogue's acts take them, before a schema has judged them. */
export type Fields = Readonly<Record<string, unknown>>

export const headerOf = ({ zh, en, required }: Column): string => `${zh} / ${en}${required ? ' *' : ''}`

/** Columns that we write beside refused rows, and that mean nothing when such a file comes back. */
export const REASON_COLUMNS = [
  { key: 'row', zh: '原行号', en: 'Row' },
  { key: 'why-zh', zh: '原因', en: 'Reason (zh)' },
  { key: 'why-en', zh: '原因（英文）', en: 'Reason (en)' },
] as const satisfies readonly Column[]

/** Which column of a file is which; what nobody knows is named. */
export interface Header {
  /** Key by position; null: not known, or without meaning. */
  readonly keys: readonly (string | null)[]
  readonly ignored: readonly string[]
}

export const headerIn = (columns: readonly Column[], cells: readonly string[]): Header | Refusal => {
  const known = [...columns, ...REASON_COLUMNS]
  const found = cells.map((cell) => known.find((column) => namesOf(column).some((name) => saidIn(cell).includes(name)))?.key ?? null)
  const missing = columns.filter(({ key, required }) => required && !found.includes(key))
  if (missing.length > 0) return refuse('imports.columns-missing', { columns: missing.map(headerOf).join(', ') })
  const twice = found.findIndex((key, at) => key !== null && found.indexOf(key) < at)
  if (twice >= 0) return refuse('imports.column-twice', { column: cells[twice] ?? '' })
  const reasons: readonly string[] = REASON_COLUMNS.map(({ key }) => key)
  const ignored = cells.flatMap((cell, at) => (found[at] === null && cell.trim() !== '' ? [cell.trim().slice(0, 120)] : []))
  return { keys: found.map((key) => (key === null || reasons.includes(key) ? null : key)), ignored }
}

const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s*]+/g, '')
const namesOf = ({ key, zh, en }: Column): readonly string[] => [key, zh, en].map(folded)
const saidIn = (cell: string): readonly string[] => [cell, ...cell.split('/')].map(folded)

/** Reads the fields of a record out of a row: what the file has no column for stays as it is known, an empty cell leaves a field out. */
export interface CellReader {
  /** `read` answers undefined for what it cannot read; `empty` stands for an empty cell, undefined: the field is left out. */
  readonly put: (field: string, key: string, read: (cell: string) => unknown, empty?: unknown) => void
  readonly name: (field: string, zh: string, en: string) => void
  /** The fields, or the first thing that is wrong. */
  readonly fields: () => Fields | Refusal
}

export const openCellReader = (columns: readonly Column[], cells: Cells, known: Fields | null, limits: Limits): CellReader => {
  const fields: Record<string, unknown> = {}
  let wrong: Refusal | null = null
  const columnOf = (key: string) => {
    const column = columns.find((one) => one.key === key)
    return column ? `${column.zh} / ${column.en}` : key
  }
  const readCell = (key: string, cell: string, read: (cell: string) => unknown): unknown => {
    if (cell.length > limits.cellCharsMax) {
      wrong ??= refuse('imports.cell-too-long', { column: columnOf(key), limit: limits.cellCharsMax })
      return undefined
    }
    const value = read(cell)
    if (isRefusal(value)) wrong ??= value
    else if (value === undefined) wrong ??= refuse('imports.cell-wrong', { column: columnOf(key), value: cell.slice(0, SHOWN_CHARS) })
    return value
  }
  const readText = (key: string, before: unknown): unknown => {
    const cell = cells.get(key)
    if (cell === undefined) return before
    if (cell === '' && columns.find((one) => one.key === key)?.required) wrong ??= refuse('imports.cell-missing', { column: columnOf(key) })
    return readCell(key, cell, (text) => text)
  }
  return {
    put: (field, key, read, empty) => {
      const cell = cells.get(key)
      const value = cell === undefined ? (known?.[field] ?? empty) : cell === '' ? empty : readCell(key, cell, read)
      if (cell === '' && columns.find((one) => one.key === key)?.required)
        wrong ??= refuse('imports.cell-missing', { column: columnOf(key) })
      if (value !== undefined) fields[field] = value
    },
    name: (field, zh, en) => {
      const before = known?.[field] as { readonly zh: string; readonly en: string } | undefined
      fields[field] = { zh: readText(zh, before?.zh ?? ''), en: readText(en, before?.en ?? '') }
    },
    fields: () => wrong ?? fields,
  }
}
/** As much of a wrong cell as a reason repeats. */
const SHOWN_CHARS = 80
