import { actOf } from '@lotkeeper/protocol/ledger/act.ts'
import { deltasOf } from '@lotkeeper/protocol/ledger/balance.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import { epochOfOrigin, readCheckpoint } from '@lotkeeper/protocol/ledger/checkpoint.ts'
import { withdrawnAction } from '@lotkeeper/protocol/ledger/despatch.ts'
import { type BodyOf, ENTRY_KINDS, type Entry, type EntryKind, type LotFact } from '@lotkeeper/protocol/ledger/entry.ts'
import { RAISED } from '@lotkeeper/protocol/ledger/raised.ts'
import { type EntryId, entryId, entryOf, HUB, type NodeId, streamOfNode, streamToNode, writerOf } from '@lotkeeper/protocol/names.ts'
import { CROSSING_OUTCOMES } from '@lotkeeper/protocol/rules/crossing.ts'
import type { Database } from '../database.ts'
import { openCodes } from './apply/codes.ts'
import { factsOf, openPapers, tagsAnnounced } from './apply/documents.ts'
import { openLabels } from './apply/labels.ts'
import { openLots } from './apply/lots.ts'
import { openMaster } from './apply/master.ts'
import { openOpenings } from './apply/openings.ts'
import { openOwned, openPassing } from './apply/owned.ts'
import { openRetags } from './apply/retags.ts'
import { type Asked, isCover, openTasks, wantedBy } from './apply/tasks.ts'
import { entryIn } from './log.ts'

/** Writes what one entry changes into the projections; runs only inside the transaction that appends the entry. */
export type Apply = (entry: Entry, at: number) => void

export const openApply = (db: Database, node: NodeId): Apply => {
  const write = openWriting(db, node)
  const { sql, lots, labels, papers, tasks } = write
  return (entry, at) => {
    const own = entry.stream === streamOfNode(node)
    const again = isAgain(write, entry)
    if (!again) shift(write, entry)
    for (const fact of lotFacts(entry)) lots.learn(fact)
    if (own && entry.lines.length > 0) {
      sql.movement.run(at, entry.stream, entry.epoch, entry.seq)
      for (const lot of new Set(entry.lines.map((line) => line.lot))) sql.lotMovement.run(lot, at)
      labels.moved(entry)
      papers.received(entry)
      if (isCover(entry)) tasks.open(entry, at)
    }
    if (entry.reverses) for (const line of entry.reverses.lines) sql.reversal.run(entry.reverses.entry, line, idOf(entry))
    // Of a node whose places passed here only what lies there matters: its tasks and alarms were its own.
    if (own || writerOf(entry.stream) === HUB) BY_KIND[entry.kind as EntryKind]?.(write, entry, at, again)
  }
}

/** Whether this version knows what the entry means; what it does not know is held and parked. */
export const isKnownKind = (kind: string): kind is EntryKind => Object.hasOwn(ENTRY_KINDS, kind)

const openWriting = (db: Database, node: NodeId) => {
  const sql = statementsOf(db)
  const owned = openOwned(db, node)
  const entryAt = (id: EntryId): Entry | null => {
    const place = entryOf(id)
    const row = place && sql.entry.get(place.stream, place.epoch, place.seq)
    return row && isKnownKind(row.kind) ? entryIn(row.body) : null
  }
  return {
    ...{ sql, node, owned, entryAt },
    passed: openPassing(db, owned),
    labels: openLabels(db, node, owned, entryAt),
    papers: openPapers(db, owned, entryAt),
    tasks: openTasks(db),
    lots: openLots(db),
    codes: openCodes(db),
    retags: openRetags(db, node),
    master: openMaster(db),
    openings: openOpenings(db),
  }
}
type Writing = ReturnType<typeof openWriting>
type ByKind = Partial<Record<EntryKind, (write: Writing, entry: Entry, at: number, again: boolean) => void>>

/** A body was checked against its kind's schema before it came here. */
const bodyOf = <Kind extends EntryKind>(_kind: Kind, entry: Entry): BodyOf<Kind> => entry.body as BodyOf<Kind>

