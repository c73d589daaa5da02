import type { DatabaseForm } from '../database.ts'

/**
 * What was done, in a file of its own. `chain`: one row an act; `body` is its canonical text and `hash` the SHA-256 of that. The columns beside it are
 * there to be searched for and say what the body says, which verifying compares. `detail`: what may be erased; the chain holds its digest only.
 */
export const AUDIT_FORM: DatabaseForm = {
  /** `lota` */
  applicationId: 0x6c6f7461,
  version: 1,
  schema: `
create table chain (seq integer primary key, body text not null, hash text not null,
  at text not null, who text, act text not null, subject text) strict;
create index chain_by_at on chain (at);
create index chain_by_who on chain (who) where who is not null;
create index chain_by_act on chain (act);
create index chain_by_subject on chain (subject) where subject is not null;
create table detail (seq integer primary key, salt text not null, json text not null) strict;`,
}
