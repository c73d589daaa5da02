import type { OwnershipBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import { type EntryId, HUB, type NodeId, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import { ownerNow, wentThrough } from '../owners.ts'
import { openTold } from '../told.ts'
import type { DiscrepancyRows } from './discrepancies.ts'
import type { Epochs, StreamPlace } from './epochs.ts'
import type { Placed } from './placed.ts'
import { openPlaces } from './places.ts'

/** Whose places are whose: those of a node that is gone passed to another by an entry that names its last word [ledger-and-sync 1.9]. */
export interface Ownerships {
  readonly note: (placed: Placed) => void
  readonly ownerNow: (node: NodeId) => NodeId
  /** Names what a node booked after its places had passed on; it is booked all the same. */
  readonly judge: (placed: Placed) => void
  readonly forget: () => void
}

export const openOwnerships = (
  db: Database,
  rooms: { readonly discrepancies: DiscrepancyRows; readonly epochs: Epochs },
  schema: SchemaName,
) => {
  const all = db.prepare<[], PassedRow>(`select node, owner, tip_epoch, tip_seq from ${schema}.ownership`)
  const put = db.prepare(`insert or replace into ${schema}.ownership values (?, ?, ?, ?, ?)`)
  const drop = db.prepare(`delete from ${schema}.ownership where node = ?`)
  const foreign = openForeign(db, schema)
  const owners = new Map<NodeId, NodeId>()
  const tips = new Map<NodeId, StreamPlace | null>()
  const read = (): void => {
    owners.clear()
    tips.clear()
    for (const { node, owner, tip_epoch, tip_seq } of all.all()) {
      owners.set(node, owner)
      tips.set(node, tip_epoch === null || tip_seq === null ? null : { epoch: tip_epoch, seq: tip_seq })
    }
  }
  read()
  const ownerships: Ownerships = {
    note: ({ id, entry, receivedAtMs }) => {
      const { from, tip, to } = entry.body as OwnershipBody
      // A node that takes over from whoever took over from it has its own places back.
      if (wentThrough(owners, to, from) || from === to) drop.run(to)
      if (from !== to) put.run(from, to, tip?.epoch ?? null, tip?.seq ?? null, id)
      read()
      // Whoever came to these places may have booked there before the hub heard, or heard again after a restore, that they had passed.
      const heir = ownerNow(owners, from)
      for (const subject of foreign(heir, (owner) => ownerNow(owners, owner) === heir))
        rooms.discrepancies.close('place-foreign', subject, receivedAtMs)
    },
    ownerNow: (node) => (owners.size === 0 ? node : ownerNow(owners, node)),
    judge: ({ id, entry, receivedAtMs }) => {
      const { stream, epoch, seq } = entry
      const site = writerOf(stream)
      if (site === HUB || owners.size === 0 || !owners.has(site)) return
      const tip = tips.get(site) ?? null
      if (tip !== null && !rooms.epochs.isAfter(stream, { epoch, seq }, tip)) return
      const facts = { to: ownerNow(owners, site), at: `${epoch}/${seq}` }
      rooms.discrepancies.open({ kind: 'after-ownership', site, subject: `${site} ${epoch}`, entry: id, atMs: receivedAtMs, facts })
    },
    forget: read,
  }
  return ownerships
}

/** Entries of a site that stand as booked at another's place, and have none such any more. */
const openForeign = (db: Database, schema: SchemaName) => {
  const places = openPlaces()
  const open = db
    .prepare<[NodeId], EntryId>(`select subject from ${schema}.discrepancy where site = ? and kind = 'place-foreign' and closed_at is null`)
    .pluck()
  const told = openTold(db)
  const placesIn = (id: EntryId) => {
    // Of a text that is gone nobody knows the places any more: it stays named.
    const lines = told.entry(id)?.lines ?? []
    return lines.flatMap(({ from, to }) => [places.named(from), places.named(to)]).filter(({ kind }) => kind !== 'transit')
  }
  return (site: NodeId, owns: (owner: NodeId) => boolean): readonly EntryId[] =>
    open.all(site).filter((id) => {
      const booked = placesIn(id)
      return booked.length > 0 && booked.every(({ owner }) => owns(owner))
    })
}

interface PassedRow {
  readonly node: string
  readonly owner: string
  readonly tip_epoch: string | null
  readonly tip_seq: number | null
}
