import { type Static, Type } from 'typebox'
import { EXPIRY, INSTANT, LOT, NAME_TEXT, PLACE, UNITS } from '../ledger/fields.ts'
import { ACTION } from './node-acts.ts'
import type { NodeRow } from './route.ts'
import { EXPIRY_STATE, ITEM_VIEW, nullable, text } from './views.ts'

const closed = { additionalProperties: false } as const

/** Longest text a scanner or a wedge gives. */
const SCAN_LENGTH_MAX = 300
/** Longest text that is explained: more than any label holds, less than a page stalls on. */
export const EXPLAIN_LENGTH_MAX = 4_000

/** How a scan stands in the scan session of its device: a two-symbol label carries the product in one symbol, lot and dates in the other. */
export const SCAN_PAIR = Type.Object(
  {
    /** Names the pair, or the wait for one. */
    pair: text(32),
    /** `open`: waits for the other symbol. `joined`: this is both. `apart`: it came in time and contradicts the first, so each stays for itself. */
    state: Type.Enum(['open', 'joined', 'apart']),
    /** Of an open one, what the other symbol would say. */
    wants: nullable(Type.Enum(['key', 'parts'])),
    /** How long it still waits, of how long, ms. */
    leftMs: Type.Integer({ minimum: 0 }),
    windowMs: Type.Integer({ minimum: 0 }),
    /** The texts as they were scanned, the first one first. */
    symbols: Type.Array(text(SCAN_LENGTH_MAX)),
    /** What the two say differently. */
    differs: Type.Array(NAME_TEXT),
  },
  closed,
)
export type ScanPair = Static<typeof SCAN_PAIR>

/** What a scanned code says and what this node knows of it. Of a joined pair `scan` is both texts, one a line. */
export const SCAN_VIEW = Type.Object(
  {
    scan: text(SCAN_LENGTH_MAX),
    at: INSTANT,
    scanner: nullable(text(64)),
    refused: nullable(Type.Object({ code: text(64), zh: text(500), en: text(500) }, closed)),
    rows: Type.Array(Type.Object({ zh: text(120), en: text(120), value: text(200) }, closed)),
    item: nullable(ITEM_VIEW),
    pack: nullable(text(64)),
    packUnits: nullable(UNITS),
    lot: nullable(LOT),
    lotNumber: nullable(text(64)),
    expiry: EXPIRY,
    expiryState: EXPIRY_STATE,
    serial: nullable(text(64)),
    epc: nullable(text(124)),
    /** Announced to this site and not yet received, base units. */
    expected: Type.Integer(),
    /** Units of this lot per place of this node. */
    stock: Type.Array(Type.Object({ place: PLACE, units: Type.Integer() }, closed)),
    pair: Type.Optional(SCAN_PAIR),
  },
  closed,
)

const PHRASE = Type.Object({ zh: text(500), en: text(500) }, closed)

/** One piece of a text as it stands there; all pieces of a symbol, one after another, are that text. */
const PIECE = Type.Object(
  {
    /** Control characters as signs: the separator as `␝`. */
    text: text(EXPLAIN_LENGTH_MAX),
    /** `frame`: what holds the parts together, as brackets, separators and the scanner's own prefix. `wrong`: where reading ended. */
    is: Type.Enum(['frame', 'name', 'value', 'wrong', 'rest']),
    /** Number of the part it belongs to. */
    part: nullable(Type.Integer({ minimum: 0 })),
  },
  closed,
)

/** What one symbol says, part by part. */
export const SYMBOL_VIEW = Type.Object(
  {
    /** The printed symbol, where the scanner told it. */
    symbology: nullable(text(64)),
    issuer: nullable(text(64)),
    pieces: Type.Array(PIECE),
    parts: Type.Array(
      Type.Object(
        {
          /** The application identifier, or what stands for one; empty where there is none. */
          name: text(16),
          label: PHRASE,
          value: text(200),
          /** What it means, where the value alone does not say it: a date, a day 00. */
          means: nullable(PHRASE),
        },
        closed,
      ),
    ),
    /** What to look twice at, though it was read. */
    notices: Type.Array(PHRASE),
    refused: nullable(Type.Object({ code: text(64), zh: text(500), en: text(500), remedy: PHRASE }, closed)),
  },
  closed,
)
export type SymbolView = Static<typeof SYMBOL_VIEW>

/** Reading codes: part of `NODE_ROUTES`, which holds them to its form. */
export const NODE_SCANS = {
  scan: {
    method: 'POST',
    path: '/api/scan',
    open: false,
    body: Type.Object(
      {
        action: ACTION,
        text: Type.String({ minLength: 1, maxLength: SCAN_LENGTH_MAX }),
        device: Type.Optional(
          Type.String({ pattern: '^[A-Za-z0-9._:~-]{4,64}$', description: 'names the page: only what one device scans is joined' }),
        ),
      },
      closed,
    ),
    answer: SCAN_VIEW,
    zh: '识别一个码',
    en: 'What a code says (wedge or camera); books nothing',
  },
  scans: {
    method: 'GET',
    path: '/api/scans',
    open: false,
    answer: Type.Object({ rows: Type.Array(SCAN_VIEW) }, closed),
    zh: '最近扫码',
    en: 'Last scans of the serial scanner',
  },
  partScans: {
    method: 'POST',
    path: '/api/scans/part',
    open: false,
    body: Type.Object({ action: ACTION, pair: text(32) }, closed),
    answer: Type.Object({ rows: Type.Array(SCAN_VIEW) }, closed),
    zh: '分开两个码，或不再等另一个',
    en: 'Take a joined pair apart, or wait no longer for the other symbol; answers each by itself',
  },
  explain: {
    method: 'POST',
    path: '/api/explain',
    open: false,
    body: Type.Object({ action: ACTION, text: Type.String({ minLength: 1, maxLength: EXPLAIN_LENGTH_MAX }) }, closed),
    answer: Type.Object({ scan: SCAN_VIEW, symbols: Type.Array(SYMBOL_VIEW) }, closed),
    zh: '解释一个码',
    en: 'What a code says, part by part; books nothing and joins nothing',
  },
} as const satisfies Record<string, NodeRow>
