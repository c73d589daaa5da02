import { holeOf } from '@lotkeeper/protocol/ledger/chain.ts'
import type { BatchReading } from '@lotkeeper/protocol/ledger/stream.ts'
import type { StreamId } from '@lotkeeper/protocol/names.ts'
import type { EdgeParts } from '../parts.ts'

/**
 * Damaged texts for which the hub at the other end of a line had nothing better than a hole. Each line has its own: a new line may lead to another
 * hub, and of two hubs the one may have what the other lacks.
 */
export interface Vain {
  /** What the hub sent; where it sent a hole, it is not asked again for a while. */
  readonly note: (batch: Pick<BatchReading, 'stream' | 'epoch' | 'from' | 'entries'>) => void
  readonly has: (stream: StreamId, epoch: string, seq: number) => boolean
  readonly forget: () => void
}

/** A hub that had nothing better is asked again after this time: another node, or a copy of this card, may have given it the text (P-017). */
export const ASK_AGAIN_MS = 3_600_000

/** More than any card has; beyond it all are asked for once more. */
const HOLES_MAX = 4_096

export const openVain = (clock: Pick<EdgeParts['clock'], 'monotonic'>): Vain => {
  const sinceMs = new Map<string, number>()
  const nameOf = (stream: StreamId, epoch: string, seq: number) => `${stream}/${epoch}/${seq}`
  return {
    note: ({ stream, epoch, from, entries }) => {
      for (const [at, text] of entries.entries()) {
        const name = nameOf(stream, epoch, from + at)
        sinceMs.delete(name)
        if (!holeOf(text)) continue
        if (sinceMs.size >= HOLES_MAX) sinceMs.clear()
        sinceMs.set(name, clock.monotonic())
      }
    },
    has: (stream, epoch, seq) => clock.monotonic() - (sinceMs.get(nameOf(stream, epoch, seq)) ?? Number.NEGATIVE_INFINITY) < ASK_AGAIN_MS,
    forget: () => sinceMs.clear(),
  }
}
