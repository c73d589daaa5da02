import { type Static, Type } from 'typebox'
import { EPOCH, HASH, INSTANT, STREAM } from '../ledger/fields.ts'
import { messageOf } from './envelope.ts'

/** What a peer holds: tips only. It is the only receipt, it is authoritative, and it may go backwards [ledger-and-sync 3]. */
export const HAVE_BODY = Type.Object(
  {
    tips: Type.Array(
      Type.Object(
        {
          stream: STREAM,
          epoch: EPOCH,
          held: Type.Integer({ minimum: 0 }),
          headHash: HASH,
          applied: Type.Integer({ minimum: 0 }),
          refused: Type.Array(
            Type.Object(
              { from: Type.Integer({ minimum: 1 }), hash: HASH, code: Type.String({ maxLength: 64 }) },
              { additionalProperties: false },
            ),
            { maxItems: 16 },
          ),
        },
        { additionalProperties: false },
      ),
      { maxItems: 256 },
    ),
    /** The teller's clock. */
    at: INSTANT,
    /** Entries the teller has written itself and does not know to be held by the other side. */
    waiting: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
)
export type HaveBody = Static<typeof HAVE_BODY>
export const HAVE = messageOf('have', HAVE_BODY)

const DEVICE = Type.Object(
  {
    device: Type.String({ maxLength: 64 }),
    kind: Type.String({ maxLength: 32 }),
    state: Type.String({ maxLength: 32 }),
    since: INSTANT,
  },
  { additionalProperties: false },
)
/** A node comes up: who it is, which epoch it writes, what hangs on it. */
export const BIRTH_BODY = Type.Object(
  {
    node: Type.String({ maxLength: 32 }),
    epoch: EPOCH,
    software: Type.String({ maxLength: 64 }),
    boot: Type.String({ maxLength: 64 }),
    at: INSTANT,
    devices: Type.Array(DEVICE, { maxItems: 64 }),
  },
  { additionalProperties: false },
)
export type BirthBody = Static<typeof BIRTH_BODY>
export const BIRTH = messageOf('birth', BIRTH_BODY)

/** A node went, by its own word or by the broker's (the MQTT will). */
export const DEATH_BODY = Type.Object(
  { node: Type.String({ maxLength: 32 }), epoch: EPOCH, why: Type.Union([Type.Literal('closed'), Type.Literal('lost')]) },
  { additionalProperties: false },
)
export const DEATH = messageOf('death', DEATH_BODY)

/** The hub's retained state: which hub this is, and the certificate under which its streams are signed. */
export const HUB_STATE_BODY = Type.Object(
  {
    epoch: EPOCH,
    /** County-signed; of two live hubs nodes obey the higher. */
    incarnation: Type.Integer({ minimum: 1 }),
    at: INSTANT,
    certificate: Type.String({ maxLength: 4000 }),
    signature: Type.String({ maxLength: 128 }),
  },
  { additionalProperties: false },
)
export const HUB_STATE = messageOf('state', HUB_STATE_BODY)
