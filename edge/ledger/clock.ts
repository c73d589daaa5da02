import type { Database } from '../database.ts'
import type { Draft, EdgeExchange } from './contract.ts'
import { type LedgerParts, PLAIN, type Writer } from './writer.ts'

/**
 * Writes down what time it really was, when the hub's word or a jump shows that entries of this boot bear wrong dates [ledger-and-sync 1.10]. One
 * such entry dates all of its boot, for they all say how long the machine had run.
 */
export interface ClockWatch {
  /** Whether there is something to write down. */
  readonly due: () => boolean
  /** Writes it; runs inside the caller's transaction. */
  readonly write: () => void
}

export const openClockWatch = (
  db: Database,
  parts: Pick<LedgerParts, 'clock' | 'boot'>,
  store: { readonly writer: Pick<Writer, 'write'>; readonly noted: EdgeExchange['noted'] },
): ClockWatch => {
  const { clock, boot } = parts
  const last = db.prepare<[string], { readonly upMs: number; readonly trueMs: number }>(
    'select up_ms as upMs, true_ms as trueMs from boot_clock where boot = ? order by up_ms desc limit 1',
  )
  let ahead = clock.now() - boot.upMs()
  let jumped = false

  /** The hub's time by the steady clock since it was heard, if it was heard in this boot. */
  const trueNow = (upMs: number): number | null => {
    const { hubAtMs, hubHeard } = store.noted()
    return hubAtMs !== null && hubHeard?.boot === boot.id ? hubAtMs + upMs - hubHeard.upMs : null
  }
  const look = (): { readonly upMs: number; readonly trueMs: number } | null => {
    const upMs = Math.max(0, Math.floor(boot.upMs()))
    const nowAhead = clock.now() - upMs
    if (Math.abs(nowAhead - ahead) > JUMP_MS) jumped = true
    ahead = nowAhead
    const trueMs = trueNow(upMs)
    if (trueMs === null || !(jumped || Math.abs(clock.now() - trueMs) > WRONG_MS)) return null
    const before = last.get(boot.id)
    const known = before !== undefined && Math.abs(before.trueMs + upMs - before.upMs - trueMs) <= JUMP_MS
    return known || (before !== undefined && upMs - before.upMs < AGAIN_MS) ? null : { upMs, trueMs }
  }
  return {
    due: () => look() !== null,
    write: () => {
      const seen = look()
      if (!seen) return
      const draft: Draft<'clock'> = {
        ...PLAIN,
        kind: 'clock',
        occurredAtMs: clock.now(),
        body: {
          boot: boot.id,
          upMs: seen.upMs,
          clockAt: new Date(clock.now()).toISOString(),
          trueAt: new Date(seen.trueMs).toISOString(),
          source: 'hub',
        },
      }
      store.writer.write(`clock:${boot.id}:${seen.upMs}`, [draft])
      jumped = false
    },
  }
}

/** A clock that differs less from the hub's is left alone: messages may be slow. */
const WRONG_MS = 300_000
/** A clock that is set by more than this was wrong before. */
const JUMP_MS = 60_000
const AGAIN_MS = 600_000
