import { type Static, Type } from 'typebox'
import { sensitive, sensitiveCode } from '../sensitive.ts'
import { CALENDAR_DATE, ENTRY_ID, HASH, LOT_NUMBER, NAME_TEXT, NODE, ROOM, UNITS } from './fields.ts'

/**
 * The county's master data as it travels and is kept: every record is the whole of one version of one thing. The hub is the only writer, the
 * higher version rules from its `from` day on, and what was booked keeps the version it was booked with. Fields nobody filled in are left out.
 */
const closed = { additionalProperties: false } as const
export const MASTER_ID = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$', description: 'id of a record, chosen by the county' })
const VERSION = Type.Integer({ minimum: 1 })
const HEAD = {
  id: MASTER_ID,
  version: VERSION,
  /** First day it rules, by the county's calendar; left out: at once. */
  from: Type.Optional(CALENDAR_DATE),
  /** No longer to be bought, received or chosen; what is there may leave. */
  retired: Type.Optional(Type.Literal(true)),
}
/** Id of what a node met: of a record, an EPC or a lot key. */
export const MET_ID = Type.String({ pattern: '^[A-Za-z0-9][^\\u0000-\\u001f]{0,123}$', description: 'id of a record, EPC or lot key' })
const DECIMAL = Type.String({ pattern: '^-?[0-9]{1,6}(\\.[0-9]{1,4})?$', description: 'decimal number as text' })

/** A device identifier of a pack level, as its issuing agency writes it [UDI]; a GTIN in 14 digits. */
export const PACK_CODE = Type.Object(
  {
    scheme: Type.Union([Type.Literal('gtin'), Type.Literal('ma'), Type.Literal('ahm'), Type.Literal('hibc'), Type.Literal('local')]),
    code: Type.String({ minLength: 1, maxLength: 64 }),
  },
  closed,
)
/** One level of an item's packs. `units` is exact; with `of` it is the quantity of the level below times that level's units. */
export const PACK_LEVEL = Type.Object(
  {
    pack: Type.String({ minLength: 1, maxLength: 64 }),
    units: UNITS,
    /** The first GTIN of this level. */
    gtin: Type.Union([Type.String({ pattern: '^[0-9]{14}$' }), Type.Null()]),
    /** Further codes of this level: other makers', other agencies', our own. */
    codes: Type.Optional(Type.Array(PACK_CODE, { minItems: 1, maxItems: 16 })),
    of: Type.Optional(Type.Object({ pack: Type.String({ minLength: 1, maxLength: 64 }), quantity: UNITS }, closed)),
  },
  closed,
)
export const ITEM_FIELDS = {
  name: NAME_TEXT,
  model: Type.String({ maxLength: 120 }),
  specification: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  /** Name of the base unit, the only unit quantities are kept in. */
  unit: NAME_TEXT,
  packs: Type.Array(PACK_LEVEL, { maxItems: 32 }),
  /** Days before the last usable day at which the near-expiry alarm rises, highest first. */
  nearDays: Type.Array(Type.Integer({ minimum: 0, maximum: 3650 }), { maxItems: 8 }),
  /** Class of the device under the Medical Device Regulation. */
  class: Type.Optional(Type.Union([Type.Literal('I'), Type.Literal('II'), Type.Literal('III')])),
  /** Its registration or filing certificate, and its maker: ids of such records. */
  certificate: Type.Optional(MASTER_ID),
  manufacturer: Type.Optional(MASTER_ID),
  /** Code of the National Healthcare Security Administration: C and 19 or 26 digits. */
  nhsa: Type.Optional(Type.String({ pattern: '^C[0-9]{19}([0-9]{7})?$' })),
  storage: Type.Optional(
    Type.Array(
      Type.Object(
        {
          what: Type.String({ minLength: 1, maxLength: 40 }),
          min: Type.Union([DECIMAL, Type.Null()]),
          max: Type.Union([DECIMAL, Type.Null()]),
          unit: Type.String({ maxLength: 16 }),
        },
        closed,
      ),
      { minItems: 1, maxItems: 8 },
    ),
  ),
  singleUse: Type.Optional(Type.Boolean()),
  sterile: Type.Optional(Type.Boolean()),
  /** Which production identifiers the label promises [UDI-PI]; a receipt that lacks one of them is asked for it. */
  promises: Type.Optional(
    Type.Object({ lot: Type.Boolean(), serial: Type.Boolean(), produced: Type.Boolean(), expiry: Type.Boolean() }, closed),
  ),
}
export const ITEM_RECORD = Type.Object({ is: Type.Literal('item'), ...HEAD, ...ITEM_FIELDS }, closed)

