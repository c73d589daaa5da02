import { type Static, Type } from 'typebox'
import { CALENDAR_DATE, ENTRY_ID, EPOCH, EXPIRY, HASH, INSTANT, LOT, NODE, PLACE, STREAM, UNITS } from './fields.ts'
import { PACK_CODE } from './master.ts'

/** Bodies of the entries that say more than what moved; every one is closed, for what is hashed can never be edited (P-003). */
const closed = { additionalProperties: false } as const
const REASON = Type.String({ minLength: 1, maxLength: 500 })
const TAG = Type.String({ pattern: '^[0-9A-F]{4,124}$' })

export const LINE = Type.Object(
  {
    lot: LOT,
    from: PLACE,
    to: PLACE,
    units: UNITS,
    /** What the person or the tag said before it became base units; the factor is exact. */
    entered: Type.Union([
      Type.Object({ quantity: UNITS, pack: Type.String({ maxLength: 64 }), factorVersion: Type.Integer({ minimum: 0 }) }, closed),
      Type.Null(),
    ]),
    /** EPCs (upper-case hex) of the tags these units carry. */
    tags: Type.Array(TAG, { maxItems: 200 }),
  },
  closed,
)

/** A rule set aside by a person, and why. */
export const OVERRIDE = Type.Object({ rule: Type.String({ maxLength: 64 }), reason: REASON }, closed)

export const LOT_FACT = Type.Object({ lot: LOT, printed: Type.String({ maxLength: 64 }), expiry: EXPIRY, produced: EXPIRY }, closed)

/**
 * Units of some lots became units of others: repacked, put together to kits, split or merged [EPCIS 2.0 TransformationEvent]. Each lot's lines run
 * between a room and `~transformed`, so every lot still adds up to 0; the edges say what came of what. Within one item the units of the edges add
 * up to the lines on both sides; between items, whose units cannot be compared, every edge carries the whole of both its lines.
 */
export const TRANSFORM_BODY = Type.Object(
  {
    act: Type.Union([Type.Literal('repack'), Type.Literal('kit'), Type.Literal('split'), Type.Literal('merge')]),
    edges: Type.Array(Type.Object({ parent: LOT, child: LOT, parentUnits: UNITS, childUnits: UNITS }, closed), {
      minItems: 1,
      maxItems: 256,
    }),
    lots: Type.Optional(Type.Array(LOT_FACT, { maxItems: 64 })),
    override: Type.Optional(OVERRIDE),
    reason: Type.Optional(REASON),
  },
  closed,
)

/** A paper without effect on quantities [ledger-and-sync 1.6]: what is under way to whom (GS1 despatch advice), or what came of it. */
export const DOCUMENT_BODY = Type.Object(
  {
    doc: Type.String({ minLength: 1, maxLength: 96 }),
    type: Type.Union([Type.Literal('despatch-advice'), Type.Literal('receiving-advice')]),
    from: Type.Union([NODE, Type.Literal('hub')]),
    to: NODE,
    lines: Type.Array(Type.Object({ lot: LOT, units: UNITS, expiry: EXPIRY, tags: Type.Array(TAG, { maxItems: 200 }) }, closed), {
      minItems: 1,
      maxItems: 64,
    }),
    /** Day the goods are expected, if anybody said so. */
    due: Type.Union([CALENDAR_DATE, Type.Null()]),
  },
  closed,
)

/** The county asks the owner of a place to act there, for nobody else may: to count a lot, or to book a correction [1.9]. */
export const ASK_BODY = Type.Object(
  {
    what: Type.Union([Type.Literal('count'), Type.Literal('correct')]),
    place: PLACE,
    lot: LOT,
    /** Of a correction: the lines the owner is to book; of a count: none. */
    lines: Type.Array(LINE, { maxItems: 64 }),
    reason: REASON,
  },
  closed,
)
/** What the owner booked on such a word. */
export const CORRECT_BODY = Type.Object({ ask: ENTRY_ID, reason: Type.Optional(REASON) }, closed)

/** The places of a node that is gone belong to another from here on; `tip` is the last of its entries that counts as the owner's [1.9]. */
export const OWNERSHIP_BODY = Type.Object(
  {
    from: NODE,
    tip: Type.Union([Type.Object({ epoch: EPOCH, seq: Type.Integer({ minimum: 1 }), hash: HASH }, closed), Type.Null()]),
    to: NODE,
    reason: REASON,
  },
  closed,
)

/** What time it really was when this boot of the machine had run for `upMs`: lets every entry of the boot be dated anew. */
export const CLOCK_BODY = Type.Object(
  {
    boot: Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' }),
    upMs: Type.Integer({ minimum: 0 }),
    /** What the clock of the node said then, and what the time was. */
    clockAt: INSTANT,
    trueAt: INSTANT,
    source: Type.Literal('hub'),
  },
  closed,
)

