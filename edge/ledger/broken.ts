import { sameBytes } from '@lotkeeper/protocol/bytes.ts'
import { CHAIN_START, hashAfter, holeOf } from '@lotkeeper/protocol/ledger/chain.ts'
import type { EpochTip, Stretch } from '@lotkeeper/protocol/ledger/stream.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import type { Log, LogText } from './log.ts'

/** A row of the log whose text and hash do not belong together. */
export interface Broken {
  readonly row: LogText
  /** Its hash as the next entry, or the tip, proves it: then the text is whole. Otherwise it is the text that is damaged. */
  readonly hash: Uint8Array | null
}

/** The broken rows of a stretch, in order; also the row before it, where only its hash is: all that follows would look damaged for it. */
export function* brokenIn(parts: Parts, log: Log, { stream, epoch, from, upto }: Stretch): Generator<Broken> {
  const tip = log.tip(stream, epoch)
  const first = Math.max(1, from - 1)
  let previous = first === 1 ? CHAIN_START : log.hashAt(stream, epoch, first - 1)
  if (!tip || !previous) return
  const end = Math.min(upto, tip.held)
  for (let at = first; at <= end; at += ROWS_AT_ONCE) {
    const last = Math.min(end, at + ROWS_AT_ONCE - 1)
    const rows = log.rows(stream, epoch, at, Math.min(last + 1, tip.held))
    for (const [index, row] of rows.entries()) {
      if (row.seq > last) break
      const hash = hashAfter(parts, previous, row.text)
      const whole = sameBytes(hash, row.hash)
      const goneOn = !whole && goesOn(parts, hash, rows[index + 1], tip)
      if (!whole && (goneOn || row.seq >= from)) yield { row, hash: goneOn ? hash : null }
      previous = goneOn ? hash : row.hash
    }
  }
}

/** Rows read together: reading one by one takes several times as long. */
const ROWS_AT_ONCE = 2_000

const goesOn = (parts: Parts, hash: Uint8Array, next: LogText | undefined, tip: EpochTip): boolean =>
  next
    ? holeOf(next.text) === null && sameBytes(hashAfter(parts, hash, next.text), next.hash)
    : sameBytes(hash, Buffer.from(tip.headHash, 'hex'))
