import { Type } from 'typebox'
import { ENTRY_ID, EXPIRY, LOT, PLACE, UNITS } from '../ledger/fields.ts'
import type { NodeRow } from './route.ts'
import { ITEM_VIEW, nullable, text } from './views.ts'

const closed = { additionalProperties: false } as const

/** Proof of a booking: each answer names the last entry, clients send it back, and a node that lacks it raises LOST_TAIL. */
export const BOOKED = Type.Object(
  {
    entries: Type.Array(ENTRY_ID),
    head: Type.Object({ epoch: text(16), seq: Type.Integer(), hash: text(64) }, closed),
    /** False when this action had been booked before and this is its first result again. */
    fresh: Type.Boolean(),
    /** Units booked from `unexplained` because the shelf held more than the book. */
    unexplained: Type.Integer({ minimum: 0 }),
    /** Entry of an earlier booking that this act only confirmed. */
    confirms: nullable(ENTRY_ID),
  },
  closed,
)
/** Names an act of a page. */
export const ACTION = Type.String({
  pattern: '^[A-Za-z0-9._:~-]{8,64}$',
  description: 'made by the page; repeating it returns the first result',
})

const SET_ASIDE = Type.Object({ rule: text(64), reason: text(500) }, closed)
const OVERRIDE = Type.Optional(SET_ASIDE)
const QUANTITY = Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'packs of `pack`, whole and positive' })

