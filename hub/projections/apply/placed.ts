import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import type { EntryId, LotKey, PlaceId } from '@lotkeeper/protocol/names.ts'

/** An entry in its place, as the log holds it. */
export interface Placed {
  readonly id: EntryId
  readonly entry: Entry
  readonly receivedAtMs: number
}

/** What the entries of one commit changed, by key. */
export interface Gathered {
  readonly movements: readonly { readonly lot: LotKey; readonly mv: number }[]
  readonly positions: readonly { readonly lot: LotKey; readonly place: PlaceId }[]
  readonly discrepancies: readonly string[]
  readonly sites: readonly string[]
}
