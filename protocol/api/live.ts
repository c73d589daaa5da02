import { type Static, Type } from 'typebox'
import { EPOCH } from '../ledger/fields.ts'
import { DISCREPANCY_VIEW, MOVEMENT_ROW, SITE_SUMMARY, STOCK_ROW } from './views.ts'

/**
 * Live changes over Socket.io. A client joins with the cursor it has; the hub answers the deltas after it, or a snapshot when the cursor
 * is of another hub epoch or too old. Deltas carry absolute values, so a repeat is harmless; `seq` has no holes, so a gap is seen.
 */
export const CURSOR = Type.Object({ epoch: EPOCH, seq: Type.Integer({ minimum: 0 }) }, { additionalProperties: false })
export type Cursor = Static<typeof CURSOR>

export const SNAPSHOT = Type.Object(
  {
    cursor: CURSOR,
    at: Type.String(),
    sites: Type.Array(SITE_SUMMARY),
    movements: Type.Array(MOVEMENT_ROW),
    discrepancies: Type.Array(DISCREPANCY_VIEW),
    openDiscrepancies: Type.Integer(),
  },
  { additionalProperties: false },
)
export type Snapshot = Static<typeof SNAPSHOT>

/** All that changed in one flush. `after` is the cursor before it. A stock row with 0 units has left its place. */
export const DELTA = Type.Object(
  {
    after: CURSOR,
    cursor: CURSOR,
    at: Type.String(),
    sites: Type.Array(SITE_SUMMARY),
    stock: Type.Array(STOCK_ROW),
    movements: Type.Array(MOVEMENT_ROW),
    discrepancies: Type.Array(DISCREPANCY_VIEW),
    openDiscrepancies: Type.Integer(),
  },
  { additionalProperties: false },
)
export type Delta = Static<typeof DELTA>

/** Every socket event. The client says `join`; the hub says the rest. */
export const LIVE_EVENTS = {
  join: { from: 'client', payload: Type.Object({ cursor: Type.Union([CURSOR, Type.Null()]) }, { additionalProperties: false }) },
  snapshot: { from: 'hub', payload: SNAPSHOT },
  delta: { from: 'hub', payload: DELTA },
} as const
/** Path of the socket, and how often at most the hub flushes. */
export const LIVE_PATH = '/api/live'
export const LIVE_FLUSH_MS = 50