/** What people do at a node. Every act carries its `action`: repeating it returns the first result. */
export const NODE_ACTS = {
  receive: {
    method: 'POST',
    path: '/api/receive',
    open: false,
    body: Type.Object(
      {
        action: ACTION,
        item: text(64),
        lotNumber: text(40),
        expiry: EXPIRY,
        /** Day it was made, by the label: its certificate is judged by it. */
        produced: Type.Optional(EXPIRY),
        room: text(32),
        quantity: QUANTITY,
        pack: text(64),
        doc: Type.Optional(text(96)),
        scan: Type.Optional(text(300)),
        tags: Type.Optional(Type.Array(text(124), { maxItems: 200 })),
        anotherBox: Type.Optional(Type.Boolean()),
        accept: Type.Optional(Type.Boolean()),
        override: OVERRIDE,
        /** Where several rules stand in the way, each is set aside for itself. */
        overrides: Type.Optional(Type.Array(SET_ASIDE, { maxItems: 8 })),
      },
      closed,
    ),
    answer: BOOKED,
    zh: '入库（待验收；accept 同时验收）',
    en: 'Receive into pending; with accept, into available at once',
  },
  provisional: {
    method: 'POST',
    path: '/api/provisionals',
    open: false,
    body: Type.Object(
      {
        action: ACTION,
        name: Type.String({ minLength: 1, maxLength: 120 }),
        model: Type.Optional(text(120)),
        /** Name of the base unit. */
        unit: Type.String({ minLength: 1, maxLength: 60 }),
        /** The pack that was scanned, and the base units it holds; left out: one unit. */
        pack: Type.Optional(Type.Object({ pack: text(64), units: UNITS }, closed)),
        scan: Type.Optional(text(300)),
      },
      closed,
    ),
    answer: Type.Object({ booked: BOOKED, item: ITEM_VIEW }, closed),
    zh: '目录没有，先登记',
    en: 'Make an item the county does not know yet; it can be booked on at once',
  },
  accept: {
    method: 'POST',
    path: '/api/accept',
    open: false,
    body: Type.Object(
      { action: ACTION, lot: LOT, room: text(32), units: UNITS, reason: Type.Optional(text(500)), override: OVERRIDE },
      closed,
    ),
    answer: BOOKED,
    zh: '验收',
    en: 'Accept inspected units: pending -> available',
  },
  issue: {
    method: 'POST',
    path: '/api/issue',
    open: false,
    body: Type.Object(
      {
        action: ACTION,
        lot: LOT,
        room: text(32),
        quantity: QUANTITY,
        pack: text(64),
        to: Type.Optional(Type.String({ maxLength: 32, description: 'a department of this site; left out: used' })),
        scan: Type.Optional(text(300)),
        tags: Type.Optional(Type.Array(text(124), { maxItems: 200 })),
        moreThanBook: Type.Optional(Type.Boolean()),
        override: OVERRIDE,
      },
      closed,
    ),
    answer: BOOKED,
    zh: '领用',
    en: 'Issue',
  },
  count: {
    method: 'POST',
    path: '/api/count',
    open: false,
    body: Type.Object(
      {
        action: ACTION,
        place: PLACE,
        lot: LOT,
        counted: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
        /** What the page showed as the book; when the book has moved on meanwhile the keeper is asked again. */
        book: Type.Optional(Type.Integer()),
        task: Type.Optional(ENTRY_ID),
        reason: Type.Optional(text(500)),
      },
      closed,
    ),
    answer: BOOKED,
    zh: '盘点',
    en: 'Count a lot at a place: an observation, and the difference against adjusted',
  },
  transform: {
    method: 'POST',
    path: '/api/transform',
    open: false,
    body: Type.Object(
      {
        action: ACTION,
        act: Type.Union([Type.Literal('repack'), Type.Literal('kit'), Type.Literal('split'), Type.Literal('merge')]),
        room: text(32),
        from: Type.Array(Type.Object({ lot: LOT, units: UNITS }, closed), { minItems: 1, maxItems: 32 }),
        to: Type.Array(Type.Object({ item: text(64), lotNumber: text(40), expiry: EXPIRY, units: UNITS }, closed), {
          minItems: 1,
          maxItems: 32,
        }),
        reason: Type.Optional(text(500)),
        override: OVERRIDE,
      },
      closed,
    ),
    answer: BOOKED,
    zh: '分装、组包、拆分、合并',
    en: 'Repack, kit, split or merge lots; the expiry of what is made is never later than the earliest of what it is made of',
  },
  ship: {
    method: 'POST',
    path: '/api/ship',
    open: false,
    body: Type.Object(
      {
        action: ACTION,
        to: Type.String({ pattern: '^[a-z][a-z0-9-]{1,31}$' }),
        room: text(32),
        doc: Type.Optional(Type.String({ minLength: 1, maxLength: 96, description: 'left out: the node makes one' })),
        lines: Type.Array(
          Type.Object(
            { lot: LOT, quantity: QUANTITY, pack: text(64), tags: Type.Optional(Type.Array(text(124), { maxItems: 200 })) },
            closed,
          ),
          { minItems: 1, maxItems: 32 },
        ),
        moreThanBook: Type.Optional(Type.Boolean()),
      },
      closed,
    ),
    answer: BOOKED,
    zh: '调拨发出',
    en: 'Ship to another site: room -> transit(destination) under a document; the receiver books the other half',
  },
  scrap: {
    method: 'POST',
    path: '/api/scrap',
    open: false,
    body: Type.Object(
      {
        action: ACTION,
        place: PLACE,
        lot: LOT,
        units: UNITS,
        tags: Type.Optional(Type.Array(text(124), { maxItems: 200 })),
        reason: Type.String({ minLength: 1, maxLength: 500 }),
      },
      closed,
    ),
    answer: BOOKED,
    zh: '报废',
    en: 'Scrap',
  },
  move: {
    method: 'POST',
    path: '/api/move',
    open: false,
    body: Type.Object(
      {
        action: ACTION,
        lot: LOT,
        from: PLACE,
        to: PLACE,
        units: UNITS,
        tags: Type.Optional(Type.Array(text(124), { maxItems: 200 })),
        reason: Type.Optional(text(500)),
      },
      closed,
    ),
    answer: BOOKED,
    zh: '移库、隔离、解除隔离',
    en: 'Move between own places: another room, into quarantine and out of it',
  },
  reverse: {
    method: 'POST',
    path: '/api/reverse',
    open: false,
    body: Type.Object({ action: ACTION, entry: ENTRY_ID, reason: Type.String({ minLength: 1, maxLength: 500 }) }, closed),
    answer: BOOKED,
    zh: '冲销',
    en: 'Reverse a mistake',
  },
  retag: {
    method: 'POST',
    path: '/api/retag',
    open: false,
    body: Type.Object(
      {
        action: ACTION,
        /** As scanned: the number in the chip, or the symbol on the label with its serial. `null`: the pack had none. */
        from: nullable(text(300)),
        /** `null`: the old one is torn, lost or thrown away, and none takes its place. */
        to: nullable(text(300)),
        /** Of a first label: the lot, where it stands, and the pack it is stuck on. */
        lot: Type.Optional(LOT),
        place: Type.Optional(PLACE),
        pack: Type.Optional(text(64)),
        reason: Type.String({ minLength: 1, maxLength: 500 }),
      },
      closed,
    ),
    answer: BOOKED,
    zh: '换标、补标、作废标签',
    en: 'Put a tag on stock that stands here, replace one, or retire it; no unit moves',
  },
  settle: {
    method: 'POST',
    path: '/api/settle',
    open: false,
    body: Type.Object(
      {
        action: ACTION,
        task: ENTRY_ID,
        answer: text(16),
        units: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000_000, description: '0 only where something was counted' })),
        item: Type.Optional(text(64)),
        lotNumber: Type.Optional(text(40)),
        expiry: Type.Optional(EXPIRY),
        pack: Type.Optional(text(64)),
        reason: Type.Optional(text(500)),
        sure: Type.Optional(Type.Boolean({ description: 'what stands here of the same lots is known, and this comes beside it' })),
      },
      closed,
    ),
    answer: BOOKED,
    zh: '处理待办',
    en: 'Settle a task',
  },
  acknowledge: {
    method: 'POST',
    path: '/api/alarms',
    open: false,
    body: Type.Object({ action: ACTION, alarm: text(160), reason: Type.String({ minLength: 1, maxLength: 500 }) }, closed),
    answer: BOOKED,
    zh: '认领预警',
    en: 'Take an alarm on',
  },
} as const satisfies Record<string, NodeRow>
