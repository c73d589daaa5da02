import type { CalendarDate, LotKey } from '@lotkeeper/protocol/names.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { textOf } from './draft.ts'
import type { SiteNow } from './now.ts'

/** A rule set aside by a person, with the reason; kept in the entry. */
export interface Override {
  readonly rule: string
  readonly reason: string
}

/**
 * Whether a lot may be used, received or accepted on this day: nothing to keep, an override to keep, or a refusal. An override given where no
 * rule stands in the way is not kept: it would read as if an expired lot had gone out.
 */
export const judgeExpiry = (
  lot: { readonly lot: LotKey; readonly expiry: CalendarDate | null },
  now: SiteNow,
  override: Override | undefined,
): { readonly override?: Override } | Refusal => {
  if (lot.expiry === null || lot.expiry >= now.today) return {}
  if (override?.rule !== RULE) return expired(lot.lot, lot.expiry, now)
  const reason = textOf(override.reason)
  return reason === null ? refuse('rules.reason-missing', { rule: RULE }) : { override: { rule: RULE, reason } }
}

const RULE = 'rules.lot-expired'

/** While the clock is not confirmed, a refusal by date says so [ledger-and-sync 1.10]. */
const expired = (lot: LotKey, expiry: CalendarDate, now: SiteNow): Refusal => {
  const { today, clock } = now
  const refusal = refuse(RULE, { lot, expiry, today, clock })
  if (clock === 'trusted') return refusal
  const unsure = refuse('rules.clock-unsure', { today })
  return { ...refusal, zh: `${refusal.zh}（${unsure.zh}）`, en: `${refusal.en} (${unsure.en})` }
}
