import { type Static, Type } from 'typebox'
import { CALENDAR_DATE, INSTANT } from '../ledger/fields.ts'
import { ACTION } from './hub-trust.ts'
import { nullable, text } from './views.ts'

const closed = { additionalProperties: false } as const
const COUNT = Type.Integer({ minimum: 0 })

/** What a wish in the one box can lead to. `device`: a record of the public device database, from which an item can be made. */
export const FIND_IS = Type.Enum(['item', 'lot', 'tag', 'party', 'certificate', 'device'])
/** Why something was found, the best reason first: the order of hits. */
export const FIND_WHYS = ['code', 'name', 'name-begins', 'code-begins', 'initials', 'pinyin', 'digits', 'model', 'part', 'words'] as const
export const FIND_WHY = Type.Enum(FIND_WHYS)
export type FindWhy = (typeof FIND_WHYS)[number]

export const FIND_HIT = Type.Object(
  {
    is: FIND_IS,
    /** How it is asked for: an item, a lot, an EPC, a record's id, a DI. */
    id: text(128),
    title: Type.Object({ zh: text(2_000), en: text(2_000) }, closed),
    /** What tells it from others of that name: model, maker, lot number. */
    detail: text(4_000),
    why: FIND_WHY,
    /** In which of its texts the wish was found. */
    in: Type.Enum(['code', 'name', 'trade', 'maker', 'certificate', 'model', 'lot', 'tag', 'id']),
  },
  closed,
)
export type FindHit = Static<typeof FIND_HIT>

const TRUTH = nullable(Type.Boolean())
/** One record of the public device database, as it was last released. Units are units of use. */
export const DEVICE_VIEW = Type.Object(
  {
    di: text(64),
    version: COUNT,
    name: text(8_192),
    trade: text(8_192),
    maker: text(8_192),
    certificate: text(8_192),
    model: text(8_192),
    /** Day it was withdrawn, as it was written; empty: it was not. */
    withdrawn: text(8_192),
    issuer: text(8_192),
    scheme: Type.Enum(['gtin', 'ma', 'ahm', 'hibc', 'local']),
    creditCode: text(8_192),
    classCode: text(8_192),
    category: text(8_192),
    nhsa: text(8_192),
    key: text(8_192),
    singleUse: TRUTH,
    sterile: TRUTH,
    promises: Type.Object({ lot: TRUTH, serial: TRUTH, produced: TRUTH, expiry: TRUTH }, closed),
    /** Its pack graph, the sales unit first; `of` holds so many (`quantity`) of that code. */
    packs: Type.Array(
      Type.Object(
        {
          code: text(64),
          level: text(8_192),
          units: Type.Integer({ minimum: 1 }),
          of: nullable(text(64)),
          quantity: Type.Integer({ minimum: 1 }),
        },
        closed,
      ),
    ),
    storage: Type.Array(Type.Object({ what: text(8_192), min: text(8_192), max: text(8_192), unit: text(8_192) }, closed)),
  },
  closed,
)
export type DeviceView = Static<typeof DEVICE_VIEW>

const COUNTS = Type.Object(
  {
    ...{
      parts: COUNT,
      passed: COUNT,
      records: COUNT,
      added: COUNT,
      changed: COUNT,
      same: COUNT,
      older: COUNT,
      left: COUNT,
      refused: COUNT,
    },
    mended: COUNT,
    unknown: Type.Record(Type.String(), COUNT),
    reasons: Type.Record(Type.String(), COUNT),
  },
  closed,
)
const WHY = Type.Object({ code: text(64), zh: text(1_000), en: text(1_000) }, closed)
/** One import of a release. A cancelled, failed or broken one keeps what it brought in, and goes on when the same file comes again. */
export const IMPORT_VIEW = Type.Object(
  {
    import: Type.Integer({ minimum: 1 }),
    name: text(200),
    sha256: text(64),
    keep: text(2_000),
    state: Type.Enum(['running', 'done', 'cancelled', 'failed', 'broken']),
    phase: nullable(Type.Enum(['reading', 'indexing'])),
    bytes: COUNT,
    bytesRead: COUNT,
    counts: COUNTS,
    why: nullable(WHY),
    actor: text(64),
    startedAt: INSTANT,
    endedAt: nullable(INSTANT),
    /** The first refused records, each with its part, its DI as far as it could be read, and its reason. */
    errors: Type.Array(Type.Object({ part: text(1_000), di: text(64), ...WHY.properties }, closed)),
  },
  closed,
)
export type ImportView = Static<typeof IMPORT_VIEW>

/** A release of the public device database, as it is sent: a ZIP of XML files. */
export const RELEASE_TYPES = ['application/zip'] as const

/** Find anything in one box, and the public device database it looks through. Part of `HUB_ROUTES`, which holds them to its form. */
export const HUB_FIND = {
  find: {
    method: 'GET',
    path: '/api/find',
    query: Type.Object(
      {
        text: Type.String({ minLength: 1, maxLength: 300 }),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
      },
      closed,
    ),
    answer: Type.Object(
      {
        rows: Type.Array(FIND_HIT),
        /** What the text says when it is a code that was scanned. */
        scan: nullable(
          Type.Object(
            { codes: Type.Array(text(64)), lot: nullable(text(64)), serial: nullable(text(64)), expiry: nullable(CALENDAR_DATE) },
            closed,
          ),
        ),
      },
      closed,
    ),
    zh: '一框查找',
    en: 'Find anything: name, pinyin, initials, GTIN, lot, EPC, certificate, a scanned code; best first',
  },
  device: {
    method: 'GET',
    path: '/api/reference',
    query: Type.Object({ di: text(64) }, closed),
    answer: DEVICE_VIEW,
    zh: '器械数据库中的一条记录',
    en: 'One record of the public device database: its packs and how it is stored',
  },
  imports: {
    method: 'GET',
    path: '/api/reference/imports',
    answer: Type.Object({ rows: Type.Array(IMPORT_VIEW) }, closed),
    zh: '器械数据库的导入',
    en: 'Imports of the public device database, newest first',
  },
  importRelease: {
    method: 'POST',
    path: '/api/reference/imports',
    query: Type.Object(
      {
        name: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'what the file is called' })),
        keep: Type.Optional(
          Type.String({ maxLength: 2_000, description: 'keep only these registration numbers, makers or names, with commas between' }),
        ),
      },
      closed,
    ),
    sends: RELEASE_TYPES,
    streams: true,
    answer: Type.Object({ import: Type.Integer({ minimum: 1 }) }, closed),
    zh: '导入器械数据库',
    en: 'Import a release of the public device database: the ZIP as it was downloaded; the same file twice changes nothing',
  },
  cancelImport: {
    method: 'POST',
    path: '/api/reference/imports/cancel',
    body: Type.Object({ action: ACTION, import: Type.Integer({ minimum: 1 }) }, closed),
    answer: Type.Object({ import: Type.Integer({ minimum: 1 }) }, closed),
    zh: '取消导入',
    en: 'Cancel an import: what it finished stays, the same file goes on from there',
  },
} as const
