import { type Static, type TSchema, Type } from 'typebox'
import { ENTRY_ID, EXPIRY, INSTANT, LOT, NAME_TEXT, PLACE, UNITS } from '../ledger/fields.ts'
import { type BOOKED, NODE_ACTS } from './node-acts.ts'
import { type DEVICE_VIEW, NODE_DEVICES } from './node-devices.ts'
import { NODE_LOTS } from './node-lots.ts'
import { MET_HERE } from './node-met.ts'
import { OPENING_VIEW } from './node-openings.ts'
import { NODE_PEOPLE } from './node-people.ts'
import { NODE_SCANS, SCAN_VIEW } from './node-scans.ts'
import type { NodeRow } from './route.ts'
import { ITEM_VIEW, MOVEMENT_ROW, nullable, PAGE_QUERY, pageOf, SITE_VIEW, STOCK_ROW, text } from './views.ts'

/** What a node's stockroom page asks its node. Every POST carries its `action`: repeating it returns the first result. */
const closed = { additionalProperties: false } as const

/** Proof of a booking. */
export type Booked = Static<typeof BOOKED>

/** What a scanned code says and what this node knows of it. */
export type ScanView = Static<typeof SCAN_VIEW>

export const TASK_VIEW = Type.Object(
  {
    task: ENTRY_ID,
    /** A row of CROSSING_OUTCOMES. */
    outcome: text(32),
    door: text(64),
    epc: text(124),
    direction: text(16),
    certainty: Type.Number(),
    at: INSTANT,
    tag: nullable(
      Type.Object(
        {
          lot: LOT,
          itemName: NAME_TEXT,
          lotNumber: text(64),
          expiry: EXPIRY,
          units: nullable(UNITS),
          pack: text(64),
          site: text(32),
          place: nullable(PLACE),
        },
        closed,
      ),
    ),
    evidence: Type.Record(Type.String(), Type.Unknown()),
    /** Of a task that no crossing made: the county, or this node's own book, asks to count a lot or to book a correction. Door and epc are empty. */
    ask: nullable(
      Type.Object(
        {
          what: Type.Union([Type.Literal('count'), Type.Literal('correct')]),
          place: PLACE,
          lot: LOT,
          itemName: NAME_TEXT,
          lotNumber: text(64),
          book: Type.Integer(),
          lines: Type.Array(Type.Object({ lot: LOT, from: PLACE, to: PLACE, units: UNITS }, closed)),
          reason: text(500),
          by: Type.Union([Type.Literal('hub'), Type.Literal('node')]),
        },
        closed,
      ),
    ),
    /** A code that was scanned and that nobody knows, with all that was read in it. */
    code: Type.Optional(
      Type.Object(
        {
          scheme: text(16),
          code: text(64),
          scan: text(300),
          rows: Type.Array(Type.Object({ zh: text(120), en: text(120), value: text(200) }, closed)),
        },
        closed,
      ),
    ),
    /** Stock of an old system that the county tells this site to take over. */
    opening: Type.Optional(OPENING_VIEW),
    /** Answers this task takes. */
    answers: Type.Array(
      Type.Union([
        Type.Literal('in'),
        Type.Literal('out'),
        Type.Literal('none'),
        Type.Literal('same'),
        Type.Literal('bind'),
        Type.Literal('counted'),
        Type.Literal('book'),
        Type.Literal('take'),
        Type.Literal('make'),
      ]),
    ),
  },
  closed,
)
export type TaskView = Static<typeof TASK_VIEW>

