import { createPrivateKey } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readDatabase as readNodeDatabase } from '@lotkeeper/edge/database.ts'
import { LEDGER_SHAPE } from '@lotkeeper/edge/ledger/schema.ts'
import { rawPublicKey } from '@lotkeeper/hub/crypto.ts'
import { type Database, readDatabase as readHubDatabase } from '@lotkeeper/hub/database.ts'
import { LEDGER_FORM } from '@lotkeeper/hub/ledger/sqlite/form.ts'
import { bytesOfBase64url } from '@lotkeeper/protocol/bytes.ts'
import type { SignedCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { copyDatabase } from './verify-copy.ts'
import type { CountyKeys } from './verify-rows.ts'

/** A ledger's file, opened to be read; one moment of it is seen until it is disposed. */
export interface OpenedLedger extends Disposable {
  readonly kind: 'hub' | 'node'
  /** The node's id, or `hub`. */
  readonly owner: string
  readonly db: Database
  /** Whether its tables are those of today. */
  readonly current: boolean
  /** Path of the copy that is read instead of the file, or `null`. */
  readonly copy: string | null
}
/** Words for a person in both languages. */
export interface Sentence {
  readonly zh: string
  readonly en: string
}

/**
 * Opens a hub's or a node's file, also while its owner runs. Throws what `sentenceOf` has words for when there is no ledger to read. Not for the
 * process that owns the file: closing any handle of it there would drop the owner's locks [POSIX fcntl].
 */
export const openLedgerFile = (file: string): OpenedLedger => {
  const mark = markOf(file)
  if (mark === null) throw told(NO_DATABASE)
  // A hub lets readers in, and its file may be too large to copy. A young one has its mark in the WAL only: that one is copied too.
  if (mark === LEDGER_FORM.applicationId) return opened('hub', readHub(file), null)
  const copy = copyDatabase(file)
  if (copy === null) throw told(TOO_BUSY)
  try {
    const node = unlessForeign(() => readNodeDatabase(copy.path, LEDGER_SHAPE))
    const db = node ?? unlessForeign(() => readHub(copy.path))
    if (db === null) throw told(NO_LEDGER)
    return opened(node ? 'node' : 'hub', db, copy)
  } catch (cause) {
    copy[Symbol.dispose]()
    throw cause
  }
}

/** What the folder `keys/` beside a file says. A hub keeps the county's private key, from which the public half follows; a node what its enrolment gave. */
export const countyBeside = (file: string): CountyKeys | null => {
  const folder = join(dirname(file), 'keys')
  const [pem, enrolment] = [join(folder, 'county.key'), join(folder, 'enrolment.json')]
  if (existsSync(pem)) return { key: rawPublicKey(createPrivateKey(readFileSync(pem, 'utf8'))), certificates: [] }
  if (!existsSync(enrolment)) return null
  const given = JSON.parse(readFileSync(enrolment, 'utf8')) as { readonly countyKey: string; readonly certificates: SignedCertificate[] }
  const key = bytesOfBase64url(given.countyKey)
  return key && { key, certificates: given.certificates }
}

/** What a person is told of a file that cannot be read; `null` for a bug of ours. */
export const sentenceOf = (cause: unknown): Sentence | null => {
  const code = codeOf(cause)
  if (!(cause instanceof Error) || code === null) return null
  const { zh, en } = cause as { readonly zh?: string; readonly en?: string }
  return { zh: zh ?? cause.message, en: en ?? cause.message }
}

/** An error that carries words for a person. */
export const told = (sentence: Sentence): Error => Object.assign(new Error(sentence.en), { code: 'verbs.told', ...sentence })

const NO_DATABASE = { zh: '不是 SQLite 数据库', en: 'not an SQLite database' }
const NO_LEDGER = { zh: '不是县中心或乡镇站的账本', en: 'not the ledger of a hub or a node' }
const TOO_BUSY = { zh: '账本正忙，来不及复制，请稍后再试', en: 'its owner writes faster than it can be copied; try again' }

/** The application id in the file's header [SQLite file format 1.3]; 0 when it is not there yet, `null` for anything but a database. */
export const markOf = (file: string): number | null => {
  const handle = openSync(file, 'r')
  try {
    const header = Buffer.alloc(100)
    const bytes = readSync(handle, header, 0, 100, 0)
    return bytes === 100 && header.toString('latin1', 0, 16) === 'SQLite format 3\0' ? header.readUInt32BE(68) : null
  } finally {
    closeSync(handle)
  }
}

const readHub = (path: string): Database => readHubDatabase(path, LEDGER_FORM)

const opened = (kind: 'hub' | 'node', db: Database, copy: (Disposable & { readonly path: string }) | null): OpenedLedger => {
  const drop = () => {
    db.close()
    copy?.[Symbol.dispose]()
  }
  try {
    // One transaction: the owner goes on, we see one moment.
    db.exec('begin')
    const node = kind === 'node' ? db.prepare<[], string>(`select value from ledger where key = 'node'`).pluck().get() : 'hub'
    const current = db.pragma('user_version', { simple: true }) === (kind === 'hub' ? LEDGER_FORM.version : LEDGER_SHAPE.version)
    return { kind, owner: node ?? '-', db, current, copy: copy?.path ?? null, [Symbol.dispose]: drop }
  } catch (cause) {
    drop()
    throw cause
  }
}

const unlessForeign = (open: () => Database): Database | null => {
  try {
    return open()
  } catch (cause) {
    const code = codeOf(cause)
    if (code === 'database.foreign-file' || code === 'database.not-ours') return null
    throw cause
  }
}

/** Faults of the houses, of SQLite and of the file system all carry a code; bugs carry none. */
const codeOf = (cause: unknown): string | null =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null
