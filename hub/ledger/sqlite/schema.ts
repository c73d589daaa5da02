/**
 * The master ledger's tables in one SQLite file [ledger-and-sync 2]. `log` is the truth and the dedupe key; `PROJECTIONS` are written only in
 * the log row's transaction and are rebuildable from the log. Of secondary indexes the movements' write path pays for `position_by_place` and
 * `feed_by_site` only, and for `movement_into` and `movement_out_of` where something passes between two sites. `acted` finds again what an action of the hub's own wrote,
 * `hub_act` tells that it moved what it moves.
 */
export const SCHEMA_VERSION = 9
/** `lotk`: tells our file from any other SQLite file. */
export const APPLICATION_ID = 0x6c6f746b

/** Tables of version 2 beside the log: the tree over it (one per hub epoch), and what nodes told of their places. */
export const LOG_TABLES_2 = `
create table tree_tile (hub_epoch text not null, level integer not null, tile integer not null, hashes blob not null,
  primary key (hub_epoch, level, tile)) strict, without rowid;
create table tree_head (hub_epoch text not null, size integer not null, root blob not null, text text not null, at integer not null,
  primary key (hub_epoch, size)) strict, without rowid;
-- One row per tree, in the order they were begun; first: the text that is its leaf 0. A span: entries that were taken in a row, and their first leaf.
create table tree (hub_epoch text primary key, ord integer not null, first text not null) strict, without rowid;
create table tree_span (stream text not null, epoch text not null, seq integer not null, entries integer not null, hub_epoch text not null,
  leaf integer not null, at integer not null, primary key (stream, epoch, seq)) strict, without rowid;
create table digest (node text primary key, epoch text not null, seq integer not null, at integer not null, same integer not null) strict, without rowid;
create table hub_have (node text not null, stream text not null, epoch text not null, held integer not null, primary key (node, stream, epoch)) strict, without rowid;
`

export const LOG_TABLES = `
create table ledger (key text primary key, value text not null) strict, without rowid;

create table certificate (node text not null, serial integer not null, key text not null, certificate text not null, signature text not null,
  revoked_at text, primary key (node, serial)) strict, without rowid;
create table enrolment (node text not null, secret_hash text not null, until_ms integer not null, replace_node integer not null, used_ms integer,
  used_key text, primary key (node, secret_hash)) strict, without rowid;

-- ord of an epoch: the order in which epochs were first held. ord of a log row: the order in which the hub applied it; null while parked (H-003).
create table epoch (ord integer primary key, stream text not null, epoch text not null, parent_epoch text, parent_seq integer, parent_hash blob,
  held_seq integer not null, head_hash blob not null, applied_seq integer not null, unique (stream, epoch)) strict;
create table log (stream text not null, epoch text not null, seq integer not null, hash blob not null, received_at integer not null, ord integer,
  body text not null, primary key (stream, epoch, seq)) strict, without rowid;
create table batch_signature (stream text not null, epoch text not null, upto_seq integer not null, head_hash blob not null, key text not null, sig blob not null,
  primary key (stream, epoch, upto_seq)) strict, without rowid;
create table refused (stream text not null, epoch text not null, from_seq integer not null, hash text not null, code text not null,
  primary key (stream, epoch, from_seq)) strict, without rowid;
create table quarantine (node text not null, hash blob not null, code text not null, received_at integer not null, payload blob not null,
  primary key (node, hash)) strict, without rowid;
create table quarantine_count (node text not null, code text not null, n integer not null, kept_bytes integer not null, last_at integer not null,
  primary key (node, code)) strict, without rowid;
create table node_life (node text primary key, online integer not null, since integer, last_heard integer, epoch text, software text, skew_ms integer,
  waiting integer not null default 0, devices text not null default '[]') strict, without rowid;
${LOG_TABLES_2}`

/** Of source `log` when it follows from entries and is refolded with them; of source `event` when it was seen once and must be kept. */
const DISCREPANCY = `discrepancy text primary key, kind text not null, severity integer not null, site text, subject text not null,
  title text not null, entry text, opened_at integer not null, closed_at integer, source text not null`

