import type { RetagBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import type { BodyOf, Entry, TagBody } from '@lotkeeper/protocol/ledger/entry.ts'
import { type NodeId, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import { openTold } from '../told.ts'
import type { Placed } from './placed.ts'

/** What became of each electronic label: registered, put on, replaced, retired, taken back, and read again after that. Moves no unit. */
export interface TagLife {
  /** A registration of the hub's own. */
  readonly registered: (placed: Placed) => void
  readonly retagged: (placed: Placed) => void
  /** A reversal: of a retag, or of anything else, which is none of this room's business. */
  readonly reversed: (placed: Placed) => void
  readonly passed: (placed: Placed) => void
}

export const openTagLife = (db: Database, schema: SchemaName): TagLife => {
  const sql = statementsOf(db, schema)
  const tell = ({ id, entry }: Placed, event: Event): void => {
    sql.event.run({ ...event, entry: id, site: siteOf(entry), actor: entry.actor, occurred: entry.occurredAt })
  }
  return {
    registered: (placed) => {
      const { entry, id, receivedAtMs: at } = placed
      const { epc, lot, expiry, pack, units, site } = entry.body as TagBody
      sql.registers.run({ epc, lot, expiry, pack, units, site, doc: entry.doc, at, id })
      tell(placed, { epc, what: 'registered', other: null, why: null })
    },
    retagged: (placed) => {
      const { entry, id, receivedAtMs: at } = placed
      const { from, to, lot, expiry, pack, units, left, place, why } = entry.body as RetagBody
      const stood = from === null ? null : (sql.position.get(from) ?? null)
      const row = { lot, expiry, pack, units, site: writerOf(entry.stream), doc: null, at, id }
      if (from !== null) {
        sql.ends.run({ ...row, epc: from, ended: id, next: to })
        sql.leaves.run(from)
        tell(placed, { epc: from, what: to === null ? 'retired' : 'replaced', other: to, why })
      }
      if (to === null) return
      sql.puts.run({ ...row, epc: to })
      const stands = place === null ? stood : { lot, place, units: left }
      if (stands) sql.stands.run({ ...stands, epc: to, id, at: entry.occurredAt })
      tell(placed, { epc: to, what: from === null ? 'put' : 'replaces', other: from, why })
    },
    reversed: (placed) => {
      const { entry, id } = placed
      const retag = entry.reverses?.lines.length === 0 ? retagAt(sql, entry.reverses.entry) : null
      if (retag === null || entry.reverses === null) return
      const { from, to, lot, left, place } = retag
      const now = to === null ? null : (sql.position.get(to) ?? null)
      const why = (entry.body as BodyOf<'reverse'>).reason ?? null
      if (to !== null) {
        sql.gone.run(to, entry.reverses.entry)
        sql.leaves.run(to)
        tell(placed, { epc: to, what: 'undone', other: from, why })
      }
      if (from === null) return
      sql.begins.run(from, entry.reverses.entry)
      const stands = now ?? (place === null ? null : { lot, place, units: left })
      if (stands) sql.stands.run({ ...stands, epc: from, id, at: entry.occurredAt })
      tell(placed, { epc: from, what: 'undone', other: to, why })
    },
    passed: (placed) => {
      const { outcome, passage } = placed.entry.body as BodyOf<'passage'>
      if (outcome === 'retired-tag') tell(placed, { epc: passage.epc, what: 'seen', other: null, why: passage.door })
    },
  }
}

interface Event {
  readonly epc: string
  readonly what: 'registered' | 'put' | 'replaces' | 'replaced' | 'retired' | 'undone' | 'seen'
  /** The tag that took its place, or whose place it took. */
  readonly other: string | null
  readonly why: string | null
}

const siteOf = ({ stream, body, kind }: Entry): NodeId => (kind === 'tag' ? (body as TagBody).site : writerOf(stream))

/** The retag that is taken back, if it was folded: one that could not be applied has nothing to undo. */
const retagAt = (sql: ReturnType<typeof statementsOf>, id: string): RetagBody | null => {
  const entry = sql.log.entry(id)
  if (entry?.kind !== 'retag') return null
  const body = entry.body as RetagBody
  return sql.told.get(body.from ?? body.to ?? '', id) === 1 ? body : null
}

interface Standing {
  readonly lot: string
  readonly place: string
  readonly units: number | null
}

const statementsOf = (db: Database, schema: SchemaName) => ({
  puts: db.prepare(`insert or replace into ${schema}.tag values (@epc, @lot, @expiry, @pack, @units, @site, @doc, @at, @id, null, null)`),
  // Told once more for the same goods, by a hub put back to an older state: a label that was retired since stays so.
  registers: db.prepare(
    `insert into ${schema}.tag values (@epc, @lot, @expiry, @pack, @units, @site, @doc, @at, @id, null, null)
     on conflict do update set expiry = excluded.expiry, pack = excluded.pack, units = excluded.units, site = excluded.site, doc = excluded.doc,
     registered_at = excluded.registered_at, entry = excluded.entry, ended = case when lot = excluded.lot then ended end,
     next = case when lot = excluded.lot then next end, lot = excluded.lot`,
  ),
  ends: db.prepare(
    `insert into ${schema}.tag values (@epc, @lot, @expiry, @pack, @units, @site, @doc, @at, @id, @ended, @next)
     on conflict do update set ended = excluded.ended, next = excluded.next`,
  ),
  begins: db.prepare<[string, string]>(`update ${schema}.tag set ended = null, next = null where epc = ? and ended = ?`),
  gone: db.prepare<[string, string]>(`delete from ${schema}.tag where epc = ? and entry = ?`),
  position: db.prepare<[string], Standing>(`select lot, place, units from ${schema}.tag_position where epc = ?`),
  stands: db.prepare(`insert or replace into ${schema}.tag_position values (@epc, @lot, @place, @units, @id, @at)`),
  leaves: db.prepare<[string]>(`delete from ${schema}.tag_position where epc = ?`),
  event: db.prepare(
    `insert into ${schema}.tag_event select @epc, coalesce(max(nth), 0) + 1, @what, @other, @entry, @site, @actor, @occurred, @why
     from ${schema}.tag_event where epc = @epc`,
  ),
  told: db.prepare<[string, string], number>(`select exists (select 1 from ${schema}.tag_event where epc = ? and entry = ?)`).pluck(),
  log: openTold(db),
})
