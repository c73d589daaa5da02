import type { TableFile, TableForm } from '@lotkeeper/protocol/api/hub-imports.ts'
import { type Column, headerOf, REASON_COLUMNS } from './columns.ts'
import type { StagedRow } from './staging.ts'
import { writeInThread } from './write-thread.ts'

/** A table as bytes, and what it is called. */
export interface MadeFile extends TableFile {
  readonly content: Uint8Array
}

/** A table of rows by their columns, in either form. */
export const tableFile = async (
  name: string,
  form: TableForm,
  { columns, rows }: { readonly columns: readonly Column[]; readonly rows: readonly Readonly<Record<string, string>>[] },
): Promise<MadeFile> => {
  const table = [columns.map(headerOf), ...rows.map((row) => columns.map(({ key }) => row[key] ?? ''))]
  const content = await writeInThread({ form, table })
  return { name: `${name}.${form}`, type: TYPES[form], bytes: content.length, content }
}

/** Refused rows as they came, each with its place and its reason before it. */
export const errorRows = (columns: readonly Column[], rows: readonly StagedRow[]) => ({
  columns: [...REASON_COLUMNS, ...columns],
  rows: rows.map(({ row, cells, why }) => ({ ...cells, row: String(row), 'why-zh': why?.zh ?? '', 'why-en': why?.en ?? '' })),
})

const TYPES = { csv: 'text/csv', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' } as const
