import { Type } from 'typebox'
import { DATE_PATTERN, EPOCH_PATTERN, INSTANT_PATTERN, NODE_PATTERN } from '../names.ts'

/** The fields every schema of the ledger and the wire is made of; each name has one shape everywhere. */
export const NODE = Type.String({ pattern: NODE_PATTERN, description: 'node id' })
export const STREAM = Type.String({
  pattern: '^((?!hub>)[a-z][a-z0-9-]{1,31}>\\*|hub>[a-z][a-z0-9-]{1,31})$',
  description: 'stream: node>*, hub>node or hub>all',
})
export const EPOCH = Type.String({ pattern: EPOCH_PATTERN, description: 'random 64-bit epoch, lower-case hex' })
export const HASH = Type.String({ pattern: '^[0-9A-F]{64}$', description: 'SHA-256, upper-case hex' })
export const SIGNATURE = Type.String({ pattern: '^[A-Za-z0-9_-]{86}$', description: 'Ed25519 signature, base64url' })
export const PUBLIC_KEY = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'Ed25519 public key, base64url' })
export const INSTANT = Type.String({ pattern: INSTANT_PATTERN, description: 'RFC 3339 UTC with milliseconds' })
export const CALENDAR_DATE = Type.String({ pattern: DATE_PATTERN, description: 'calendar date YYYY-MM-DD' })
export const EXPIRY = Type.Union([CALENDAR_DATE, Type.Null()], { description: 'last usable day, or null when the label says none' })
export const UNITS = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'whole base units' })
export const LOT = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}/[^\\u0000-\\u001f]{1,40}$',
  description: 'lot key: item/lot number',
})
export const LOT_NUMBER = Type.String({ pattern: '^[^\\u0000-\\u001f]{1,40}$', description: 'lot number as keyed' })
export const ROOM = Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$', description: 'room of a site' })
export const PLACE = Type.String({
  pattern:
    '^[a-z][a-z0-9-]{1,31}/([a-z][a-z0-9-]{0,31}/(pending|available|held)|~(supplier|consumed|scrapped|adjusted|transformed|unexplained|transit))$',
  description: 'place: node/room/state or node/~virtual',
})
export const ENTRY_ID = Type.String({
  pattern: '^[a-z][a-z0-9-]{1,31}>(\\*|[a-z][a-z0-9-]{1,31})/[0-9a-f]{16}/[1-9][0-9]{0,15}$',
  description: 'stream/epoch/seq',
})
export const NAME_TEXT = Type.Object(
  { zh: Type.String({ minLength: 1, maxLength: 120 }), en: Type.String({ maxLength: 120 }) },
  { additionalProperties: false, description: 'a name in Chinese and English' },
)
