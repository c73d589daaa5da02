import { type Static, Type } from 'typebox'
import { EPOCH, HASH, LOT, PLACE, STREAM } from '../ledger/fields.ts'
import { messageOf } from './envelope.ts'

/** Buckets positions are sorted into, so that a difference is found by asking for a few rows [ledger-and-sync 3, digest]. */
export const DIGEST_BUCKETS = 64

/**
 * A node's own places at a named tip of its stream, as one hash over all and one per bucket. Equal at both sides, or a discrepancy of
 * severity 1; then the hub asks for the rows of the buckets that differ.
 */
export const DIGEST_BODY = Type.Object(
  {
    stream: STREAM,
    epoch: EPOCH,
    seq: Type.Integer({ minimum: 1 }),
    digest: HASH,
    buckets: Type.Array(HASH, { minItems: DIGEST_BUCKETS, maxItems: DIGEST_BUCKETS }),
    /** Rows of the buckets that were asked for; empty unless asked. */
    rows: Type.Array(Type.Object({ lot: LOT, place: PLACE, units: Type.Integer() }, { additionalProperties: false }), { maxItems: 1_000 }),
  },
  { additionalProperties: false },
)
export type DigestBody = Static<typeof DIGEST_BODY>
export const DIGEST = messageOf('digest', DIGEST_BODY)

/** Which buckets the hub has otherwise. */
export const DIGEST_ASK_BODY = Type.Object(
  { buckets: Type.Array(Type.Integer({ minimum: 0, maximum: DIGEST_BUCKETS - 1 }), { minItems: 1, maxItems: DIGEST_BUCKETS }) },
  { additionalProperties: false },
)
export const DIGEST_ASK = messageOf('digestAsk', DIGEST_ASK_BODY)