/** Every projection: its columns and constraints, so that an audit can make the same tables beside the true ones and compare them. */
export const PROJECTIONS = {
  master_version: `kind text not null, id text not null, version integer not null, from_day text not null, entry text not null, part integer not null,
    actor text, occurred text not null, body text not null, search text not null, primary key (kind, id, version)`,
  master_redirect: `kind text not null, id text not null, version integer not null, target text, entry text not null, part integer not null,
    actor text, occurred text not null, primary key (kind, id, version)`,
  item_code:
    'code text not null, item text not null, version integer not null, pack text not null, units integer not null, primary key (code, item, version)',
  provisional: `kind text not null, id text not null, entry text not null, node text not null, body text not null, actor text, occurred text not null,
    received_at integer not null, state text not null, target text, settled_by text, primary key (kind, id, entry)`,
  outcome: `kind text not null, id text not null, version integer not null, of_entry text not null, answer text not null, target text, reason text,
    entry text not null, actor text, occurred text not null, primary key (kind, id, version, of_entry)`,
  site: 'site text primary key, version integer not null, body text not null',
  lot: 'lot text primary key, item text not null, lot_number text not null, printed text not null, expiry text, produced text',
  lot_told: 'lot text not null, expiry text not null, primary key (lot, expiry)',
  lot_answer: `lot text not null, version integer not null, entry text not null, expiry text not null, told text not null, reason text, actor text,
    occurred text not null, primary key (lot, version, entry)`,
  tag: `epc text primary key, lot text not null, expiry text, pack text not null, units integer not null, site text not null, doc text,
    registered_at integer not null, entry text not null, ended text, next text`,
  tag_event: `epc text not null, nth integer not null, what text not null, other text, entry text not null, site text not null, actor text,
    occurred text not null, why text, primary key (epc, nth)`,
  movement: `lot text not null, mv integer not null, stream text not null, epoch text not null, seq integer not null, line integer not null,
    kind text not null, src text not null, dst text not null, units integer not null check (units > 0), occurred text not null, dated text,
    doc text, reverses text, primary key (lot, mv)`,
  feed: 'mv integer primary key, lot text not null, site text not null',
  reversal: 'entry text not null, line integer not null, by_entry text not null, primary key (entry, line)',
  flow: `lot text not null, src text not null, dst text not null, units integer not null, n integer not null, first text not null,
    last text not null, primary key (lot, src, dst)`,
  position: 'lot text not null, place text not null, units integer not null, primary key (lot, place)',
  period_delta: `lot text not null, place text not null, month text not null, units_in integer not null, units_out integer not null,
    primary key (lot, place, month)`,
  transit: `place text not null, doc text not null, lot text not null, units integer not null, since integer not null,
    primary key (place, doc, lot)`,
  lot_edge: `parent text not null, child text not null, entry text not null, act text not null, parent_units integer not null,
    child_units integer not null, site text not null, occurred text not null, primary key (parent, child, entry)`,
  count_observation: `entry text primary key, ord integer not null, site text not null, place text not null, lot text not null,
    counted integer not null, book integer not null, occurred text not null, actor text, reason text`,
  tag_position: 'epc text primary key, lot text not null, place text not null, units integer, entry text not null, occurred text not null',
  document: `doc text not null, type text not null, src text not null, dst text not null, ord integer not null, at text not null, due text,
    entry text not null, primary key (doc, type, dst)`,
  document_line: 'doc text not null, dst text not null, lot text not null, announced integer not null, primary key (doc, dst, lot)',
  shipment_line: `doc text not null, place text not null, lot text not null, shipped integer not null, received integer not null,
    primary key (doc, place, lot)`,
  opening: `act text not null, part integer not null, parts integer not null, entry text not null, node text not null, site text not null,
    doc text not null, counted text, lines integer not null, occurred text not null, actor text, primary key (act, part)`,
  opening_answer: `entry text primary key, act text not null, part integer, node text not null, reason text, occurred text not null, actor text`,
  opening_withdrawn: 'act text primary key, entry text not null, reason text not null, occurred text not null, actor text',
  ownership: 'node text primary key, owner text not null, tip_epoch text, tip_seq integer, entry text not null',
  boot_clock: `stream text not null, boot text not null, zero_ms integer not null, shift_ms integer not null, entry text not null,
    primary key (stream, boot)`,
  known_day: 'day text primary key, mv integer not null',
  node_epoch: `stream text not null, epoch text not null, boot text not null, parent_epoch text, parent_seq integer,
    primary key (stream, epoch)`,
  checkpoint: 'epoch text not null, seq integer not null, size integer not null, primary key (epoch, seq)',
  acted: `action text not null, part integer not null, stream text not null, epoch text not null, seq integer not null,
    primary key (action, part)`,
  hub_act: 'act text primary key',
} as const

