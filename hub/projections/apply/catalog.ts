import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import type { BodyOf, SiteBody } from '@lotkeeper/protocol/ledger/entry.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import { openMasterRows } from './master.ts'
import type { Placed } from './placed.ts'
import type { TagLife } from './tag-life.ts'

/** What the hub's own entries say: master data, sites, tag registrations, checkpoints, and which action wrote them. */
export interface CatalogRows {
  /** A registration that is known already, out of another epoch of the hub, is not the tag's last word. */
  readonly note: (placed: Placed, again: boolean) => void
}

export const openCatalogRows = (db: Database, life: Pick<TagLife, 'registered'>, schema: SchemaName): CatalogRows => {
  const master = openMasterRows(db, schema)
  const notes: Readonly<Record<string, (placed: Placed) => void>> = {
    item: master.note,
    master: master.note,
    site: openSites(db, schema),
    tag: life.registered,
    checkpoint: openCheckpoints(db, schema),
  }
  const acted = db.prepare<[string, number, string, string, number]>(`insert or ignore into ${schema}.acted values (?, ?, ?, ?, ?)`)
  return {
    note: (placed, again) => {
      const { action, part, stream, epoch, seq, kind } = placed.entry
      if (kind !== 'epoch') acted.run(action, part, stream, epoch, seq)
      if (!again) notes[kind]?.(placed)
    },
  }
}

/** The higher version of a site rules at once. */
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

/** Which checkpoints were told, where in the stream: a node that holds the entry is a witness of that size [C2SP tlog-checkpoint]. */
const openCheckpoints = (db: Database, schema: SchemaName) => {
  const put = db.prepare<[string, number, number]>(`insert or ignore into ${schema}.checkpoint values (?, ?, ?)`)
  return ({ entry }: Placed) => {
    const size = Number((entry.body as BodyOf<'checkpoint'>).text.split('\n')[1])
    if (Number.isSafeInteger(size)) put.run(entry.epoch, entry.seq, size)
  }
}
