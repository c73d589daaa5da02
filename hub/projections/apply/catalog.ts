import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import type { BodyOf, ItemBody, SiteBody, TagBody } from '@lotkeeper/protocol/ledger/entry.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import type { Placed } from './placed.ts'

/** What the hub's own entries say: items, sites, tag registrations, checkpoints, and which action wrote them. The higher version rules. */
export interface CatalogRows {
  readonly note: (placed: Placed) => void
}

export const openCatalogRows = (db: Database, schema: SchemaName): CatalogRows => {
  const notes: Readonly<Record<string, (placed: Placed) => void>> = {
    item: openItems(db, schema),
    site: openSites(db, schema),
    tag: openTags(db, schema),
    checkpoint: openCheckpoints(db, schema),
  }
  const acted = db.prepare<[string, number, string, string, number]>(`insert or ignore into ${schema}.acted values (?, ?, ?, ?, ?)`)
  return {
    note: (placed) => {
      const { action, part, stream, epoch, seq, kind } = placed.entry
      if (kind !== 'epoch') acted.run(action, part, stream, epoch, seq)
      notes[kind]?.(placed)
    },
  }
}

const openItems = (db: Database, schema: SchemaName) => {
  const put = db.prepare<[string, number, string, string]>(
    `insert into ${schema}.item values (?, ?, ?, ?) on conflict do update set version = excluded.version, body = excluded.body,
     search = excluded.search where excluded.version >= version`,
  )
  const drop = db.prepare<[string]>(`delete from ${schema}.item_gtin where item = ?`)
  const gtin = db.prepare<[string, string, string, number]>(`insert or replace into ${schema}.item_gtin values (?, ?, ?, ?)`)
  return ({ entry }: Placed) => {
    const body = entry.body as ItemBody
    if (put.run(body.item, body.version, canonicalText(body), searchOf(body)).changes === 0) return
    drop.run(body.item)
    for (const pack of body.packs) if (pack.gtin !== null) gtin.run(pack.gtin, body.item, pack.pack, pack.units)
  }
}

const searchOf = (body: ItemBody): string =>
  [body.item, body.name.zh, body.name.en, body.model, ...body.packs.map(({ gtin }) => gtin ?? '')].join(' ').toLowerCase()

const openSites = (db: Database, schema: SchemaName) => {
  const put = db.prepare<[string, number, string]>(
    `insert into ${schema}.site values (?, ?, ?) on conflict do update set version = excluded.version, body = excluded.body
     where excluded.version >= version`,
  )
  return ({ entry }: Placed) => {
    const body = entry.body as SiteBody
    put.run(body.site, body.version, canonicalText(body))
  }
}

const openTags = (db: Database, schema: SchemaName) => {
  const put = db.prepare(`insert or replace into ${schema}.tag values (@epc, @lot, @expiry, @pack, @units, @site, @doc, @at, @id)`)
  return ({ entry, id, receivedAtMs }: Placed) => {
    const { epc, lot, expiry, pack, units, site } = entry.body as TagBody
    put.run({ epc, lot, expiry, pack, units, site, doc: entry.doc, at: receivedAtMs, id })
  }
}

/** Which checkpoints were told, where in the stream: a node that holds the entry is a witness of that size [C2SP tlog-checkpoint]. */
const openCheckpoints = (db: Database, schema: SchemaName) => {
  const put = db.prepare<[string, number, number]>(`insert or ignore into ${schema}.checkpoint values (?, ?, ?)`)
  return ({ entry }: Placed) => {
    const size = Number((entry.body as BodyOf<'checkpoint'>).text.split('\n')[1])
    if (Number.isSafeInteger(size)) put.run(entry.epoch, entry.seq, size)
  }
}
