import type { NodeId } from '@lotkeeper/protocol/names.ts'
import { isWithin, type SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { Database } from '../database.ts'
import type { ChainBody } from './chain.ts'

/** What is looked for; every part narrows. */
export interface AuditQuery {
  readonly who?: string
  readonly act?: string
  readonly subject?: string
  readonly site?: NodeId
  /** `ok`, `refused` for whatever is not, or a code. */
  readonly outcome?: string
  /** Instants, from and before. */
  readonly since?: string
  readonly until?: string
  /** Text anywhere in what is shown. */
  readonly search?: string
}
/** Who looks: rows that name a site not in `sites`, or none at all, are not theirs unless all are; `shown` takes from a detail what they may not see. */
export interface AuditViewer {
  readonly sites: SiteScope
  readonly shown: (detail: object) => object
}
export interface AuditFound {
  readonly body: ChainBody
  /** The body as it was hashed. */
  readonly text: string
  readonly hash: string
  /** `null`: there is none, or it was erased. */
  readonly detail: object | null
}
export interface AuditPage {
  readonly rows: readonly AuditFound[]
  /** Rows before this one follow; a page may be short, or empty, and others follow all the same. `null`: none. */
  readonly next: number | null
}

export interface AuditSearch {
  /** Newest first, rows before `before`. */
  readonly search: (query: AuditQuery, viewer: AuditViewer, page: { readonly before: number | null; readonly limit: number }) => AuditPage
  readonly entry: (seq: number, viewer: AuditViewer) => AuditFound | null
  /** Every row that is found, newest first; `null`: more than `max`. */
  readonly export: (query: AuditQuery, viewer: AuditViewer, max: number) => Promise<readonly AuditFound[] | null>
}

export const openSearch = (db: Database): AuditSearch => {
  const one = db.prepare<[number], StoredFound>(`${COLUMNS} where c.seq = ?`)
  const search: AuditSearch['search'] = (query, viewer, { before, limit }) => {
    const rows: AuditFound[] = []
    let scanned = 0
    let last: number | null = null
    for (const row of candidates(db, query, before ?? Number.MAX_SAFE_INTEGER)) {
      scanned += 1
      last = row.seq
      const found = seen(row, viewer)
      if (found && isWanted(found, query)) rows.push(found)
      if (rows.length === limit) break
    }
    return { rows, next: rows.length === limit || scanned === SCANNED_MAX ? last : null }
  }
  return {
    search,
    entry: (seq, viewer) => {
      const row = one.get(seq)
      return row ? seen(row, viewer) : null
    },
    export: async (query, viewer, max) => {
      const rows: AuditFound[] = []
      for (let before: number | null = null; ; ) {
        const page = search(query, viewer, { before, limit: PIECE_ROWS })
        rows.push(...page.rows)
        if (rows.length > max) return null
        if (page.next === null) return rows
        before = page.next
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}

/** Rows looked at for one page: a tenth of a second of the hub's time. */
export const SCANNED_MAX = 5_000
const PIECE_ROWS = 1_000

interface StoredFound {
  readonly seq: number
  readonly body: string
  readonly hash: string
  readonly json: string | null
}
const COLUMNS = 'select c.seq, c.body, c.hash, d.json from chain c left join detail d on d.seq = c.seq'

/** By the narrowest index there is; the rest is judged row by row, so that no question costs more than its page. */
const candidates = (db: Database, query: AuditQuery, before: number): IterableIterator<StoredFound> => {
  const field = INDEXED.find((name) => query[name] !== undefined)
  const [from, upto] = spanOf(db, query)
  return db
    .prepare<unknown[], StoredFound>(
      `${COLUMNS} where ${field ? `c.${field} = ? and` : ''} c.seq >= ? and c.seq < ? order by c.seq desc limit ${SCANNED_MAX}`,
    )
    .iterate(...(field ? [query[field]] : []), from, Math.min(before, upto))
}
const INDEXED = ['subject', 'who', 'act'] as const

/** The rows between which a time lies. A clock may have been set back, so this is a span around them and each row is asked again. */
const spanOf = (db: Database, { since, until }: AuditQuery): readonly [number, number] => {
  if (since === undefined && until === undefined) return [0, Number.MAX_SAFE_INTEGER]
  const span = db
    .prepare<[string, string], { readonly least: number | null; readonly most: number | null }>(
      'select min(seq) as least, max(seq) as most from chain where at >= ? and at < ?',
    )
    .get(since ?? '', until ?? END_OF_TIME)
  return span?.least == null ? [0, 0] : [span.least, (span.most ?? 0) + 1]
}
const END_OF_TIME = '~'

const seen = ({ body: text, hash, json }: StoredFound, { sites, shown }: AuditViewer): AuditFound | null => {
  const body = read(text) as ChainBody | null
  if (body === null) return null
  if (sites !== 'all' && (body.sites.length === 0 || !body.sites.every((site) => isWithin(sites, site)))) return null
  const detail = json === null ? null : read(json)
  return { body, text, hash, detail: detail && shown(detail) }
}

const isWanted = ({ body, detail }: AuditFound, query: AuditQuery): boolean =>
  INDEXED.every((name) => query[name] === undefined || body[name] === query[name]) &&
  (query.site === undefined || body.sites.includes(query.site)) &&
  (query.outcome === undefined || body.outcome === query.outcome || (query.outcome === 'refused' && body.outcome !== 'ok')) &&
  (query.since === undefined || body.at >= query.since) &&
  (query.until === undefined || body.at < query.until) &&
  (query.search === undefined || textOf(body, detail).includes(query.search.toLowerCase()))

const textOf = ({ who, kind, act, right, sites, subject, outcome, action }: ChainBody, detail: object | null): string =>
  `${[who, kind, act, right, subject, outcome, action, ...sites].join(' ')} ${detail ? JSON.stringify(detail) : ''}`.toLowerCase()

/** What was made unreadable is not shown; verifying names it. */
const read = (text: string): object | null => {
  try {
    const said: unknown = JSON.parse(text)
    return typeof said === 'object' ? said : null
  } catch {
    return null
  }
}
