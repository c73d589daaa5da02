import { isOwnRoom, type Owns } from '@lotkeeper/protocol/ledger/movement.ts'
import type { NodeId, PlaceId } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'

/** Whose places are this node's to book: its own, and those of nodes that are gone and passed to it [ledger-and-sync 1.9]. */
export interface Owned {
  readonly owns: Owns
  /** Whether the place is one of its rooms: stock there is real and never falls below zero. */
  readonly room: (place: PlaceId) => boolean
}

export const openOwned = (db: Database, node: NodeId): Owned => {
  const owner = db.prepare<[string], string>('select owner from ownership where node = ?').pluck()
  const owns: Owns = (of) => (owner.get(of) ?? of) === node
  return { owns, room: (place) => isOwnRoom(owns, place) }
}

/** All that belonged to `from` belongs to `to` from here on, what had passed to `from` before too; the rooms of this node are guarded anew. */
export const openPassing = (db: Database, owned: Owned) => {
  const passedOn = db.prepare<[string, string]>('update ownership set owner = ? where owner = ?')
  const passed = db.prepare<[string, string, string]>(
    `insert into ownership (node, owner, entry) values (?, ?, ?)
     on conflict (node) do update set owner = excluded.owner, entry = excluded.entry`,
  )
  const places = db.prepare<[], string>('select distinct place from position').pluck()
  const guard = db.prepare<[number, string]>('update position set room = ? where place = ? and units >= 0')
  return (change: { readonly from: NodeId; readonly to: NodeId }, entry: string): void => {
    passedOn.run(change.to, change.from)
    passed.run(change.from, change.to, entry)
    for (const place of places.all()) guard.run(owned.room(place) ? 1 : 0, place)
  }
}
