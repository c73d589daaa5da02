import { todayIn } from '@lotkeeper/protocol/rules/expiry.ts'
import type { Log } from '../log.ts'
import type { HubParts } from '../parts.ts'
import type { HubLedger } from './contract.ts'

/**
 * What the ledger needs done by the clock: every minute what only time makes a discrepancy, every hour and at the end a checkpoint for the nodes
 * to keep, every night the log folded again and compared.
 */
export const openHousekeeping = (
  parts: Pick<HubParts, 'clock' | 'timers'>,
  ledger: Pick<HubLedger, 'sweep' | 'audit' | 'keepCheckpoint' | 'openDiscrepancy' | 'closeDiscrepancy'>,
  facts: { readonly zone: string; readonly log: Log; readonly failed: (why: unknown) => void },
): { readonly close: () => Promise<void> } => {
  let audited = todayIn(facts.zone, parts.clock.now())
  let checkpointAt = parts.clock.now() + CHECKPOINT_MS
  let closed = false
  let cancel = () => {}

  const audit = async (today: string): Promise<void> => {
    audited = today
    const differences = await ledger.audit()
    const atMs = parts.clock.now()
    if (differences.length === 0) return ledger.closeDiscrepancy('projection-differs', 'hub', atMs)
    facts.log.error('projections differed from the log', { differences })
    const count = { count: differences.length }
    await ledger.openDiscrepancy({ kind: 'projection-differs', site: null, subject: 'hub', entry: null, atMs, facts: count })
  }
  const minute = async (): Promise<void> => {
    const now = parts.clock.now()
    await ledger.sweep(now)
    if (now >= checkpointAt) {
      checkpointAt = now + CHECKPOINT_MS
      await ledger.keepCheckpoint()
    }
    // A new day begins for the audit some hours after midnight, when nobody waits for the hub.
    const today = todayIn(facts.zone, now - AUDIT_AFTER_MIDNIGHT_MS)
    if (today > audited) await audit(today)
  }
  const next = () => {
    if (closed) return
    cancel = parts.timers.after(MINUTE_MS, () => void minute().then(next, facts.failed))
  }
  next()
  return {
    close: async () => {
      closed = true
      cancel()
      const waited = new Promise<void>((resolve) => {
        cancel = parts.timers.after(LAST_WORD_MS, resolve)
      })
      // A ledger that broke has told so already and may answer nobody any more: the end of the hub does not hang on it.
      const told = ledger.keepCheckpoint().catch(() => false)
      await Promise.race([told, waited])
      cancel()
    },
  }
}

const MINUTE_MS = 60_000
const CHECKPOINT_MS = 3_600_000
const LAST_WORD_MS = 5_000
const AUDIT_AFTER_MIDNIGHT_MS = 3 * 3_600_000
