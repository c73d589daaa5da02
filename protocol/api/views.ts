import { type Static, Type } from 'typebox'
import { CALENDAR_DATE, ENTRY_ID, EPOCH, EXPIRY, INSTANT, LOT, NAME_TEXT, NODE, PLACE, STREAM, UNITS } from '../ledger/fields.ts'
import { ITEM_FIELDS, MASTER_ID } from '../ledger/master.ts'

/** What a person or a machine is shown: the same shapes on the hub, on a node and in the pages. */
const closed = { additionalProperties: false } as const
/** Text of at most so many characters. */
export const text = (maxLength: number) => Type.String({ maxLength })
/** Schema or null. */
export const nullable = <S extends Parameters<typeof Type.Union>[0][number]>(schema: S) => Type.Union([schema, Type.Null()])

export const EXPIRY_STATE = Type.Union([Type.Literal('ok'), Type.Literal('near'), Type.Literal('expired'), Type.Literal('unknown')])

/** One lot at one place. */
export const STOCK_ROW = Type.Object(
  {
    site: NODE,
    place: PLACE,
    item: text(64),
    itemName: NAME_TEXT,
    unit: NAME_TEXT,
    lot: LOT,
    lotNumber: text(64),
    expiry: EXPIRY,
    /** Days from the site's today to the last usable day; negative when past; null without expiry. */
    daysLeft: nullable(Type.Integer()),
    expiryState: EXPIRY_STATE,
    units: Type.Integer(),
  },
  closed,
)
export type StockRow = Static<typeof STOCK_ROW>

/** recorded: on the writer's disk. booked: committed at the hub. safe: a second machine holds it. */
export const LEVEL = Type.Union([Type.Literal('recorded'), Type.Literal('booked'), Type.Literal('safe')])

/** One line of one movement, as history shows it. */
export const MOVEMENT_ROW = Type.Object(
  {
    entry: ENTRY_ID,
    line: Type.Integer({ minimum: 0 }),
    kind: text(32),
    site: text(32),
    item: text(64),
    itemName: NAME_TEXT,
    unit: NAME_TEXT,
    lot: LOT,
    lotNumber: text(64),
    from: PLACE,
    to: PLACE,
    units: UNITS,
    occurredAt: INSTANT,
    receivedAt: nullable(INSTANT),
    /** The moment by the machine's up time, when its clock is known to have been wrong; else null. */
    datedAt: nullable(INSTANT),
    /** Who holds it: the node alone, the hub too, or two machines by their own word [ledger-and-sync 3]. */
    level: LEVEL,
    actor: nullable(text(64)),
    device: nullable(text(64)),
    doc: nullable(text(96)),
    tags: Type.Array(text(124)),
    reverses: nullable(ENTRY_ID),
    reversedBy: nullable(ENTRY_ID),
    /** Who decided it: a door (with certainty), a scan or a hand. */
    evidence: Type.Object(
      {
        by: Type.Union([Type.Literal('door'), Type.Literal('scan'), Type.Literal('hand'), Type.Literal('hub')]),
        certainty: nullable(Type.Number()),
      },
      closed,
    ),
    override: nullable(Type.Object({ rule: text(64), reason: text(500) }, closed)),
  },
  closed,
)
export type MovementRow = Static<typeof MOVEMENT_ROW>

/** An item as its ruling version says; one of the first form has none of the optional fields. */
export const ITEM_VIEW = Type.Object(
  {
    item: MASTER_ID,
    /** 0: made by a node, and not yet confirmed by the county. */
    version: Type.Integer({ minimum: 0 }),
    from: Type.Optional(CALENDAR_DATE),
    retired: Type.Optional(Type.Literal(true)),
    ...ITEM_FIELDS,
  },
  closed,
)
export type ItemView = Static<typeof ITEM_VIEW>

export const SITE_VIEW = Type.Object(
  {
    site: NODE,
    name: NAME_TEXT,
    zone: text(64),
    rooms: Type.Array(Type.Object({ room: text(32), name: NAME_TEXT, use: text(16) }, closed)),
  },
  closed,
)
export type SiteView = Static<typeof SITE_VIEW>
/** A site as the county's desk sees it: whoever changes it names the version that was seen. */
export const SITE_ROW = Type.Object({ ...SITE_VIEW.properties, version: Type.Integer({ minimum: 1 }) }, closed)
export type SiteRow = Static<typeof SITE_ROW>

