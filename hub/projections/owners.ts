import type { NodeId } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../database.ts'

/** Nodes whose places belong to this one now; it may read their streams, and give them back. */
export const openPassed = (db: Database): ((owner: NodeId) => readonly NodeId[]) => {
  const all = db.prepare<[], { readonly node: NodeId; readonly owner: NodeId }>('select node, owner from main.ownership order by node')
  return (owner) => {
    const passed = new Map(all.all().map((row) => [row.node, row.owner]))
    return [...passed.keys()].filter((node) => node !== owner && ownerNow(passed, node) === owner)
  }
}

/** Who owns the places that bear a node's name now: places that passed on may have passed on again. */
export const ownerNow = (passed: ReadonlyMap<NodeId, NodeId>, node: NodeId): NodeId => {
  let owner = node
  for (let next = passed.get(owner); next !== undefined && next !== node; next = passed.get(owner)) owner = next
  return owner
}

/** Whether the places of one node went through the hands of another on their way to who owns them now. */
export const wentThrough = (passed: ReadonlyMap<NodeId, NodeId>, node: NodeId, other: NodeId): boolean => {
  for (let next = passed.get(node); next !== undefined && next !== node; next = passed.get(next)) if (next === other) return true
  return false
}
