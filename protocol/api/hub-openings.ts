import { type Static, Type } from 'typebox'
import { CALENDAR_DATE, ENTRY_ID, EXPIRY, INSTANT, LOT, NAME_TEXT, NODE, PLACE, UNITS } from '../ledger/fields.ts'
import { MASTER_ID } from '../ledger/master.ts'
import { OPENING_LINE } from '../ledger/opening.ts'
import { ACTION } from './hub-trust.ts'
import { nullable, PAGE_QUERY, pageOf, text } from './views.ts'

const closed = { additionalProperties: false } as const
const REASON = Type.String({ minLength: 1, maxLength: 500 })
const DOC = Type.String({ minLength: 1, maxLength: 96 })
const COUNT = Type.Integer({ minimum: 0 })

/** How an opening balance stands: `partly` is taken over, and some of its parts reversed or given up since. */
export const OPENING_STATE = Type.Enum(['open', 'taken', 'partly', 'refused', 'withdrawn'])
const SAID = Type.Object({ entry: ENTRY_ID, at: INSTANT, actor: nullable(text(64)), reason: nullable(text(500)) }, closed)

/** Stock of an old system that a site was told to take over, and what became of it. */
export const OPENING_ROW = Type.Object(
  {
    act: text(96),
    site: NODE,
    siteName: NAME_TEXT,
    doc: text(96),
    /** Day the old system counted it. */
    counted: nullable(CALENDAR_DATE),
    state: OPENING_STATE,
    /** Entries it was told in, and those that are taken over and stand. */
    parts: COUNT,
    taken: COUNT,
    lines: COUNT,
    told: SAID,
    /** The newest answer of the site that stands. */
    answered: nullable(SAID),
    withdrawn: nullable(SAID),
  },
  closed,
)
export type OpeningRow = Static<typeof OPENING_ROW>

/** One lot at one place of an opening balance. */
export const OPENING_LINE_ROW = Type.Object(
  {
    part: COUNT,
    taken: Type.Boolean(),
    lot: LOT,
    itemName: NAME_TEXT,
    unit: NAME_TEXT,
    lotNumber: text(64),
    expiry: EXPIRY,
    place: PLACE,
    units: UNITS,
    supplier: nullable(MASTER_ID),
    supplierName: nullable(NAME_TEXT),
  },
  closed,
)

/** The stock of an old system as sites take it over. Part of `HUB_ROUTES`, which holds them to its form. */
export const HUB_OPENINGS = {
  openings: {
    method: 'GET',
    path: '/api/openings',
    query: Type.Object({ site: Type.Optional(NODE), state: Type.Optional(OPENING_STATE), ...PAGE_QUERY }, closed),
    answer: pageOf(OPENING_ROW),
    zh: '期初库存单据',
    en: 'Opening balances and what became of them, newest first',
  },
  openingLines: {
    method: 'GET',
    path: '/api/openings/lines',
    query: Type.Object({ act: text(96), ...PAGE_QUERY }, closed),
    answer: pageOf(OPENING_LINE_ROW),
    zh: '期初库存明细',
    en: 'The lots of one opening balance',
  },
  tellOpening: {
    method: 'POST',
    path: '/api/openings',
    body: Type.Object(
      {
        action: ACTION,
        site: NODE,
        doc: DOC,
        counted: Type.Optional(CALENDAR_DATE),
        lines: Type.Array(
          Type.Object(
            {
              ...Type.Omit(OPENING_LINE, ['entered', 'supplier', 'printed']).properties,
              printed: Type.Optional(OPENING_LINE.properties.printed),
              entered: Type.Optional(OPENING_LINE.properties.entered),
              supplier: Type.Optional(MASTER_ID),
            },
            closed,
          ),
          { minItems: 1, maxItems: 5_000 },
        ),
      },
      closed,
    ),
    answer: Type.Object({ act: text(96), parts: COUNT }, closed),
    zh: '下发期初库存',
    en: 'Tell a site to take over the stock of an old system; nothing is booked before it does',
  },
  withdrawOpening: {
    method: 'POST',
    path: '/api/openings/withdrawals',
    body: Type.Object({ action: ACTION, act: text(96), reason: REASON }, closed),
    answer: Type.Object({ act: text(96), entry: ENTRY_ID }, closed),
    zh: '撤回期初库存',
    en: 'Withdraw an opening balance that nobody took over',
  },
} as const
