import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import type { Entry, EntryKind, TagBody } from '@lotkeeper/protocol/ledger/entry.ts'
import { type EntryId, entryId, type NodeId, type PlaceId, placeOf, ROOM_STATES } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import { type TagState, tagsAfter } from '../tags.ts'
import type { Owned } from './owned.ts'

/** The tags of the node: what each stands for, where its units stand on the books, and how many are left. */
export interface Labels {
  /** An own entry has moved units: the positions stand as after it, the tags as before. */
  readonly moved: (entry: Entry) => void
  /** A registration of the hub, or a tag named by a despatch advice. */
  readonly register: (body: TagBody, doc: string | null) => void
  /** The hub takes a registration back, or the despatch `doc` that named the tag; a pack that already stands here stays known. */
  readonly unregister: (epc: string, doc?: string) => void
  /** The crossing was the very box a scan had received: from now on its tag stands where those units stand. */
  readonly confirm: (receipt: EntryId, epc: string) => void
}

/** An entry of the log, `null` when it is not held or not understood. */
export type EntryAt = (id: EntryId) => Entry | null

export const openLabels = (db: Database, node: NodeId, owned: Owned, entryAt: EntryAt): Labels => {
  const sql = statementsOf(db)
  const view = {
    own: owned.room,
    tag: (epc: string) => sql.tag.get(epc) ?? null,
    there: (lot: string, place: string) => sql.there.all(lot, place),
    units: (lot: string, place: string) => sql.units.get(lot, place) ?? 0,
  }
  const keep = (entry: Entry, tag: TagState, before: TagState | null): void => {
    const line = entry.lines.find((one) => one.tags.includes(tag.epc))
    sql.state.run({ ...tag, site: node, doc: entry.doc, pack: line?.entered?.pack ?? '' })
    const id = entryId(entry.stream, entry.epoch, entry.seq)
    sql.change.run(id, tag.epc, before && canonicalText(before), canonicalText({ ...tag }))
  }
  return {
    moved: (entry) => {
      const undone = undoneTags(sql, entryAt, entry)
      const byRule = tagsAfter(node, { kind: entry.kind as EntryKind, lines: entry.lines, loose: undone?.size === 0 }, view)
      const after =
        undone === null ? byRule : [...exactOf(undone), ...byRule.filter(({ epc }) => undone.size === 0 || undone.get(epc) === null)]
      for (const tag of after) keep(entry, tag, sql.tag.get(tag.epc) ?? null)
    },
    register: (body, doc) => register(sql, owned, body, doc),
    unregister: (epc, doc) => void sql.gone.run({ epc, doc: doc ?? null }),
    confirm: (receipt, epc) => {
      sql.confirmation.run(receipt, epc)
      stand(sql, entryAt(receipt), epc)
    },
  }
}

type Statements = ReturnType<typeof statementsOf>

/**
 * The tags an entry had changed that is now wholly reversed, each as it was before, as long as nothing has happened to any of them since; `null` for
 * one that it had made known. None: the entry had moved loose units. No answer: the rule of packs decides by the lines.
 */
const undoneTags = (sql: Statements, entryAt: EntryAt, { reverses }: Entry): ReadonlyMap<string, TagState | null> | null => {
  if (!reverses || entryAt(reverses.entry)?.lines.length !== reverses.lines.length) return null
  const changes = sql.changes.all(reverses.entry)
  if (changes.length === 0 && sql.confirmed.get(reverses.entry) === 1) return null
  const untouched = ({ epc, after }: { readonly epc: string; readonly after: string }) => {
    const now = sql.tag.get(epc)
    return now !== undefined && canonicalText({ ...now }) === after
  }
  if (!changes.every(untouched)) return null
  return new Map(changes.map(({ epc, before }) => [epc, before === null ? null : (JSON.parse(before) as TagState)]))
}

const exactOf = (undone: ReadonlyMap<string, TagState | null>): readonly TagState[] => [...undone.values()].filter((tag) => tag !== null)

/** A label used again for another pack starts anew, unless the pack it stood for is still on the shelf. */
const register = (sql: Statements, owned: Owned, body: TagBody, doc: string | null): void => {
  const known = sql.tag.get(body.epc)
  const standing = known?.place != null && owned.room(known.place)
  if (known && standing && known.lot !== body.lot) return
  // Told once more, by a hub put back to an older state: what was retired since stays so.
  if (known?.lot === body.lot && sql.ended.get(body.epc) === 1) return
  const fresh = { units: body.units, place: null }
  const kept = known && standing ? { units: known.units, place: known.place } : fresh
  const { units: registered, ...registration } = body
  sql.registration.run({ ...registration, registered, doc, ...kept })
}

const stand = (sql: Statements, scanned: Entry | null, epc: string): void => {
  const tag = sql.tag.get(epc)
  if (scanned === null || !tag) return
  const line = scanned.lines.findLast((one) => one.lot === tag.lot && placeOf(one.to)?.room != null)
  if (!line || tag.place === line.to) return
  // They may have been accepted since.
  const enough = statesOf(line.to).find((place) => (sql.units.get(tag.lot, place) ?? 0) >= (tag.units ?? tag.registered))
  sql.stands.run(enough ?? line.to, epc)
}

/** A place and the other states of its room. */
const statesOf = (place: PlaceId): readonly PlaceId[] => {
  const room = place.slice(0, place.lastIndexOf('/'))
  return [place, ...ROOM_STATES.map((state) => `${room}/${state}`).filter((one) => one !== place)]
}

const statementsOf = (db: Database) => ({
  units: db.prepare<[string, string], number>('select units from position where lot = ? and place = ?').pluck(),
  tag: db.prepare<[string], TagState>('select epc, lot, registered, units, place from tag where epc = ?'),
  there: db.prepare<[string, string], TagState>(
    'select epc, lot, registered, units, place from tag where lot = ? and place = ? order by epc',
  ),
  ended: db.prepare<[string], number>('select ended is not null from tag where epc = ?').pluck(),
  stands: db.prepare<[string, string]>('update tag set place = ? where epc = ?'),
  state: db.prepare<[TagState & { readonly site: string; readonly doc: string | null; readonly pack: string }]>(
    `insert into tag (epc, lot, printed, expiry, pack, registered, site, doc, units, place)
     select @epc, @lot, printed, expiry, @pack, @registered, @site, @doc, @units, @place from lot where lot = @lot
     on conflict (epc) do update set lot = excluded.lot, units = excluded.units, place = excluded.place, ended = null`,
  ),
  change: db.prepare<[string, string, string | null, string]>('insert into tag_change (entry, epc, before, after) values (?, ?, ?, ?)'),
  changes: db.prepare<[string], { readonly epc: string; readonly before: string | null; readonly after: string }>(
    'select epc, before, after from tag_change where entry = ?',
  ),
  registration: db.prepare<[object]>(
    `insert or replace into tag (epc, lot, printed, expiry, pack, registered, site, doc, units, place)
     values (@epc, @lot, @printed, @expiry, @pack, @registered, @site, @doc, @units, @place)`,
  ),
  confirmed: db.prepare<[string], number>('select exists (select * from confirmation where entry = ?)').pluck(),
  gone: db.prepare<[object]>('delete from tag where place is null and ended is null and epc = @epc and (@doc is null or doc = @doc)'),
  confirmation: db.prepare<[string, string]>('insert into confirmation (entry, epc) values (?, ?) on conflict do nothing'),
})