/** A node as the county sees it. */
export const NODE_VIEW = Type.Object(
  {
    node: NODE,
    name: NAME_TEXT,
    state: Type.Union([Type.Literal('online'), Type.Literal('offline'), Type.Literal('never')]),
    since: nullable(INSTANT),
    lastHeardAt: nullable(INSTANT),
    stream: STREAM,
    epoch: nullable(EPOCH),
    held: Type.Integer({ minimum: 0 }),
    /** Entries the node says it has written and the hub does not hold. */
    waiting: Type.Integer({ minimum: 0 }),
    software: nullable(text(64)),
    /** Node clock minus hub clock when last heard, milliseconds. */
    clockSkewMs: nullable(Type.Integer()),
    devices: Type.Array(Type.Object({ device: text(64), kind: text(32), state: text(32), since: INSTANT }, closed)),
    discrepancies: Type.Integer({ minimum: 0 }),
    /** When the places of the node were last compared with the hub's at the same entry, and whether they were the same. */
    digest: nullable(Type.Object({ at: INSTANT, same: Type.Boolean() }, closed)),
    /** Entries of the hub's tree that this node is a witness of: the size of the newest checkpoint it holds. */
    witnessed: nullable(Type.Integer({ minimum: 0 })),
    /** The node its places passed to, when it is gone. */
    passedTo: nullable(NODE),
  },
  closed,
)
export type NodeView = Static<typeof NODE_VIEW>

/** A site's line on the county board. */
export const SITE_SUMMARY = Type.Object(
  {
    site: NODE,
    name: NAME_TEXT,
    node: NODE_VIEW,
    items: Type.Integer(),
    lots: Type.Integer(),
    units: Type.Integer(),
    inTransit: Type.Integer(),
    expired: Type.Integer(),
    near: Type.Integer(),
    lastMovementAt: nullable(INSTANT),
  },
  closed,
)
export type SiteSummary = Static<typeof SITE_SUMMARY>

/** Disagreement between what two sources say; a person owns it until it is closed. */
export const DISCREPANCY_VIEW = Type.Object(
  {
    discrepancy: text(200),
    kind: text(32),
    severity: Type.Integer({ minimum: 1, maximum: 3 }),
    site: nullable(text(32)),
    subject: text(200),
    title: NAME_TEXT,
    entry: nullable(ENTRY_ID),
    openedAt: INSTANT,
    closedAt: nullable(INSTANT),
  },
  closed,
)
export type DiscrepancyView = Static<typeof DISCREPANCY_VIEW>

/** Units of one lot that became units of another; `depth` 1 is next to the lot asked for. */
export const GENEALOGY_EDGE = Type.Object(
  {
    parent: LOT,
    child: LOT,
    parentUnits: UNITS,
    childUnits: UNITS,
    act: text(16),
    entry: ENTRY_ID,
    site: text(32),
    occurredAt: INSTANT,
    depth: Type.Integer({ minimum: 1 }),
  },
  closed,
)
export type GenealogyEdge = Static<typeof GENEALOGY_EDGE>

/** Units of a lot at a place at the end of a day, as it was then known or as it truly was. */
export const AS_OF_ROW = Type.Object(
  {
    site: NODE,
    place: PLACE,
    item: text(64),
    itemName: NAME_TEXT,
    unit: NAME_TEXT,
    lot: LOT,
    lotNumber: text(64),
    expiry: EXPIRY,
    units: Type.Integer(),
  },
  closed,
)
export type AsOfRow = Static<typeof AS_OF_ROW>

/** A count as it was observed: what lay there, what the book said at that place in the stream. */
export const COUNT_ROW = Type.Object(
  {
    entry: ENTRY_ID,
    site: NODE,
    place: PLACE,
    lot: LOT,
    lotNumber: text(64),
    itemName: NAME_TEXT,
    counted: Type.Integer({ minimum: 0 }),
    book: Type.Integer(),
    difference: Type.Integer(),
    at: INSTANT,
    actor: nullable(text(64)),
    reason: nullable(text(500)),
  },
  closed,
)
export type CountRow = Static<typeof COUNT_ROW>

/** A despatch with what was shipped and received under it; its status follows from the movements. */
export const DOCUMENT_ROW = Type.Object(
  {
    doc: text(96),
    type: text(32),
    from: text(32),
    to: NODE,
    at: INSTANT,
    status: Type.Union([
      Type.Literal('open'),
      Type.Literal('partly'),
      Type.Literal('complete'),
      Type.Literal('over'),
      Type.Literal('withdrawn'),
    ]),
    lines: Type.Array(
      Type.Object(
        {
          lot: LOT,
          lotNumber: text(64),
          itemName: NAME_TEXT,
          unit: NAME_TEXT,
          announced: Type.Integer({ minimum: 0 }),
          shipped: Type.Integer({ minimum: 0 }),
          received: Type.Integer({ minimum: 0 }),
        },
        closed,
      ),
    ),
  },
  closed,
)
export type DocumentRow = Static<typeof DOCUMENT_ROW>

