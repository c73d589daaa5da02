import type { Booked } from '@lotkeeper/protocol/api/node.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import type { Booking } from '../ledger/contract.ts'
import { unexplainedIn } from './issue.ts'

/**
 * The answer to a booking, read off the entries alone, so that a repeated action says the same as the first time. What an entry that is damaged by
 * then had said of the shelf and of a door is not said again.
 */
export const bookedOf = ({ entries, head, fresh }: Booking): Booked => ({
  entries: entries.map(({ id }) => id),
  head: { ...head },
  fresh,
  unexplained: entries.reduce((sum, { entry }) => sum + (!entry || entry.kind === 'reverse' ? 0 : unexplainedIn(entry.lines)), 0),
  confirms: entries.map(({ entry }) => entry && confirmedBy(entry)[0]).find((id) => id != null) ?? null,
})

/** Earlier bookings an entry only confirms: a receipt that moves nothing, or a passage of a box that a scan had received. */
export const confirmedBy = (entry: Entry): readonly string[] => {
  if (entry.kind === 'receive' && entry.lines.length === 0) return entry.refs
  return entry.kind === 'passage' && entry.body['outcome'] === 'confirmed' ? entry.refs : []
}