/**
 * A person's word on what a revoked key signed: the stretch of an epoch that ends at this head is taken as it lies there, or refused for good. The head's hash
 * proves everything before it, so nothing else can come in by this word.
 */
export const DECISION_BODY = Type.Object(
  {
    verdict: Type.Union([Type.Literal('take'), Type.Literal('refuse')]),
    stream: STREAM,
    epoch: EPOCH,
    upto: Type.Integer({ minimum: 1 }),
    headHash: HASH,
    key: Type.String({ pattern: '^[0-9A-F]{16}$' }),
    reason: REASON,
  },
  closed,
)

/**
 * The label of a pack was changed; no unit moves. `from` and `to`: another one stands for the same pack now. `to` alone: a first one for stock that stands
 * there already. `from` alone: it stands for nothing any more. The rest says which pack that was, for a hub that never heard of the tag.
 */
export const RETAG_BODY = Type.Object(
  {
    from: Type.Union([TAG, Type.Null()]),
    to: Type.Union([TAG, Type.Null()]),
    lot: LOT,
    expiry: EXPIRY,
    pack: Type.String({ maxLength: 64 }),
    /** Units of the full pack. */
    units: UNITS,
    /** What was left in it; `null` where nobody knows. */
    left: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    /** Where it stood on the writer's books; `null`: announced, not come yet. */
    place: Type.Union([PLACE, Type.Null()]),
    why: REASON,
  },
  closed,
)

/**
 * Which last usable day of a lot is right, where several were told [1.11]: a person's answer, by the label, with all days that it was chosen among or that
 * stood behind it. The county tells every node each answer, and, without one (`expiry` of null, version 0), which days stand against each other.
 */
export const LOT_EXPIRY_BODY = Type.Object(
  {
    lot: LOT,
    /** Every day that was ever told of it, as far as whoever answered knew. */
    told: Type.Array(CALENDAR_DATE, { minItems: 1, maxItems: 32, uniqueItems: true }),
    expiry: EXPIRY,
    /** 1, and one more with every further answer about this lot. */
    version: Type.Integer({ minimum: 0 }),
    reason: Type.Union([REASON, Type.Null()]),
  },
  closed,
)

const ITEM = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' })
/** A code that was read and that nobody knows, with the whole text it stood in: somebody says what it is. Once for each code. */
export const CODE_MET_BODY = Type.Object({ code: PACK_CODE, scan: Type.String({ minLength: 1, maxLength: 300 }) }, closed)

/** A person says that a code stands for a pack of a known item. It counts at the node that says so, until the county's catalogue has the code. */
export const CODE_BOUND_BODY = Type.Object(
  {
    code: PACK_CODE,
    item: ITEM,
    pack: Type.String({ minLength: 1, maxLength: 64 }),
    /** Base units of that pack, as they were then. */
    units: UNITS,
    /** The question it answers. */
    of: ENTRY_ID,
  },
  closed,
)

/** Work on a device, by whoever did it: a row of `MAINTENANCE` (a later version may have more) and what is to be said about it. */
export const MAINTENANCE_BODY = Type.Object(
  {
    device: Type.String({ minLength: 1, maxLength: 64 }),
    /** Port of a reader, where one antenna was worked on. */
    antenna: Type.Union([Type.Integer({ minimum: 1, maximum: 64 }), Type.Null()]),
    what: Type.String({ pattern: '^[a-z][a-z-]{1,31}$' }),
    words: Type.Union([REASON, Type.Null()]),
  },
  closed,
)

/** A checkpoint of the hub's tree of entries, as text [C2SP tlog-checkpoint]; whoever holds it is a witness of all that came before. */
export const CHECKPOINT_BODY = Type.Object({ text: Type.String({ minLength: 1, maxLength: 2_000 }) }, closed)

export type MaintenanceBody = Static<typeof MAINTENANCE_BODY>
export type CodeMetBody = Static<typeof CODE_MET_BODY>
export type CodeBoundBody = Static<typeof CODE_BOUND_BODY>
export type LotExpiryBody = Static<typeof LOT_EXPIRY_BODY>
export type TransformBody = Static<typeof TRANSFORM_BODY>
export type DocumentBody = Static<typeof DOCUMENT_BODY>
export type AskBody = Static<typeof ASK_BODY>
export type OwnershipBody = Static<typeof OWNERSHIP_BODY>
export type DecisionBody = Static<typeof DECISION_BODY>
export type RetagBody = Static<typeof RETAG_BODY>
export type ClockBody = Static<typeof CLOCK_BODY>
