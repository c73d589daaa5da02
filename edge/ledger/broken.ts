import { type Broken, brokenRows } from '@lotkeeper/protocol/ledger/broken.ts'
import { CHAIN_START } from '@lotkeeper/protocol/ledger/chain.ts'
import type { Stretch } from '@lotkeeper/protocol/ledger/stream.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import type { Log, LogText } from './log.ts'

/** The broken rows of a stretch, in order; also the row before it, where only its hash is: all that follows would look damaged for it. */
export function* brokenIn(parts: Parts, log: Log, { stream, epoch, from, upto }: Stretch): Generator<Broken<LogText>> {
  const tip = log.tip(stream, epoch)
  const first = Math.max(1, from - 1)
  const previous = first === 1 ? CHAIN_START : log.hashAt(stream, epoch, first - 1)
  if (!tip || !previous) return
  const end = Math.min(upto + 1, tip.held)
  const head = end === tip.held ? Buffer.from(tip.headHash, 'hex') : null
  for (const broken of brokenRows(parts, rowsOf(log, { stream, epoch, from: first, upto: end }), { previous, head })) {
    if (broken.row.seq <= upto && (broken.hash || broken.row.seq >= from)) yield broken
  }
}

function* rowsOf(log: Log, { stream, epoch, from, upto }: Stretch): Generator<LogText> {
  for (let at = from; at <= upto; at += ROWS_AT_ONCE) yield* log.rows(stream, epoch, at, Math.min(upto, at + ROWS_AT_ONCE - 1))
}

/** Rows read together: reading one by one takes several times as long. */
const ROWS_AT_ONCE = 2_000
