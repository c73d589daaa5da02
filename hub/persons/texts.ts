import { createHash, randomBytes } from 'node:crypto'
import { type DatabaseForm, openDatabase } from '../database.ts'

/**
 * Texts that say who a person is and how to reach them, in a file of their own beside the ledger, for an entry can never be changed. An entry holds
 * the text's name: a hash of the text and of 32 random bytes that are kept here with it. While both are here the name proves the text; once they
 * are erased nobody can try texts against it.
 */
export interface PersonTexts {
  /** Keeps texts before what names them is written; each answers the name. They are not settled yet. */
  readonly keep: (texts: readonly KeptText[]) => readonly string[]
  /** What names them is written. */
  readonly settle: (refs: readonly string[]) => void
  readonly drop: (refs: readonly string[]) => void
  /** Texts whose writing was broken off, with the act that was to name them. */
  readonly unsettled: () => readonly { readonly ref: string; readonly action: string }[]
  /** The text of a name; null: it is not here, or is not the one that was named. */
  readonly text: (ref: string) => string | null
  /** Whether what that version of a party said of a person was erased. */
  readonly isErased: (party: string, version: number) => boolean
  /** Every text that is kept. */
  readonly all: () => IterableIterator<KeptRow>
  /** The texts of those versions of a party. */
  readonly of: (party: string, from: number, upto: number) => readonly string[]
  /** Erases the texts of those versions for good, also out of what the file once held, and remembers the act. */
  readonly erase: (erasure: Erasure) => void
  readonly erasures: (limit: number) => readonly Erasure[]
  readonly erasure: (action: string) => Erasure | null
  readonly close: () => void
}
export interface KeptText {
  readonly party: string
  readonly version: number
  readonly text: string
  readonly action: string
}
export interface KeptRow {
  readonly party: string
  readonly version: number
  readonly text: string
  readonly at: string
}
/** That something was erased, when and by whom; never what. Of a party: those versions; `chained` of them stand in old entries, and are only hidden. */
export interface Erasure {
  readonly action: string
  readonly of: 'party' | 'user'
  readonly id: string
  readonly from: number | null
  readonly upto: number | null
  readonly actor: string
  readonly at: string
  readonly texts: number
  readonly chained: number
}

export const openPersonTexts = (file: string, now: () => number): PersonTexts => {
  const opened = openDatabase(file, FORM)
  const { db } = opened
  // What is deleted is overwritten, and not only let go of.
  db.pragma('secure_delete = on')
  const put = db.prepare<[string, string, number, Buffer, string, string, string]>('insert into text values (?, ?, ?, ?, ?, ?, ?)')
  const settled = db.prepare<[string]>(`update text set action = '' where ref = ?`)
  const dropped = db.prepare<[string]>('delete from text where ref = ?')
  const broken = db.prepare<[], { readonly ref: string; readonly action: string }>(`select ref, action from text where action <> ''`)
  const one = db.prepare<[string], { readonly salt: Buffer; readonly text: string }>('select salt, text from text where ref = ?')
  const covered = db
    .prepare<[string, number], number>(
      `select exists (select 1 from erasure where of = 'party' and id = ? and ? between from_version and upto_version)`,
    )
    .pluck()
  const all = db.prepare<[], KeptRow>('select party, version, text, at from text order by party, version')
  const some = db.prepare<[string, number, number], string>('select text from text where party = ? and version between ? and ?').pluck()
  const wiped = db.prepare<[string, number, number]>('delete from text where party = ? and version between ? and ?')
  const noted = db.prepare<[string, string, string, number | null, number | null, string, string, number, number]>(
    'insert into erasure values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const listed = db.prepare<[number], Erasure>(`${ERASURE} order by at desc, action limit ?`)
  const known = db.prepare<[string], Erasure>(`${ERASURE} where action = ?`)
  const each = (statement: { readonly run: (ref: string) => unknown }) =>
    db.transaction((refs: readonly string[]) => {
      for (const ref of refs) statement.run(ref)
    })
  const keep = db.transaction((texts: readonly KeptText[]) =>
    texts.map(({ party, version, text, action }) => {
      const salt = randomBytes(SALT_BYTES)
      const ref = refOf(salt, text)
      put.run(ref, party, version, salt, text, new Date(now()).toISOString(), action)
      return ref
    }),
  )
  const erase = db.transaction(({ action, of, id, from, upto, actor, at, texts, chained }: Erasure) => {
    if (of === 'party') wiped.run(id, from ?? 0, upto ?? 0)
    noted.run(action, of, id, from, upto, actor, at, texts, chained)
  })
  return {
    keep: (texts) => keep.immediate(texts),
    settle: (refs) => each(settled).immediate(refs),
    drop: (refs) => each(dropped).immediate(refs),
    unsettled: () => broken.all(),
    text: (ref) => {
      const row = one.get(ref)
      return row && refOf(row.salt, row.text) === ref ? row.text : null
    },
    isErased: (party, version) => covered.get(party, version) === 1,
    all: () => all.iterate(),
    of: (party, from, upto) => some.all(party, from, upto),
    erase: (erasure) => {
      erase.immediate(erasure)
      // The log of changes held them too.
      db.pragma('wal_checkpoint(TRUNCATE)')
    },
    erasures: (limit) => listed.all(limit),
    erasure: (action) => known.get(action) ?? null,
    close: opened.close,
  }
}

const SALT_BYTES = 32
const refOf = (salt: Buffer, text: string): string => createHash('sha256').update(salt).update(text).digest('hex')

const ERASURE = 'select action, of, id, from_version as "from", upto_version as upto, actor, at, texts, chained from erasure'
const FORM: DatabaseForm = {
  /** `lotp` */
  applicationId: 0x6c6f7470,
  version: 1,
  schema: `
-- action: the act that is about to name the text; empty once that is written.
create table text (ref text primary key, party text not null, version integer not null, salt blob not null, text text not null,
  at text not null, action text not null) strict, without rowid;
create index text_by_party on text (party, version);
create index text_unsettled on text (action) where action <> '';
create table erasure (action text primary key, of text not null, id text not null, from_version integer, upto_version integer,
  actor text not null, at text not null, texts integer not null, chained integer not null) strict, without rowid;
create index erasure_by_id on erasure (of, id);`,
}
