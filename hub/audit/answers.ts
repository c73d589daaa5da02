import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { AuditRow } from '@lotkeeper/protocol/api/hub-audit.ts'
import { malformed, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Admitted } from '../access/authorise.ts'
import type { Session } from '../access/caller.ts'
import { csvText } from '../imports/csv-text.ts'
import type { Audit } from './audit.ts'
import type { AuditFound, AuditViewer } from './search.ts'
import { detailShownTo } from './seen.ts'

/** What is found, as bytes to download. */
export type AuditFile = HubAnswer<'auditExport'> & { readonly content: Uint8Array }

/** What the audit answers to somebody who may see it: rows of their sites, without what they may not see elsewhere either. */
export const auditAnswers = (audit: Pick<Audit, 'search' | 'entry' | 'export'>) => ({
  audit: async ({ query }: { readonly query: HubQuery<'audit'> }, asker: Asker): Promise<HubAnswer<'audit'> | Refusal> => {
    const { cursor, limit = LIMIT, ...sought } = query
    const before = cursor === undefined ? null : seqIn(cursor)
    if (before === undefined) return malformed('cursor', { zh: '不是这里给出的游标', en: 'was not given here' })
    const page = audit.search(sought, viewerOf(asker), { before, limit })
    return { rows: page.rows.map(rowOf), next: page.next === null ? null : String(page.next) }
  },
  auditEntry: async ({ query }: { readonly query: HubQuery<'auditEntry'> }, asker: Asker): Promise<HubAnswer<'auditEntry'> | Refusal> => {
    const found = audit.entry(query.seq, viewerOf(asker))
    if (!found) return refuse('audit.unknown', { seq: query.seq })
    const { body, hash, detail } = found
    const { epoch, prev, detail: digest } = body
    const erased = digest !== null && detail === null
    return { row: rowOf(found), epoch, hash, prev, digest, detail: detail as HubAnswer<'auditEntry'>['detail'], erased }
  },
  auditExport: async ({ query }: { readonly query: HubQuery<'auditExport'> }, asker: Asker): Promise<AuditFile | Refusal> => {
    const { form, ...sought } = query
    const rows = await audit.export(sought, viewerOf(asker), EXPORTED_MAX)
    if (rows === null) return refuse('audit.too-many', { max: EXPORTED_MAX })
    const content = form === 'csv' ? csvText([HEADER, ...rows.map(cellsOf)]) : Buffer.from(rows.map(lineOf).join(''), 'utf8')
    return { name: `audit.${form}`, type: form === 'csv' ? 'text/csv' : 'application/x-ndjson', bytes: content.length, content }
  },
})

/** Rows of one export: what a spreadsheet opens, and what the hub holds in memory without harm. */
const EXPORTED_MAX = 20_000
const LIMIT = 100

/** Whoever asks, as far as it decides what they see. */
type Asker = Admitted & Pick<Session, 'rights'>

const viewerOf = ({ scope, rights }: Asker): AuditViewer => ({ sites: scope, shown: detailShownTo(rights) })

const seqIn = (cursor: string): number | undefined => (/^[1-9]\d{0,11}$/.test(cursor) ? Number(cursor) : undefined)

const rowOf = ({ body }: AuditFound): AuditRow => {
  const { seq, at, who, kind, act, right, sites, subject, outcome, action, count } = body
  return { seq, at, who, kind, act, right, sites: [...sites], subject, outcome, action, count }
}

const HEADER = [
  ...['序号 / seq', '时间 / at', '谁 / who', '身份 / kind', '操作 / act', '权限 / right', '站点 / sites', '对象 / subject'],
  ...['结果 / outcome', '请求号 / action', '次数 / count', '来源 / address', '程序 / agent', '详情 / detail', '哈希 / hash'],
]

const cellsOf = ({ body, hash, detail }: AuditFound): readonly string[] => {
  const { address = '', agent = '', ...rest } = (detail ?? {}) as Readonly<Record<string, unknown>>
  const { seq, at, who, kind, act, right, sites, subject, outcome, action, count } = body
  const facts = [seq, at, who ?? '', kind, act, right ?? '', sites.join(' '), subject ?? '', outcome, action ?? '', count, address, agent]
  return [...facts.map(String), Object.keys(rest).length === 0 ? '' : JSON.stringify(rest), hash]
}

/** The body stands as the text that was hashed: whoever has every row can follow the chain without us. */
const lineOf = ({ text, hash, detail }: AuditFound): string => `${JSON.stringify({ body: text, hash, detail })}\n`
