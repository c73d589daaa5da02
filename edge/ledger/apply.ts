import { deltasOf } from '@lotkeeper/protocol/ledger/balance.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import { type BodyOf, ENTRY_KINDS, type Entry, type EntryKind, type LotFact } from '@lotkeeper/protocol/ledger/entry.ts'
import {
  type EntryId,
  entryId,
  entryOf,
  lotOf,
  type NodeId,
  type PlaceId,
  placeOf,
  ROOM_STATES,
  streamOfNode,
} from '@lotkeeper/protocol/names.ts'
import { CROSSING_OUTCOMES } from '@lotkeeper/protocol/rules/crossing.ts'
import type { Database } from '../database.ts'
import { type Owned, openOwned, openPassing } from './apply/owned.ts'
import { type TagState, tagsAfter } from './tags.ts'

/** Writes what one entry changes into the projections; runs only inside the transaction that appends the entry. */
export type Apply = (entry: Entry, at: number) => void

export const openApply = (db: Database, node: NodeId): Apply => {
  const sql = statementsOf(db)
  const owned = openOwned(db, node)
  const write: Writer = { sql, node, owned, passed: openPassing(db, owned) }
  return (entry, at) => {
    const own = entry.stream === streamOfNode(node)
    const before = own && entry.lines.length > 0 ? tagView(write) : null
    shift(write, entry)
    for (const fact of lotFacts(entry)) learnLot(write, fact)
    if (own && entry.lines.length > 0) {
      sql.movement.run(at, entry.stream, entry.epoch, entry.seq)
      for (const lot of new Set(entry.lines.map((line) => line.lot))) sql.lotMovement.run(lot, at)
    }
    if (before) for (const tag of tagsAfter(node, { kind: entry.kind as EntryKind, lines: entry.lines }, before)) keepTag(write, tag, entry)
    if (entry.reverses) for (const line of entry.reverses.lines) sql.reversal.run(entry.reverses.entry, line, idOf(entry))
    BY_KIND[entry.kind as EntryKind]?.(write, entry, at)
  }
}

/** Whether this version knows what the entry means; what it does not know is held and parked. */
export const isKnownKind = (kind: string): kind is EntryKind => Object.hasOwn(ENTRY_KINDS, kind)

interface Writer {
  readonly sql: ReturnType<typeof statementsOf>
  readonly node: NodeId
  readonly owned: Owned
  readonly passed: ReturnType<typeof openPassing>
}
type ByKind = Partial<Record<EntryKind, (write: Writer, entry: Entry, at: number) => void>>

/** A body was checked against its kind's schema before it came here. */
const bodyOf = <Kind extends EntryKind>(_kind: Kind, entry: Entry): BodyOf<Kind> => entry.body as BodyOf<Kind>

const BY_KIND: ByKind = {
  item: ({ sql }, entry) => {
    const body = bodyOf('item', entry)
    const known = sql.itemVersion.get(body.item)
    if (known !== undefined && known >= body.version) return
    sql.item.run(body.item, body.version, canonicalText(body))
    sql.itemGtinsGone.run(body.item)
    for (const pack of body.packs) if (pack.gtin !== null) sql.itemGtin.run(pack.gtin, body.item, pack.pack, pack.units)
  },
  site: ({ sql }, entry) => {
    const body = bodyOf('site', entry)
    const known = sql.siteVersion.get(body.site)
    if (known === undefined || known < body.version) sql.site.run(body.site, body.version, canonicalText(body))
  },
  tag: (write, entry) => registerTag(write, entry),
  passage: ({ sql }, entry, at) => {
    const { outcome, passage } = bodyOf('passage', entry)
    // An outcome of a later version is shown to the keeper rather than dropped.
    const known = Object.hasOwn(CROSSING_OUTCOMES, outcome) ? CROSSING_OUTCOMES[outcome as keyof typeof CROSSING_OUTCOMES] : null
    if (known?.task ?? true) sql.task.run(idOf(entry), at)
    else for (const receipt of entry.refs) confirm(sql, receipt, passage.epc)
  },
  reverse: ({ sql }, entry) => void sql.registrationGone.run(...placeInLog(entry.reverses?.entry ?? '')),
  settle: ({ sql }, entry) => {
    const { task } = bodyOf('settle', entry)
    sql.settled.run(idOf(entry), task)
    // "The same box": the receipt it names is confirmed by the tag that was seen.
    const seen = sql.logText.get(...placeInLog(task))
    const receipts = entry.refs.filter((ref) => ref !== task)
    if (seen !== undefined) for (const receipt of receipts) confirm(sql, receipt, bodyOf('passage', JSON.parse(seen) as Entry).passage.epc)
  },
  alarm: ({ sql }, entry) => {
    const body = bodyOf('alarm', entry)
    sql.acknowledgement.run(body.alarm, entry.actor, entry.occurredAt)
  },
  certificate: ({ sql }, entry) => {
    const { certificate, signature } = bodyOf('certificate', entry)
    const named = subjectOf(certificate)
    if (named) sql.certificate.run(named.subject, named.serial, named.signingKey, certificate, signature)
  },
  ownership: ({ passed }, entry) => passed(bodyOf('ownership', entry), idOf(entry)),
  revoke: ({ sql }, entry) => void sql.revoke.run(bodyOf('revoke', entry).key),
}

