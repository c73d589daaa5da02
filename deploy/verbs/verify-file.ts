import { createPrivateKey } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readDatabase as readNodeDatabase } from '@lotkeeper/edge/database.ts'
import { LEDGER_SHAPE } from '@lotkeeper/edge/ledger/schema.ts'
import { openCrypto, rawPublicKey } from '@lotkeeper/hub/crypto.ts'
import { type Database, readDatabase as readHubDatabase } from '@lotkeeper/hub/database.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from '@lotkeeper/hub/ledger/sqlite/schema.ts'
import { bytesOfBase64url } from '@lotkeeper/protocol/bytes.ts'
import { type Verdict, verifyLedger } from '@lotkeeper/protocol/ledger/verify.ts'
import type { SignedCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { copyDatabase } from './verify-copy.ts'
import { type CountyKeys, rowsIn } from './verify-rows.ts'

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
}
export interface UnreadableFile {
  readonly file: string
  readonly unreadable: { readonly zh: string; readonly en: string }
}

/**
 * Re-checks a hub's or a node's database file and changes nothing in it, also while its owner runs. The county's key is looked for in `keys/`
 * beside the file. Not for the process that owns the file: closing any handle of it there would drop the owner's locks [POSIX fcntl].
 */
export const verifyFile = (file: string): FileVerdict => {
  try {
    const mark = markOf(file)
    if (mark === null) return { file, unreadable: NO_DATABASE }
    // A hub lets readers in, and its file may be too large to copy. A young one has its mark in the WAL only: that one is copied too.
    return mark === APPLICATION_ID ? verifyOpened(file, openHub(file)) : verifyCopied(file)
  } catch (cause) {
    const unreadable = unreadableOf(cause)
    if (unreadable === null) throw cause
    return { file, unreadable }
  }
}

const NO_DATABASE = { zh: '不是 SQLite 数据库', en: 'not an SQLite database' }
const NO_LEDGER = { zh: '不是县中心或乡镇站的账本', en: 'not the ledger of a hub or a node' }
const TOO_BUSY = { zh: '账本正忙，来不及复制，请稍后再试', en: 'its owner writes faster than it can be copied; try again' }

/** The application id in the file's header [SQLite file format 1.3]; 0 when it is not there yet, `null` for anything but a database. */
const markOf = (file: string): number | null => {
  const handle = openSync(file, 'r')
  try {
    const header = Buffer.alloc(100)
    const bytes = readSync(handle, header, 0, 100, 0)
    return bytes === 100 && header.toString('latin1', 0, 16) === 'SQLite format 3\0' ? header.readUInt32BE(68) : null
  } finally {
    closeSync(handle)
  }
}

interface OpenedLedger {
  readonly kind: 'hub' | 'node'
  readonly db: Database
}
const openHub = (path: string): OpenedLedger => ({
  kind: 'hub',
  db: readHubDatabase(path, { applicationId: APPLICATION_ID, version: SCHEMA_VERSION, schema: SCHEMA }),
})
const openNode = (path: string): OpenedLedger => ({ kind: 'node', db: readNodeDatabase(path, LEDGER_SHAPE) })

const verifyCopied = (file: string): FileVerdict => {
  using copy = copyDatabase(file)
  if (copy === null) return { file, unreadable: TOO_BUSY }
  const opened = unlessForeign(() => openNode(copy.path)) ?? unlessForeign(() => openHub(copy.path))
  return opened === null ? { file, unreadable: NO_LEDGER } : verifyOpened(file, opened)
}

const unlessForeign = (open: () => OpenedLedger): OpenedLedger | null => {
  try {
    return open()
  } catch (cause) {
    const code = codeOf(cause)
    if (code === 'database.foreign-file' || code === 'database.not-ours') return null
    throw cause
  }
}

const verifyOpened = (file: string, { kind, db }: OpenedLedger): LedgerVerdict => {
  try {
    const crypto = openCrypto()
    const county = countyBeside(file)
    // One transaction: the owner goes on, we see one moment.
    db.exec('begin')
    const verdict = verifyLedger(crypto, rowsIn(db, kind, crypto, county))
    const node = db.prepare<[], string>(`select value from ledger where key = 'node'`).pluck().get()
    return { file, kind, owner: kind === 'hub' ? 'hub' : (node ?? '-'), countyKey: county !== null, verdict }
  } finally {
    db.close()
  }
}

/** A hub keeps the county's private key, from which the public half follows; a node keeps what its enrolment gave. */
const countyBeside = (file: string): CountyKeys | null => {
  const folder = join(dirname(file), 'keys')
  const [pem, enrolment] = [join(folder, 'county.key'), join(folder, 'enrolment.json')]
  if (existsSync(pem)) return { key: rawPublicKey(createPrivateKey(readFileSync(pem, 'utf8'))), certificates: [] }
  if (!existsSync(enrolment)) return null
  const given = JSON.parse(readFileSync(enrolment, 'utf8')) as { readonly countyKey: string; readonly certificates: SignedCertificate[] }
  const key = bytesOfBase64url(given.countyKey)
  return key && { key, certificates: given.certificates }
}

/** What a person is told of a file that cannot be read; `null` for a bug of ours. */
const unreadableOf = (cause: unknown): UnreadableFile['unreadable'] | null => {
  const code = codeOf(cause)
  if (!(cause instanceof Error) || code === null) return null
  const { zh, en } = cause as { readonly zh?: string; readonly en?: string }
  return { zh: zh ?? cause.message, en: en ?? cause.message }
}

/** Faults of the houses, of SQLite and of the file system all carry a code; bugs carry none. */
const codeOf = (cause: unknown): string | null =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null
