import { Type } from 'typebox'
import { base64urlOf, bytesOfBase64url } from '../bytes.ts'
import { EPOCH, HASH, SIGNATURE, STREAM } from '../ledger/fields.ts'
import type { BatchReading } from '../ledger/stream.ts'
import { messageOf } from './envelope.ts'

/** A batch: entries of one stream and epoch in a row, sealed by one signature over its head [ledger-and-sync 3]. */
export const BATCH_ENTRIES_MAX = 64
/** Bytes of one batch message; the broker refuses more than twice this. */
export const BATCH_BYTES_MAX = 131_072

export const BATCH_BODY = Type.Object(
  {
    alg: Type.Literal('Ed25519'),
    /** Key id of the signer, as in its certificate. */
    key: Type.String({ pattern: '^[0-9A-F]{16}$' }),
    stream: STREAM,
    epoch: EPOCH,
    from: Type.Integer({ minimum: 1 }),
    upto: Type.Integer({ minimum: 1 }),
    headHash: HASH,
    signature: SIGNATURE,
    /** The entries' texts exactly as hashed. */
    entries: Type.Array(Type.String({ minLength: 2 }), { minItems: 1, maxItems: BATCH_ENTRIES_MAX }),
  },
  { additionalProperties: false },
)
export const BATCH = messageOf('batch', BATCH_BODY)

/** Reads a batch message; `null` when it is none. */
export const readBatch = (text: string): BatchReading | null => {
  const message = BATCH.read(text)
  if (!message) return null
  const body = message.body
  const signature = bytesOfBase64url(body.signature)
  if (!signature || body.upto - body.from + 1 !== body.entries.length) return null
  return {
    stream: body.stream,
    epoch: body.epoch,
    from: body.from,
    upto: body.upto,
    headHash: body.headHash,
    key: body.key,
    signature,
    entries: body.entries,
  }
}

/** Writes a batch message. */
export const writeBatch = (batch: BatchReading, head: { readonly source: string; readonly time: string }): string =>
  BATCH.write(
    { id: `${batch.stream}/${batch.epoch}/${batch.from}-${batch.upto}`, ...head },
    {
      alg: 'Ed25519',
      key: batch.key,
      stream: batch.stream,
      epoch: batch.epoch,
      from: batch.from,
      upto: batch.upto,
      headHash: batch.headHash,
      signature: base64urlOf(batch.signature),
      entries: [...batch.entries],
    },
  )