const BY_KIND: ByKind = {
  item: ({ master }, entry) => master.item(entry, bodyOf('item', entry)),
  master: ({ master }, entry) => master.told(entry, bodyOf('master', entry).records),
  provisional: ({ master }, entry) => master.provisional(entry, bodyOf('provisional', entry)),
  outcome: ({ master }, entry) => master.outcome(entry, bodyOf('outcome', entry)),
  site: ({ sql }, entry) => {
    const body = bodyOf('site', entry)
    const known = sql.siteVersion.get(body.site)
    if (known === undefined || known < body.version) sql.site.run(body.site, body.version, canonicalText(body))
  },
  tag: (write, entry, _at, again) => {
    const body = bodyOf('tag', entry)
    write.master.registered(entry, body)
    write.lots.learn({ lot: body.lot, printed: body.printed, expiry: body.expiry, produced: null })
    const reversed = write.sql.reversedBy.get(idOf(entry), 0) !== undefined
    if (!again && !reversed) write.labels.register(body, entry.doc)
    // What takes it back came before it, and found nothing to take back: what stands was registered in another epoch of the hub.
    if (again && reversed) write.labels.unregister(body.epc)
  },
  passage: ({ tasks, labels }, entry, at) => {
    const { outcome, passage } = bodyOf('passage', entry)
    // An outcome of a later version is shown to the keeper rather than dropped.
    const known = Object.hasOwn(CROSSING_OUTCOMES, outcome) ? CROSSING_OUTCOMES[outcome as keyof typeof CROSSING_OUTCOMES] : null
    if (known?.task ?? true) tasks.open(entry, at)
    else for (const receipt of entry.refs) labels.confirm(receipt, passage.epc)
  },
  ask: ({ lots, tasks, node }, entry, at) => {
    const { lot, lines } = bodyOf('ask', entry)
    for (const one of [lot, ...lines.map((line) => line.lot)]) lots.ensure(one)
    if (entry.stream === streamToNode(node)) tasks.open(entry, at)
  },
  count: ({ tasks, entryAt }, entry) => {
    const { lot, place } = bodyOf('count', entry)
    const asked = entry.refs.flatMap((task): readonly Asked[] => {
      const asking = entryAt(task)
      if (asking === null) return [{ task, wanted: null }]
      const wanted = wantedBy(asking)
      return wanted ? [{ task, wanted }] : []
    })
    tasks.counted({ lot, place, entry: idOf(entry) }, asked)
  },
  opening: ({ openings, node }, entry, at) => {
    if (entry.stream === streamToNode(node)) openings.told(entry, bodyOf('opening', entry), at)
  },
  'take-over': ({ openings }, entry, at) => openings.answered(entry, bodyOf('take-over', entry), at),
  correct: ({ tasks }, entry) => tasks.settle(bodyOf('correct', entry).ask, idOf(entry)),
  retag: ({ retags }, entry, at) => retags.note(entry, at),
  reverse: (write, entry, _at, again) => {
    if (again) return
    const { labels, tasks, openings, retags, entryAt } = write
    withdraw(write, entry)
    const reversed = entryAt(entry.reverses?.entry ?? '')
    if (!reversed) return
    tasks.undone(idOf(reversed))
    openings.undone(idOf(reversed))
    if (reversed.kind === 'retag') retags.undo(reversed, idOf(entry))
    if (reversed.kind === 'tag') labels.unregister(bodyOf('tag', reversed).epc)
  },
  settle: ({ tasks, labels, entryAt }, entry) => {
    const { task } = bodyOf('settle', entry)
    tasks.settle(task, idOf(entry))
    // "The same box": the receipt it names is confirmed by the tag that was seen.
    const seen = entryAt(task)
    if (seen?.kind !== 'passage') return
    for (const receipt of entry.refs) if (receipt !== task) labels.confirm(receipt, bodyOf('passage', seen).passage.epc)
  },
  document: (write, entry) => {
    const body = bodyOf('document', entry)
    if (body.type !== 'despatch-advice' || !write.owned.owns(body.to) || entry.stream !== streamToNode(write.node)) return
    for (const fact of factsOf(body)) write.lots.learn(fact)
    if (!write.papers.announced(entry)) return
    for (const tag of tagsAnnounced(body)) write.labels.register(tag, body.doc)
  },
  'lot-expiry': ({ lots }, entry) => lots.settled(entry, bodyOf('lot-expiry', entry)),
  'code-met': ({ tasks }, entry, at) => tasks.open(entry, at),
  'code-bound': ({ codes, tasks }, entry) => {
    const body = bodyOf('code-bound', entry)
    codes.bound(entry, body)
    tasks.settle(body.of, idOf(entry))
  },
  alarm: ({ sql }, entry) => {
    const { alarm, action, reason } = bodyOf('alarm', entry)
    if (action === RAISED) sql.raised.run(alarm, reason ?? '{}', entry.occurredAt)
    else sql.acknowledgement.run(alarm, entry.actor, entry.occurredAt)
  },
  gap: ({ sql }, entry) => void sql.deviceEntry.run(Date.parse(bodyOf('gap', entry).from), idOf(entry)),
  maintenance: ({ sql }, entry) => void sql.deviceEntry.run(Date.parse(entry.occurredAt), idOf(entry)),
  clock: ({ sql }, entry) => {
    const { boot, upMs, trueAt } = bodyOf('clock', entry)
    sql.bootClock.run(boot, upMs, Date.parse(trueAt))
  },
  certificate: ({ sql }, entry) => {
    const { certificate, signature } = bodyOf('certificate', entry)
    const named = subjectOf(certificate)
    if (named) sql.certificate.run(named.subject, named.serial, named.signingKey, certificate, signature)
  },
  checkpoint: ({ sql }, entry) => {
    const { text } = bodyOf('checkpoint', entry)
    const read = readCheckpoint(text)
    const epoch = read && epochOfOrigin(read.origin)
    // Whoever asks this witness checks the hub's signature; what is no checkpoint of ours witnesses nothing.
    if (read && epoch) sql.checkpoint.run(epoch, read.size, text, idOf(entry))
  },
  ownership: ({ passed }, entry) => passed(bodyOf('ownership', entry), idOf(entry)),
  roster: ({ sql, node }, entry) => {
    const body = bodyOf('roster', entry)
    // What a restored hub says once more, or an older epoch of it says late, sets nobody in again.
    if (entry.stream === streamToNode(node)) sql.roster.run(node, body.version, canonicalText(body))
  },
  revoke: ({ sql }, entry) => void sql.revoke.run(bodyOf('revoke', entry).key),
}

