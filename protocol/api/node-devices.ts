import { Type } from 'typebox'
import { INSTANT, LOT, NAME_TEXT } from '../ledger/fields.ts'
import { MAINTENANCE, type MaintenanceWork } from '../rules/maintenance.ts'
import { ACTION, BOOKED } from './node-acts.ts'
import type { NodeRow } from './route.ts'
import { nullable, PAGE_QUERY, pageOf, text } from './views.ts'

const closed = { additionalProperties: false } as const
const SENTENCE = Type.Object({ zh: text(300), en: text(300) }, closed)

/** Something that is wrong with a device, in words: what, since when, and what to do. */
const FINDING_VIEW = Type.Object(
  {
    /** Stable name, such as `antenna-weak`. */
    code: text(32),
    /** Names this one time that it is so. */
    finding: text(160),
    severity: Type.Integer({ minimum: 1, maximum: 3 }),
    antenna: nullable(Type.Integer()),
    since: INSTANT,
    title: NAME_TEXT,
    remedy: SENTENCE,
    /** The label that is meant, and what it is on as far as this node knows. */
    label: nullable(
      Type.Object(
        { epc: text(124), lot: nullable(LOT), itemName: nullable(NAME_TEXT), lotNumber: nullable(text(64)), pack: text(64) },
        closed,
      ),
    ),
  },
  closed,
)

/** One antenna of a door: what it hears of a passage, beside what is usual; `null` while unknown, and levels for ever where the reader tells none. */
const ANTENNA_VIEW = Type.Object(
  {
    antenna: Type.Integer(),
    side: text(16),
    reads: nullable(Type.Number()),
    usualReads: nullable(Type.Number()),
    /** Of the peaks: `strength` is the number of a reader whose maker gives it no unit. */
    unit: Type.Union([Type.Literal('dBm'), Type.Literal('strength')]),
    peak: nullable(Type.Number()),
    usualPeak: nullable(Type.Number()),
    /** Walks until what is usual is known; 0 when it is. */
    learning: Type.Integer({ minimum: 0 }),
    lastReadAt: nullable(INSTANT),
  },
  closed,
)

export const DEVICE_VIEW = Type.Object(
  {
    device: text(64),
    kind: Type.Union([Type.Literal('reader'), Type.Literal('scanner')]),
    address: text(200),
    door: nullable(text(64)),
    side: nullable(text(16)),
    state: text(32),
    since: INSTANT,
    module: nullable(text(200)),
    frames: Type.Integer(),
    reads: Type.Integer(),
    lastReadAt: nullable(INSTANT),
    noiseBytes: Type.Integer(),
    crcFailures: Type.Integer(),
    /** Reads this node dropped because it was too slow. */
    dropped: Type.Integer(),
    gaps: Type.Array(Type.Object({ from: INSTANT, to: nullable(INSTANT), why: text(200) }, closed)),
    antennas: Type.Array(ANTENNA_VIEW),
    /** What it did not take of its settings when it was started. */
    troubles: Type.Array(Type.Object({ code: text(32), title: SENTENCE, remedy: SENTENCE }, closed)),
    /** The gravest first. */
    findings: Type.Array(FINDING_VIEW),
  },
  closed,
)

/** One line of the past of the devices: a time one was not heard, something that was found, or work that was done. */
const DEVICE_PAST_ROW = Type.Object(
  {
    id: text(200),
    is: Type.Union([Type.Literal('gap'), Type.Literal('finding'), Type.Literal('maintenance')]),
    device: text(64),
    antenna: nullable(Type.Integer()),
    at: INSTANT,
    /** End of a gap or a finding; `null`: it lasts, or it was a moment. */
    to: nullable(INSTANT),
    title: SENTENCE,
    words: nullable(text(500)),
    actor: nullable(text(64)),
  },
  closed,
)

const WORKS = Object.keys(MAINTENANCE) as MaintenanceWork[]

/** The devices of a node, their past, and the work on them. */
export const NODE_DEVICES = {
  devices: {
    method: 'GET',
    path: '/api/devices',
    open: false,
    answer: Type.Object(
      {
        rows: Type.Array(DEVICE_VIEW),
        /** Raw reads kept beside the ledger, and blocks of them that a full disk cost. */
        ring: Type.Object({ bytes: Type.Integer(), bytesMax: Type.Integer(), dropped: Type.Integer() }, closed),
      },
      closed,
    ),
    zh: '设备',
    en: 'Readers and scanners',
  },
  devicePast: {
    method: 'GET',
    path: '/api/devices/past',
    open: false,
    query: Type.Object({ ...PAGE_QUERY }, closed),
    answer: pageOf(DEVICE_PAST_ROW),
    zh: '设备记录：断开、异常、维护',
    en: 'The past of the devices: gaps, findings and work, newest first',
  },
  maintain: {
    method: 'POST',
    path: '/api/devices/maintenance',
    open: false,
    body: Type.Object(
      {
        action: ACTION,
        device: text(64),
        /** Port, where one antenna was worked on. */
        antenna: Type.Optional(Type.Integer({ minimum: 1, maximum: 16 })),
        what: Type.Unsafe<MaintenanceWork>(Type.Enum(WORKS)),
        words: Type.Optional(text(500)),
      },
      closed,
    ),
    answer: BOOKED,
    zh: '登记维护',
    en: 'Record work on a device',
  },
} as const satisfies Record<string, NodeRow>
