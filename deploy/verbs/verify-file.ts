import { openDatabase as openNodeDatabase } from '@lotkeeper/edge/database.ts'
import { LEDGER_SHAPE } from '@lotkeeper/edge/ledger/schema.ts'
import { openCrypto } from '@lotkeeper/hub/crypto.ts'
import { type Database, sqliteCode } from '@lotkeeper/hub/database.ts'
import type { Finding } from '@lotkeeper/protocol/ledger/findings.ts'
import type { ToldCheckpoint } from '@lotkeeper/protocol/ledger/stored.ts'
import { type Verdict, verifyLedger } from '@lotkeeper/protocol/ledger/verify.ts'
import { countyBeside, type OpenedLedger, openLedgerFile, type Sentence, sentenceOf, told } from './ledger-file.ts'
import { hubProjections, nodeProjections } from './verify-projections.ts'
import { checkpointsIn, rowsIn } from './verify-rows.ts'

/** What re-checking one file came to. */
export type FileVerdict = LedgerVerdict | UnreadableFile
export interface LedgerVerdict {
  readonly file: string
  readonly kind: 'hub' | 'node'
  /** The node's id, or `hub`. */
  readonly owner: string
  /** Whether the county's key was beside the file: without it no signature can be proved. */
  readonly countyKey: boolean
  readonly verdict: Verdict
  /** Whether the tables that follow from the log were folded again, or why not. */
  readonly projections: 'compared' | 'left-out' | 'older-version' | 'effects-lost'
  /** Milliseconds of each part. */
  readonly took: { readonly file: number; readonly ledger: number; readonly projections: number }
}
export interface UnreadableFile {
  readonly file: string
  readonly unreadable: Sentence
}
export interface VerifyOptions {
  /** Leaves out what takes long: the indexes of the file, and folding the tables again. */
  readonly quick?: boolean
  /** A node's file: every checkpoint it keeps must be in the hub's ledger that is checked. */
  readonly witness?: string | null
  /** A file beside which the keys lie, when they do not lie beside this one. */
  readonly keysBeside?: string
}

/** Re-checks a hub's or a node's database file and changes nothing in it. The county's key is looked for in `keys/` beside the file. */
export const verifyFile = (file: string, { quick = false, witness = null, keysBeside = file }: VerifyOptions = {}): FileVerdict => {
  try {
    const witnessed = witness === null ? [] : witnessIn(witness)
    using opened = openLedgerFile(file)
    return verifyOpened(file, opened, { quick, witnessed, county: countyBeside(keysBeside) })
  } catch (cause) {
    const unreadable = sentenceOf(cause)
    if (unreadable === null) throw cause
    return { file, unreadable }
  }
}

const witnessIn = (file: string): readonly ToldCheckpoint[] => {
  using opened = openLedgerFile(file)
  if (opened.kind !== 'node') throw told({ zh: `${file}：见证要用乡镇站的账本`, en: `${file}: only a node's ledger is a witness` })
  return checkpointsIn(opened.db, opened.owner)
}

const verifyOpened = (
  file: string,
  opened: OpenedLedger,
  {
    quick,
    witnessed,
    county,
  }: { readonly quick: boolean; readonly witnessed: readonly ToldCheckpoint[]; readonly county: ReturnType<typeof countyBeside> },
): LedgerVerdict => {
  const { kind, owner, db } = opened
  const crypto = openCrypto()
  const started = performance.now()
  const damages = damagesIn(db, quick)
  const read = performance.now()
  const rows = rowsIn(db, kind, crypto, county, witnessed)
  const verdict = verifyLedger(crypto, rows)
  const walked = performance.now()
  const projections = projectionsOf(opened, { quick, lostEffects: rows.lostEffects })
  // Where the log itself is broken it gives no tables to compare with.
  const differing = projections === 'compared' && damages.length + verdict.findings.length === 0 ? projectionsIn(opened) : []
  const findings = [...damages, ...verdict.findings, ...differing]
  const took = { file: read - started, ledger: walked - read, projections: performance.now() - walked }
  return { file, kind, owner, countyKey: county !== null, verdict: { ...verdict, findings }, projections, took }
}

const projectionsOf = (
  { current }: OpenedLedger,
  { quick, lostEffects }: { readonly quick: boolean; readonly lostEffects: number },
): LedgerVerdict['projections'] => {
  if (quick) return 'left-out'
  if (!current) return 'older-version'
  return lostEffects > 0 ? 'effects-lost' : 'compared'
}

const projectionsIn = ({ kind, owner, db, copy }: OpenedLedger): readonly Finding[] => {
  if (kind === 'hub') return hubProjections(db)
  if (copy === null) return []
  // The copy is folded anew by its only connection, as the node itself would.
  db.close()
  const own = openNodeDatabase(copy, LEDGER_SHAPE, { synchronous: 'NORMAL', walPages: 0 })
  try {
    return nodeProjections(own, owner)
  } finally {
    own.close()
  }
}

/** What SQLite itself finds wrong in its file; where it gives up looking, that. */
const damagesIn = (db: Database, quick: boolean): readonly Finding[] => {
  const damage = (text: string): Finding => ({
    code: 'file-damaged',
    where: '-',
    detail: text.replaceAll('\n', ' ').slice(0, DETAIL_LENGTH_MAX),
  })
  try {
    const texts = db
      .prepare<[], string>(`pragma ${quick ? 'quick_check' : 'integrity_check'}(${DAMAGES_NAMED})`)
      .pluck()
      .all()
    return texts.filter((text) => text !== 'ok').map(damage)
  } catch (cause) {
    if (sqliteCode(cause) !== 'SQLITE_CORRUPT') throw cause
    return [damage(String(cause))]
  }
}

const DAMAGES_NAMED = 20
const DETAIL_LENGTH_MAX = 300
