import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import BetterSqlite3 from 'better-sqlite3'
import { fault } from './faults.ts'

/** The one door of the SQLite driver. One writer connection; everything on it is synchronous. */
export type Database = BetterSqlite3.Database
export type Statement<Binds extends unknown[] = unknown[], Row = unknown> = BetterSqlite3.Statement<Binds, Row>

/** What a file must be to be opened. */
export interface DatabaseForm {
  readonly applicationId: number
  readonly version: number
  /** Statements that make version `version` in an empty file. */
  readonly schema: string
  /** Written seldom: its WAL grows as it is needed, and takes no room beforehand that the ledger may want. */
  readonly isSmall?: boolean
  /** Makes a file of an earlier version one of this version, inside the transaction that is open. */
  readonly upgrade?: (db: Database, from: number) => void
}

/** An opened file, owned by this process alone until `close`. */
export interface OpenedDatabase {
  readonly db: Database
  /** Whether there was room to keep the reserve at the opening; without it the disk is as good as full. */
  readonly reserved: boolean
  /** The disk is full: gives back a little room kept for this, so that the alarm itself can be written. */
  readonly freeReserve: () => void
  /** There is room again: keeps the reserve anew. `false` when there is not room even for it, or the file is as long as it may be. */
  readonly keepReserve: () => boolean
  readonly close: () => void
}

/**
 * Opens a database file and owns it: WAL, every commit flushed, no memory mapping. A second process is refused at once with
 * `database.in-use`; the lock dies with the process, also by `kill -9`. `mbMax` caps the file. `:memory:` is for tests.
 */
export const openDatabase = (file: string, form: DatabaseForm, mbMax: number | null = null): OpenedDatabase => {
  let lock: Lock | null = null
  try {
    lock = file === ':memory:' ? null : withReserve(file, () => ownFile(file))
    const db = withReserve(file, () => openChecked(file, form))
    if (mbMax !== null) db.pragma(`max_page_count = ${mbMax * PAGES_PER_MB}`)
    const reserve = reserveOf(db, file)
    // The reserve comes first: without room for it a longer WAL would eat what the alarm needs.
    const reserved = reserve.keepReserve()
    if (lock && reserved && form.isSmall !== true)
      stretchWal(file, mbMax === null ? WAL_PAGES : Math.min(WAL_PAGES, (mbMax * PAGES_PER_MB) / WAL_SHARE))
    return {
      ...{ db, reserved },
      ...reserve,
      close: () => {
        db.close()
        lock?.release()
      },
    }
  } catch (cause) {
    lock?.release()
    throw failureOf(file, cause)
  }
}

/** Opens what lives in an opened file; when SQLite finds the file broken only now, that is a fault too, and the file is let go of. */
export const openWithin = <Inside>(opened: OpenedDatabase, open: () => Inside): Inside => {
  try {
    return open()
  } catch (cause) {
    opened.close()
    throw failureOf(opened.db.name, cause)
  }
}

/** What was thrown while a file was read or written: a medium that is full or broken is a fault with a name, anything else is as it was. */
export const troubleNamed = (file: string, cause: unknown): unknown => (storageTroubleOf(cause) === null ? cause : failureOf(file, cause))

/**
 * Opens a file to read it beside its owner; nothing in it changes, and inside one transaction it stands still. SQLite keeps its `-shm` beside
 * it, and the owner's WAL grows until this is closed. Throws `database.failed`, `database.not-ours`.
 */
export const readDatabase = (file: string, form: DatabaseForm): Database => {
  const db = openFile(file, BUSY_MS, { readonly: true, fileMustExist: true })
  try {
    ensureForm(db, file, form)
    return db
  } catch (cause) {
    db.close()
    throw foreignOr(cause, file)
  }
}

/** Oldest SQLite without the WAL-reset defect (two connections that checkpoint and write at once damage the file). */
export const SQLITE_FLOOR = '3.51.3'

/** Throws `database.sqlite-old` for a version below the floor. */
export const judgeSqlite = (version: string): void => {
  const [wanted, found] = [SQLITE_FLOOR, version].map((text) =>
    text.split('.').reduce((sum, part, at) => sum + Number(part) * 1000 ** (2 - at), 0),
  )
  if (Number(found) < Number(wanted)) throw fault('database.sqlite-old', { version, floor: SQLITE_FLOOR })
}

