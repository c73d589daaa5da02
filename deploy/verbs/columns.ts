/** Rows as a table for a terminal: the first column to the left, figures to the right; two spaces between. */
export const columns = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_cell, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? ''))))
  return rows
    .map((row) =>
      row
        .map((cell, at) => {
          const room = ' '.repeat((widths[at] ?? 0) - widthOf(cell))
          return at === 0 ? cell + room : room + cell
        })
        .join('  '),
    )
    .map((line) => `  ${line}\n`)
    .join('')
}

/** Columns a text takes: a Chinese letter is two wide on every terminal. */
export const widthOf = (text: string): number => [...text].reduce((width, letter) => width + (/[\u2e80-\uffee]/.test(letter) ? 2 : 1), 0)
