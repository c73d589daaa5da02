import type { ValidityView } from '@lotkeeper/protocol/api/hub-catalog.ts'
import type { CalendarDate } from '@lotkeeper/protocol/names.ts'
import { daysBetween } from '@lotkeeper/protocol/rules/expiry.ts'
import { validityOf } from '@lotkeeper/protocol/rules/validity.ts'

interface Term {
  readonly from: CalendarDate | null
  readonly until: CalendarDate | null
}

/** How a permit stands on a day, as it is shown. */
export const shownValidity = (term: Term, today: CalendarDate): ValidityView => {
  const known = validityOf(term, today)
  return {
    state: known.state,
    daysLeft: term.until === null ? null : daysBetween(today, term.until),
    threshold: known.state === 'ending' ? known.threshold : null,
  }
}

/** The worst of several permits: one that ended before one that is to begin, before the one with the fewest days left; none: null. */
export const worstOf = (validities: readonly ValidityView[]): ValidityView | null =>
  [...validities].sort((one, other) => RANK[one.state] - RANK[other.state] || leftOf(one) - leftOf(other))[0] ?? null

const RANK: Readonly<Record<ValidityView['state'], number>> = { ended: 0, 'not-yet': 1, ending: 2, valid: 3 }
const leftOf = ({ daysLeft }: ValidityView): number => daysLeft ?? Number.POSITIVE_INFINITY
