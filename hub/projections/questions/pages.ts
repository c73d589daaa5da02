import { Buffer } from 'node:buffer'
import { malformed, type Refusal } from '@lotkeeper/protocol/refusals.ts'

/** Rows of a page when the asker names no limit; the most it may ask for stands in the route's schema. */
export const PAGE_ROWS = 100

/** One page: its rows, and the cursor of the next page or null. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly next: string | null
}

/** What one value of a cursor's key may be. */
export type KeyShape = 'text' | 'number'
export type KeyValue = string | number

/** The cursor after a row: the question it belongs to and the row's key, opaque to the asker. */
export const writeCursor = (question: string, key: readonly KeyValue[]): string =>
  Buffer.from(JSON.stringify([question, ...key]), 'utf8').toString('base64url')

/** The key a cursor stands for; `null` without a cursor, a refusal when it was not written by this question. */
export const readCursor = (
  question: string,
  shape: readonly KeyShape[],
  cursor: string | undefined,
): readonly KeyValue[] | null | Refusal => {
  if (cursor === undefined) return null
  const key = keyOf(cursor)
  const right =
    key !== null &&
    key.length === shape.length + 1 &&
    key[0] === question &&
    shape.every((one, at) => (one === 'text' ? typeof key[at + 1] === 'string' : Number.isSafeInteger(key[at + 1])))
  return right ? (key.slice(1) as KeyValue[]) : cursorForged()
}

const cursorForged = (): Refusal => malformed('cursor', { zh: '不是本接口给出的游标', en: 'was not written here' })

/** A page of at most `limit` rows out of `limit + 1` that were read: the one too many says that there is a next page. */
export const pageOf = <Found, Row>(
  found: readonly Found[],
  limit: number,
  made: { readonly row: (one: Found) => Row; readonly cursor: (one: Found) => string },
): Page<Row> => {
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown.map(made.row), next: found.length > limit && last !== undefined ? made.cursor(last) : null }
}

const keyOf = (cursor: string): readonly unknown[] | null => {
  const bytes = Buffer.from(cursor, 'base64url')
  if (bytes.toString('base64url') !== cursor) return null
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return Array.isArray(value) ? value : null
  } catch {
    return null
  }
}