/** A permit and the days it holds; `file` is the SHA-256 of the scanned paper. */
export const LICENCE = Type.Object(
  {
    kind: Type.Union([Type.Literal('business'), Type.Literal('production'), Type.Literal('distribution'), Type.Literal('filing')]),
    number: Type.String({ minLength: 1, maxLength: 80 }),
    from: Type.Union([CALENDAR_DATE, Type.Null()]),
    until: Type.Union([CALENDAR_DATE, Type.Null()]),
    file: Type.Optional(HASH),
  },
  closed,
)
export const PARTY_FIELDS = {
  name: NAME_TEXT,
  roles: Type.Array(Type.Union([Type.Literal('supplier'), Type.Literal('manufacturer'), Type.Literal('carrier')]), {
    minItems: 1,
    maxItems: 3,
    uniqueItems: true,
  }),
  /** Unified social credit code. */
  creditCode: Type.Optional(Type.String({ pattern: '^[0-9A-HJ-NPQRTUWXY]{18}$' })),
  gln: Type.Optional(Type.String({ pattern: '^[0-9]{13}$' })),
  contact: Type.Optional(sensitive('contacts', Type.String({ minLength: 1, maxLength: 200 }))),
  licences: Type.Array(LICENCE, { maxItems: 16 }),
}
/**
 * Who makes, sells or brings things. Whom to call is not written into an entry, which nobody can ever erase: `contactRef` names the text, which the hub
 * keeps beside its ledger. Entries of earlier programs still hold the text itself.
 */
export const PARTY_RECORD = Type.Object(
  { is: Type.Literal('party'), ...HEAD, ...PARTY_FIELDS, contactRef: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })) },
  closed,
)

export const CERTIFICATE_FIELDS = {
  /** As printed, for instance 国械注准20153140123. */
  number: Type.String({ minLength: 1, maxLength: 80 }),
  holder: Type.Optional(MASTER_ID),
  issued: Type.Union([CALENDAR_DATE, Type.Null()]),
  /** Last day it holds; none for filings, which do not end. */
  until: Type.Union([CALENDAR_DATE, Type.Null()]),
  file: Type.Optional(HASH),
}
/** A registration or filing certificate of a device. */
export const CERTIFICATE_RECORD = Type.Object({ is: Type.Literal('certificate'), ...HEAD, ...CERTIFICATE_FIELDS }, closed)

export const PORTAL_FIELDS = {
  site: NODE,
  name: NAME_TEXT,
  /** The room it leads into, and the one it leads out to: none is the street. */
  inside: ROOM,
  outside: Type.Union([ROOM, Type.Null()]),
}
/** A doorway and the rooms it joins. */
export const PORTAL_RECORD = Type.Object({ is: Type.Literal('portal'), ...HEAD, ...PORTAL_FIELDS }, closed)

export const COST_CENTRE_FIELDS = { name: NAME_TEXT, site: Type.Optional(NODE), room: Type.Optional(ROOM) }
/** Who pays for what is used: a department, a site or a programme. */
export const COST_CENTRE_RECORD = Type.Object({ is: Type.Literal('cost-centre'), ...HEAD, ...COST_CENTRE_FIELDS }, closed)

