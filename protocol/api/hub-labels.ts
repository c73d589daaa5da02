import { type Static, Type } from 'typebox'
import { ENTRY_ID, EXPIRY, INSTANT, LOT, NAME_TEXT, NODE, PLACE } from '../ledger/fields.ts'
import { ACTION } from './hub-trust.ts'
import { nullable, PAGE_QUERY, pageOf, TAG_VIEW, text } from './views.ts'

const closed = { additionalProperties: false } as const
const SAID = Type.Object({ zh: text(200), en: text(200) }, closed)

/** Forms a label leaves in; `bitmap` ones carry no Chinese (H-044), `chip` ones write the tag too. */
export const LABEL_FORMS = {
  svg: { type: 'image/svg+xml', bitmap: false, chip: false, zh: 'SVG 图（每种一张）', en: 'SVG picture of each' },
  sheet: { type: 'text/html', bitmap: false, chip: false, zh: '浏览器打印页', en: 'Page to print from the browser' },
  png: { type: 'image/png', bitmap: true, chip: false, zh: 'PNG 图（每种一张）', en: 'PNG picture of each' },
  pdf: { type: 'application/pdf', bitmap: true, chip: false, zh: 'PDF', en: 'PDF' },
  zpl: { type: 'text/plain', bitmap: true, chip: true, zh: 'ZPL（斑马等），可写芯片', en: 'ZPL (Zebra and others), writes chips' },
  tspl: { type: 'application/octet-stream', bitmap: true, chip: false, zh: 'TSPL（TSC 等）', en: 'TSPL (TSC and others)' },
} as const
export type LabelForm = keyof typeof LABEL_FORMS

/** Sizes of labels, millimetres. */
export const LABEL_SIZES = {
  '40x30': { widthMm: 40, heightMm: 30 },
  '60x40': { widthMm: 60, heightMm: 40 },
  '80x50': { widthMm: 80, heightMm: 50 },
  '100x70': { widthMm: 100, heightMm: 70 },
} as const
export type LabelSize = keyof typeof LABEL_SIZES

/** Dots per millimetre of what printers call 203 and 300 dots an inch. */
export const LABEL_DPIS = { 203: 8, 300: 300 / 25.4 } as const
export const LABEL_SYMBOLS = ['datamatrix', 'code128', 'qr'] as const
export const LABEL_SCHEMES = ['gs1', 'local'] as const
/** How the EPC of a tag is written; SGTIN-96 where nothing is said, for every chip holds it. */
export const EPC_SCHEMES = {
  'sgtin-96': { bits: 96, zh: 'SGTIN-96（96 位，所有芯片）', en: 'SGTIN-96 (96 bits, every chip)' },
  'sgtin+': { bits: 128, zh: 'SGTIN+（128 位，不需厂商代码位数）', en: 'SGTIN+ (128 bits, no company prefix needed)' },
} as const
export type EpcScheme = keyof typeof EPC_SCHEMES

/** Different labels of one request, and all of them with their copies. */
export const LABEL_DESIGNS_MAX = 100
export const LABEL_COPIES_MAX = 1_000

const LABEL_WISH = Type.Object(
  {
    item: text(64),
    pack: text(64),
    lotNumber: nullable(Type.String({ minLength: 1, maxLength: 40 })),
    /** Left open, what the ledger knows of the lot is printed. */
    expiry: EXPIRY,
    produced: Type.Optional(EXPIRY),
    /** A serial of the label's own; announced tags get theirs from the hub. */
    serial: Type.Optional(Type.String({ minLength: 1, maxLength: 20 })),
    copies: Type.Integer({ minimum: 1, maximum: LABEL_COPIES_MAX }),
  },
  closed,
)
const EPC_SCHEME = Type.Optional(Type.Enum(['sgtin-96', 'sgtin+']))
const PREFIX_DIGITS = Type.Integer({
  minimum: 6,
  maximum: 12,
  description: 'digits of the GS1 company prefix in the GTINs; SGTIN+ does not ask',
})
const LABEL_BODY = Type.Object(
  {
    action: ACTION,
    form: Type.Enum(['svg', 'sheet', 'png', 'pdf', 'zpl', 'tspl']),
    size: Type.Enum(['40x30', '60x40', '80x50', '100x70']),
    dpi: Type.Enum([203, 300]),
    symbol: Type.Enum([...LABEL_SYMBOLS]),
    /** `gs1`: GS1 DataMatrix, GS1-128, QR with a GS1 Digital Link. `local`: the local code of the pack, for stock without a UDI. */
    scheme: Type.Enum([...LABEL_SCHEMES]),
    labels: Type.Array(LABEL_WISH, { minItems: 1, maxItems: LABEL_DESIGNS_MAX }),
    /** Every copy becomes a tag with an EPC of its own, registered and told to the site; books supplier -> transit(site). */
    announce: nullable(
      Type.Object(
        {
          site: NODE,
          doc: nullable(Type.String({ minLength: 1, maxLength: 96 })),
          prefixDigits: PREFIX_DIGITS,
          epc: EPC_SCHEME,
        },
        closed,
      ),
    ),
    /** Every copy gets an EPC but announces nothing: for stock that stands there already. A keeper's `retag` registers it when it is stuck on. */
    numbered: Type.Optional(nullable(Type.Object({ prefixDigits: PREFIX_DIGITS, epc: EPC_SCHEME }, closed))),
  },
  closed,
)
export type LabelBody = Static<typeof LABEL_BODY>
export type LabelWish = Static<typeof LABEL_WISH>