/** What a thrown driver error means: `full` = no room (refuse and try again later), `failing` = the medium is broken, `null` = no such thing. */
export const storageTroubleOf = (error: unknown): 'full' | 'failing' | null => {
  const code = sqliteCode(error)
  if (code === null) return null
  if (FULL_CODES.includes(code)) return 'full'
  return BROKEN_CODES.some((broken) => code.startsWith(broken)) ? 'failing' : null
}

/** SQLite's own code of an error (`SQLITE_FULL`), or `null`. */
export const sqliteCode = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_') ? error.code : null

// A write that fails other than by ENOSPC (a quota, a file size limit) comes as IOERR_WRITE; for us it is the same: no room to write.
const FULL_CODES: readonly string[] = ['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE']
const BROKEN_CODES: readonly string[] = ['SQLITE_IOERR', 'SQLITE_CORRUPT', 'SQLITE_NOTADB']
const PAGES_PER_MB = 256
/** Bytes kept aside for the alarm that names a full disk. */
const RESERVE_BYTES = 2_097_152
/** What a large write may lack: with fewer left the file counts as full. */
const SPARE_PAGES = 16
/** Pages the WAL is grown to at start: while it grows, every flush also commits file system metadata [engine 4.2]. */
const WAL_PAGES = 1_000
/** A file with a cap has no use for a WAL beyond this part of it. */
const WAL_SHARE = 16
const WAL_HEADER_BYTES = 32
const WAL_FRAME_BYTES = 4_096 + 24
/** How long a commit waits for an outside reader of the file (a backup, a person with a SQL shell). */
const BUSY_MS = 2_000

const openChecked = (file: string, form: DatabaseForm): Database => {
  const db = openFile(file, BUSY_MS)
  try {
    judgeSqlite(String(db.prepare('select sqlite_version()').pluck().get()))
    db.pragma('journal_mode = wal')
    db.pragma('synchronous = full')
    db.pragma('mmap_size = 0')
    db.pragma('temp_store = memory')
    db.pragma('cache_size = -65536')
    db.pragma('wal_autocheckpoint = 8192')
    ensureForm(db, file, form)
    return db
  } catch (cause) {
    db.close()
    throw foreignOr(cause, file)
  }
}

/** While a file is being opened, whatever SQLite says is about the file. */
const failureOf = (file: string, cause: unknown): unknown => {
  const code = sqliteCode(cause)
  return code === null ? cause : fault('database.failed', { file, code }, cause)
}

const foreignOr = (cause: unknown, file: string): unknown =>
  sqliteCode(cause) === 'SQLITE_NOTADB' ? fault('database.not-ours', { file, why: 'no SQLite file' }, cause) : cause

const openFile = (file: string, timeout: number, options: BetterSqlite3.Options = {}): Database => {
  try {
    return new BetterSqlite3(file, { timeout, ...options })
  } catch (cause) {
    throw fault('database.failed', { file, code: sqliteCode(cause) ?? String(cause) }, cause)
  }
}

const ensureForm = (db: Database, file: string, form: DatabaseForm): void => {
  const found = Number(db.pragma('user_version', { simple: true }))
  const mark = Number(db.pragma('application_id', { simple: true }))
  const tables = Number(db.prepare('select count(*) from sqlite_schema').pluck().get())
  if (tables === 0 && !db.readonly) {
    db.transaction(() => {
      db.exec(form.schema)
      db.pragma(`application_id = ${form.applicationId}`)
      db.pragma(`user_version = ${form.version}`)
    }).immediate()
    return
  }
  if (mark !== form.applicationId) throw fault('database.not-ours', { file, why: `application id ${mark}` })
  if (found > form.version) throw fault('database.schema-newer', { file, found, known: form.version })
  if (found < form.version && !db.readonly) upgrade(db, file, form, found)
}