/** How the last usable day of a lot stands, where more than one was told or somebody answered. */
const LOT_DAYS = Type.Object(
  {
    /** Days that stand against each other, the earliest, which rules, first; none when it is settled. */
    open: Type.Array(CALENDAR_DATE),
    told: Type.Array(CALENDAR_DATE),
    /** What people answered, newest first; the first one rules. */
    answers: Type.Array(
      Type.Object(
        {
          expiry: CALENDAR_DATE,
          version: Type.Integer({ minimum: 1 }),
          reason: nullable(text(500)),
          actor: nullable(text(64)),
          at: INSTANT,
          /** Node of the site that answered; `hub`: the county. */
          by: text(32),
          entry: ENTRY_ID,
        },
        closed,
      ),
    ),
  },
  closed,
)

/** Where a lot is and where it went. */
export const LOT_VIEW = Type.Object(
  {
    lot: LOT,
    /** The lot the county says it is, where its number was written wrongly; itself otherwise. */
    now: LOT,
    /** Lots that are this one, booked under other numbers. */
    metAs: Type.Array(LOT),
    item: ITEM_VIEW,
    lotNumber: text(64),
    expiry: EXPIRY,
    daysLeft: nullable(Type.Integer()),
    expiryState: EXPIRY_STATE,
    /** Where it is: every place whose sum is not zero, virtual places (used, scrapped, on the way) too. */
    whereIs: Type.Array(Type.Object({ place: PLACE, site: text(32), placeName: NAME_TEXT, units: Type.Integer() }, closed)),
    /** Where it went: units per pair of places over all time. */
    whereWent: Type.Array(
      Type.Object(
        {
          from: PLACE,
          to: PLACE,
          fromName: NAME_TEXT,
          toName: NAME_TEXT,
          units: UNITS,
          movements: Type.Integer(),
          first: INSTANT,
          last: INSTANT,
        },
        closed,
      ),
    ),
    /** Newest first, at most 500: older ones are pages of `movements`. */
    journey: Type.Array(MOVEMENT_ROW),
    tags: Type.Array(Type.Object({ epc: text(124), units: UNITS, pack: text(64), site: text(32), place: nullable(PLACE) }, closed)),
    /** What it was made of, and what was made of it: one step; the whole tree is `genealogy`. */
    parents: Type.Array(GENEALOGY_EDGE),
    children: Type.Array(GENEALOGY_EDGE),
    /** Where more than one last day was told of it, or somebody answered which is right. */
    days: Type.Optional(LOT_DAYS),
  },
  closed,
)
export type LotView = Static<typeof LOT_VIEW>

export const TAG_VIEW = Type.Object(
  {
    epc: text(124),
    lot: LOT,
    lotNumber: text(64),
    item: text(64),
    expiry: EXPIRY,
    pack: text(64),
    units: UNITS,
    site: NODE,
    registeredAt: INSTANT,
    doc: nullable(text(96)),
    /** `replaced` by the tag `next`, or `retired`: it stands for nothing any more. */
    state: Type.Enum(['live', 'replaced', 'retired']),
    next: nullable(text(124)),
  },
  closed,
)
export type TagView = Static<typeof TAG_VIEW>

/** RFC 9457 problem with our code and both languages. */
export const PROBLEM = Type.Object(
  {
    type: text(200),
    title: text(500),
    status: Type.Integer(),
    code: text(64),
    titleEn: text(500),
    facts: Type.Record(Type.String(), Type.Unknown()),
  },
  { ...closed, description: 'problem+json [RFC 9457]: code, Chinese title, English titleEn, the values that matter' },
)
export type Problem = Static<typeof PROBLEM>

/** A cursor holds the last row's key, which may be a lot number in Chinese and a place. */
export const PAGE_CURSOR_LENGTH_MAX = 600
/** Lists are pages: `next` is the cursor of the next page or null. */
export const pageOf = <S extends Parameters<typeof Type.Array>[0]>(row: S) =>
  Type.Object({ rows: Type.Array(row), next: nullable(text(PAGE_CURSOR_LENGTH_MAX)) }, closed)
export const PAGE_QUERY = {
  cursor: Type.Optional(text(PAGE_CURSOR_LENGTH_MAX)),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
}
