import writeSheet from 'write-excel-file/node'

/** The one door of workbooks that go out: every cell is text, so that nothing in it is ever reckoned. */
export const workbookBytes = async (rows: readonly (readonly string[])[]): Promise<Uint8Array> =>
  writeSheet(
    rows.map((row) => row.map((value) => (value === '' ? null : { value, type: String }))),
    { stickyRowsCount: 1, columns: (rows[0] ?? []).map(() => ({ width: COLUMN_LETTERS })) },
  ).toBuffer()
const COLUMN_LETTERS = 18
