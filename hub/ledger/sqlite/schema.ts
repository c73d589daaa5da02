/**
 * The master ledger's tables in one SQLite file [ledger-and-sync 2]. `log` is the truth and the dedupe key; everything below the second line
 * is a projection, written only in the log row's transaction and rebuildable from the log. Of secondary indexes the movements' write path pays
 * for `position_by_place` and `feed_by_site` only. `acted` finds again what an action of the hub's own wrote.
 */
export const SCHEMA_VERSION = 1

export const SCHEMA = `
create table ledger (key text primary key, value text not null) strict, without rowid;

create table certificate (node text not null, serial integer not null, key text not null, certificate text not null, signature text not null,
  revoked_at text, primary key (node, serial)) strict, without rowid;
create table enrolment (node text not null, secret_hash text not null, until_ms integer not null, replace_node integer not null, used_ms integer,
  primary key (node, secret_hash)) strict, without rowid;

create table epoch (ord integer primary key, stream text not null, epoch text not null, parent_epoch text, parent_seq integer, parent_hash blob,
  held_seq integer not null, head_hash blob not null, applied_seq integer not null, unique (stream, epoch)) strict;
create table log (stream text not null, epoch text not null, seq integer not null, hash blob not null, received_at integer not null, body text not null,
  primary key (stream, epoch, seq)) strict, without rowid;
create table batch_signature (stream text not null, epoch text not null, upto_seq integer not null, head_hash blob not null, key text not null, sig blob not null,
  primary key (stream, epoch, upto_seq)) strict, without rowid;
create table refused (stream text not null, epoch text not null, from_seq integer not null, hash text not null, code text not null,
  primary key (stream, epoch, from_seq)) strict, without rowid;
create table quarantine (node text not null, hash blob not null, code text not null, received_at integer not null, payload blob not null,
  primary key (node, hash)) strict, without rowid;
create table node_life (node text primary key, online integer not null, since integer, last_heard integer, epoch text, software text, skew_ms integer,
  waiting integer not null default 0, devices text not null default '[]') strict, without rowid;

-- projections --------------------------------------------------------------------------------------------------------------------------
create table item (item text primary key, version integer not null, body text not null, search text not null) strict, without rowid;
create table item_gtin (gtin text primary key, item text not null, pack text not null, units integer not null) strict, without rowid;
create table site (site text primary key, version integer not null, body text not null) strict, without rowid;
create table lot (lot text primary key, item text not null, lot_number text not null, printed text not null, expiry text, produced text) strict, without rowid;
create table tag (epc text primary key, lot text not null, expiry text, pack text not null, units integer not null, site text not null, doc text,
  registered_at integer not null, entry text not null) strict, without rowid;
create index tag_by_lot on tag (lot, epc);
create index tag_by_site on tag (site, epc);
create table movement (lot text not null, mv integer not null, stream text not null, epoch text not null, seq integer not null, line integer not null,
  kind text not null, src text not null, dst text not null, units integer not null check (units > 0), occurred text not null, doc text, reverses text,
  primary key (lot, mv)) strict, without rowid;
create table feed (mv integer primary key, lot text not null, site text not null) strict;
create index feed_by_site on feed (site);
create table reversal (entry text not null, line integer not null, by_entry text not null, primary key (entry, line)) strict, without rowid;
create table flow (lot text not null, src text not null, dst text not null, units integer not null, n integer not null, first text not null, last text not null,
  primary key (lot, src, dst)) strict, without rowid;
create table position (lot text not null, place text not null, units integer not null, primary key (lot, place)) strict, without rowid;
create index position_by_place on position (place, lot) where units <> 0;
create table period_delta (lot text not null, place text not null, month text not null, units_in integer not null, units_out integer not null,
  primary key (lot, place, month)) strict, without rowid;
create table discrepancy (discrepancy text primary key, kind text not null, severity integer not null, site text, subject text not null, title text not null,
  entry text, opened_at integer not null, closed_at integer) strict, without rowid;
create index discrepancy_open on discrepancy (site) where closed_at is null;
create table acted (action text not null, part integer not null, stream text not null, epoch text not null, seq integer not null,
  primary key (action, part)) strict, without rowid;
`
