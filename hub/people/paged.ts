import { malformed, type Refusal } from '@lotkeeper/protocol/refusals.ts'

/** A page of rows that are all at hand; its cursor names the last row shown. */
export const paged = <Row, View>(
  rows: readonly Row[],
  { cursor, limit = LIMIT }: { readonly cursor?: string; readonly limit?: number },
  keyOf: (row: Row) => string,
  viewOf: (row: Row) => View,
): { readonly rows: View[]; readonly next: string | null } | Refusal => {
  const after = cursor === undefined ? -1 : rows.findIndex((row) => keyOf(row) === Buffer.from(cursor, 'base64url').toString('utf8'))
  if (cursor !== undefined && after < 0) return malformed('cursor', { zh: '不是这个列表给出的', en: 'was not given by this list' })
  const shown = rows.slice(after + 1, after + 1 + limit)
  const last = shown.at(-1)
  const next = last !== undefined && after + 1 + limit < rows.length ? Buffer.from(keyOf(last)).toString('base64url') : null
  return { rows: shown.map(viewOf), next }
}

const LIMIT = 100
