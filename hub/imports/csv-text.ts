import { stringify } from 'csv-stringify/sync'

/** The one door of CSV that goes out: UTF-8 with its mark, for Excel; a cell that begins like a formula is written as text [OWASP]. */
export const csvText = (rows: readonly (readonly string[])[]): Uint8Array =>
  Buffer.from(
    stringify(
      [...rows].map((row) => [...row]),
      { bom: true, escape_formulas: true, record_delimiter: '\r\n' },
    ),
    'utf8',
  )
