import { type Static, Type } from 'typebox'
import { ENTRY_ID, EPOCH, INSTANT, LOT, NAME_TEXT, PLACE, STREAM, UNITS } from '../ledger/fields.ts'
import { sensitive } from '../sensitive.ts'
import { nullable, text } from './views.ts'

const closed = { additionalProperties: false } as const

/** Names one thing the hub keeps aside. */
export const ASIDE = Type.String({ pattern: '^[qp]:[^\\s]{1,160}$', description: 'as a row of the list names it' })

/** What it waits for. */
const AGAIN = Type.Union([
  Type.Literal('done'),
  Type.Literal('upgrade'),
  Type.Literal('start'),
  Type.Literal('room'),
  Type.Literal('certificate'),
  Type.Literal('person'),
  Type.Literal('never'),
])

/** One thing the hub keeps aside: a batch that was not taken, or the entries of an epoch that are held and wait to be booked. */
export const ASIDE_ROW = Type.Object(
  {
    aside: ASIDE,
    is: Type.Union([Type.Literal('quarantined'), Type.Literal('parked')]),
    /** Who brought it. */
    node: text(32),
    nodeName: NAME_TEXT,
    stream: nullable(STREAM),
    epoch: nullable(EPOCH),
    from: nullable(Type.Integer({ minimum: 1 })),
    upto: nullable(Type.Integer({ minimum: 1 })),
    entries: Type.Integer({ minimum: 0 }),
    bytes: nullable(Type.Integer({ minimum: 0 })),
    key: nullable(text(16)),
    /** When the key was revoked, by the hub's own order of things. */
    revokedAt: nullable(INSTANT),
    code: text(64),
    why: NAME_TEXT,
    since: INSTANT,
    /** waiting: not in the books yet; held: its entries came another way since; kept: nothing will come of it; taken, refused: a person decided. */
    stands: Type.Union([
      Type.Literal('waiting'),
      Type.Literal('held'),
      Type.Literal('kept'),
      Type.Literal('taken'),
      Type.Literal('refused'),
    ]),
    /** What it waits for: then it is taken by itself, except where a person is awaited or nothing is. */
    again: AGAIN,
    againWhen: NAME_TEXT,
    decision: nullable(Type.Object({ at: INSTANT, actor: nullable(text(64)), reason: text(500), entry: ENTRY_ID }, closed)),
  },
  closed,
)
export type AsideRow = Static<typeof ASIDE_ROW>

/** One entry of it, in words as far as it can be read. */
const ASIDE_ENTRY = Type.Object(
  {
    seq: Type.Integer({ minimum: 1 }),
    readable: Type.Union([Type.Literal('yes'), Type.Literal('later'), Type.Literal('hole'), Type.Literal('no')]),
    kind: nullable(text(64)),
    /** As its writer claims. */
    occurredAt: nullable(INSTANT),
    actor: nullable(text(64)),
    doc: nullable(text(96)),
    reason: nullable(text(500)),
    lines: Type.Array(
      Type.Object(
        {
          ...{ lot: LOT, lotNumber: text(64), itemName: NAME_TEXT, unit: NAME_TEXT, units: UNITS },
          ...{ from: PLACE, to: PLACE, fromName: NAME_TEXT, toName: NAME_TEXT },
        },
        closed,
      ),
    ),
    /** What nobody here can read yet, as it came: it may say anything, also whom to call. */
    text: sensitive('contacts', nullable(text(16_384))),
  },
  closed,
)
export type AsideEntry = Static<typeof ASIDE_ENTRY>

/** One thing set aside with its contents. */
export const ASIDE_VIEW = Type.Object(
  {
    ...ASIDE_ROW.properties,
    content: Type.Array(ASIDE_ENTRY),
    /** Entries beyond those shown. */
    more: Type.Integer({ minimum: 0 }),
    /** Of a message nobody can read: how it begins. */
    begins: sensitive('contacts', nullable(text(2_000))),
    /** Whether a person may decide on it now: to take it, and if not why; to refuse it for good. */
    mayTake: Type.Boolean(),
    mayRefuse: Type.Boolean(),
    hinders: nullable(Type.Object({ code: text(64), why: NAME_TEXT }, closed)),
  },
  closed,
)
export type AsideView = Static<typeof ASIDE_VIEW>
