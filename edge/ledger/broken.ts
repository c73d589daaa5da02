import { type Broken, brokenRows } from '@lotkeeper/protocol/ledger/broken.ts'
import { CHAIN_START } from '@lotkeeper/protocol/ledger/chain.ts'
import type { Stretch } from '@lotkeeper/protocol/ledger/stream.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import type { Log, LogText } from './log.ts'

/** The broken rows of a stretch, in order; also the row before it, where only its hash is: all that follows would look damaged for it. */
export function* brokenIn(parts: Parts, log: Log, stretch: Stretch): Generator<Broken<LogText>> {
  const { from } = stretch
  for (const broken of walk(parts, log, stretch)) {
    if (from > 1 && broken.row.seq === from && !broken.hash) {
      for (const one of walk(parts, log, { ...stretch, from: from - 1 })) if (one.hash || one.row.seq >= from) yield one
      return
    }
    yield broken
  }
}

const walk = (parts: Parts, log: Log, { stream, epoch, from, upto }: Stretch): Iterable<Broken<LogText>> => {
  const tip = log.tip(stream, epoch)
  const previous = from === 1 ? CHAIN_START : log.hashAt(stream, epoch, from - 1)
  if (!tip || !previous) return []
  const end = Math.min(upto, tip.held)
  const [next] = log.rows(stream, epoch, end + 1, end + 1)
  return brokenRows(parts, rowsOf(log, { stream, epoch, from, upto: end }), { previous, next: next ?? Buffer.from(tip.headHash, 'hex') })
}

function* rowsOf(log: Log, { stream, epoch, from, upto }: Stretch): Generator<LogText> {
  for (let at = from; at <= upto; at += ROWS_AT_ONCE) yield* log.rows(stream, epoch, at, Math.min(upto, at + ROWS_AT_ONCE - 1))
}

/** Rows read together: reading one by one takes several times as long. */
const ROWS_AT_ONCE = 2_000
