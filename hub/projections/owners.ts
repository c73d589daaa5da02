import type { NodeId } from '@lotkeeper/protocol/names.ts'

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
