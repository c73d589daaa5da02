import { type Static, type TSchema, Type } from 'typebox'
import { LINE } from '../ledger/bodies.ts'
import { SITE_BODY } from '../ledger/entry.ts'
import { CALENDAR_DATE, ENTRY_ID, EPOCH, EXPIRY, INSTANT, LOT, NODE, PLACE } from '../ledger/fields.ts'
import { HUB_AUDIT } from './hub-audit.ts'
import { HUB_CATALOG } from './hub-catalog.ts'
import { HUB_FIND } from './hub-find.ts'
import { HUB_IMPORTS } from './hub-imports.ts'
import { HUB_LABELS } from './hub-labels.ts'
import { HUB_LOTS } from './hub-lots.ts'
import { HUB_NODE_CERTIFICATES } from './hub-node-certificates.ts'
import { HUB_OPENINGS } from './hub-openings.ts'
import { HUB_PEOPLE } from './hub-people.ts'
import { HUB_PERSONS } from './hub-persons.ts'
import { HUB_PROVISIONALS } from './hub-provisionals.ts'
import { ACTION, HUB_TRUST } from './hub-trust.ts'
import { HUB_WEBHOOKS } from './hub-webhooks.ts'
import type { Route } from './route.ts'
import {
  AS_OF_ROW,
  COUNT_ROW,
  DISCREPANCY_VIEW,
  DOCUMENT_ROW,
  GENEALOGY_EDGE,
  LOT_VIEW,
  MOVEMENT_ROW,
  NODE_VIEW,
  nullable,
  PAGE_QUERY,
  pageOf,
  SITE_ROW,
  SITE_SUMMARY,
  STOCK_ROW,
  TAG_VIEW,
  text,
} from './views.ts'

const closed = { additionalProperties: false } as const
const SITE_SEEN = Type.Optional(
  Type.Integer({ minimum: 1, description: 'the version this change was made from; left out: whatever stands is changed' }),
)
const TIME_AT_HUB = Type.Object({ epoch: EPOCH, seq: Type.Integer({ minimum: 0 }), at: text(32) }, closed)

