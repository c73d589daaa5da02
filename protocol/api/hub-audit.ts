import { type Static, Type } from 'typebox'
import { INSTANT, NODE } from '../ledger/fields.ts'
import { nullable, PAGE_QUERY, pageOf, text } from './views.ts'

const closed = { additionalProperties: false } as const
const SEQ = Type.Integer({ minimum: 1, maximum: 999_999_999_999 })
const HEX = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, lower-case hex' })

/** One act as it stands in the chain: who, when, what, how it ended. Names stand in its detail, which may have been erased. */
export const AUDIT_ROW = Type.Object(
  {
    seq: SEQ,
    at: INSTANT,
    /** Opaque id; null for nobody. */
    who: nullable(text(64)),
    kind: Type.Enum(['person', 'machine', 'console', 'node', 'hub', 'nobody']),
    /** The route asked, or a named act. */
    act: text(64),
    right: nullable(text(64)),
    sites: Type.Array(NODE),
    subject: nullable(text(200)),
    /** `ok`, or the code of the refusal. */
    outcome: text(64),
    action: nullable(text(64)),
    /** How many alike it stands for. */
    count: Type.Integer({ minimum: 0 }),
  },
  closed,
)
export type AuditRow = Static<typeof AUDIT_ROW>

const SOUGHT = {
  who: Type.Optional(text(64)),
  act: Type.Optional(text(64)),
  subject: Type.Optional(text(200)),
  site: Type.Optional(NODE),
  outcome: Type.Optional(Type.String({ maxLength: 64, description: '`ok`, `refused` for whatever is not, or a code' })),
  since: Type.Optional(INSTANT),
  until: Type.Optional(INSTANT),
  search: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'text anywhere in what is shown' })),
}
const DETAIL = Type.Unsafe<Readonly<Record<string, unknown>>>(Type.Object({}, { additionalProperties: true }))

/** Who did what, when, from where; what it was before and after. Part of `HUB_ROUTES`, which holds them to its form. */
export const HUB_AUDIT = {
  audit: {
    method: 'GET',
    path: '/api/audit',
    query: Type.Object({ ...SOUGHT, ...PAGE_QUERY }, closed),
    answer: pageOf(AUDIT_ROW),
    zh: '审计查询',
    en: 'Who did what, newest first; a page may be short and others follow',
  },
  auditEntry: {
    method: 'GET',
    path: '/api/audit/entry',
    query: Type.Object({ seq: SEQ }, closed),
    answer: Type.Object(
      {
        row: AUDIT_ROW,
        epoch: text(16),
        hash: HEX,
        prev: HEX,
        /** SHA-256 of the detail. */
        digest: nullable(HEX),
        /** Address, agent, what was asked, before, after; null: there was none, or it was erased. */
        detail: nullable(DETAIL),
        erased: Type.Boolean(),
      },
      closed,
    ),
    zh: '一条审计记录：来源、修改前后、哈希',
    en: 'One act: from where, before and after, and its place in the chain',
  },
  auditExport: {
    method: 'GET',
    path: '/api/audit/export',
    query: Type.Object({ ...SOUGHT, form: Type.Enum(['csv', 'ndjson']) }, closed),
    gives: ['text/csv', 'application/x-ndjson'],
    answer: Type.Object({ name: text(200), type: text(64), bytes: Type.Integer({ minimum: 0 }) }, closed),
    zh: '导出审计记录',
    en: 'What is found as a table, or row by row as it was hashed',
  },
} as const
