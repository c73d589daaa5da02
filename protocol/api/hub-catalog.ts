import { type Static, type TObject, type TSchema, Type } from 'typebox'
import { CALENDAR_DATE, ENTRY_ID, HASH, INSTANT, NAME_TEXT, NODE } from '../ledger/fields.ts'
import { CERTIFICATE_FIELDS, COST_CENTRE_FIELDS, ITEM_FIELDS, LICENCE, MASTER_ID, PARTY_FIELDS, PORTAL_FIELDS } from '../ledger/master.ts'
import { ACTION } from './hub-trust.ts'
import { ITEM_VIEW, nullable, PAGE_QUERY, pageOf, text } from './views.ts'

const closed = { additionalProperties: false } as const
const VERSION = Type.Integer({ minimum: 1 })
const HEAD = { id: MASTER_ID, version: VERSION, from: Type.Optional(CALENDAR_DATE), retired: Type.Optional(Type.Literal(true)) }

export const PARTY_VIEW = Type.Object({ ...HEAD, ...PARTY_FIELDS }, closed)
export const CERTIFICATE_VIEW = Type.Object({ ...HEAD, ...CERTIFICATE_FIELDS }, closed)
export const PORTAL_VIEW = Type.Object({ ...HEAD, ...PORTAL_FIELDS }, closed)
export const COST_CENTRE_VIEW = Type.Object({ ...HEAD, ...COST_CENTRE_FIELDS }, closed)
export type PartyView = Static<typeof PARTY_VIEW>
export type CertificateView = Static<typeof CERTIFICATE_VIEW>
export type PortalView = Static<typeof PORTAL_VIEW>
export type CostCentreView = Static<typeof COST_CENTRE_VIEW>

/** How a permit stands today; `threshold` is the narrowest of 90, 30 and 7 days it has come under. */
export const VALIDITY = Type.Object(
  {
    state: Type.Union([Type.Literal('valid'), Type.Literal('ending'), Type.Literal('not-yet'), Type.Literal('ended')]),
    /** Days to the last day; negative when past; null when it does not end. */
    daysLeft: nullable(Type.Integer()),
    threshold: nullable(Type.Integer()),
  },
  closed,
)
export type ValidityView = Static<typeof VALIDITY>

/** A redirect as it stands: whoever asks for `id` is shown `to`; none when it was taken back, version 0 when there never was one. */
export const MERGE_VIEW = Type.Object(
  {
    of: Type.Union([Type.Literal('item'), Type.Literal('party'), Type.Literal('certificate')]),
    id: MASTER_ID,
    to: nullable(MASTER_ID),
    version: Type.Integer({ minimum: 0 }),
  },
  closed,
)
export type MergeView = Static<typeof MERGE_VIEW>

/** Which entry wrote it, who, when. */
const WRITTEN = { entry: ENTRY_ID, part: Type.Integer({ minimum: 0 }), actor: nullable(text(64)), at: INSTANT }
/** One record with its past, newest version first. `asked` is another id when that one is merged into this. */
const recordOf = <View extends TSchema, More extends TObject['properties']>(view: View, more: More) =>
  Type.Object(
    {
      asked: MASTER_ID,
      /** The version that rules today; before the first day of the first, that one. */
      record: view,
      /** The highest version, which a change must name: it may begin only later. */
      latest: VERSION,
      history: Type.Array(Type.Object({ ...WRITTEN, rules: Type.Boolean(), record: view }, closed)),
      /** Whether there are older versions than those. */
      more: Type.Boolean(),
      /** Every redirect that ever led here or away from here, newest first. */
      merges: Type.Array(Type.Object({ ...MERGE_VIEW.properties, ...WRITTEN }, closed)),
      ...more,
    },
    closed,
  )
const LICENCE_SHOWN = Type.Object({ ...LICENCE.properties, validity: VALIDITY }, closed)
const PARTY_SHOWN = Type.Object({ record: PARTY_VIEW, licences: Type.Array(LICENCE_SHOWN) }, closed)
const CERTIFICATE_SHOWN = Type.Object({ record: CERTIFICATE_VIEW, validity: VALIDITY }, closed)
export const ITEM_DETAIL = recordOf(ITEM_VIEW, { certificate: nullable(CERTIFICATE_SHOWN), manufacturer: nullable(PARTY_SHOWN) })
export const PARTY_DETAIL = recordOf(PARTY_VIEW, { licences: Type.Array(LICENCE_SHOWN) })
export const CERTIFICATE_DETAIL = recordOf(CERTIFICATE_VIEW, { validity: VALIDITY, holder: nullable(PARTY_SHOWN) })
export const PORTAL_DETAIL = recordOf(PORTAL_VIEW, {})
export const COST_CENTRE_DETAIL = recordOf(COST_CENTRE_VIEW, {})

