import { CsvError, parse } from 'csv-parse/sync'
import { stop } from '../reference/stops.ts'

/** The one door of CSV that comes in: rows of cells as they stand; the sign between cells is the one its first line has most of. */
export const csvRows = (text: string, rowsMax: number): readonly (readonly string[])[] => {
  const first = text.slice(0, text.search(/[\r\n]|$/))
  const count = (sign: string) => first.split(sign).length
  const delimiter = [',', ';', '\t'].sort((one, other) => count(other) - count(one))[0] ?? ','
  try {
    return parse(text, { delimiter, bom: true, relax_column_count: true, max_record_size: RECORD_CHARS_MAX, to: rowsMax })
  } catch (cause) {
    if (cause instanceof CsvError) throw stop('imports.csv-broken', { line: Number(cause['lines'] ?? 0), why: cause.code })
    throw cause
  }
}
/** A quote that is never closed would make one cell of all that follows. */
const RECORD_CHARS_MAX = 1_048_576
