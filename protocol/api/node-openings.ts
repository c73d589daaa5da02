import { type Static, Type } from 'typebox'
import { CALENDAR_DATE, EXPIRY, LOT, NAME_TEXT, PLACE, UNITS } from '../ledger/fields.ts'
import { EXPIRY_STATE, nullable, text } from './views.ts'

const closed = { additionalProperties: false } as const

/** Stock of an old system that the county tells a site to take over, as its keeper sees it. */
export const OPENING_VIEW = Type.Object(
  {
    doc: text(96),
    counted: nullable(CALENDAR_DATE),
    lines: Type.Array(
      Type.Object(
        {
          lot: LOT,
          itemName: NAME_TEXT,
          unit: NAME_TEXT,
          lotNumber: text(64),
          expiry: EXPIRY,
          expiryState: EXPIRY_STATE,
          place: PLACE,
          units: UNITS,
          supplier: nullable(NAME_TEXT),
          /** Units of this lot that stand at the site already: they would stand beside these. */
          standing: Type.Integer(),
        },
        closed,
      ),
    ),
  },
  closed,
)
export type OpeningView = Static<typeof OPENING_VIEW>
