import { isOwnRoom, type Owns } from '@lotkeeper/protocol/ledger/movement.ts'
import { type NodeId, type PlaceId, placeOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'

/** Whose places are this node's to book: its own, and those of nodes that are gone and passed to it [ledger-and-sync 1.9]. */
export interface Owned {
  readonly owns: Owns
  /** Nodes whose places passed to this one. */
  readonly passed: () => readonly NodeId[]
  /** Whether the place is one of its rooms: stock there is real. */
  readonly room: (place: PlaceId) => boolean
  /** Whether its units may never fall below zero: a room that passed may, for what its last keeper booked comes as it was booked. */
  readonly guarded: (place: PlaceId) => boolean
}

export const openOwned = (db: Database, node: NodeId): Owned => {
  const next = db.prepare<[string], string>('select owner from ownership where node = ?').pluck()
  const owns: Owns = (of) => wayOf(of, (at) => next.get(at)).at(-1) === node
  const nodes = db.prepare<[], string>('select node from ownership order by node').pluck()
  return {
    owns,
    passed: () => nodes.all().filter((one) => one !== node && owns(one)),
    room: (place) => isOwnRoom(owns, place),
    guarded: (place) => isOwnRoom(owns, place) && placeOf(place)?.owner === node,
  }
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
    for (const place of places.all()) guard.run(owned.guarded(place) ? 1 : 0, place)
  }
}

/** The node and all its places passed to, one after another. */
const wayOf = (node: NodeId, next: (at: NodeId) => NodeId | undefined): readonly NodeId[] => {
  const way = [node]
  for (let at = next(node); at !== undefined && !way.includes(at); at = next(at)) way.push(at)
  return way
}
