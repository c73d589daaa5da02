import type { DatabaseForm } from '../database.ts'

/**
 * How devices are found by what they share. The first import of a file makes them when it is through: built whole they cost a quarter of what
 * they cost row by row, and until then there is nothing to be found by them.
 */
export const DEVICE_INDEXES = `
create index if not exists device_by_name on device (name);
create index if not exists device_by_trade on device (trade) where trade is not null;
create index if not exists device_by_maker on device (maker) where maker is not null;
create index if not exists device_by_certificate on device (certificate) where certificate is not null;
create index if not exists device_by_model on device (model collate nocase) where model <> '';
`
/** Leaves only the codes. */
export const DROP_DEVICE_INDEXES = ['name', 'trade', 'maker', 'certificate', 'model']
  .map((column) => `drop index if exists device_by_${column};`)
  .join('\n')
/** How many there are when none is missing. */
export const DEVICE_INDEX_COUNT = 5

/**
 * The reference: the public device database as it was last released, in a file of its own. It is no ledger: all of it can be made again from
 * the release, so a later version of the form begins with an empty file.
 */
export const REFERENCE_FORM: DatabaseForm = {
  /** `lotr` */
  applicationId: 0x6c6f7472,
  version: 1,
  schema: `
-- One row for each run of an import. keep_text: what it kept; an import that was broken off goes on after entries_done.
create table import (id integer primary key, name text not null, sha256 text not null, keep_text text not null, bytes integer not null,
  state text not null, entries_done integer not null, counts text not null, why text, actor text not null, started_at text not null, ended_at text) strict;
create index import_by_file on import (sha256, keep_text);
create table import_error (import integer not null, n integer not null, part text not null, di text not null, refusal text not null,
  primary key (import, n)) strict, without rowid;

-- A text many records share: names, trade names, makers, certificates. sought holds what begins it, term_gram what stands anywhere in it.
create table term (id integer primary key, kind integer not null, text text not null, unique (kind, text)) strict;
create table sought (why integer not null, key text not null, kind integer not null, term integer not null,
  primary key (why, key, kind, term)) strict, without rowid;
create virtual table term_gram using fts5 (grams, content='', detail=none, columnsize=0, tokenize='ascii');
create table mark (key text primary key, value integer not null) strict, without rowid;
insert into mark values ('indexed', 0);

create table device (id integer primary key, di text not null, version integer not null, name integer not null, trade integer, maker integer,
  certificate integer, model text not null, withdrawn text not null, rest text not null) strict;
-- Every code of a record and of its packs. own: the record's own DI.
create table code (code text not null, own integer not null, device integer not null, primary key (code, own, device)) strict, without rowid;
${DEVICE_INDEXES}`,
}

/** Kinds of shared texts, the most telling first: a hit on a name stands before a hit on a maker. */
export const TERM_KINDS = ['name', 'trade', 'certificate', 'maker'] as const
export type TermKind = (typeof TERM_KINDS)[number]
/** What a row of `sought` is the beginning of. */
export const SOUGHT = { name: 0, initials: 1, pinyin: 2, digits: 3 } as const
