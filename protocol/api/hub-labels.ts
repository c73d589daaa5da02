import { type Static, Type } from 'typebox'
import { EXPIRY, NODE } from '../ledger/fields.ts'
import { ACTION } from './hub-trust.ts'
import { nullable, text } from './views.ts'

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
          prefixDigits: Type.Integer({ minimum: 6, maximum: 12, description: 'digits of the GS1 company prefix in the GTINs' }),
        },
        closed,
      ),
    ),
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

const WORD = Type.String({ maxLength: 64 })
/** Labels for packs: shown, and printed in the form a printer takes. Part of `HUB_ROUTES`, which holds them to its form. */
export const HUB_LABELS = {
  labelForms: {
    method: 'GET',
    path: '/api/labels/forms',
    open: false,
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
    open: false,
    body: LABEL_BODY,
    answer: Type.Object({ rows: Type.Array(Type.Object({ ...LABEL_ROW.properties, svg: text(400_000) }, closed)) }, closed),
    zh: '预览标签',
    en: 'What would be printed, as SVG; nothing is registered',
  },
  printLabels: {
    method: 'POST',
    path: '/api/labels/print',
    open: false,
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
