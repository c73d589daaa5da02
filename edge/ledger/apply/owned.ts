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
  const next = db.prepare<[string], string>('select owner from ownership where node = ?').pluck()
  const owns: Owns = (of) => wayOf(of, (at) => next.get(at)).at(-1) === node
  return { owns, room: (place) => isOwnRoom(owns, place) }
}

/**
 * Notes that all places of `from` belong to `to` from here on, what had passed to `from` before too, and guards the rooms of this node anew. A
 * node that takes over from whoever took over from it has its own places back.
 */
export const openPassing = (db: Database, owned: Owned) => {
  const next = db.prepare<[string], string>('select owner from ownership where node = ?').pluck()
  const back = db.prepare<[string]>('delete from ownership where node = ?')
  const passed = db.prepare<[string, string, string]>('insert or replace into ownership (node, owner, entry) values (?, ?, ?)')
  const places = db.prepare<[], string>('select distinct place from position').pluck()
  const guard = db.prepare<[number, string]>('update position set room = ? where place = ? and units >= 0')
  return ({ from, to }: { readonly from: NodeId; readonly to: NodeId }, entry: string): void => {
    if (wayOf(to, (at) => next.get(at)).includes(from)) back.run(to)
    if (from !== to) passed.run(from, to, entry)
    for (const place of places.all()) guard.run(owned.room(place) ? 1 : 0, place)
  }
}

/** The node and all its places passed to, one after another. */
const wayOf = (node: NodeId, next: (at: NodeId) => NodeId | undefined): readonly NodeId[] => {
  const way = [node]
  for (let at = next(node); at !== undefined && !way.includes(at); at = next(at)) way.push(at)
  return way
}