const NAMED = Type.Object({ id: MASTER_ID, name: NAME_TEXT }, closed)
/** A licence or certificate that ends soon or has ended, and whom it concerns. */
export const PERMIT_ROW = Type.Object(
  {
    is: Type.Union([Type.Literal('licence'), Type.Literal('certificate')]),
    /** The record it stands in: a party or a certificate. */
    id: MASTER_ID,
    number: text(80),
    /** Kind of a licence. */
    kind: nullable(LICENCE.properties.kind),
    from: nullable(CALENDAR_DATE),
    until: CALENDAR_DATE,
    validity: VALIDITY,
    /** Whose licence it is, or who holds the certificate. */
    party: nullable(NAMED),
    /** Items of that certificate or of that maker: the first of them, and how many there are. */
    items: Type.Array(NAMED),
    itemsInAll: Type.Integer({ minimum: 0 }),
  },
  closed,
)
export type PermitRow = Static<typeof PERMIT_ROW>

export const FILE_TYPES = ['application/pdf', 'image/jpeg', 'image/png'] as const
export const FILE_BYTES_MAX = 10_485_760
export const FILE_VIEW = Type.Object(
  {
    file: HASH,
    type: Type.Union([Type.Literal('application/pdf'), Type.Literal('image/jpeg'), Type.Literal('image/png')]),
    bytes: Type.Integer({ minimum: 1, maximum: FILE_BYTES_MAX }),
  },
  closed,
)
export type FileView = Static<typeof FILE_VIEW>

const KNOWN_VERSION = Type.Optional(
  Type.Integer({ minimum: 1, description: 'to change a record: its highest version when this change was made; left out: a new record' }),
)
const SAVED = { from: HEAD.from, retired: HEAD.retired, knownVersion: KNOWN_VERSION }
const SEARCH = Type.Optional(text(100))
const RETIRED = Type.Optional(Type.Boolean({ description: 'only retired ones, or only the others' }))
const ONE = Type.Object({ id: MASTER_ID }, closed)

