import { type Static, Type } from 'typebox'
import { INSTANT, NODE } from '../ledger/fields.ts'
import { ACTION } from './hub-trust.ts'
import { DISCREPANCY_VIEW, MOVEMENT_ROW, NODE_VIEW, nullable, PAGE_QUERY, pageOf, text } from './views.ts'

const closed = { additionalProperties: false } as const
const COUNT = Type.Integer({ minimum: 0 })

/**
 * What a webhook may be told, and what it is told then: nothing that names people, prices or papers. `entry` and `line` name a movement for good,
 * so a receiver that is told twice can tell.
 */
export const WEBHOOK_EVENTS = {
  'movement.booked': {
    zh: '库存流水',
    en: 'A movement was booked',
    body: Type.Pick(MOVEMENT_ROW, [
      ...(['entry', 'line', 'kind', 'site', 'item', 'itemName', 'unit', 'lot', 'lotNumber', 'from', 'to', 'units'] as const),
      ...(['occurredAt', 'receivedAt', 'reverses'] as const),
    ]),
  },
  'discrepancy.opened': {
    zh: '差异出现',
    en: 'A discrepancy was opened',
    body: Type.Omit(DISCREPANCY_VIEW, ['subject']),
  },
  'discrepancy.closed': {
    zh: '差异关闭',
    en: 'A discrepancy was closed; `closedAt` is null when that was found later',
    body: Type.Omit(DISCREPANCY_VIEW, ['subject']),
  },
  'node.online': { zh: '节点上线', en: 'A node came on line', body: Type.Pick(NODE_VIEW, ['node', 'name', 'state', 'since']) },
  'node.offline': { zh: '节点离线', en: 'A node went off line', body: Type.Pick(NODE_VIEW, ['node', 'name', 'state', 'since']) },
} as const
export type WebhookEvent = keyof typeof WEBHOOK_EVENTS
export const WEBHOOK_EVENT_NAMES = Object.keys(WEBHOOK_EVENTS) as WebhookEvent[]

const EVENT = Type.Enum(WEBHOOK_EVENT_NAMES)
const WEBHOOK = Type.String({ pattern: '^w-[0-9a-f]{16}$' })
const SITES = Type.Union([Type.Literal('all'), Type.Array(NODE, { minItems: 1, maxItems: 500, uniqueItems: true })], {
  description: 'all sites, or which: nothing of others is told',
})
/** Words of a refusal or of what went wrong. */
const TROUBLE = Type.Object({ code: text(64), zh: text(300), en: text(300) }, closed)

/** on: told as things happen. paused: what happens waits in line. ended: told nothing any more, for good. */
export const WEBHOOK_STATE = Type.Enum(['on', 'paused', 'ended'])
/** Why it is not on. person: somebody wished it. failing: nobody took anything for three days. gone: the receiver said 410. */
const WHY = Type.Enum(['person', 'failing', 'gone', 'secret-lost'])

/** An address that is told what happens, and how that goes. */
export const WEBHOOK_VIEW = Type.Object(
  {
    webhook: WEBHOOK,
    version: Type.Integer({ minimum: 1 }),
    name: text(80),
    url: text(2_000),
    events: Type.Array(EVENT),
    sites: SITES,
    state: WEBHOOK_STATE,
    why: nullable(WHY),
    since: INSTANT,
    /** What waits to be told, and what was left out because too much waited. */
    waiting: COUNT,
    missed: COUNT,
    /** Tries in a row that failed, since when, and when the next one is. */
    failures: COUNT,
    failingSince: nullable(INSTANT),
    nextAt: nullable(INSTANT),
    /** The last try. */
    last: nullable(Type.Object({ at: INSTANT, event: text(32), status: nullable(Type.Integer()), trouble: nullable(TROUBLE) }, closed)),
    /** Until then everything is signed by the secret before, too. */
    oldSecretUntil: nullable(INSTANT),
    madeAt: INSTANT,
    madeBy: text(64),
  },
  closed,
)
export type WebhookView = Static<typeof WEBHOOK_VIEW>

/** One thing told, or to be told. `id` is what the receiver sees as `webhook-id`, the same at every try. */
export const DELIVERY_ROW = Type.Object(
  {
    id: text(64),
    event: text(32),
    at: INSTANT,
    state: Type.Enum(['waiting', 'done', 'dropped']),
    tries: COUNT,
    triedAt: nullable(INSTANT),
    status: nullable(Type.Integer()),
    trouble: nullable(TROUBLE),
    tookMs: nullable(COUNT),
  },
  closed,
)
export type DeliveryRow = Static<typeof DELIVERY_ROW>

const MADE = Type.Object(
  {
    webhook: WEBHOOK_VIEW,
    /** `whsec_` and 32 bytes in base64 when one was made: shown this once. */
    secret: nullable(text(64)),
  },
  closed,
)

/** Addresses that are told what happens. Part of `HUB_ROUTES`, which holds them to its form. */
export const HUB_WEBHOOKS = {
  webhooks: {
    method: 'GET',
    path: '/api/webhooks',
    answer: Type.Object({ rows: Type.Array(WEBHOOK_VIEW) }, closed),
    zh: '回调',
    en: 'Webhooks and how they fare, newest first',
  },
  saveWebhook: {
    method: 'POST',
    path: '/api/webhooks',
    body: Type.Object(
      {
        action: ACTION,
        webhook: Type.Optional(WEBHOOK),
        knownVersion: Type.Optional(Type.Integer({ minimum: 1, description: 'the version this change was made from' })),
        name: Type.String({ minLength: 1, maxLength: 80, pattern: '^\\S(?:[^\\u0000-\\u001f\\u007f]*\\S)?$' }),
        url: Type.String({ minLength: 1, maxLength: 2_000 }),
        events: Type.Array(EVENT, { minItems: 1, uniqueItems: true, maxItems: WEBHOOK_EVENT_NAMES.length }),
        sites: SITES,
        paused: Type.Optional(Type.Boolean()),
      },
      closed,
    ),
    answer: MADE,
    zh: '新建或修改回调',
    en: 'Make a webhook, change one, pause it or let it go on; a new one answers its secret, once',
  },
  rotateWebhookSecret: {
    method: 'POST',
    path: '/api/webhooks/secrets',
    body: Type.Object({ action: ACTION, webhook: WEBHOOK }, closed),
    answer: MADE,
    zh: '更换回调密钥',
    en: 'Make a new secret; for 24 hours everything is signed by both',
  },
  testWebhook: {
    method: 'POST',
    path: '/api/webhooks/tests',
    body: Type.Object({ action: ACTION, webhook: WEBHOOK }, closed),
    answer: Type.Object({ delivery: DELIVERY_ROW }, closed),
    zh: '试发一次',
    en: 'Tell it `webhook.test` now, past everything that waits, and say what it answered',
  },
  endWebhook: {
    method: 'POST',
    path: '/api/webhooks/ends',
    body: Type.Object({ action: ACTION, webhook: WEBHOOK }, closed),
    answer: Type.Object({ webhook: WEBHOOK_VIEW }, closed),
    zh: '停用回调',
    en: 'End a webhook for good; what waits is dropped',
  },
  webhookDeliveries: {
    method: 'GET',
    path: '/api/webhooks/deliveries',
    query: Type.Object({ webhook: WEBHOOK, ...PAGE_QUERY }, closed),
    answer: pageOf(DELIVERY_ROW),
    zh: '回调投递记录',
    en: 'What a webhook was told, newest first: the last thousand, and all that waits',
  },
} as const