export const ALARM_VIEW = Type.Object(
  {
    alarm: text(160),
    kind: Type.Union([
      Type.Literal('expired'),
      Type.Literal('near'),
      Type.Literal('clock'),
      Type.Literal('device'),
      Type.Literal('disk'),
      Type.Literal('lost-tail'),
      Type.Literal('refused'),
      Type.Literal('clone'),
      Type.Literal('fork'),
      Type.Literal('two-hubs'),
      Type.Literal('directive'),
      Type.Literal('damage'),
      Type.Literal('digest'),
    ]),
    severity: Type.Integer({ minimum: 1, maximum: 3 }),
    title: NAME_TEXT,
    lot: nullable(LOT),
    place: nullable(PLACE),
    units: nullable(Type.Integer()),
    expiry: EXPIRY,
    daysLeft: nullable(Type.Integer()),
    raisedAt: INSTANT,
    acknowledgedBy: nullable(text(64)),
  },
  closed,
)
export type AlarmView = Static<typeof ALARM_VIEW>

/** A reader or scanner as the board shows it. */
export type DeviceView = Static<typeof DEVICE_VIEW>

/** The node in one look: what the header of the page shows. */
export const NODE_STATE = Type.Object(
  {
    node: text(32),
    site: SITE_VIEW,
    today: text(10),
    /** False while the clock has not been confirmed: refusals by date say so. */
    clockTrusted: Type.Boolean(),
    link: Type.Object(
      {
        state: Type.Union([Type.Literal('online'), Type.Literal('offline'), Type.Literal('not-enrolled')]),
        since: INSTANT,
        lastHaveAt: nullable(INSTANT),
        waiting: Type.Integer({ minimum: 0 }),
        booked: Type.Integer({ minimum: 0 }),
      },
      closed,
    ),
    /** Until when the hub takes this node's certificate; `null` until it is enrolled. `due`: it is renewed as soon as there is a line. */
    certificate: nullable(
      Type.Object({ until: INSTANT, state: Type.Union([Type.Literal('valid'), Type.Literal('due'), Type.Literal('ended')]) }, closed),
    ),
    head: Type.Object({ epoch: text(16), seq: Type.Integer(), hash: text(64) }, closed),
    alarms: Type.Integer(),
    tasks: Type.Integer(),
    doors: Type.Array(Type.Object({ door: text(64), name: NAME_TEXT, inside: text(32), beyond: nullable(text(64)) }, closed)),
    version: text(32),
  },
  closed,
)
export type NodeState = Static<typeof NODE_STATE>

