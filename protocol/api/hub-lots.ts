import { Type } from 'typebox'
import { CALENDAR_DATE, ENTRY_ID, LOT } from '../ledger/fields.ts'
import { ACTION } from './hub-trust.ts'
import { text } from './views.ts'

const closed = { additionalProperties: false } as const

/** Last days of lots. Part of `HUB_ROUTES`, which holds them to its form. */
export const HUB_LOTS = {
  settleExpiry: {
    method: 'POST',
    path: '/api/lot-expiries',
    body: Type.Object(
      {
        action: ACTION,
        lot: LOT,
        expiry: text(10),
        shown: Type.Array(CALENDAR_DATE, { minItems: 1, maxItems: 32, description: 'the days the person saw: the ones to choose among' }),
        reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'needed for any but the earliest' })),
      },
      closed,
    ),
    answer: Type.Object({ lot: LOT, expiry: CALENDAR_DATE, version: Type.Integer({ minimum: 1 }), entry: ENTRY_ID }, closed),
    zh: '确认批号的有效期',
    en: 'Say which last day of a lot is right; every node is told',
  },
} as const
