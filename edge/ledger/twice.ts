import { mirrorLines } from '@lotkeeper/protocol/ledger/movement.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import type { Database } from '../database.ts'
import { takenTwice } from './book/openings.ts'
import type { Book, Draft } from './contract.ts'
import { PLAIN, type Writer } from './writer.ts'

/**
 * Stock that was taken over on a card that is lost, and again on the one that came in its place before its past was back, stands twice: the one of
 * this card is reversed in the commit that brings the other. Where its units have left meanwhile it stays, and the county names it.
 */
export const undoTakenTwice = (db: Database, { book, writer }: { readonly book: Book; readonly writer: Writer }, nowMs: number): void => {
  for (const twice of takenTwice(db)) {
    const entry = book.entry(twice)
    if (!entry) continue
    const lines = mirrorLines(
      entry,
      entry.lines.map((_, at) => at),
    )
    if (isRefusal(lines)) continue
    const draft: Draft<'reverse'> = {
      ...PLAIN,
      ...{ kind: 'reverse', occurredAtMs: nowMs, doc: entry.doc, lines, refs: [twice], body: { reason: TWICE } },
      reverses: { entry: twice, lines: entry.lines.map((_, at) => at) },
    }
    const { epoch, seq } = writer.head()
    writer.write(`twice:${epoch}:${seq}`, [draft])
  }
}

const TWICE = '换卡前已经接收过这份期初库存，重复的一笔自动冲销 / Taken over before the card was changed: the second is reversed'
