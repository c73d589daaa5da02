import type { TABLE_TYPES } from '@lotkeeper/protocol/api/hub-imports.ts'

/** What is wrong with a file before it is sent; `null`: it may go. */
export type FileFlaw = 'old' | 'kind' | 'size' | 'empty'

/** A file is known by its name: what browsers say of its type depends on what else is installed. */
export const flawOf = ({ name, size }: Pick<File, 'name' | 'size'>): FileFlaw | null => {
  if (tableTypeOf(name) === null) return OLD.test(name) ? 'old' : 'kind'
  if (size === 0) return 'empty'
  return size > TABLE_BYTES_MAX ? 'size' : null
}

/** The type a route takes; `null`: it takes no such file. */
export const tableTypeOf = (name: string): (typeof TABLE_TYPES)[number] | null => {
  if (/\.(csv|txt)$/i.test(name)) return 'text/csv'
  return /\.xlsx$/i.test(name) ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' : null
}

/** What a file may be chosen by. */
export const ACCEPTED = '.csv,.txt,.xlsx'

/** Formats that hold a table and that the program which wrote it can save as another. */
const OLD = /\.(xls|xlsm|xlsb|et|ods|numbers)$/i
const TABLE_BYTES_MAX = 20 * 1024 ** 2
