import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { type Fault, fault, isFault } from './faults.ts'

/** The one door of better-sqlite3. A connection is a file's only writer and reader for as long as it is open. */
export type Database = Sqlite.Database

/** What a file must be: its mark in the SQLite header, the version of its tables, and the statements that make them. */
export interface Shape {
  readonly application: number
  readonly version: number
  readonly schema: string
}

export interface DatabaseOptions {
  /** FULL syncs at every commit, so an answered commit survives a power cut; NORMAL may lose the last ones. */
  readonly synchronous: 'FULL' | 'NORMAL'
  /** Pages the WAL file is stretched to at start; it is reused and never shrinks while open. */
  readonly walPages: number
  /** Largest size of the file in pages of 4 KB; beyond it writes are refused as on a full disk. */
  readonly pagesMax?: number
  readonly sqliteMin?: string
  /** Brings a file of an older version to the shape's; runs in one transaction, so a file is of the one version or of the other. */
  readonly upgrade?: (db: Database, found: number) => void
}

/**
 * Opens or makes a database file (`:memory:` too). Throws `database.in-use` at once when another process has it: the lock is the kernel's, so
 * kill -9 frees it, and no outside tool can write a living file (E-002).
 */
export const openDatabase = (path: string, shape: Shape, options: DatabaseOptions): Database => {
  const db = opened(path)
  try {
    // Before the first look into the file: once opened through a shared index (`-shm`) it needs room on the disk only to be read.
    db.pragma('locking_mode = exclusive')
    judgeVersion(db, options.sqliteMin ?? SQLITE_MIN)
    db.pragma('journal_mode = wal')
    // The driver is compiled with NORMAL in WAL mode, which may lose the last commits at a power cut [engine.md 0.4].
    db.pragma(`synchronous = ${options.synchronous}`)
    if (!db.memory && existsSync(pidPath(path))) lookAround(db, path)
    shapeUp(db, path, shape)
    raise(db, path, shape, options.upgrade)
    if (options.pagesMax !== undefined) db.pragma(`max_page_count = ${options.pagesMax}`)
    if (!db.memory) {
      unlessRefused(() => writeFileSync(pidPath(path), `${process.pid}\n`))
      unlessRefused(() => stretchWal(`${path}-wal`, options.walPages))
    }
    return db
  } catch (error) {
    db.close()
    throw faultOf(path, error)
  }
}

/**
 * Opens a file the node can do without: raw reads, figures of the devices. A damaged one is set aside under the name in `aside` and made anew, for what
 * can be learnt again must never keep the books closed.
 */
export const openSpare = (path: string, shape: Shape, nowMs: number): { readonly db: Database; readonly aside: string | null } => {
  const options = { synchronous: 'NORMAL', walPages: 0 } as const
  try {
    return { db: openDatabase(path, shape, options), aside: null }
  } catch (error) {
    if (!isDamage(error) && !(isFault(error) && SPOILT.includes(error.code))) throw error
    const aside = `${path}.damaged-${Math.round(nowMs)}`
    for (const end of ['', '-wal', '-shm']) if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, `${aside}${end}`)
    return { db: openDatabase(path, shape, options), aside }
  }
}

/** The file is damaged, or somebody put another one there. */
const SPOILT: readonly string[] = ['database.damaged', 'database.foreign-file']

/** Opens a file that nobody owns, or a copy of one, to read it only. Throws `database.foreign-file`, `database.schema-newer`. */
export const readDatabase = (path: string, shape: Shape): Database => {
  const db = opened(path, { readonly: true, fileMustExist: true })
  try {
    shapeUp(db, path, shape)
    return db
  } catch (error) {
    db.close()
    throw faultOf(path, error)
  }
}

/**
 * Opens what is left of a damaged file, to read it only; tables whose definition is broken are missing, and reading ends where it is broken. `null`
 * when nothing of it can be found; throws `database.foreign-file` for what was never a file of this shape.
 */
export const readDamaged = (path: string, shape: Shape): Database | null => {
  const db = opened(path, { readonly: true, fileMustExist: true })
  try {
    db.unsafeMode(true)
    db.pragma('writable_schema = on')
    if (Number(db.pragma('application_id', { simple: true })) !== shape.application) throw fault('database.foreign-file', { path })
    db.prepare('select count(*) from sqlite_schema').get()
    return db
  } catch (error) {
    db.close()
    if (isDamage(error)) return null
    throw error
  }
}

/** Closes a database; its file is free at once. */
export const closeDatabase = (db: Database): void => {
  if (!db.open) return
  const { memory, name } = db
  db.close()
  if (!memory) rmSync(pidPath(name), { force: true })
}

/** What an error of a write means: the disk is full, the medium failed, or neither (a bug of ours). */
export const troubleOf = (error: unknown): 'full' | 'failed' | null => {
  if (!(error instanceof Sqlite.SqliteError)) return null
  if (error.code === 'SQLITE_FULL') return 'full'
  return error.code.startsWith('SQLITE_IOERR') || error.code.startsWith('SQLITE_READONLY') ? 'failed' : null
}

