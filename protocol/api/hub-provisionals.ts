import { type Static, Type } from 'typebox'
import { ENTRY_ID, INSTANT, LOT, NAME_TEXT, NODE } from '../ledger/fields.ts'
import { ITEM_FIELDS, MASTER_ID, MET_ID, PROVISIONAL_BODY } from '../ledger/master.ts'
import { ACTION } from './hub-trust.ts'
import { nullable, PAGE_QUERY, pageOf, text } from './views.ts'

const closed = { additionalProperties: false } as const
const COUNT = Type.Integer({ minimum: 0 })
const STATE = Type.Enum(['open', 'confirmed', 'redirected', 'conflict'])

/** What a thing somebody met may really be; `device`: a record of the public device database, from which it can be completed. */
export const SUGGESTION_VIEW = Type.Object(
  {
    is: Type.Enum(['item', 'device', 'lot']),
    /** Id of the item, the DI, or the lot key. */
    id: text(124),
    name: Type.Object({ zh: text(8_192), en: text(8_192) }, closed),
    detail: text(8_192),
    /** `code`: a code on its package is that thing's. `name`: it is called alike, or its number is written alike. */
    why: Type.Enum(['code', 'name']),
    /** How sure, of 100; by a code always 100. */
    score: Type.Integer({ minimum: 0, maximum: 100 }),
  },
  closed,
)
export type SuggestionView = Static<typeof SUGGESTION_VIEW>

/** What a node met that the county did not know, and what became of it. */
export const PROVISIONAL_VIEW = Type.Object(
  {
    entry: ENTRY_ID,
    site: NODE,
    siteName: NAME_TEXT,
    met: PROVISIONAL_BODY,
    /** The item it is, or is on, by now: itself or what it was merged into. `known`: whether the county has a record of that. */
    now: Type.Object(
      {
        item: MASTER_ID,
        name: NAME_TEXT,
        known: Type.Boolean(),
        /** Of a lot: the lot it is. */
        lot: Type.Optional(LOT),
      },
      closed,
    ),
    actor: nullable(text(64)),
    occurredAt: INSTANT,
    receivedAt: INSTANT,
    state: STATE,
    /** The hub's entry it follows from; reason, person and time where it was answered at the desk. */
    settled: nullable(
      Type.Object(
        { by: ENTRY_ID, to: nullable(MET_ID), reason: nullable(text(500)), actor: nullable(text(64)), at: nullable(INSTANT) },
        closed,
      ),
    ),
    /** Of open items: by a code first, then by name, the most alike first. Of open lots: lots of that item whose numbers are written alike. */
    suggestions: Type.Array(SUGGESTION_VIEW),
  },
  closed,
)
export type ProvisionalView = Static<typeof PROVISIONAL_VIEW>

/** The desk of what nodes met while nobody could be asked. Part of `HUB_ROUTES`, which holds them to its form. */
export const HUB_PROVISIONALS = {
  provisionals: {
    method: 'GET',
    path: '/api/provisionals',
    query: Type.Object(
      {
        state: Type.Optional(STATE),
        site: Type.Optional(NODE),
        kind: Type.Optional(Type.Enum(['item', 'tag', 'lot'])),
        entry: Type.Optional(ENTRY_ID),
        ...PAGE_QUERY,
      },
      closed,
    ),
    answer: Type.Object(
      {
        ...pageOf(PROVISIONAL_VIEW).properties,
        /** How many wait for an answer, on all pages. */
        open: COUNT,
        /** How many stand how, of those of that site and kind. */
        counts: Type.Object({ open: COUNT, confirmed: COUNT, redirected: COUNT, conflict: COUNT }, closed),
      },
      closed,
    ),
    zh: '待定记录',
    en: 'What nodes met that the county did not know, open ones first, with what they may really be',
  },
  decideProvisional: {
    method: 'POST',
    path: '/api/provisionals/decisions',
    body: Type.Object(
      {
        action: ACTION,
        entry: ENTRY_ID,
        answer: Type.Enum(['confirm', 'redirect', 'conflict']),
        /** The item it is, or the lot of the same item. */
        to: Type.Optional(MET_ID),
        /** What a confirmed item is given beside what its maker wrote, or instead of it; base unit and units of codes stay. */
        fields: Type.Optional(Type.Partial(Type.Object(ITEM_FIELDS), closed)),
        reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'must be given for a conflict' })),
      },
      closed,
    ),
    answer: Type.Object({ entry: ENTRY_ID, state: STATE, to: nullable(MET_ID), outcome: ENTRY_ID }, closed),
    zh: '答复待定记录',
    en: 'Answer one: confirm it, redirect it to the item or lot it is, or open a conflict; no quantity changes, and only a lot may be answered anew',
  },
} as const
