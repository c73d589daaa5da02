import type { DatabaseForm } from '../database.ts'

/** What a batch has written is asked every second while it is written. */
const WRITTEN = 'create index if not exists row_written on row (run, n) where written > 0;'
/** Whether a record stands as an undoing left it, whichever batch that was of. */
const UNDONE = 'create index if not exists row_undone on row (id, written) where written < 0;'

/**
 * What is being imported, in a file of its own beside the ledger's: rows as they came, what becomes of them, what was written. It is no ledger;
 * without it nothing can be undone as a batch any more, and the catalogue is what it is.
 */
export const IMPORTS_FORM: DatabaseForm = {
  /** `loti` */
  applicationId: 0x6c6f7469,
  version: 3,
  schema: `
create table run (id integer primary key, kind text not null, name text not null, sha256 text not null, attempt integer not null, state text not null,
  done integer not null, rows integer not null, columns text not null, ignored text not null, why text, actor text not null,
  started_at text not null, ended_at text, committed_at text) strict;
create index run_by_file on run (sha256, kind);
-- cells: as they came. fields: what the row says, to be saved. version: the one it was compared with, 0 for a new record.
-- before: what that version said. written: the version the commit made, 0 when it made none, below 0 the version that undid it.
create table row (run integer not null, n integer not null, cells text not null, outcome text not null, id text, name text not null,
  fields text, before text, version integer not null, shown text not null, why text, written integer not null default 0,
  primary key (run, n)) strict, without rowid;
create index row_by_outcome on row (run, outcome, n);
${WRITTEN}
${UNDONE}`,
  upgrade: (db) => void db.exec(`${WRITTEN} ${UNDONE}`),
}
