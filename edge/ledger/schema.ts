import type { Shape } from '../database.ts'

/**
 * The node's tables in one SQLite file [ledger-and-sync 2]. `log` is the truth; what stands below the second line is a projection, written
 * only in the log row's transaction and rebuildable from it. Flushes wear the card: no index that nothing asks by.
 */
const SCHEMA = `
create table ledger (key text primary key, value text not null) strict, without rowid;

create table epoch (ord integer primary key, stream text not null, epoch text not null, parent_epoch text, parent_seq integer, parent_hash blob,
  held_seq integer not null, head_hash blob not null, last_at integer not null, here integer not null, unique (stream, epoch)) strict;
create table log (stream text not null, epoch text not null, seq integer not null, at integer not null, hash blob not null, kept_at integer not null,
  kind text not null, body text not null, primary key (stream, epoch, seq)) strict, without rowid;
create table batch_signature (stream text not null, epoch text not null, upto_seq integer not null, head_hash blob not null, key text not null,
  sig blob not null, primary key (stream, epoch, upto_seq)) strict, without rowid;
create table action (action text primary key, act text, stream text not null, epoch text not null, first_seq integer not null, entries integer not null)
  strict, without rowid;
create table certificate (node text not null, serial integer not null, key text not null, certificate text not null, signature text not null,
  primary key (node, serial, key)) strict, without rowid;
create table revoked (key text primary key) strict, without rowid;

-- projections --------------------------------------------------------------------------------------------------------------------------
create table parked (stream text not null, epoch text not null, seq integer not null, primary key (stream, epoch, seq)) strict, without rowid;
create table position (lot text not null, place text not null, units integer not null, room integer not null, primary key (lot, place),
  check (room = 0 or units >= 0)) strict, without rowid;
create table lot (lot text primary key, item text not null, lot_number text not null, printed text not null, expiry text, produced text,
  conflict integer not null) strict, without rowid;
-- Days told of a lot where they differ, and what people answered: told holds all days an answer was given among, as JSON.
create table lot_told (lot text not null, expiry text not null, primary key (lot, expiry)) strict, without rowid;
create table lot_answer (lot text not null, version integer not null, entry text not null, expiry text not null, told text not null, reason text,
  actor text, at text not null, primary key (lot, version, entry)) strict, without rowid;
create table master (kind text not null, id text not null, version integer not null, since text not null, retired integer not null, ord integer not null,
  seq integer not null, nth integer not null, words text not null, primary key (kind, id, version)) strict, without rowid;
create table item_code (code text not null, item text not null, version integer not null, level integer not null,
  primary key (code, item, version, level)) strict, without rowid;
create table bound_code (code text primary key, item text not null, pack text not null, units integer not null, entry text not null, at text not null)
  strict, without rowid;
create table site (site text primary key, version integer not null, body text not null) strict, without rowid;
create table tag (epc text primary key, lot text not null, printed text not null, expiry text, pack text not null, registered integer not null,
  site text not null, doc text, units integer, place text, ended text) strict, without rowid;
create index tag_by_place on tag (lot, place) where place is not null;
create table movement (at integer primary key, stream text not null, epoch text not null, seq integer not null) strict;
create table lot_movement (lot text not null, at integer not null, primary key (lot, at)) strict, without rowid;
create table confirmation (entry text not null, epc text not null, primary key (entry, epc)) strict, without rowid;
create table reversal (entry text not null, line integer not null, by_entry text not null, primary key (entry, line)) strict, without rowid;
create table task (task text primary key, at integer not null, settled_by text, asked text) strict, without rowid;
create index task_open on task (at) where settled_by is null;
create index task_asked on task (asked) where asked is not null;
create table expected (doc text not null, lot text not null, src text not null, due text, expiry text, announced integer not null, entry text not null,
  primary key (doc, lot)) strict, without rowid;
create table advice (action text not null, part integer not null, entry text, withdrawn integer not null, primary key (action, part))
  strict, without rowid;
create table received_under (lot text not null, doc text not null, units integer not null, from_transit integer not null,
  primary key (lot, doc)) strict, without rowid;
create table counted (task text not null, lot text not null, place text not null, entry text not null, primary key (task, lot, place))
  strict, without rowid;
create table opening_part (act text not null, part integer not null, parts integer not null, entry text not null, at integer not null,
  primary key (act, part)) strict, without rowid;
create table opening_answer (entry text primary key, act text not null, part integer, at integer not null) strict, without rowid;
create table opening_withdrawn (act text primary key, entry text not null) strict, without rowid;
create table tag_change (entry text not null, epc text not null, before text, after text not null, primary key (entry, epc)) strict, without rowid;
-- before: the rows of both tags as they stood, as JSON: what taking it back restores.
create table retag (entry text primary key, at integer not null, undone text, before text not null) strict, without rowid;
create index retag_by_time on retag (at);
create table boot_clock (boot text not null, up_ms integer not null, true_ms integer not null, primary key (boot, up_ms)) strict, without rowid;
create table raised (alarm text primary key, facts text not null, at text not null) strict, without rowid;
create table ownership (node text primary key, owner text not null, entry text not null) strict, without rowid;
create table checkpoint (epoch text not null, size integer not null, text text not null, entry text not null, primary key (epoch, size)) strict, without rowid;
-- Entries about a device, by the time they tell of: times it was not heard, and work on it.
create table device_entry (at_ms integer not null, entry text not null, primary key (at_ms, entry)) strict, without rowid;
create table hub_act (act text primary key) strict, without rowid;
-- Who may sign in here, as the county's highest version says; names and verifiers are elsewhere.
create table roster (node text primary key, version integer not null, body text not null) strict, without rowid;
create table acknowledgement (alarm text primary key, by_actor text, at text not null) strict, without rowid;
`

/** `LKEN`: Lotkeeper edge node. */
export const LEDGER_SHAPE: Shape = { application: 0x4c4b454e, version: 10, schema: SCHEMA }

/** Every projection, with the columns that name a row: what `rebuild` empties, refolds and compares. */
export const PROJECTIONS = [
  'parked',
  'position',
  'lot',
  'lot_told',
  'lot_answer',
  'master',
  'item_code',
  'bound_code',
  'site',
  'tag',
  'movement',
  'lot_movement',
  'confirmation',
  'reversal',
  'task',
  'expected',
  'advice',
  'received_under',
  'counted',
  'opening_part',
  'opening_answer',
  'opening_withdrawn',
  'tag_change',
  'retag',
  'boot_clock',
  'raised',
  'ownership',
  'checkpoint',
  'device_entry',
  'hub_act',
  'roster',
  'acknowledgement',
] as const
