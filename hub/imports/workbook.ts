import { readSheet } from 'read-excel-file/node'
import { LIMITS as ZIP_LIMITS } from '../reference/limits.ts'
import { refusalOf, stop } from '../reference/stops.ts'
import { type ZipEntry, zipEntries } from '../reference/zip.ts'
import type { Limits } from './limits.ts'

/** The one door of workbooks that come in: the first sheet as rows of cells. What could be a bomb is refused before anything of it is read. */
export const workbookRows = async (file: string, limits: Limits): Promise<readonly (readonly string[])[]> => {
  for await (const part of partsOf(file, limits)) await judgePart(part)
  try {
    const rows = await readSheet<string>(file, 1, { trim: false, parseNumber: numberText })
    return rows.map((row) => row.map((cell) => cellText(cell as Cell)))
  } catch (cause) {
    throw refusalOf(cause) ? cause : stop('imports.workbook-broken', { why: cause instanceof Error ? cause.message.slice(0, 200) : '' })
  }
}

const partsOf = async function* (file: string, limits: Limits): AsyncGenerator<ZipEntry, void, void> {
  const { ratioMax, partsMax, unpackedBytesMax } = limits
  let bytes = 0
  for await (const part of zipEntries(file, { ...ZIP_LIMITS, ratioMax, entriesMax: partsMax, entryBytesMax: unpackedBytesMax })) {
    yield {
      ...part,
      unpack: async function* () {
        for await (const chunk of part.unpack()) {
          bytes += chunk.length
          if (bytes > unpackedBytesMax) throw stop('reference.zip-bomb', { entry: part.name })
          yield chunk
        }
      },
    }
  }
}

/** A part that declares a document type could make entities that explode; merged cells leave all but one of theirs empty, unseen. */
const judgePart = async ({ name, unpack }: ZipEntry): Promise<void> => {
  let tail = ''
  for await (const chunk of unpack()) {
    // Zero bytes are what other encodings of XML have between the letters.
    const text = tail + Buffer.from(chunk).toString('latin1').replaceAll('\0', '')
    if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw stop('reference.doctype', { entry: name })
    const [, cells] = /<(?:\w+:)?mergeCell\s[^>]*?ref="([^"]{1,40})"/.exec(text) ?? []
    if (cells !== undefined && cells !== '') throw stop('imports.merged-cells', { sheet: name, cells })
    tail = text.slice(-TAIL_CHARS)
  }
}
const TAIL_CHARS = 200

/** A number as its digits: a code of 13 is no amount. */
const numberText = (said: string): string => {
  const value = Number(said)
  return /e/i.test(said) && Number.isSafeInteger(value) ? String(value) : said
}

/** Its types speak of what makes a date as if it were one. */
type Cell = string | number | boolean | Date | null
const cellText = (cell: Cell): string => {
  if (cell === null) return ''
  // A day of a workbook has no zone: it is written as the day it is.
  return cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell)
}
