import type { OwnershipBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import { HUB, type NodeId, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { SchemaName } from '../../ledger/sqlite/schema.ts'
import { ownerNow, wentThrough } from '../owners.ts'
import type { DiscrepancyRows } from './discrepancies.ts'
import type { Epochs, StreamPlace } from './epochs.ts'
import type { Placed } from './placed.ts'

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
    note: ({ id, entry }) => {
      const { from, tip, to } = entry.body as OwnershipBody
      // A node that takes over from whoever took over from it has its own places back.
      if (wentThrough(owners, to, from) || from === to) drop.run(to)
      if (from !== to) put.run(from, to, tip?.epoch ?? null, tip?.seq ?? null, id)
      read()
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

interface PassedRow {
  readonly node: string
  readonly owner: string
  readonly tip_epoch: string | null
  readonly tip_seq: number | null
}
