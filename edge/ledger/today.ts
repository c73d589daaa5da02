import type { CalendarDate } from '@lotkeeper/protocol/names.ts'
import { type SiteToday, siteToday } from '@lotkeeper/protocol/rules/expiry.ts'
import type { EdgeParts } from '../parts.ts'
import type { EdgeExchange } from './contract.ts'

/** What a node knows of the time when it is asked for its day. */
export interface DayParts extends Pick<EdgeParts, 'clock' | 'boot'> {
  readonly zone: string
  readonly noted: ReturnType<EdgeExchange['noted']>
  readonly lastOwnAtMs: number | null
}

/** The day this node goes by [ledger-and-sync 1.10]: of bookings, and of which version of a record rules. */
export const dayOf = ({ clock, boot, zone, noted: { hubAtMs, hubHeard }, lastOwnAtMs }: DayParts): SiteToday =>
  siteToday({
    clockMs: clock.now(),
    lastEntryMs: lastOwnAtMs,
    hubMs: hubAtMs,
    hubNowMs: hubAtMs !== null && hubHeard?.boot === boot.id ? hubAtMs + boot.upMs() - hubHeard.upMs : null,
    zone,
    farFutureMs: FAR_FUTURE_MS,
  })

/** The same, kept for as long as nothing it goes by has moved a second: a list asks for it at every row. */
export const openToday = (known: () => Omit<DayParts, 'zone'>): ((zone: () => string) => CalendarDate) => {
  let kept = { name: '', today: '' }
  return (zone) => {
    const parts = known()
    const name = `${Math.floor(parts.clock.now() / 1_000)} ${parts.noted.hubAtMs} ${parts.lastOwnAtMs}`
    if (kept.name !== name) kept = { name, today: dayOf({ ...parts, zone: zone() }).today }
    return kept.today
  }
}

/** A node may lie switched off for a season; a clock further ahead than that of all it knows is broken, not late. */
const FAR_FUTURE_MS = 180 * 86_400_000
