import { type Static, Type } from 'typebox'
import { CALENDAR_DATE, ENTRY_ID, EXPIRY, INSTANT, LOT, NAME_TEXT } from '../ledger/fields.ts'
import { ACTION, BOOKED } from './node-acts.ts'
import type { NodeRow } from './route.ts'
import { nullable, text } from './views.ts'

const closed = { additionalProperties: false } as const
const NAMED_LOT = { lot: LOT, itemName: NAME_TEXT, lotNumber: text(64) }

/** A lot that stands here, of which several last days were told: somebody who has the box in hand says which is right. */
const LOT_CONFLICT_VIEW = Type.Object(
  {
    ...NAMED_LOT,
    /** The earliest of them, which rules until then. */
    expiry: EXPIRY,
    days: Type.Array(
      Type.Object(
        {
          expiry: CALENDAR_DATE,
          /** Who said so: a label that was scanned here, a hand, a tag's registration, or a person who answered; else it came from the county. */
          by: Type.Enum(['label', 'hand', 'tag', 'answer', 'county']),
          at: nullable(INSTANT),
        },
        closed,
      ),
    ),
    /** Base units in the rooms of this site. */
    units: Type.Integer(),
    unit: NAME_TEXT,
  },
  closed,
)
export type LotConflictView = Static<typeof LOT_CONFLICT_VIEW>

const LOT_ANSWER_VIEW = Type.Object(
  {
    ...NAMED_LOT,
    expiry: CALENDAR_DATE,
    told: Type.Array(CALENDAR_DATE),
    reason: nullable(text(500)),
    actor: nullable(text(64)),
    at: INSTANT,
    entry: ENTRY_ID,
    by: Type.Enum(['node', 'county']),
  },
  closed,
)
export type LotAnswerView = Static<typeof LOT_ANSWER_VIEW>

/** Last days of lots: part of `NODE_ROUTES`, which holds them to its form. */
export const NODE_LOTS = {
  lotExpiries: {
    method: 'GET',
    path: '/api/lot-expiries',
    open: false,
    answer: Type.Object({ rows: Type.Array(LOT_CONFLICT_VIEW), answered: Type.Array(LOT_ANSWER_VIEW) }, closed),
    zh: '有效期不一致的批号',
    en: 'Lots here of which several last days stand against each other, and what was answered lately',
  },
  settleExpiry: {
    method: 'POST',
    path: '/api/lot-expiries',
    open: false,
    body: Type.Object(
      {
        action: ACTION,
        lot: LOT,
        expiry: text(10),
        shown: Type.Array(CALENDAR_DATE, { minItems: 1, maxItems: 32, description: 'the days the person saw: the ones to choose among' }),
        reason: Type.Optional(Type.String({ maxLength: 500, description: 'needed for any but the earliest' })),
      },
      closed,
    ),
    answer: BOOKED,
    zh: '确认批号的有效期',
    en: 'Say which last day of a lot is right; every site hears of it',
  },
} as const satisfies Record<string, NodeRow>