/** The statements that make the projections, and the discrepancies they open, in one of the connection's schemas. */
export const projectionTables = (schema: SchemaName): string =>
  [...(Object.entries(PROJECTIONS) as [string, string][]), ['discrepancy', DISCREPANCY] as const]
    .map(([name, columns]) => `create table ${schema}.${name} (${columns}) strict${name === 'feed' ? '' : ', without rowid'};`)
    .join('\n')
/** `main` is the file; `refold` is where an audit folds the log again, `temp` where one does that may not write. */
export type SchemaName = 'main' | 'refold' | 'temp'

/** SQL: the owners of the places of a movement, and that it was written by neither that owner nor, of what the hub books, in that owner's feed. */
export const OWNER_OF_SRC = `substr(src, 1, instr(src, '/') - 1)`
export const OWNER_OF_DST = `substr(dst, 1, instr(dst, '/') - 1)`
export const INTO_ANOTHER = `${OWNER_OF_DST} || '>*' <> stream and substr(stream, 1, 4) <> 'hub>'`
export const OUT_OF_ANOTHER = `${OWNER_OF_SRC} || '>*' <> stream and substr(src, 1, 4) <> 'hub/'`

/** Indexes of the projections: what questions need, kept off the path of movements as far as can be. */
export const PROJECTION_INDEXES = `
-- units in it costs nothing (its condition makes every change of units rewrite the entry) and spares each stock question a second seek (10x).
create index position_by_place on position (place, lot, units) where units <> 0;
create index feed_by_site on feed (site);
-- What others wrote about a site's places: whoever sees one site only sees these too, and they are few.
create index movement_into on movement (${OWNER_OF_DST}, mv) where ${INTO_ANOTHER};
create index movement_out_of on movement (${OWNER_OF_SRC}, mv) where ${OUT_OF_ANOTHER};
create index tag_by_lot on tag (lot, epc);
create index lot_edge_by_child on lot_edge (child, parent);
create index lot_by_number on lot (lot_number, lot);
create unique index provisional_by_entry on provisional (entry);
create index outcome_by_target on outcome (target) where target is not null;
create index redirect_by_target on master_redirect (kind, target);
create index item_by_certificate on master_version (body ->> 'certificate') where kind = 'item';
create index item_by_manufacturer on master_version (body ->> 'manufacturer') where kind = 'item';
create index certificate_by_until on master_version (body ->> 'until') where kind = 'certificate';
create unique index count_by_ord on count_observation (ord);
create unique index document_by_ord on document (ord);
create index opening_by_doc on opening (site, doc);
create index opening_answer_by_act on opening_answer (act, part);
create index tag_by_site on tag (site, epc);
create index tag_by_time on tag (registered_at, entry);
create index discrepancy_open on discrepancy (site) where closed_at is null;
`

/** The whole schema of a new file. */
export const SCHEMA = `${LOG_TABLES}
${projectionTables('main')}
${PROJECTION_INDEXES}`
