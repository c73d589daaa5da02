import type { MovementRow } from '@lotkeeper/protocol/api/views.ts'
import { type EntryId, entryOf, type NodeId, streamOfNode } from '@lotkeeper/protocol/names.ts'
import type { EdgeLedger } from '../ledger/contract.ts'

/** How safe own entries are, as this node knows [ledger-and-sync 3]: recorded on its own card, or safe once the hub's word covers them. */
export interface Levels {
  readonly of: (entry: EntryId) => MovementRow['level']
}

/** Follows the epochs back from where this node writes, and from what the hub says it holds. An epoch on neither way came back from the hub. */
export const openLevels = (
  { exchange, head }: Pick<EdgeLedger, 'head'> & { readonly exchange: Pick<EdgeLedger['exchange'], 'tips' | 'noted'> },
  node: NodeId,
): Levels => {
  const parents = new Map(exchange.tips([streamOfNode(node)]).map(({ epoch, parent }) => [epoch, parent]))
  const wayBack = (from: { readonly epoch: string; readonly seq: number } | null): ReadonlyMap<string, number> => {
    const way = new Map<string, number>()
    for (let at = from; at && !way.has(at.epoch); at = parents.get(at.epoch) ?? null) way.set(at.epoch, at.seq)
    return way
  }
  const written = wayBack(head())
  const held = wayBack(exchange.noted().heldByHub)
  return {
    of: (id) => {
      const { epoch = '', seq = 0 } = entryOf(id) ?? {}
      return !written.has(epoch) || seq <= (held.get(epoch) ?? 0) ? 'safe' : 'recorded'
    },
  }
}