/** All or nothing: a process that is killed meanwhile, or a disk that fills, leaves the earlier version as it was. */
const upgrade = (db: Database, file: string, form: DatabaseForm, found: number): void => {
  const change = form.upgrade
  if (!change) throw fault('database.not-ours', { file, why: `schema version ${found}` })
  db.transaction(() => {
    change(db, found)
    db.pragma(`user_version = ${form.version}`)
  }).immediate()
}

/**
 * Owns a file by an exclusive transaction on a small SQLite file beside it: the operating system drops that lock when the process dies, however
 * it dies, so nothing stale can be left (H-002). The owner's pid is written beside it only to be named.
 */
const ownFile = (file: string): Lock => {
  const ownerFile = `${file}.owner`
  const lock = openFile(`${file}.lock`, 0)
  try {
    // In an empty file even a transaction that changes nothing writes the first page, for which a full disk has no room.
    if (lock.pragma('page_count', { simple: true }) === 0) lock.pragma('user_version = 1')
    lock.exec('begin exclusive')
  } catch (cause) {
    lock.close()
    throw sqliteCode(cause)?.startsWith('SQLITE_BUSY') ? fault('database.in-use', { file, pid: ownerIn(ownerFile) }, cause) : cause
  }
  nameOwner(ownerFile)
  return {
    release: () => {
      rmSync(ownerFile, { force: true })
      lock.close()
    },
  }
}
interface Lock {
  readonly release: () => void
}

const nameOwner = (ownerFile: string): void => {
  try {
    writeFileSync(ownerFile, `${process.pid} ${hostname()}\n`)
  } catch (cause) {
    // Whoever comes second on a full disk is refused without a name.
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC')) throw cause
  }
}

/** On a full disk even opening a file needs a little room (the index of its WAL): then the reserve gives it. */
const withReserve = <Opened>(file: string, open: () => Opened): Opened => {
  try {
    return open()
  } catch (cause) {
    if (storageTroubleOf(cause) !== 'full' || !existsSync(reserveFile(file))) throw cause
    rmSync(reserveFile(file))
    return open()
  }
}
const reserveFile = (file: string): string => `${file}.reserve`

const ownerIn = (ownerFile: string): string => {
  try {
    return readFileSync(ownerFile, 'utf8').trim()
  } catch {
    return '?'
  }
}

/** Zeros behind the last frame are no frame (salt and checksum fail), so SQLite never reads them. */
const stretchWal = (file: string, pages: number): void => {
  const wal = openSync(`${file}-wal`, 'a')
  try {
    const missing = WAL_HEADER_BYTES + pages * WAL_FRAME_BYTES - fstatSync(wal).size
    if (missing <= 0) return
    writeSync(wal, new Uint8Array(missing))
    fsyncSync(wal)
  } catch (cause) {
    // A full disk must not keep the hub from starting: it still answers questions.
    if (!isNoRoom(cause)) throw cause
  } finally {
    closeSync(wal)
  }
}
const isNoRoom = (cause: unknown): boolean => cause instanceof Error && 'code' in cause && NO_ROOM_CODES.includes(String(cause.code))
const NO_ROOM_CODES: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG']

const reserveOf = (db: Database, file: string): Pick<OpenedDatabase, 'freeReserve' | 'keepReserve'> => {
  const reserve = reserveFile(file)
  const counted = (what: string) => Number(db.pragma(what, { simple: true }))
  const pages = counted('max_page_count')
  const usedPages = () => counted('page_count') - counted('freelist_count')
  return {
    freeReserve: () => {
      if (file !== ':memory:') rmSync(reserve, { force: true })
      db.pragma(`max_page_count = ${pages + RESERVE_BYTES / 4096}`)
    },
    keepReserve: () => {
      db.pragma(`max_page_count = ${pages}`)
      // A file as long as it may be is full too: a commit that writes nothing proves no room.
      if (usedPages() > pages - SPARE_PAGES) return false
      if (file === ':memory:') return true
      try {
        // Whoever had the file last may have left it, with its room.
        if (statSync(reserve, { throwIfNoEntry: false })?.size !== RESERVE_BYTES) writeFileSync(reserve, Buffer.alloc(RESERVE_BYTES))
        return true
      } catch {
        rmSync(reserve, { force: true })
        return false
      }
    },
  }
}