const idOf = (entry: Entry): EntryId => entryId(entry.stream, entry.epoch, entry.seq)

/** What a hub restored from a backup told once more moves nothing more, whichever of its epochs is learnt first. */
const isAgain = ({ sql }: Writing, entry: Entry): boolean => {
  const act = actOf(entry)
  return act !== null && sql.act.run(act).changes === 0
}

/** The hub takes a despatch advice back; the document itself may come later, out of another epoch of the hub. */
const withdraw = ({ labels, papers, entryAt, node }: Writing, entry: Entry): void => {
  if (entry.stream !== streamToNode(node)) return
  const named = entryAt(entry.reverses?.entry ?? '')
  const action = named?.kind === 'document' ? named.action : withdrawnAction(entry.action)
  if (action === null) return
  const body = papers.withdrawn({ action, part: named?.part ?? entry.part })
  if (body) for (const { epc } of tagsAnnounced(body)) labels.unregister(epc, body.doc)
}

const shift = ({ sql, owned, lots }: Writing, entry: Entry): void => {
  for (const line of entry.lines) lots.ensure(line.lot)
  for (const { lot, place, units } of deltasOf(entry.lines)) {
    // Update first: an upsert would judge the CHECK on the delta itself.
    if (sql.shift.run(units, lot, place).changes === 0) sql.place.run(lot, place, units, owned.guarded(place) ? 1 : 0)
  }
}

const lotFacts = (entry: Entry): readonly LotFact[] => (entry.body['lots'] as readonly LotFact[] | undefined) ?? []

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
  movement: db.prepare<[number, string, string, number]>('insert into movement (at, stream, epoch, seq) values (?, ?, ?, ?)'),
  lotMovement: db.prepare<[string, number]>('insert into lot_movement (lot, at) values (?, ?)'),
  // A second reversal from another branch is booked; the unique key binds writers, not receivers [ledger-and-sync 1.7].
  reversal: db.prepare<[string, number, string]>('insert into reversal (entry, line, by_entry) values (?, ?, ?) on conflict do nothing'),
  reversedBy: db.prepare<[string, number], string>('select by_entry from reversal where entry = ? and line = ?').pluck(),
  act: db.prepare<[string]>('insert or ignore into hub_act values (?)'),
  acknowledgement: db.prepare<[string, string | null, string]>(
    `insert into acknowledgement (alarm, by_actor, at) values (?, ?, ?)
     on conflict (alarm) do update set by_actor = excluded.by_actor, at = excluded.at`,
  ),
  raised: db.prepare<[string, string, string]>('insert into raised (alarm, facts, at) values (?, ?, ?) on conflict do nothing'),
  deviceEntry: db.prepare<[number, string]>('insert into device_entry (at_ms, entry) values (?, ?) on conflict do nothing'),
  bootClock: db.prepare<[string, number, number]>('insert into boot_clock (boot, up_ms, true_ms) values (?, ?, ?) on conflict do nothing'),
  siteVersion: db.prepare<[string], number>('select version from site where site = ?').pluck(),
  site: db.prepare<[string, number, string]>('insert or replace into site (site, version, body) values (?, ?, ?)'),
  roster: db.prepare<[string, number, string]>(
    `insert into roster (node, version, body) values (?, ?, ?)
     on conflict (node) do update set version = excluded.version, body = excluded.body where excluded.version > version`,
  ),
  checkpoint: db.prepare<[string, number, string, string]>(
    'insert into checkpoint (epoch, size, text, entry) values (?, ?, ?, ?) on conflict do nothing',
  ),
  certificate: db.prepare<[string, number, string, string, string]>(
    'insert into certificate (node, serial, key, certificate, signature) values (?, ?, ?, ?, ?) on conflict do nothing',
  ),
  revoke: db.prepare<[string]>('insert into revoked (key) values (?) on conflict do nothing'),
  entry: db.prepare<[string, string, number], { readonly kind: string; readonly body: string }>(
    'select kind, body from log where stream = ? and epoch = ? and seq = ?',
  ),
})
