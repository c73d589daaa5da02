import type { Database } from '../database.ts'
import { type ChainBody, detailDigest, type Head, NO_HASH, textHash } from './chain.ts'

/** What may be wrong with an audit file; each is said of a row. */
export const AUDIT_FINDINGS = {
  'row-altered': { zh: '内容被改过', en: 'the row was altered' },
  'row-missing': { zh: '中间少了行', en: 'rows are missing before this one' },
  'row-misplaced': { zh: '不在自己的位置', en: 'the row is not in its place' },
  'chain-broken': { zh: '与上一行接不上', en: 'it does not follow from the row before' },
  'detail-altered': { zh: '详情被改过', en: 'its detail was altered' },
  'detail-missing': { zh: '详情不见了，也没有抹去的记录', en: 'its detail is gone, and nobody is on record as having erased it' },
  'detail-stray': { zh: '多出一份详情', en: 'there is a detail that belongs to no row' },
  'detail-returned': { zh: '已抹去的详情又出现了', en: 'a detail that was erased is there again' },
  'tail-lost': { zh: '末尾少了行', en: 'the end is missing' },
  'head-differs': { zh: '与留存的末行不符', en: 'the row told to be the last is another one' },
  'head-lost': { zh: '留存的末行不见了', en: 'what was told to be the last row is gone' },
} as const
export type AuditFindingCode = keyof typeof AUDIT_FINDINGS
export interface AuditFinding {
  readonly code: AuditFindingCode
  readonly seq: number
  readonly detail: string
}

/** What re-checking came to; nothing found: every row from the first to the head is as it was written. */
export interface AuditVerdict {
  readonly rows: number
  readonly epochs: number
  readonly details: number
  readonly erased: number
  /** Whether the end was compared with a head kept elsewhere. */
  readonly headKnown: boolean
  readonly head: Head | null
  readonly findings: readonly AuditFinding[]
  readonly findingsMore: number
}
export interface AuditChecked {
  /** The last row as it was told elsewhere; `null`: nowhere. */
  readonly told: Head | null
  readonly from?: number
}

/** Re-checks every row; yields between pieces, so that whoever has other things to do may do them. */
export function* auditVerdict(db: Database, { told, from = 1 }: AuditChecked): Generator<number, AuditVerdict> {
  const walk = openWalk(db, from, told)
  const piece = db
    .prepare<[number], StoredRow>(
      `select c.seq, c.body, c.hash, d.salt, d.json, c.at, c.who, c.act, c.subject from chain c left join detail d on d.seq = c.seq where c.seq > ? order by c.seq limit ${PIECE_ROWS}`,
    )
    .raw()
  for (let rows = piece.all(from - 1); rows.length > 0; rows = piece.all(rows.at(-1)?.[0] ?? Number.MAX_SAFE_INTEGER)) {
    for (const row of rows) walk.take(row)
    yield walk.rows()
  }
  return walk.end()
}

/** The verdict in one go. */
export const verdictNow = (steps: Generator<number, AuditVerdict>): AuditVerdict => {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** The verdict a piece at a time, with others served in between. */
export const drained = async (steps: Generator<number, AuditVerdict>): Promise<AuditVerdict> => {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    await new Promise((resolve) => setImmediate(resolve))
  }
}

type StoredRow = readonly [
  ...(readonly [seq: number, body: string, hash: string, salt: string | null, json: string | null]),
  ...(readonly [at: string, who: string | null, act: string, subject: string | null]),
]
const PIECE_ROWS = 1_024
/** More than this tells nobody anything. */
const FINDINGS_MAX = 1_000

const openWalk = (db: Database, from: number, told: Head | null) => {
  const before = db.prepare<[number], { readonly hash: string }>('select hash from chain where seq < ? order by seq desc limit 1').get(from)
  const findings = openFindings()
  const found = findings.add
  const gone = new Set<number>()
  const erased = new Set<number>()
  const there = new Set<number>()
  let last: Head = { epoch: '', seq: from - 1, hash: before?.hash ?? NO_HASH }
  const counts = { rows: 0, epochs: 0, details: 0 }
  let toldFound: string | null = null
  const take = ([seq, body, hash, salt, json, at, who, act, subject]: StoredRow) => {
    counts.rows += 1
    const said = bodyIn(body)
    if (said === null || textHash(body) !== hash) found('row-altered', seq, 'its hash is that of another text')
    if (seq !== last.seq + 1) found('row-missing', seq, `rows ${last.seq + 1} to ${seq - 1}`)
    if (said && said.seq !== seq) found('row-misplaced', seq, `it says it is row ${said.seq}`)
    if (said && (said.at !== at || said.who !== who || said.act !== act || said.subject !== subject))
      found('row-altered', seq, 'what it is searched by says otherwise')
    if (said && said.prev !== last.hash) found('chain-broken', seq, `row ${last.seq} ended in another hash`)
    if (said) detailOf(seq, said.detail, salt, json)
    if (said && said.epoch !== last.epoch) counts.epochs += 1
    if (said?.act === 'audit-restored') found('tail-lost', seq, `rows up to ${said.subject ?? '-'} were there once`)
    if (said?.act === 'audit-head-lost') found('head-lost', seq, 'nothing told where the rows before it ended')
    for (const [first, upto] of said?.erased ?? []) for (let one = first; one <= upto && one < seq; one += 1) erased.add(one)
    if (seq === told?.seq) toldFound = hash
    last = { epoch: said?.epoch ?? last.epoch, seq, hash }
  }
  const detailOf = (seq: number, digest: string | null, salt: string | null, json: string | null) => {
    if (salt === null || json === null) {
      if (digest !== null) gone.add(seq)
      return
    }
    counts.details += 1
    if (digest === null) found('detail-stray', seq, 'the row has none')
    else if (detailDigest(salt, json) !== digest) found('detail-altered', seq, 'its digest is that of another text')
    there.add(seq)
  }
  const end = (): AuditVerdict => {
    for (const seq of gone) if (!erased.has(seq)) found('detail-missing', seq, '-')
    for (const seq of erased) if (there.has(seq)) found('detail-returned', seq, '-')
    const strays = db.prepare<[], number>('select seq from detail where seq not in (select seq from chain) limit 20').pluck().all()
    for (const seq of strays) found('detail-stray', seq, 'there is no such row')
    if (told && told.seq >= from && toldFound !== told.hash) {
      if (last.seq < told.seq) found('tail-lost', last.seq, `rows ${last.seq + 1} to ${told.seq}`)
      else found('head-differs', told.seq, 'another row was told to stand there')
    }
    const kept = [...gone].filter((seq) => erased.has(seq)).length
    return { ...counts, erased: kept, headKnown: told !== null, head: counts.rows === 0 ? null : last, ...findings.all() }
  }
  return { take, end, rows: () => counts.rows }
}

const openFindings = () => {
  const kept: AuditFinding[] = []
  let more = 0
  return {
    add: (code: AuditFindingCode, seq: number, detail: string) => {
      if (kept.length < FINDINGS_MAX) kept.push({ code, seq, detail })
      else more += 1
    },
    all: () => ({ findings: kept.toSorted((one, other) => one.seq - other.seq), findingsMore: more }),
  }
}

const bodyIn = (body: string): ChainBody | null => {
  try {
    const said: unknown = JSON.parse(body)
    return typeof said === 'object' && said !== null ? (said as ChainBody) : null
  } catch {
    return null
  }
}
