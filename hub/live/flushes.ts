import { LIVE_FLUSH_MS } from '@lotkeeper/protocol/api/live.ts'
import type { Committed } from '../ledger/contract.ts'
import type { HubParts } from '../parts.ts'
import { type Changes, openPending } from './pending.ts'

/** What commits changed, handed on in flushes. */
export interface Flushes {
  readonly take: (committed: Pick<Committed, 'sites' | 'delta'>) => void
  readonly close: () => void
}

/** Gathers what commits changed and flushes it: at once after a quiet time, else `LIVE_FLUSH_MS` after the last flush; one at a time. */
export const openFlushes = (parts: {
  readonly now: () => number
  readonly after: HubParts['timers']['after']
  readonly flush: (changes: Changes | null) => Promise<void>
  readonly failed: (error: unknown) => void
}): Flushes => {
  const pending = openPending()
  let lastMs = Number.NEGATIVE_INFINITY
  let closed = false
  let cancel: (() => void) | null = null
  const schedule = (): void => {
    cancel ??= parts.after(Math.max(0, lastMs + LIVE_FLUSH_MS - parts.now()), async () => {
      lastMs = parts.now()
      try {
        await parts.flush(pending.drain())
      } catch (error) {
        if (!closed) parts.failed(error)
      }
      cancel = null
      if (!pending.isEmpty() && !closed) schedule()
    })
  }
  return {
    take: (committed: Pick<Committed, 'sites' | 'delta'>) => {
      pending.take(committed)
      if (!pending.isEmpty()) schedule()
    },
    close: () => {
      closed = true
      cancel?.()
    },
  }
}