export const NODE_ROUTES = {
  ...NODE_PEOPLE,
  health: {
    method: 'GET',
    path: '/api/health',
    open: true,
    answer: Type.Object({ state: text(16), node: text(32), version: text(32) }, closed),
    zh: '健康检查',
    en: 'Whether the node serves',
  },
  state: { method: 'GET', path: '/api/state', open: false, answer: NODE_STATE, zh: '本站状态', en: 'The node in one look' },
  stock: {
    method: 'GET',
    path: '/api/stock',
    open: false,
    query: Type.Object({ search: Type.Optional(text(100)), ...PAGE_QUERY }, closed),
    answer: pageOf(STOCK_ROW),
    zh: '库存（先到期先出）',
    en: 'Stock in FEFO order',
  },
  items: {
    method: 'GET',
    path: '/api/items',
    open: false,
    query: Type.Object({ search: Type.Optional(text(100)), ...PAGE_QUERY }, closed),
    answer: pageOf(ITEM_VIEW),
    zh: '品种',
    en: 'Items known here',
  },
  movements: {
    method: 'GET',
    path: '/api/movements',
    open: false,
    query: Type.Object({ lot: Type.Optional(LOT), ...PAGE_QUERY }, closed),
    answer: pageOf(MOVEMENT_ROW),
    zh: '本站流水',
    en: 'Own movements, newest first',
  },
  ...NODE_SCANS,
  ...NODE_ACTS,
  ...NODE_LOTS,
  expected: {
    method: 'GET',
    path: '/api/expected',
    open: false,
    answer: Type.Object(
      {
        rows: Type.Array(
          Type.Object(
            {
              doc: nullable(text(96)),
              from: text(32),
              due: EXPIRY,
              lot: LOT,
              lotNumber: text(64),
              item: text(64),
              itemName: NAME_TEXT,
              unit: NAME_TEXT,
              expiry: EXPIRY,
              announced: Type.Integer({ minimum: 0 }),
              received: Type.Integer({ minimum: 0 }),
              /** Boxes whose tags the paper names, and whether each has come; none where it names none. */
              boxes: Type.Array(Type.Object({ epc: text(124), came: Type.Boolean() }, closed)),
            },
            closed,
          ),
        ),
        /** Boxes of a paper that have come, through the door as a rule, and wait to be accepted. */
        waiting: Type.Array(
          Type.Object(
            {
              doc: text(96),
              lot: LOT,
              lotNumber: text(64),
              itemName: NAME_TEXT,
              unit: NAME_TEXT,
              room: text(32),
              units: UNITS,
              boxes: Type.Integer({ minimum: 1 }),
            },
            closed,
          ),
        ),
      },
      closed,
    ),
    zh: '在途到货',
    en: 'What is on its way to this site, by document and lot',
  },
  provisionals: {
    method: 'GET',
    path: '/api/provisionals',
    open: false,
    answer: MET_HERE,
    zh: '本站先登记的品种、批号和标签',
    en: 'Items made, lots written and tags bound here before the county knew them, and what became of them',
  },
  retags: {
    method: 'GET',
    path: '/api/retags',
    open: false,
    answer: Type.Object(
      {
        rows: Type.Array(
          Type.Object(
            {
              entry: ENTRY_ID,
              at: INSTANT,
              actor: nullable(text(64)),
              from: nullable(text(124)),
              to: nullable(text(124)),
              lot: LOT,
              itemName: NAME_TEXT,
              lotNumber: text(64),
              pack: text(64),
              place: nullable(PLACE),
              why: text(500),
              undoneBy: nullable(ENTRY_ID),
            },
            closed,
          ),
        ),
      },
      closed,
    ),
    zh: '换过和作废的标签',
    en: 'Tags put on, replaced and retired here, newest first',
  },
  sites: {
    method: 'GET',
    path: '/api/sites',
    open: false,
    answer: Type.Object({ rows: Type.Array(SITE_VIEW) }, closed),
    zh: '各站点',
    en: 'Sites known here',
  },
  tasks: {
    method: 'GET',
    path: '/api/tasks',
    open: false,
    answer: Type.Object({ rows: Type.Array(TASK_VIEW) }, closed),
    zh: '待办',
    en: 'Passages and tags that need a person',
  },
  alarms: {
    method: 'GET',
    path: '/api/alarms',
    open: false,
    answer: Type.Object({ rows: Type.Array(ALARM_VIEW) }, closed),
    zh: '预警',
    en: 'Alarms',
  },
  ...NODE_DEVICES,
} as const satisfies Record<string, NodeRow>
export type NodeRoute = keyof typeof NODE_ROUTES
type Part<R, K extends string> = R extends { readonly [P in K]: infer S extends TSchema } ? Static<S> : undefined
export type NodeAnswer<R extends NodeRoute> = Static<(typeof NODE_ROUTES)[R]['answer']>
export type NodeQuery<R extends NodeRoute> = Part<(typeof NODE_ROUTES)[R], 'query'>
export type NodeBody<R extends NodeRoute> = Part<(typeof NODE_ROUTES)[R], 'body'>

/** Server-sent events of a node [HTML SSE]: the page re-reads what an event names; `scan` carries the scan itself. */
export const NODE_EVENTS_PATH = '/api/events'
export const NODE_EVENTS = {
  changed: {
    payload: Type.Object(
      {
        what: Type.Array(
          Type.Union([
            Type.Literal('stock'),
            Type.Literal('tasks'),
            Type.Literal('alarms'),
            Type.Literal('devices'),
            Type.Literal('state'),
            Type.Literal('movements'),
          ]),
        ),
      },
      closed,
    ),
  },
  scan: { payload: SCAN_VIEW },
} as const