/** Whether an error says that the file itself is damaged. */
export const isDamage = (error: unknown): boolean =>
  error instanceof Sqlite.SqliteError && (error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB')

/** Whether an error says that a row is none that the table may hold. */
export const isViolation = (error: unknown): boolean => error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT')

/** Runs `write` as one transaction; any error rolls all of it back and is thrown on. */
export const inTransaction = <Result>(db: Database, write: () => Result): Result => {
  db.exec('begin immediate')
  try {
    const result = write()
    db.exec('commit')
    return result
  } catch (error) {
    // SQLite rolls back by itself when the disk is full.
    if (db.inTransaction) db.exec('rollback')
    throw error
  }
}

/** 1,000 pages is SQLite's own checkpoint threshold: beyond it the file is started over. */
export const WAL_PAGES = 1_000

/** Older ones can damage a WAL that two connections reset at once [engine.md 1.2]. */
const SQLITE_MIN = '3.51.3'
const WAL_HEADER_BYTES = 32
const WAL_FRAME_BYTES = 4_096 + 24

const opened = (path: string, options: Sqlite.Options = {}): Database => {
  try {
    return new Sqlite(path, { timeout: 0, ...options })
  } catch (error) {
    throw fault('database.open-failed', { path, why: textOf(error) }, error)
  }
}

const judgeVersion = (db: Database, needed: string): void => {
  const found = String(db.prepare('select sqlite_version()').pluck().get())
  if (rank(found) < rank(needed)) throw fault('database.sqlite-too-old', { found, needed })
}

const rank = (version: string): number => version.split('.').reduce((sum, part) => sum * 1_000 + Number(part), 0)

const shapeUp = (db: Database, path: string, shape: Shape): void => {
  const version = Number(db.pragma('user_version', { simple: true }))
  const application = Number(db.pragma('application_id', { simple: true }))
  const empty = !db.readonly && db.prepare('select count(*) from sqlite_schema').pluck().get() === 0
  if (!empty && application !== shape.application) throw fault('database.foreign-file', { path })
  if (version > shape.version) throw fault('database.schema-newer', { path, found: version, known: shape.version })
  if (!empty) return
  inTransaction(db, () => {
    db.exec(shape.schema)
    db.pragma(`application_id = ${shape.application}`)
    db.pragma(`user_version = ${shape.version}`)
  })
}

/**
 * Whoever had the file last did not close it: the power went, or the process met something it could not read. What rows say is not asked: a room
 * below zero is no damage of the file, and a salvaged one may hold some until the ledger covers them.
 */
const lookAround = (db: Database, path: string): void => {
  db.pragma('ignore_check_constraints = on')
  const why = String(db.pragma('quick_check(1)', { simple: true }))
  db.pragma('ignore_check_constraints = off')
  if (why !== 'ok') throw fault('database.damaged', { path, why })
}

/** An older program may go on with the file when this fails: nothing of it was changed. */
const raise = (db: Database, path: string, shape: Shape, upgrade: DatabaseOptions['upgrade']): void => {
  const found = Number(db.pragma('user_version', { simple: true }))
  if (found === shape.version) return
  const refused = (why: string, cause?: unknown) => fault('database.upgrade-failed', { path, found, known: shape.version, why }, cause)
  if (!upgrade) throw refused('-')
  try {
    inTransaction(db, () => {
      upgrade(db, found)
      db.pragma(`user_version = ${shape.version}`)
    })
  } catch (error) {
    if (isDamage(error) || (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY'))) throw error
    throw refused(textOf(error), error)
  }
}

/**
 * While a WAL grows, every sync also writes the file system's own records: a file of full size halves the bytes written [engine.md 4.2].
 * Zeros behind the last frame are no frame (salt and checksum fail), so SQLite never reads them.
 */
const stretchWal = (path: string, pages: number): void => {
  const file = openSync(path, 'a+')
  try {
    const missing = WAL_HEADER_BYTES + pages * WAL_FRAME_BYTES - fstatSync(file).size
    if (missing <= 0) return
    writeSync(file, new Uint8Array(missing))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** A full or failing disk must not keep the node from starting: it reads on, and writes are refused one by one. */
const unlessRefused = (write: () => void): void => {
  try {
    write()
  } catch (error) {
    if (!DISK_ERRORS.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

const DISK_ERRORS: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO']

const pidPath = (path: string): string => `${path}.pid`

const holderOf = (path: string): number | null => {
  try {
    return Number(readFileSync(pidPath(path), 'utf8')) || null
  } catch {
    return null
  }
}

/** What SQLite says of a file, as the fault it is for whoever must see to it; anything else as it was thrown. */
export const faultOf = (path: string, error: unknown): unknown => {
  if (!(error instanceof Sqlite.SqliteError)) return error
  const why = error.message
  if (error.code.startsWith('SQLITE_BUSY')) return fault('database.in-use', { path, pid: holderOf(path) }, error)
  if (error.code === 'SQLITE_NOTADB') return fault('database.foreign-file', { path }, error)
  if (error.code.startsWith('SQLITE_CORRUPT')) return fault('database.damaged', { path, why }, error)
  return fault('database.open-failed', { path, why }, error) satisfies Fault
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
