/** Which rows are asked for: the first, those after a line, or the last before one. */
export type Leaf =
  | { readonly at: 'first' }
  | { readonly at: 'after'; readonly line: number }
  | { readonly at: 'before'; readonly line: number }

/** What a page of rows says of itself. */
export interface Shown {
  readonly rows: readonly { readonly row: number }[]
  readonly next: string | null
}

export const FIRST: Leaf = { at: 'first' }
/** Nothing stands behind it. */
export const LAST: Leaf = { at: 'before', line: 1_000_000_000 }

/** The question of a leaf, as the route takes it. */
export const queryOf = (leaf: Leaf): { readonly cursor?: string; readonly before?: number } => {
  if (leaf.at === 'after') return { cursor: String(leaf.line) }
  return leaf.at === 'before' ? { before: leaf.line } : {}
}

/** The leaf that begins with that line of the sheet; what is no line is the beginning. */
export const leafAt = (line: number): Leaf => (line > FIRST_LINE ? { at: 'after', line: line - 1 } : FIRST)

/** The one after; `null`: there is none. */
export const leafAfter = ({ next }: Shown): Leaf | null => (next === null ? null : { at: 'after', line: Number(next) })

/** The one before; `null`: there is none. Less than a full leaf before another means that its beginning was reached. */
export const leafBefore = (leaf: Leaf, { rows }: Shown, perLeaf: number): Leaf | null => {
  const [first] = rows
  if (leaf.at === 'first') return null
  if (!first) return leaf.at === 'after' ? { at: 'before', line: leaf.line + 1 } : FIRST
  if (first.row <= FIRST_LINE) return null
  return leaf.at === 'before' && rows.length < perLeaf ? null : { at: 'before', line: first.row }
}

/** Line 1 is the header. */
const FIRST_LINE = 2
