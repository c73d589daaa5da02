import { sameBytes } from '../bytes.ts'
import type { Parts } from '../parts.ts'
import { hashAfter, holeOf } from './chain.ts'

/** A row of a log whose text and hash do not belong together. */
export interface Broken<Row extends ChainedRow> {
  readonly row: Row
  /** Its hash as the next entry, or the head, proves it: then the text is whole. Otherwise it is the text that is damaged. */
  readonly hash: Uint8Array | null
}
export interface ChainedRow {
  readonly seq: number
  readonly hash: Uint8Array
  readonly text: string
}

/**
 * The broken rows among some that follow one another in an epoch, in order. `previous` is the hash before the first; `next` the row behind the last, or
 * the hash of the last as the epoch's tip says it.
 */
export function* brokenRows<Row extends ChainedRow>(
  parts: Parts,
  rows: Iterable<Row>,
  { previous, next: behind }: { readonly previous: Uint8Array; readonly next: ChainedRow | Uint8Array },
): Generator<Broken<Row>> {
  let before = previous
  let row: Row | null = null
  for (const next of rows) {
    const broken = row && brokenBy(parts, before, row, next)
    if (broken) yield broken
    if (row) before = broken?.hash ?? row.hash
    row = next
  }
  const broken = row && brokenBy(parts, before, row, behind)
  if (broken) yield broken
}

const brokenBy = <Row extends ChainedRow>(
  parts: Parts,
  before: Uint8Array,
  row: Row,
  next: ChainedRow | Uint8Array,
): Broken<Row> | null => {
  const hash = hashAfter(parts, before, row.text)
  if (sameBytes(hash, row.hash)) return null
  return { row, hash: goesOn(parts, hash, next) ? hash : null }
}

/** Whether the next entry, or the head, hangs on this hash; a hole hangs on nothing. */
const goesOn = (parts: Parts, hash: Uint8Array, next: ChainedRow | Uint8Array): boolean => {
  if (next instanceof Uint8Array) return sameBytes(hash, next)
  return holeOf(next.text) === null && sameBytes(hashAfter(parts, hash, next.text), next.hash)
}