export const HUB_ROUTES = {
  health: {
    method: 'GET',
    path: '/api/health',
    answer: Type.Object(
      {
        state: text(16),
        version: text(32),
        hub: TIME_AT_HUB,
        incarnation: Type.Integer({ minimum: 1 }),
        /** The second copy of the hub's own streams [ledger-and-sync 3]: none is set, it is written, or it cannot be. */
        secondCopy: Type.Union([Type.Literal('none'), Type.Literal('ok'), Type.Literal('failing')]),
        /** Whether the county has an administrator, and what the button of its identity provider says. */
        isSetUp: Type.Boolean(),
        sso: nullable(text(120)),
      },
      closed,
    ),
    zh: '健康检查',
    en: 'Whether the hub serves',
  },
  overview: {
    method: 'GET',
    path: '/api/overview',
    answer: Type.Object({ cursor: TIME_AT_HUB, sites: Type.Array(SITE_SUMMARY), discrepancies: Type.Integer(), today: text(10) }, closed),
    zh: '全县总览',
    en: 'The county at a glance',
  },
  stock: {
    method: 'GET',
    path: '/api/stock',
    query: Type.Object(
      {
        site: Type.Optional(NODE),
        item: Type.Optional(text(64)),
        lot: Type.Optional(LOT),
        search: Type.Optional(text(100)),
        expiring: Type.Optional(
          Type.Integer({ minimum: 0, maximum: 3650, description: 'only lots whose last usable day is within so many days' }),
        ),
        ...PAGE_QUERY,
      },
      closed,
    ),
    answer: pageOf(STOCK_ROW),
    zh: '库存（按站点、品种、批号）',
    en: 'Stock by site, item and lot, soonest expiry first',
  },
  stockAsOf: {
    method: 'GET',
    path: '/api/stock/as-of',
    query: Type.Object(
      {
        date: CALENDAR_DATE,
        by: Type.Union([Type.Literal('true'), Type.Literal('known')], {
          description:
            'true: what lay there at the end of that day by all that is known now; known: what the hub knew at the end of that day',
        }),
        site: Type.Optional(NODE),
        item: Type.Optional(text(64)),
        lot: Type.Optional(LOT),
        ...PAGE_QUERY,
      },
      closed,
    ),
    answer: pageOf(AS_OF_ROW),
    zh: '某日库存（实际 / 当时所知）',
    en: 'Stock at the end of a day: as it truly was, or as it was known then',
  },
  movements: {
    method: 'GET',
    path: '/api/movements',
    query: Type.Object({ site: Type.Optional(NODE), item: Type.Optional(text(64)), lot: Type.Optional(LOT), ...PAGE_QUERY }, closed),
    answer: pageOf(MOVEMENT_ROW),
    zh: '流水',
    en: 'Movements, newest first',
  },
  lot: {
    method: 'GET',
    path: '/api/lot',
    query: Type.Object({ lot: LOT }, closed),
    answer: LOT_VIEW,
    zh: '批号去向',
    en: 'Where a lot is, where it went, its journey',
  },
  genealogy: {
    method: 'GET',
    path: '/api/genealogy',
    query: Type.Object({ lot: LOT }, closed),
    answer: Type.Object(
      { lot: LOT, ancestors: Type.Array(GENEALOGY_EDGE), descendants: Type.Array(GENEALOGY_EDGE), more: Type.Boolean() },
      closed,
    ),
    zh: '批号谱系（分装、组包、拆分、合并）',
    en: 'What a lot was made of and what was made of it, to the last step',
  },
  tag: {
    method: 'GET',
    path: '/api/tag',
    query: Type.Object({ epc: Type.String({ pattern: '^[0-9A-F]{4,124}$' }) }, closed),
    answer: Type.Object(
      {
        epc: text(124),
        lot: LOT,
        place: nullable(PLACE),
        units: nullable(Type.Integer()),
        entry: nullable(ENTRY_ID),
        at: nullable(INSTANT),
      },
      closed,
    ),
    zh: '标签现在何处',
    en: 'Where a tag is by the books',
  },
  counts: {
    method: 'GET',
    path: '/api/counts',
    query: Type.Object({ site: Type.Optional(NODE), lot: Type.Optional(LOT), ...PAGE_QUERY }, closed),
    answer: pageOf(COUNT_ROW),
    zh: '盘点记录',
    en: 'Counts, newest first',
  },
  documents: {
    method: 'GET',
    path: '/api/documents',
    query: Type.Object({ site: Type.Optional(NODE), open: Type.Optional(Type.Boolean()), ...PAGE_QUERY }, closed),
    answer: pageOf(DOCUMENT_ROW),
    zh: '发货单',
    en: 'Despatches with what was shipped and received, newest first',
  },
  askNode: {
    method: 'POST',
    path: '/api/asks',
    body: Type.Object(
      {
        action: ACTION,
        what: Type.Union([Type.Literal('count'), Type.Literal('correct')]),
        place: PLACE,
        lot: LOT,
        lines: Type.Optional(Type.Array(Type.Pick(LINE, ['lot', 'from', 'to', 'units'], closed), { maxItems: 64 })),
        reason: Type.String({ minLength: 1, maxLength: 500 }),
      },
      closed,
    ),
    answer: Type.Object({ ask: ENTRY_ID }, closed),
    zh: '要求站点盘点或更正',
    en: 'Ask the owner of a place to count a lot, or to book a correction',
  },
  passOwnership: {
    method: 'POST',
    path: '/api/ownership',
    body: Type.Object({ action: ACTION, from: NODE, to: NODE, reason: Type.String({ minLength: 1, maxLength: 500 }) }, closed),
    answer: Type.Object({ entry: ENTRY_ID }, closed),
    zh: '移交库位（原站已不在）',
    en: 'Pass the places of a node that is gone to another',
  },
  nodes: {
    method: 'GET',
    path: '/api/nodes',
    answer: Type.Object({ rows: Type.Array(NODE_VIEW) }, closed),
    zh: '节点',
    en: 'Nodes and their links',
  },
  sites: {
    method: 'GET',
    path: '/api/sites',
    answer: Type.Object({ rows: Type.Array(SITE_ROW) }, closed),
    zh: '站点与库房',
    en: 'Sites and rooms',
  },
  createSite: {
    method: 'POST',
    path: '/api/sites',
    body: Type.Object({ action: ACTION, ...Type.Omit(SITE_BODY, ['version']).properties, knownVersion: SITE_SEEN }, closed),
    answer: SITE_ROW,
    zh: '新建或修改站点',
    en: 'Create or change a site and its rooms',
  },
  ...HUB_CATALOG,
  ...HUB_PERSONS,
  ...HUB_PROVISIONALS,
  ...HUB_OPENINGS,
  tags: {
    method: 'GET',
    path: '/api/tags',
    query: Type.Object({ site: Type.Optional(NODE), lot: Type.Optional(LOT), ...PAGE_QUERY }, closed),
    answer: pageOf(TAG_VIEW),
    zh: '标签登记',
    en: 'Tag registrations',
  },
  registerTags: {
    method: 'POST',
    path: '/api/tags',
    body: Type.Object(
      {
        action: ACTION,
        site: NODE,
        doc: nullable(Type.String({ minLength: 1, maxLength: 96 })),
        tags: Type.Array(
          Type.Object(
            { epc: Type.String({ pattern: '^[0-9A-Fa-f]{4,124}$' }), item: text(64), lotNumber: text(40), expiry: EXPIRY, pack: text(64) },
            closed,
          ),
          { minItems: 1, maxItems: 500 },
        ),
      },
      closed,
    ),
    answer: Type.Object({ registered: Type.Integer(), rows: Type.Array(TAG_VIEW) }, closed),
    zh: '登记标签并发往站点',
    en: 'Register tags announced to a site: books supplier -> transit(site)',
  },
  discrepancies: {
    method: 'GET',
    path: '/api/discrepancies',
    query: Type.Object({ site: Type.Optional(NODE), ...PAGE_QUERY }, closed),
    answer: pageOf(DISCREPANCY_VIEW),
    zh: '差异',
    en: 'Discrepancies, open ones first',
  },
  ...HUB_TRUST,
  ...HUB_NODE_CERTIFICATES,
  ...HUB_FIND,
  ...HUB_LABELS,
  ...HUB_IMPORTS,
  ...HUB_LOTS,
  ...HUB_PEOPLE,
  ...HUB_WEBHOOKS,
  ...HUB_AUDIT,
} as const satisfies Record<string, Route>
export type HubRoute = keyof typeof HUB_ROUTES
type Part<R, K extends string> = R extends { readonly [P in K]: infer S extends TSchema } ? Static<S> : undefined
export type HubAnswer<R extends HubRoute> = Static<(typeof HUB_ROUTES)[R]['answer']>
export type HubQuery<R extends HubRoute> = Part<(typeof HUB_ROUTES)[R], 'query'>
export type HubBody<R extends HubRoute> = Part<(typeof HUB_ROUTES)[R], 'body'>