const placeInLog = (id: EntryId): [string, string, number] => {
  const place = entryOf(id)
  return [place?.stream ?? '', place?.epoch ?? '', place?.seq ?? 0]
}

const idOf = (entry: Entry): EntryId => entryId(entry.stream, entry.epoch, entry.seq)

const shift = ({ sql, owned }: Writer, entry: Entry): void => {
  for (const line of entry.lines) learnLotKey(sql, line.lot)
  for (const { lot, place, units } of deltasOf(entry.lines)) {
    // Update first: an upsert would judge the CHECK on the delta itself.
    if (sql.shift.run(units, lot, place).changes === 0) sql.place.run(lot, place, units, owned.room(place) ? 1 : 0)
  }
}

const lotFacts = (entry: Entry): readonly LotFact[] => (entry.body['lots'] as readonly LotFact[] | undefined) ?? []

const learnLotKey = (sql: Writer['sql'], lot: string): void => {
  const key = lotOf(lot)
  if (key) sql.lotKey.run(lot, key.item, key.lotNumber, key.lotNumber)
}

/** The earliest expiry told rules; two different ones are a lot conflict [ledger-and-sync 1.11]. Nothing known is ever erased (R11). */
const learnLot = ({ sql }: Writer, fact: LotFact): void => {
  learnLotKey(sql, fact.lot)
  sql.lotFact.run(fact)
}

const tagView = ({ sql }: Writer) => ({
  tag: (epc: string) => sql.tag.get(epc) ?? null,
  there: (lot: string, place: string) => sql.tagsThere.all(lot, place),
  units: (lot: string, place: string) => sql.units.get(lot, place) ?? 0,
})

const keepTag = ({ sql, node }: Writer, tag: TagState, entry: Entry): void => {
  const line = entry.lines.find((one) => one.tags.includes(tag.epc))
  sql.tagState.run({ ...tag, site: node, doc: entry.doc, pack: line?.entered?.pack ?? '' })
}

/** A label used again for another pack starts anew, unless the pack it stood for is still on the shelf. */
const registerTag = ({ sql, owned }: Writer, entry: Entry): void => {
  const body = bodyOf('tag', entry)
  learnLotKey(sql, body.lot)
  sql.lotFact.run({ lot: body.lot, printed: body.printed, expiry: body.expiry, produced: null })
  const known = sql.tag.get(body.epc)
  const standing = known?.place != null && owned.room(known.place)
  if (known && standing && known.lot !== body.lot) return
  const fresh = { units: body.units, place: null }
  const kept = known && standing ? { units: known.units, place: known.place } : fresh
  const { units: registered, ...registration } = body
  sql.tagRegistration.run({ ...registration, registered, doc: entry.doc, ...kept })
}

/** The crossing was the very box a scan had received: from now on its tag stands where those units stand. */
const confirm = (sql: Writer['sql'], receipt: EntryId, epc: string): void => {
  sql.confirmation.run(receipt, epc)
  const text = sql.logText.get(...placeInLog(receipt))
  const tag = sql.tag.get(epc)
  if (text === undefined || !tag) return
  const line = (JSON.parse(text) as Entry).lines.findLast((one) => one.lot === tag.lot && placeOf(one.to)?.room != null)
  if (!line || tag.place === line.to) return
  // They may have been accepted since.
  const enough = statesOf(line.to).find((place) => (sql.units.get(tag.lot, place) ?? 0) >= (tag.units ?? tag.registered))
  sql.tagStands.run(enough ?? line.to, epc)
}

/** A place and the other states of its room. */
const statesOf = (place: PlaceId): readonly PlaceId[] => {
  const room = place.slice(0, place.lastIndexOf('/'))
  return [place, ...ROOM_STATES.map((state) => `${room}/${state}`).filter((one) => one !== place)]
}

/** The certificate's own words; whoever uses it checks the county's signature. */
const subjectOf = (text: string): { readonly subject: string; readonly serial: number; readonly signingKey: string } | null => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return null
    const { subject, serial, signingKey } = value as Record<string, unknown>
    return typeof subject === 'string' && typeof serial === 'number' && typeof signingKey === 'string'
      ? { subject, serial, signingKey }
      : null
  } catch {
    return null
  }
}

