import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import {
  ASK_BODY,
  CHECKPOINT_BODY,
  CLOCK_BODY,
  CODE_BOUND_BODY,
  CODE_MET_BODY,
  CORRECT_BODY,
  DECISION_BODY,
  DOCUMENT_BODY,
  LINE,
  LOT_EXPIRY_BODY,
  LOT_FACT,
  MAINTENANCE_BODY,
  OVERRIDE,
  OWNERSHIP_BODY,
  RETAG_BODY,
  TRANSFORM_BODY,
} from './bodies.ts'
import { canonicalText, readCanonical } from './canonical.ts'
import { holeOf } from './chain.ts'
import { ENTRY_ID, EPOCH, EXPIRY, HASH, INSTANT, LOT, NAME_TEXT, NODE, PLACE, STREAM, UNITS } from './fields.ts'
import { MASTER_BODY, OUTCOME_BODY, PROVISIONAL_BODY } from './master.ts'
import { OPENING_BODY, TAKE_OVER_BODY } from './opening.ts'
import { ROSTER_BODY } from './roster.ts'

/** Entry v1: what is hashed, signed and kept for ever (P-003). 16 KB of canonical JSON at most, so that a batch of 64 stays near 128 KB. */
export const ENTRY_BYTES_MAX = 16_384
/** Lines of one entry; a larger act is several entries with one `action` and rising `part`. */
export const ENTRY_LINES_MAX = 64

export type Line = Static<typeof LINE>

