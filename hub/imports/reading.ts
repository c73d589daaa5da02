import { readFile } from 'node:fs/promises'
import { stop } from '../reference/stops.ts'
import { csvRows } from './csv.ts'
import type { Limits } from './limits.ts'
import { workbookRows } from './workbook.ts'

/** Reads a table, whatever it is: a workbook, or CSV in UTF-8 or GB18030. Stops at what is none, or too large. */
export const readTable = async (file: string, limits: Limits): Promise<readonly (readonly string[])[]> => {
  const bytes = await readFile(file)
  if (bytes.length > limits.fileBytesMax) throw stop('imports.file-too-large', { limit: limits.fileBytesMax })
  const isWorkbook = bytes.subarray(0, ZIP_MARK.length).equals(ZIP_MARK)
  const rows = isWorkbook ? await workbookRows(file, limits) : csvRows(textOf(bytes), limits.rowsMax + 2)
  if (rows.length > limits.rowsMax + 1) throw stop('imports.rows-too-many', { limit: limits.rowsMax })
  if (rows.length < 2) throw stop('imports.file-empty')
  return rows.map((row) => row.slice(0, limits.columnsMax))
}

/** Text of bytes that do not say what they are written in: UTF-8 proves itself, GB18030 is what Chinese offices write otherwise. */
const textOf = (bytes: Uint8Array): string => {
  for (const encoding of ['utf-8', 'gb18030']) {
    const text = decoded(bytes, encoding)
    if (text !== null && !text.includes('\0')) return text
  }
  throw stop('imports.encoding-wrong')
}

const decoded = (bytes: Uint8Array, encoding: string): string | null => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (cause) {
    if (cause instanceof TypeError) return null
    throw cause
  }
}

const ZIP_MARK = Buffer.from('PK\u0003\u0004', 'latin1')
