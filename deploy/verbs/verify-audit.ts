import { existsSync } from 'node:fs'
import { AUDIT_FORM } from '@lotkeeper/hub/audit/form.ts'
import { headBeside, headIn, headText, readToldHead } from '@lotkeeper/hub/audit/head.ts'
import { AUDIT_FINDINGS, type AuditVerdict, auditVerdict, verdictNow } from '@lotkeeper/hub/audit/verify.ts'
import { type Database, readDatabase, sqliteCode } from '@lotkeeper/hub/database.ts'
import { markOf, type Sentence, sentenceOf, told } from './ledger-file.ts'

/** What re-checking an audit file came to. */
export type AuditTold =
  | { readonly file: string; readonly unreadable: Sentence }
  | {
      readonly file: string
      readonly verdict: AuditVerdict
      /** What SQLite itself finds wrong. */
      readonly damages: readonly string[]
      /** Milliseconds of each part. */
      readonly took: { readonly file: number; readonly chain: number }
    }
export interface AuditOptions {
  /** Leaves out what SQLite itself says of its file. */
  readonly quick?: boolean
  /** Where the chain is known to have ended, `epoch:seq:hash`; without it what is kept in `keys/` beside the file counts. */
  readonly head?: string | null
}

/** Whether a file is the record of who did what. */
export const isAuditFile = (file: string): boolean => {
  try {
    return markOf(file) === AUDIT_FORM.applicationId
  } catch (cause) {
    // What cannot even be opened is named where ledgers are read.
    if (sentenceOf(cause) === null) throw cause
    return false
  }
}

/** Re-checks an audit file and changes nothing in it, also while its hub runs. */
export const verifyAudit = (file: string, { quick = false, head = null }: AuditOptions = {}): AuditTold => {
  try {
    // First the head, then the file: a hub that runs writes them in the other order.
    const known = head === null ? readToldHead(headBeside(file)) : headIn(head)
    if (head !== null && known === null) throw told(HEAD_UNREADABLE)
    const db = readDatabase(file, AUDIT_FORM)
    try {
      db.exec('begin')
      const started = performance.now()
      const damages = quick ? [] : damagesIn(db)
      const read = performance.now()
      const verdict = verdictNow(auditVerdict(db, { told: known }))
      return { file, verdict, damages, took: { file: read - started, chain: performance.now() - read } }
    } finally {
      db.close()
    }
  } catch (cause) {
    const unreadable = sentenceOf(cause)
    if (unreadable === null) throw cause
    return { file, unreadable }
  }
}

/** A home whose keys tell of an audit that is not there any more. */
export const isAuditGone = (file: string): boolean => !existsSync(file) && readToldHead(headBeside(file)) !== null

/** What a home says whose audit is gone. */
export const AUDIT_GONE: Sentence = {
  zh: '审计文件不见了，而 keys/ 里留有它的末行',
  en: 'the audit is gone, and keys/ tells where it ended',
}

/** For a person. */
export const showAudit = (one: AuditTold): string => {
  if ('unreadable' in one) return `✗ ${one.file}\n  ${one.unreadable.zh} / ${one.unreadable.en}\n`
  const { verdict, damages, took } = one
  const { rows, epochs, details, erased, headKnown, head, findings, findingsMore } = verdict
  const count = findings.length + findingsMore + damages.length
  const mark = (wrong: boolean) => (wrong ? '✗' : '✓')
  const ends = headKnown ? '与留存的末行一致 / reaches the row it was told to end with' : NO_HEAD
  const lines = [
    `${one.file}`,
    '  审计记录 / audit',
    `  ${mark(damages.length > 0)} 文件 / file：${(took.file / 1_000).toFixed(1)} s`,
    `  ${mark(findings.length > 0)} 哈希链 / chain：${rows} 条 / rows，${epochs} 段 / epochs，${(took.chain / 1_000).toFixed(1)} s`,
    `  ${mark(findings.some(({ code }) => code.startsWith('detail')))} 详情 / details：${details} 份 / kept，${erased} 份已依记录抹去 / erased on record`,
    `  ${headKnown ? mark(findings.some(({ code }) => ENDS.includes(code))) : '?'} 末尾 / end：${ends}`,
    ...(head ? [`    ${headText(head)}`] : []),
    ...damages.map((text) => `    ${text}`),
    ...findings
      .slice(0, FINDINGS_SHOWN)
      .map(({ code, seq, detail }) => `    ${AUDIT_FINDINGS[code].zh} / ${AUDIT_FINDINGS[code].en}：${seq}  (${detail})  [${code}]`),
    ...(count > FINDINGS_SHOWN ? [`    … 共 ${count} 处 / in all`] : []),
    count > 0
      ? `  共 ${count} 处不对 / ${count} findings`
      : headKnown
        ? '  全部正确 / all is right'
        : '  未见不对；末尾未证明 / nothing is wrong; its end is unproved',
  ]
  return `${lines.join('\n')}\n`
}

/** The same as one JSON line. */
export const auditLine = (one: AuditTold): string => {
  if ('unreadable' in one) return JSON.stringify({ file: one.file, right: false, kind: 'audit', unreadable: one.unreadable })
  const { file, verdict, damages, took } = one
  const ms = { file: Math.round(took.file), chain: Math.round(took.chain) }
  return JSON.stringify({ file, right: verdict.findings.length + damages.length === 0, kind: 'audit', ...verdict, damages, took: ms })
}

/** 0 all is right, 1 something is not, 2 no audit. */
export const auditExit = (one: AuditTold): 0 | 1 | 2 => {
  if ('unreadable' in one) return 2
  return one.verdict.findings.length + one.damages.length === 0 ? 0 : 1
}

const FINDINGS_SHOWN = 20
const ENDS: readonly string[] = ['tail-lost', 'head-differs', 'head-lost']
const NO_HEAD = '旁边没有 keys/audit.head，用 --head 给出末行 / no keys/audit.head beside it; say where it ended with --head'
const HEAD_UNREADABLE: Sentence = { zh: '--head 要写 段:序号:哈希', en: '--head says epoch:seq:hash' }

const damagesIn = (db: Database): readonly string[] => {
  try {
    const texts = db.prepare<[], string>(`pragma integrity_check(${FINDINGS_SHOWN})`).pluck().all()
    return texts.filter((text) => text !== 'ok').map((text) => text.replaceAll('\n', ' ').slice(0, 300))
  } catch (cause) {
    if (sqliteCode(cause) !== 'SQLITE_CORRUPT') throw cause
    return [String(cause).slice(0, 300)]
  }
}