export const ENTRY = Type.Object(
  {
    v: Type.Literal(1),
    stream: STREAM,
    epoch: EPOCH,
    seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    /** A row of `ENTRY_KINDS`, or a kind of a later version: such an entry is held and parked, never refused. */
    kind: Type.String({ pattern: '^[a-z][a-z-]{1,31}$' }),
    /** Made by the page, scan session or door: repeating it returns the first result. */
    action: Type.String({ pattern: '^[A-Za-z0-9._:>/~-]{1,96}$' }),
    part: Type.Integer({ minimum: 0, maximum: 9999 }),
    /** Opaque id of who acted; never a name. */
    actor: Type.Union([Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' }), Type.Null()]),
    device: Type.Union([Type.String({ pattern: '^[A-Za-z0-9._:-]{1,64}$' }), Type.Null()]),
    occurredAt: INSTANT,
    zone: Type.String({ minLength: 1, maxLength: 64 }),
    /** Names the boot of the machine, with milliseconds since then: lets a wrong clock be re-dated later. */
    boot: Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' }),
    upMs: Type.Integer({ minimum: 0 }),
    doc: Type.Union([Type.String({ minLength: 1, maxLength: 96 }), Type.Null()]),
    refs: Type.Array(ENTRY_ID, { maxItems: 64 }),
    /** The entry whose lines are undone; this entry's line k is the mirror of that entry's line `lines[k]`. */
    reverses: Type.Union([Type.Object({ entry: ENTRY_ID, lines: Type.Array(Type.Integer({ minimum: 0 })) }, closed()), Type.Null()]),
    lines: Type.Array(LINE, { maxItems: ENTRY_LINES_MAX }),
    /** What else this kind says; its shape stands in `ENTRY_KINDS`. */
    body: Type.Record(Type.String(), Type.Unknown()),
  },
  closed(),
)
export type Entry = Static<typeof ENTRY>

const EVIDENCE = Type.Record(Type.String(), Type.Unknown())
const PASSAGE = Type.Object(
  {
    door: Type.String({ maxLength: 64 }),
    epc: Type.String({ pattern: '^[0-9A-F]{4,124}$' }),
    direction: Type.Union([Type.Literal('in'), Type.Literal('out'), Type.Literal('uncertain')]),
    at: INSTANT,
    certainty: Type.Number({ minimum: 0, maximum: 1 }),
    algorithm: Type.String({ maxLength: 32 }),
    evidence: EVIDENCE,
    /** Key into the node's ring of raw reads; what it points to may have expired. */
    ring: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]),
  },
  closed(),
)
/** Body of an entry that moves units. */
const MOVEMENT = Type.Object(
  {
    /** Lot facts this node learnt with the movement (a scan, a label); never erases a known one (R11). */
    lots: Type.Optional(Type.Array(LOT_FACT, { maxItems: ENTRY_LINES_MAX })),
    passage: Type.Optional(PASSAGE),
    override: Type.Optional(OVERRIDE),
    reason: Type.Optional(Type.String({ maxLength: 500 })),
    /** The scanned text as it came. */
    scan: Type.Optional(Type.String({ maxLength: 300 })),
  },
  closed(),
)
const PACK = Type.Object(
  {
    gtin: Type.Union([Type.String({ pattern: '^[0-9]{14}$' }), Type.Null()]),
    pack: Type.String({ minLength: 1, maxLength: 64 }),
    units: UNITS,
  },
  closed(),
)
export const ITEM_BODY = Type.Object(
  {
    item: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' }),
    version: Type.Integer({ minimum: 1 }),
    name: NAME_TEXT,
    model: Type.String({ maxLength: 120 }),
    /** Name of the base unit, the only unit quantities are kept in. */
    unit: NAME_TEXT,
    packs: Type.Array(PACK, { maxItems: 32 }),
    /** Days before the last usable day at which the near-expiry alarm rises, highest first (R17). */
    nearDays: Type.Array(Type.Integer({ minimum: 0, maximum: 3650 }), { maxItems: 8 }),
  },
  closed(),
)
export type ItemBody = Static<typeof ITEM_BODY>
export const SITE_BODY = Type.Object(
  {
    site: NODE,
    version: Type.Integer({ minimum: 1 }),
    name: NAME_TEXT,
    zone: Type.String({ minLength: 1, maxLength: 64 }),
    rooms: Type.Array(
      Type.Object(
        {
          room: Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' }),
          name: NAME_TEXT,
          use: Type.Union([Type.Literal('store'), Type.Literal('department')]),
        },
        closed(),
      ),
      { maxItems: 64 },
    ),
  },
  closed(),
)
export type SiteBody = Static<typeof SITE_BODY>
/** Registration of an electronic label: what an EPC carries, because an SGTIN carries no lot. */
export const TAG_BODY = Type.Object(
  {
    epc: Type.String({ pattern: '^[0-9A-F]{4,124}$' }),
    lot: LOT,
    printed: Type.String({ maxLength: 64 }),
    expiry: EXPIRY,
    pack: Type.String({ maxLength: 64 }),
    units: UNITS,
    /** The site the tagged pack is announced to. */
    site: NODE,
  },
  closed(),
)
export type TagBody = Static<typeof TAG_BODY>
const COUNT_BODY = Type.Object(
  {
    place: PLACE,
    lot: LOT,
    counted: Type.Integer({ minimum: 0 }),
    book: Type.Integer(),
    at: ENTRY_ID,
    reason: Type.Optional(Type.String({ maxLength: 500 })),
  },
  closed(),
)
const EPOCH_BODY = Type.Object(
  {
    parent: Type.Union([Type.Object({ epoch: EPOCH, seq: Type.Integer({ minimum: 1 }), hash: HASH }, closed()), Type.Null()]),
    software: Type.String({ maxLength: 64 }),
  },
  closed(),
)
const GAP_BODY = Type.Object(
  { device: Type.String({ maxLength: 64 }), from: INSTANT, to: INSTANT, why: Type.String({ maxLength: 200 }) },
  closed(),
)
const PASSAGE_BODY = Type.Object(
  {
    passage: PASSAGE,
    /** What the crossing came to: a row of `CROSSING_OUTCOMES`. Anything but `confirmed` is a task for the keeper. */
    outcome: Type.String({ maxLength: 32 }),
  },
  closed(),
)
const SETTLE_BODY = Type.Object(
  {
    task: ENTRY_ID,
    answer: Type.String({ maxLength: 32 }),
    reason: Type.Optional(Type.String({ maxLength: 500 })),
    lots: Type.Optional(Type.Array(LOT_FACT, { maxItems: 4 })),
  },
  closed(),
)
const ALARM_BODY = Type.Object(
  {
    alarm: Type.String({ maxLength: 160 }),
    action: Type.String({ maxLength: 32 }),
    reason: Type.Optional(Type.String({ maxLength: 500 })),
  },
  closed(),
)
const CERTIFICATE_BODY = Type.Object(
  { certificate: Type.String({ maxLength: 4000 }), signature: Type.String({ maxLength: 128 }) },
  closed(),
)
const REVOKE_BODY = Type.Object({ node: NODE, key: Type.String({ maxLength: 64 }), reason: Type.String({ maxLength: 500 }) }, closed())