const LABEL_ROW = Type.Object(
  {
    item: text(64),
    pack: text(64),
    /** What the symbol says: `(01)...`, an address, or a local code. */
    says: text(400),
    epc: nullable(text(124)),
    copies: Type.Integer({ minimum: 1 }),
    notes: Type.Array(Type.Object({ code: text(64), zh: text(1_000), en: text(1_000) }, closed)),
  },
  closed,
)
export type LabelRow = Static<typeof LABEL_ROW>

/** A print act that registered tags, as it can be printed again under its action. */
const LABEL_ACT = Type.Object(
  {
    action: text(96),
    at: INSTANT,
    actor: nullable(text(64)),
    site: NODE,
    doc: nullable(text(96)),
    epc: Type.Enum(['sgtin-96', 'sgtin+']),
    labels: Type.Array(
      Type.Object(
        { item: text(64), itemName: NAME_TEXT, pack: text(64), lotNumber: text(64), expiry: EXPIRY, copies: Type.Integer({ minimum: 1 }) },
        closed,
      ),
    ),
  },
  closed,
)
export type LabelAct = Static<typeof LABEL_ACT>
const TAG_EVENT = Type.Object(
  {
    what: Type.Enum(['registered', 'put', 'replaces', 'replaced', 'retired', 'undone', 'seen']),
    /** The tag that took its place, or whose place it took. */
    other: nullable(text(124)),
    /** What the keeper said; of `seen`, the door that read it after it had ended. */
    why: nullable(text(500)),
    entry: ENTRY_ID,
    site: NODE,
    actor: nullable(text(64)),
    at: INSTANT,
  },
  closed,
)
export type TagEvent = Static<typeof TAG_EVENT>

const WORD = Type.String({ maxLength: 64 })
/** Labels for packs: shown, and printed in the form a printer takes. Part of `HUB_ROUTES`, which holds them to its form. */
export const HUB_LABELS = {
  labelForms: {
    method: 'GET',
    path: '/api/labels/forms',
    answer: Type.Object(
      {
        forms: Type.Array(
          Type.Object({ form: WORD, type: WORD, bitmap: Type.Boolean(), chip: Type.Boolean(), ...SAID.properties }, closed),
        ),
        sizes: Type.Array(Type.Object({ size: WORD, widthMm: Type.Integer(), heightMm: Type.Integer(), ...SAID.properties }, closed)),
        dpis: Type.Array(Type.Integer()),
        symbols: Type.Array(Type.Object({ scheme: WORD, symbol: WORD, ...SAID.properties }, closed)),
      },
      closed,
    ),
    zh: '标签的格式与尺寸',
    en: 'Forms, sizes and symbols of labels',
  },
  previewLabels: {
    method: 'POST',
    path: '/api/labels/preview',
    body: LABEL_BODY,
    answer: Type.Object({ rows: Type.Array(Type.Object({ ...LABEL_ROW.properties, svg: text(400_000) }, closed)) }, closed),
    zh: '预览标签',
    en: 'What would be printed, as SVG; nothing is registered',
  },
  labelActs: {
    method: 'GET',
    path: '/api/labels/acts',
    query: Type.Object({ lot: Type.Optional(LOT), ...PAGE_QUERY }, closed),
    answer: pageOf(LABEL_ACT),
    zh: '打印过的电子标签',
    en: 'Print acts that registered tags, newest first; printed again under the same action they register nothing',
  },
  tagLife: {
    method: 'GET',
    path: '/api/tags/life',
    query: Type.Object({ epc: Type.String({ pattern: '^[0-9A-F]{4,124}$' }) }, closed),
    answer: Type.Object(
      {
        tag: TAG_VIEW,
        itemName: NAME_TEXT,
        place: nullable(PLACE),
        placeName: nullable(NAME_TEXT),
        /** What is left in the pack; `null` where nobody knows, or it stands nowhere. */
        left: nullable(Type.Integer()),
        /** Newest first, at most 200. */
        life: Type.Array(TAG_EVENT),
      },
      closed,
    ),
    zh: '一枚标签的来历',
    en: 'What became of a tag: registered, replaced, retired, read again',
  },
  printLabels: {
    method: 'POST',
    path: '/api/labels/print',
    body: LABEL_BODY,
    answer: Type.Object(
      {
        type: WORD,
        encoding: Type.Enum(['utf-8', 'base64']),
        files: Type.Array(Type.Object({ name: WORD, content: text(20_000_000) }, closed)),
        rows: Type.Array(LABEL_ROW),
      },
      closed,
    ),
    zh: '打印标签',
    en: 'Labels in the chosen form; announced tags are registered once, the same action prints the same labels again in any form',
  },
} as const
