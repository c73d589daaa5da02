import type { Grant, Right } from '@lotkeeper/protocol/rules/access.ts'
import { type Database, type OpenedDatabase, openDatabase, storageTroubleOf } from '../database.ts'

/** Somebody who may sign in. Verifiers are what scrypt made; `code` is a one-time code's digest, by which a first or forgotten password is set. */
export interface UserRow {
  readonly id: string
  readonly login: string
  readonly name: string
  readonly grants: readonly Grant[]
  readonly password: string | null
  readonly code: string | null
  readonly codeUntilMs: number
  /** The secret of the authenticator app; it counts once `totpOn`. */
  readonly totp: string | null
  readonly totpOn: boolean
  /** The last time step a code was taken of: none is taken twice. */
  readonly totpStep: number
  readonly pin: string | null
  /** Name at the county's identity provider, and the subject it was bound to at the first sign-in. */
  readonly sso: string | null
  readonly subject: string | null
  readonly state: 'active' | 'ended' | 'erased'
  readonly version: number
  readonly madeMs: number
  readonly changedMs: number
}

/** A sign-in that lasts; `key` is the digest of its token, `id` names it to people. */
export interface SessionRow {
  readonly key: string
  readonly id: string
  readonly user: string
  readonly by: 'password' | 'code' | 'oidc'
  readonly madeMs: number
  readonly seenMs: number
  readonly untilMs: number
  readonly address: string
  readonly agent: string
}

/** A machine that calls the API; `key` is the digest of its secret. */
export interface MachineRow {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly grants: readonly Grant[]
  readonly scopes: readonly Right[] | null
  readonly perMinute: number
  readonly madeBy: string
  readonly madeMs: number
  readonly untilMs: number
  readonly seenMs: number
  readonly endedMs: number
}

/** Wrong tries under one name (a user at an address, a user, an address). */
export interface TriesRow {
  readonly name: string
  readonly wrong: number
  readonly untilMs: number
  readonly atMs: number
}

/** People, machines and sessions as they are kept: a file of their own, for everything in it can be erased. Writes are flushed when they return. */
export interface PeopleStore {
  readonly users: Table<UserRow>
  readonly sessions: Table<SessionRow>
  readonly machines: Table<MachineRow>
  readonly tries: Table<TriesRow>
  /** Takes what was dropped or replaced out of the file's log too. */
  readonly scrub: () => void
  /** Several writes, all or none. */
  readonly together: <Done>(act: () => Done) => Done
  readonly close: () => void
}

/** Rows by their key, each kept whole. */
export interface Table<Row> {
  readonly get: (key: string) => Row | null
  readonly all: () => readonly Row[]
  readonly put: (row: Row) => void
  /** As `put`, but a disk without room keeps it in memory alone: nobody is kept out because the disk is full. */
  readonly putLoosely: (row: Row) => void
  readonly drop: (key: string) => void
}

/** Opens the file; `:memory:` is for tests. Throws the faults of `openDatabase`. */
export const openPeopleStore = (file: string): PeopleStore => {
  const opened: OpenedDatabase = openDatabase(file, FORM)
  const { db } = opened
  // What is dropped is overwritten: an erased person must not stand in the free pages of the file. It holds for this opening, not for the file.
  db.pragma('secure_delete = on')
  return {
    users: tableOf<UserRow>(db, 'user', 'id'),
    sessions: tableOf<SessionRow>(db, 'session', 'key'),
    machines: tableOf<MachineRow>(db, 'machine', 'id'),
    tries: tableOf<TriesRow>(db, 'tries', 'name'),
    scrub: () => void db.pragma('wal_checkpoint(TRUNCATE)'),
    together: (act) => db.transaction(act).immediate(),
    close: opened.close,
  }
}

/** A county has hundreds of people: all of a table are held, and what is read often costs no question of the file. */
const tableOf = <Row extends object>(db: Database, table: string, key: keyof Row & string): Table<Row> => {
  const rows = new Map<string, Row>()
  for (const { row } of db.prepare<[], { row: string }>(`SELECT row FROM ${table}`).all()) {
    const read = JSON.parse(row) as Row
    rows.set(String(read[key]), read)
  }
  const put = db.prepare<[string, string]>(
    `INSERT INTO ${table} (key, row) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET row = excluded.row`,
  )
  const drop = db.prepare<[string]>(`DELETE FROM ${table} WHERE key = ?`)
  const keep = (row: Row): void => {
    put.run(String(row[key]), JSON.stringify(row))
    rows.set(String(row[key]), row)
  }
  return {
    get: (name) => rows.get(name) ?? null,
    all: () => [...rows.values()],
    put: keep,
    putLoosely: (row) => {
      try {
        keep(row)
      } catch (error) {
        if (storageTroubleOf(error) === null) throw error
        rows.set(String(row[key]), row)
      }
    },
    drop: (name) => {
      drop.run(name)
      rows.delete(name)
    },
  }
}

const TABLES = ['user', 'session', 'machine', 'tries'] as const
const FORM = {
  /** "LKpe" */
  applicationId: 0x4c_4b_70_65,
  version: 1,
  isSmall: true,
  schema: TABLES.map((table) => `CREATE TABLE ${table} (key TEXT PRIMARY KEY, row TEXT NOT NULL) STRICT, WITHOUT ROWID;`).join(' '),
} as const
