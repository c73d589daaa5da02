import type { CalendarDate, LotKey } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
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
  const found = expiredRefusal(lot, now)
  const given = setAside(found === null ? [] : [found], override ? [override] : [])
  if (isRefusal(given)) return given
  return given[0] ? { override: given[0] } : {}
}

/** What stands in the way of an expired lot, `null` for any other. */
export const expiredRefusal = (
  { lot, expiry }: { readonly lot: LotKey; readonly expiry: CalendarDate | null },
  now: SiteNow,
): Refusal | null =>
  expiry === null || expiry >= now.today ? null : byDay(refuse(EXPIRED_RULE, { lot, expiry, today: now.today, clock: now.clock }), now)

/** The override to keep for each rule that stands in the way, in their order; the first that nobody set aside, or without a reason, refuses. */
export const setAside = (refusals: readonly Refusal[], given: readonly Override[]): readonly Override[] | Refusal => {
  const kept: Override[] = []
  for (const refusal of refusals) {
    const override = given.find(({ rule }) => rule === refusal.code)
    if (!override) return refusal
    const reason = textOf(override.reason)
    if (reason === null) return refuse('rules.reason-missing', { rule: refusal.code })
    kept.push({ rule: refusal.code, reason })
  }
  return kept
}

/** While the clock is not confirmed, a refusal by date says so [ledger-and-sync 1.10]. */
export const byDay = (refusal: Refusal, { today, clock }: SiteNow): Refusal => {
  if (clock === 'trusted') return refusal
  const unsure = refuse('rules.clock-unsure', { today })
  return { ...refusal, zh: `${refusal.zh}（${unsure.zh}）`, en: `${refusal.en} (${unsure.en})` }
}

export const EXPIRED_RULE = 'rules.lot-expired'