/** The record `id` is the record `to`: followed when read, never written into what was signed. */
export const REDIRECT_RECORD = Type.Object(
  {
    is: Type.Literal('redirect'),
    id: MASTER_ID,
    version: VERSION,
    of: Type.Union([Type.Literal('item'), Type.Literal('party'), Type.Literal('certificate')]),
    /** None: the redirect is taken back. */
    to: Type.Union([MASTER_ID, Type.Null()]),
  },
  closed,
)

export const MASTER_RECORD = Type.Union([ITEM_RECORD, PARTY_RECORD, CERTIFICATE_RECORD, PORTAL_RECORD, COST_CENTRE_RECORD, REDIRECT_RECORD])
const RECORDS_MAX = 64
/** Records of one act, as many as fit one entry; a larger act is several entries with one `action` and rising `part`. */
export const MASTER_BODY = Type.Object({ records: Type.Array(MASTER_RECORD, { minItems: 1, maxItems: RECORDS_MAX }) }, closed)

/** What a node met that the county does not know yet, made while it could not be asked; the county confirms it, redirects it or opens a conflict. */
export const PROVISIONAL_BODY = Type.Union([
  Type.Object(
    {
      is: Type.Literal('item'),
      /** Its id until the county decides: the node's name and a number. */
      item: MASTER_ID,
      name: NAME_TEXT,
      model: Type.String({ maxLength: 120 }),
      unit: NAME_TEXT,
      packs: Type.Array(PACK_LEVEL, { maxItems: 8 }),
      scan: Type.Optional(sensitiveCode(Type.String({ maxLength: 300 }))),
    },
    closed,
  ),
  Type.Object(
    {
      is: Type.Literal('tag'),
      epc: Type.String({ pattern: '^[0-9A-F]{4,124}$' }),
      item: MASTER_ID,
      lotNumber: LOT_NUMBER,
      expiry: Type.Union([CALENDAR_DATE, Type.Null()]),
      pack: Type.String({ maxLength: 64 }),
      units: UNITS,
    },
    closed,
  ),
  /** A lot of a known item whose number a person wrote: no label, document or registration said it. */
  Type.Object(
    {
      is: Type.Literal('lot'),
      item: MASTER_ID,
      lotNumber: LOT_NUMBER,
      expiry: Type.Union([CALENDAR_DATE, Type.Null()]),
    },
    closed,
  ),
])

/**
 * The county's one answer to what a node met. What follows from it stands in records and registrations of the same action: a confirmed item is a record of
 * the same id, a redirected one a redirect; a confirmed tag is registered without moving anything. A conflict has no other trace than this, and
 * neither has the answer to a lot, which is told to every node and may be given anew: the highest version rules.
 */
export const OUTCOME_BODY = Type.Object(
  {
    /** The observation that is answered. */
    of: ENTRY_ID,
    is: Type.Union([Type.Literal('item'), Type.Literal('tag'), Type.Literal('lot')]),
    /** The item, the EPC or the lot key it named. */
    id: MET_ID,
    answer: Type.Union([Type.Literal('confirm'), Type.Literal('redirect'), Type.Literal('conflict')]),
    /** The item, or the lot of that item, it really is, of a redirect. */
    to: Type.Union([MET_ID, Type.Null()]),
    /** Of a lot: 1, and one more with every further answer about it. */
    version: Type.Optional(VERSION),
    reason: Type.Union([Type.String({ minLength: 1, maxLength: 500 }), Type.Null()]),
  },
  closed,
)

export type MasterRecord = Static<typeof MASTER_RECORD>
export type MasterIs = MasterRecord['is']
export type RecordOf<Is extends MasterIs> = Extract<MasterRecord, { readonly is: Is }>
export type PackLevel = Static<typeof PACK_LEVEL>
export type PackCode = Static<typeof PACK_CODE>
export type Licence = Static<typeof LICENCE>
export type ProvisionalBody = Static<typeof PROVISIONAL_BODY>
export type OutcomeBody = Static<typeof OUTCOME_BODY>
