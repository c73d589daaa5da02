import { expiryState } from '@lotkeeper/protocol/rules/expiry.ts'

/** How a date stands on the site's own day; before the day is known, nothing is claimed. */
export const standingOf = (expiry: string | null, today: string | undefined) => {
  if (!today) return { expiryState: 'unknown' as const, daysLeft: null }
  const state = expiryState(expiry, today)
  return { expiryState: state.state, daysLeft: 'daysLeft' in state ? state.daysLeft : null }
}
