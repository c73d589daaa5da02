import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { type NodeId, streamOfNode } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { NodeFact } from '../../ledger/contract.ts'
import { openPassed } from './nodes.ts'

/** How nodes stand, as whoever writes directives to them must know. */
export const openNodeFacts = (db: Database): ((node: NodeId) => NodeFact) => {
  const online = db.prepare<[string], number>('select online from node_life where node = ?').pluck()
  const tip = db.prepare<[string], { readonly epoch: string; readonly seq: number; readonly hash: Uint8Array }>(
    'select epoch, held_seq as seq, head_hash as hash from epoch where stream = ? and held_seq > 0 order by ord desc limit 1',
  )
  // One lot a room is enough to say that it is not empty.
  const stocked = db.prepare<[NodeId, NodeId], { readonly place: string; readonly lot: string; readonly units: number }>(
    `select place, lot, units from position where units <> 0 and place >= ? || '/' and place < ? || '/~' group by place`,
  )
  const passedTo = openPassed(db)
  return (node) => {
    const held = tip.get(streamOfNode(node))
    return {
      node,
      online: online.get(node) === 1,
      owner: passedTo(node) ?? node,
      tip: held ? { ...held, hash: hexOf(held.hash) } : null,
      stocked: stocked.all(node, node).map(({ place, lot, units }) => ({ room: place.split('/')[1] ?? '', lot, units })),
    }
  }
}