const statementsOf = (db: Database) => ({
  shift: db.prepare<[number, string, string]>('update position set units = units + ? where lot = ? and place = ?'),
  place: db.prepare<[string, string, number, number]>('insert into position (lot, place, units, room) values (?, ?, ?, ?)'),
  units: db.prepare<[string, string], number>('select units from position where lot = ? and place = ?').pluck(),
  lotKey: db.prepare<[string, string, string, string]>(
    'insert into lot (lot, item, lot_number, printed, conflict) values (?, ?, ?, ?, 0) on conflict do nothing',
  ),
  lotFact: db.prepare<[LotFact]>(`update lot set
    printed = case when @printed = '' or printed <> lot_number then printed else @printed end,
    conflict = conflict or (expiry is not null and @expiry is not null and expiry <> @expiry),
    expiry = min(coalesce(expiry, @expiry), coalesce(@expiry, expiry)),
    produced = coalesce(produced, @produced) where lot = @lot`),
  movement: db.prepare<[number, string, string, number]>('insert into movement (at, stream, epoch, seq) values (?, ?, ?, ?)'),
  lotMovement: db.prepare<[string, number]>('insert into lot_movement (lot, at) values (?, ?)'),
  // A second reversal from another branch is booked; the unique key binds writers, not receivers [ledger-and-sync 1.7].
  reversal: db.prepare<[string, number, string]>('insert into reversal (entry, line, by_entry) values (?, ?, ?) on conflict do nothing'),
  confirmation: db.prepare<[string, string]>('insert into confirmation (entry, epc) values (?, ?) on conflict do nothing'),
  task: db.prepare<[string, number]>('insert into task (task, at) values (?, ?)'),
  settled: db.prepare<[string, string]>('update task set settled_by = ? where task = ? and settled_by is null'),
  acknowledgement: db.prepare<[string, string | null, string]>(
    `insert into acknowledgement (alarm, by_actor, at) values (?, ?, ?)
     on conflict (alarm) do update set by_actor = excluded.by_actor, at = excluded.at`,
  ),
  itemVersion: db.prepare<[string], number>('select version from item where item = ?').pluck(),
  item: db.prepare<[string, number, string]>('insert or replace into item (item, version, body) values (?, ?, ?)'),
  itemGtinsGone: db.prepare<[string]>('delete from item_gtin where item = ?'),
  itemGtin: db.prepare<[string, string, string, number]>('insert or replace into item_gtin (gtin, item, pack, units) values (?, ?, ?, ?)'),
  siteVersion: db.prepare<[string], number>('select version from site where site = ?').pluck(),
  site: db.prepare<[string, number, string]>('insert or replace into site (site, version, body) values (?, ?, ?)'),
  tag: db.prepare<[string], TagState>('select epc, lot, registered, units, place from tag where epc = ?'),
  tagsThere: db.prepare<[string, string], TagState>(
    'select epc, lot, registered, units, place from tag where lot = ? and place = ? order by epc',
  ),
  tagStands: db.prepare<[string, string]>('update tag set place = ? where epc = ?'),
  tagState: db.prepare<[TagState & { readonly site: string; readonly doc: string | null; readonly pack: string }]>(
    `insert into tag (epc, lot, printed, expiry, pack, registered, site, doc, units, place)
     select @epc, @lot, printed, expiry, @pack, @registered, @site, @doc, @units, @place from lot where lot = @lot
     on conflict (epc) do update set lot = excluded.lot, units = excluded.units, place = excluded.place`,
  ),
  tagRegistration: db.prepare<[object]>(
    `insert or replace into tag (epc, lot, printed, expiry, pack, registered, site, doc, units, place)
     values (@epc, @lot, @printed, @expiry, @pack, @registered, @site, @doc, @units, @place)`,
  ),
  // The hub takes a registration back; a pack that already stands here stays known.
  registrationGone: db.prepare<[string, string, number]>(
    `delete from tag where place is null and epc =
       (select body ->> '$.body.epc' from log where stream = ? and epoch = ? and seq = ? and kind = 'tag')`,
  ),
  certificate: db.prepare<[string, number, string, string, string]>(
    'insert into certificate (node, serial, key, certificate, signature) values (?, ?, ?, ?, ?) on conflict do nothing',
  ),
  revoke: db.prepare<[string]>('insert into revoked (key) values (?) on conflict do nothing'),
  logText: db.prepare<[string, string, number], string>('select body from log where stream = ? and epoch = ? and seq = ?').pluck(),
})
