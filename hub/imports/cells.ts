import { isCalendarDate } from '@lotkeeper/protocol/names.ts'

/** The cells of one row by their columns; a column the file lacks is not there. */
export type Cells = ReadonlyMap<string, string>

/** A cell as it is understood: no blanks around it, no unseen letters, digits and Latin letters in one width, no mark against formulas. */
export const cleaned = (cell: string): string => {
  const text = cell
    .toWellFormed()
    .replace(/[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - WIDE))
    .replace(/[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(/[\p{Cc}\u00a0\u3000]+/gu, ' ')
    .trim()
  return MARKED.test(text) ? text.slice(1) : text
}
const WIDE = 0xfee0
/** How we and other programs write a text that begins like a formula. */
const MARKED = /^'[=+\-@＝＋－＠]/

/** A code in one width, without the blanks and strokes it is printed with. */
export const cleanedCode = (text: string): string => text.normalize('NFKC').replace(/\s+/g, '')

/** A calendar date however it was keyed: with strokes, dots, Chinese, as eight digits, or as a workbook counts days; undefined: none of them. */
export const dateIn = (cell: string): string | undefined => {
  const text = cell.normalize('NFKC').trim()
  const [, year = '', month = '', day = ''] = SPOKEN.exec(text) ?? PACKED.exec(text) ?? []
  if (year !== '') return dated(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)
  const serial = Number(text)
  if (!/^\d{5}(\.\d+)?$/.test(text) || serial < SERIAL_MIN || serial > SERIAL_MAX) return undefined
  return dated(new Date(SERIAL_ZERO_MS + Math.floor(serial) * DAY_MS).toISOString().slice(0, 10))
}
const SPOKEN = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00(?:\.0+)?)?Z?)?$/
const PACKED = /^(\d{4})(\d{2})(\d{2})$/
const DAY_MS = 86_400_000
/** Day 0 of a workbook, so that every day after February 1900 is right [ECMA-376 18.17.4.1]. */
const SERIAL_ZERO_MS = Date.UTC(1899, 11, 30)
/** 1954 to 2119: a smaller or larger number is no date that stands in a catalogue. */
const SERIAL_MIN = 20_000
const SERIAL_MAX = 80_000
const dated = (text: string): string | undefined => (isCalendarDate(text) ? text : undefined)

/** The rows of a cell that holds a list: rows end with `;`, parts with `|`, and a stroke before a letter takes its meaning away. */
export const listIn = (cell: string): readonly (readonly string[])[] => {
  const rows: string[][] = [['']]
  const write = (letter: string) => {
    const row = rows.at(-1) ?? []
    row[row.length - 1] = `${row.at(-1) ?? ''}${letter}`
  }
  for (let at = 0; at < cell.length; at += 1) {
    const letter = cell[at] ?? ''
    if (letter === '\\' && at + 1 < cell.length) {
      at += 1
      write(cell[at] ?? '')
    } else if (letter === ';' || letter === '；') rows.push([''])
    else if (letter === '|' || letter === '｜') rows.at(-1)?.push('')
    else write(letter)
  }
  return rows.map((row) => row.map((part) => part.trim())).filter((row) => row.some((part) => part !== ''))
}

/** A list as it is written in a cell. */
export const listCell = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => row.map((part) => part.replace(/[\\;；|｜]/g, '\\$&')).join(' | ')).join('; ')

/** Words people write for a thing that has one name in the ledger; the first is the one we write. */
export type Words = Readonly<Record<string, readonly string[]>>

/** Which of them a text is; undefined: none. */
export const wordIn = (words: Words, text: string): string | undefined => {
  const said = text.normalize('NFKC').trim().toLowerCase()
  return Object.keys(words).find((name) => name.toLowerCase() === said || words[name]?.some((word) => word.toLowerCase() === said))
}
/** How we write it. */
export const wordFor = (words: Words, name: string): string => words[name]?.[0] ?? name

/** Several words in one cell. */
export const wordsIn = (cell: string): readonly string[] => cell.split(/[\s,，、;；/]+/).filter((word) => word !== '')

const YES_NO: Words = { yes: ['是', 'y', 'true', '1', '√', '有'], no: ['否', 'n', 'false', '0', '×', 'x', '无'] }
export const yesIn = (cell: string): boolean | undefined => {
  const word = wordIn(YES_NO, cell)
  return word === undefined ? undefined : word === 'yes'
}
export const yesCell = (value: unknown): string => (value === true ? '是' : value === false ? '否' : '')
