import type { DatabaseForm } from '../database.ts'

/**
 * Who is told what, and what waits to be told, in a file of its own beside the ledger's. What is queued and how far the ledger was read stand in
 * one commit, so that neither a kill nor a full disk leaves anything out or queues it twice.
 */
export const WEBHOOKS_FORM: DatabaseForm = {
  /** `lotw` */
  applicationId: 0x6c6f7477,
  version: 1,
  isSmall: true,
  schema: `
-- secret, old_secret: sealed under a key that is not in this file. failing: since when tries in a row fail. next: not before then.
create table webhook (id text primary key, ord integer not null, version integer not null, name text not null, url text not null, events text not null,
  sites text not null, state text not null, why text, since integer not null, secret blob not null, secret_action text not null, old_secret blob,
  old_until integer, failures integer not null default 0, failing integer, next integer, missed integer not null default 0, tested integer,
  last text, made integer not null, made_by text not null) strict, without rowid;
-- body: null as soon as it is not needed any more.
create table delivery (n integer primary key, webhook text not null, id text not null, event text not null, at integer not null, body text,
  state text not null, tries integer not null default 0, tried integer, status integer, trouble text, took integer) strict;
create index delivery_by_state on delivery (webhook, state, n);
create index delivery_by_webhook on delivery (webhook, n);
-- How far the ledger's movements were read, and what stood open or on line when it was looked at last.
create table place (key text primary key, value text not null) strict, without rowid;
create table seen (kind text not null, id text not null, body text not null, primary key (kind, id)) strict, without rowid;
-- Acts that were done, so that a repeated one is answered and not done again.
create table act (action text primary key, actor text not null, asked text not null, webhook text not null, at integer not null) strict, without rowid;
`,
}