/** Every kind of entry of version 1: who may write it, whether it moves units, what its body holds. */
export const ENTRY_KINDS = {
  epoch: { writer: 'any', moves: false, body: EPOCH_BODY },
  receive: { writer: 'node', moves: true, body: MOVEMENT },
  accept: { writer: 'node', moves: true, body: MOVEMENT },
  move: { writer: 'node', moves: true, body: MOVEMENT },
  issue: { writer: 'node', moves: true, body: MOVEMENT },
  ship: { writer: 'node', moves: true, body: MOVEMENT },
  scrap: { writer: 'node', moves: true, body: MOVEMENT },
  reverse: { writer: 'any', moves: true, body: MOVEMENT },
  count: { writer: 'node', moves: true, body: COUNT_BODY },
  transform: { writer: 'node', moves: true, body: TRANSFORM_BODY },
  correct: { writer: 'node', moves: true, body: CORRECT_BODY },
  document: { writer: 'any', moves: false, body: DOCUMENT_BODY },
  passage: { writer: 'node', moves: false, body: PASSAGE_BODY },
  settle: { writer: 'node', moves: true, body: SETTLE_BODY },
  alarm: { writer: 'node', moves: false, body: ALARM_BODY },
  gap: { writer: 'node', moves: false, body: GAP_BODY },
  maintenance: { writer: 'node', moves: false, body: MAINTENANCE_BODY },
  clock: { writer: 'node', moves: false, body: CLOCK_BODY },
  item: { writer: 'hub', moves: false, body: ITEM_BODY },
  site: { writer: 'hub', moves: false, body: SITE_BODY },
  tag: { writer: 'hub', moves: true, body: TAG_BODY },
  certificate: { writer: 'hub', moves: false, body: CERTIFICATE_BODY },
  revoke: { writer: 'hub', moves: false, body: REVOKE_BODY },
  ask: { writer: 'hub', moves: false, body: ASK_BODY },
  ownership: { writer: 'hub', moves: false, body: OWNERSHIP_BODY },
  checkpoint: { writer: 'hub', moves: false, body: CHECKPOINT_BODY },
  decision: { writer: 'hub', moves: false, body: DECISION_BODY },
  master: { writer: 'hub', moves: false, body: MASTER_BODY },
  provisional: { writer: 'node', moves: false, body: PROVISIONAL_BODY },
  retag: { writer: 'node', moves: false, body: RETAG_BODY },
  outcome: { writer: 'hub', moves: false, body: OUTCOME_BODY },
  'lot-expiry': { writer: 'any', moves: false, body: LOT_EXPIRY_BODY },
  'code-met': { writer: 'node', moves: false, body: CODE_MET_BODY },
  'code-bound': { writer: 'node', moves: false, body: CODE_BOUND_BODY },
  opening: { writer: 'hub', moves: false, body: OPENING_BODY },
  'take-over': { writer: 'node', moves: true, body: TAKE_OVER_BODY },
  roster: { writer: 'hub', moves: false, body: ROSTER_BODY },
} as const satisfies Record<string, { readonly writer: 'any' | 'node' | 'hub'; readonly moves: boolean; readonly body: TSchema }>
export type EntryKind = keyof typeof ENTRY_KINDS
export type BodyOf<Kind extends EntryKind> = Static<(typeof ENTRY_KINDS)[Kind]['body']>
export type GapBody = Static<typeof GAP_BODY>
export type PassageBody = Static<typeof PASSAGE>
export type LotFact = Static<typeof LOT_FACT>

/**
 * What reading an entry's text gave: an entry of this version, one of a later version (kept, parked), the hole a damaged one left (kept, without
 * effect), or nothing (with a refusal code).
 */
export type EntryReading =
  | { readonly known: true; readonly entry: Entry }
  | { readonly known: false; readonly later: { readonly stream: string; readonly epoch: string; readonly seq: number } }
  | { readonly known: false; readonly later: null; readonly code: 'hole' }
  | { readonly known: false; readonly later: null; readonly code: 'wire.entry-not-canonical' | 'wire.entry-malformed' }

/** Reads one entry's text as it came over the wire; length is the caller's to check in bytes. */
export const readEntry = (text: string): EntryReading => {
  if (holeOf(text)) return { known: false, later: null, code: 'hole' }
  const value = readCanonical(text)
  if (value === undefined) return { known: false, later: null, code: 'wire.entry-not-canonical' }
  if (entryCheck.Check(value)) {
    const kind = (ENTRY_KINDS as Record<string, { readonly body: TSchema } | undefined>)[value.kind]
    if (kind === undefined) return { known: false, later: value }
    return bodyCheck(value.kind as EntryKind)(value.body) ? { known: true, entry: value } : MALFORMED
  }
  return laterCheck.Check(value) ? { known: false, later: value } : MALFORMED
}

/** The canonical text of an entry; throws when the entry breaks its own schema, for then it is a bug of the writer. */
export const writeEntry = (entry: Entry): string => {
  const text = canonicalText(entry)
  const reading = readEntry(text)
  if (!reading.known) {
    const body = (ENTRY_KINDS as Record<string, { readonly body: TSchema } | undefined>)[entry.kind]?.body
    const faults = [...entryCheck.Errors(entry), ...(body ? Compile(body).Errors(entry.body) : [])]
    throw new TypeError(`entry breaks its schema: ${faults.map((one) => `${one.instancePath} ${one.message}`).join('; ')}`)
  }
  return text
}

function closed() {
  return { additionalProperties: false } as const
}

const MALFORMED = { known: false, later: null, code: 'wire.entry-malformed' } as const
const entryCheck = Compile(ENTRY)
/** A later version may add fields and kinds but keeps its place in the chain readable. */
const laterCheck = Compile(
  Type.Object({ v: Type.Integer({ minimum: 2 }), stream: STREAM, epoch: EPOCH, seq: Type.Integer({ minimum: 1 }), kind: Type.String() }),
)
const compiled = new Map<EntryKind, { Check(value: unknown): boolean }>()
const bodyCheck =
  (kind: EntryKind) =>
  (body: unknown): boolean => {
    let check = compiled.get(kind)
    if (!check) {
      check = Compile(ENTRY_KINDS[kind].body)
      compiled.set(kind, check)
    }
    return check.Check(body)
  }