/** The county's master data: records with all their versions, merges, files, permits. Part of `HUB_ROUTES`, which holds them to its form. */
export const HUB_CATALOG = {
  items: {
    method: 'GET',
    path: '/api/items',
    query: Type.Object(
      {
        search: SEARCH,
        class: Type.Optional(Type.Enum(['I', 'II', 'III', 'none'], { description: 'none: of no class' })),
        permit: Type.Optional(
          Type.Enum(['ended', 'ending', 'valid', 'none'], {
            description:
              'by the worst of its certificate and the licences of its maker; ending: within 90 days; valid: has a certificate, and nothing ended or ends; none: no certificate',
          }),
        ),
        retired: RETIRED,
        ...PAGE_QUERY,
      },
      closed,
    ),
    answer: pageOf(
      Type.Object(
        {
          ...ITEM_VIEW.properties,
          /** The worst of its certificate and the licences of its maker, where one ended or ends within 90 days. */
          permit: nullable(VALIDITY),
        },
        closed,
      ),
    ),
    zh: '品种目录',
    en: 'Items, by class, by the permits they are bought under, by text',
  },
  item: {
    method: 'GET',
    path: '/api/item',
    query: Type.Object({ item: MASTER_ID }, closed),
    answer: ITEM_DETAIL,
    zh: '一个品种及其沿革',
    en: 'One item with its versions; its ETag is for If-Match',
  },
  createItem: {
    method: 'POST',
    path: '/api/items',
    body: Type.Object({ action: ACTION, item: MASTER_ID, ...ITEM_FIELDS, ...SAVED }, closed),
    answer: ITEM_VIEW,
    zh: '新建或修改品种',
    en: 'Create an item, or change the version named',
  },
  parties: {
    method: 'GET',
    path: '/api/parties',
    query: Type.Object({ search: SEARCH, role: Type.Optional(PARTY_FIELDS.roles.items), retired: RETIRED, ...PAGE_QUERY }, closed),
    answer: pageOf(Type.Object({ ...PARTY_VIEW.properties, validity: nullable(VALIDITY) }, closed)),
    zh: '供应商与生产企业',
    en: 'Suppliers, makers and carriers, with the worst of their licences',
  },
  party: {
    method: 'GET',
    path: '/api/party',
    query: ONE,
    answer: PARTY_DETAIL,
    zh: '一家企业及其沿革',
    en: 'One party with its versions; its ETag is for If-Match',
  },
  saveParty: {
    method: 'POST',
    path: '/api/parties',
    body: Type.Object({ action: ACTION, id: MASTER_ID, ...PARTY_FIELDS, ...SAVED }, closed),
    answer: PARTY_VIEW,
    zh: '新建或修改企业',
    en: 'Create a party, or change the version named',
  },
  certificates: {
    method: 'GET',
    path: '/api/device-certificates',
    query: Type.Object({ search: SEARCH, retired: RETIRED, ...PAGE_QUERY }, closed),
    answer: pageOf(Type.Object({ ...CERTIFICATE_VIEW.properties, validity: VALIDITY, holderName: nullable(NAME_TEXT) }, closed)),
    zh: '注册证与备案',
    en: 'Registration and filing certificates of devices',
  },
  certificate: {
    method: 'GET',
    path: '/api/device-certificate',
    query: ONE,
    answer: CERTIFICATE_DETAIL,
    zh: '一张注册证及其沿革',
    en: 'One certificate with its versions; its ETag is for If-Match',
  },
  saveCertificate: {
    method: 'POST',
    path: '/api/device-certificates',
    body: Type.Object({ action: ACTION, id: MASTER_ID, ...CERTIFICATE_FIELDS, ...SAVED }, closed),
    answer: CERTIFICATE_VIEW,
    zh: '新建或修改注册证',
    en: 'Create a certificate, or change the version named',
  },
  saveFile: {
    method: 'POST',
    path: '/api/files',
    sends: FILE_TYPES,
    answer: FILE_VIEW,
    zh: '上传证件扫描件',
    en: 'Keep a scanned paper: PDF, JPEG or PNG, 10 MB at most; the same bytes are one file',
  },
  file: {
    method: 'GET',
    path: '/api/file',
    query: Type.Object({ file: HASH }, closed),
    gives: FILE_TYPES,
    answer: FILE_VIEW,
    zh: '查看证件扫描件',
    en: 'The bytes of a kept paper',
  },
  portals: {
    method: 'GET',
    path: '/api/portals',
    query: Type.Object({ site: Type.Optional(NODE), retired: RETIRED, ...PAGE_QUERY }, closed),
    answer: pageOf(PORTAL_VIEW),
    zh: '门禁通道',
    en: 'Doorways and the rooms they join',
  },
  portal: {
    method: 'GET',
    path: '/api/portal',
    query: ONE,
    answer: PORTAL_DETAIL,
    zh: '一个通道及其沿革',
    en: 'One doorway with its versions; its ETag is for If-Match',
  },
  savePortal: {
    method: 'POST',
    path: '/api/portals',
    body: Type.Object({ action: ACTION, id: MASTER_ID, ...PORTAL_FIELDS, ...SAVED }, closed),
    answer: PORTAL_VIEW,
    zh: '新建或修改通道',
    en: 'Create a doorway, or change the version named',
  },
  costCentres: {
    method: 'GET',
    path: '/api/cost-centres',
    query: Type.Object({ search: SEARCH, site: Type.Optional(NODE), retired: RETIRED, ...PAGE_QUERY }, closed),
    answer: pageOf(COST_CENTRE_VIEW),
    zh: '成本中心',
    en: 'Cost centres',
  },
  costCentre: {
    method: 'GET',
    path: '/api/cost-centre',
    query: ONE,
    answer: COST_CENTRE_DETAIL,
    zh: '一个成本中心及其沿革',
    en: 'One cost centre with its versions; its ETag is for If-Match',
  },
  saveCostCentre: {
    method: 'POST',
    path: '/api/cost-centres',
    body: Type.Object({ action: ACTION, id: MASTER_ID, ...COST_CENTRE_FIELDS, ...SAVED }, closed),
    answer: COST_CENTRE_VIEW,
    zh: '新建或修改成本中心',
    en: 'Create a cost centre, or change the version named',
  },
  mergeRecords: {
    method: 'POST',
    path: '/api/merges',
    body: Type.Object({ action: ACTION, ...Type.Omit(MERGE_VIEW, ['version']).properties }, closed),
    answer: MERGE_VIEW,
    zh: '合并重复的记录，或撤回合并',
    en: 'Say that a record is another one, or take it back (`to` is null); what was signed keeps its name',
  },
  permits: {
    method: 'GET',
    path: '/api/permits',
    query: Type.Object(
      {
        within: Type.Optional(
          Type.Integer({ minimum: 0, maximum: 3650, description: 'ended, or ending within so many days; left out: 90' }),
        ),
        ...PAGE_QUERY,
      },
      closed,
    ),
    answer: pageOf(PERMIT_ROW),
    zh: '到期证照',
    en: 'Licences and certificates that ended or end soon, worst first',
  },
} as const
