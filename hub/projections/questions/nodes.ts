import type { NodeView } from '@lotkeeper/protocol/api/views.ts'
import { type NodeId, STREAM_TO_ALL, streamOfNode } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import { ownerNow } from '../owners.ts'
import type { Names } from './names.ts'

/** Nodes as the county sees them: their links, what the hub holds of them, what they hold of the hub, whether both agree. */
export const openNodes = (db: Database): ((node: NodeId, names: Names, open: ReadonlyMap<NodeId, number>) => NodeView) => {
  const life = db.prepare<[string], LifeRow>(
    'select online, since, last_heard, software, skew_ms, waiting, devices from node_life where node = ?',
  )
  const tip = db.prepare<[string], { readonly epoch: string; readonly held_seq: number }>(
    'select epoch, held_seq from epoch where stream = ? order by ord desc limit 1',
  )
  const digest = db.prepare<[string], { readonly at: number; readonly same: number }>('select at, same from digest where node = ?')
  const witnessed = openWitnessed(db)
  const passedTo = openPassed(db)
  return (node, names, open) => {
    const row = life.get(node)
    const head = tip.get(streamOfNode(node))
    const compared = digest.get(node)
    return {
      node,
      name: names.siteName(node),
      state: row === undefined || row.since === null ? 'never' : row.online === 1 ? 'online' : 'offline',
      since: instantOf(row?.since),
      lastHeardAt: instantOf(row?.last_heard),
      stream: streamOfNode(node),
      epoch: head?.epoch ?? null,
      held: head?.held_seq ?? 0,
      waiting: row?.waiting ?? 0,
      software: row?.software ?? null,
      clockSkewMs: row?.skew_ms ?? null,
      devices: row ? (JSON.parse(row.devices) as NodeView['devices']) : [],
      discrepancies: open.get(node) ?? 0,
      digest: compared ? { at: new Date(compared.at).toISOString(), same: compared.same === 1 } : null,
      witnessed: witnessed(node),
      passedTo: passedTo(node),
    }
  }
}

/** Who holds an epoch of the hub holds what it goes on from: the newest checkpoint on that way is the one the node is a witness of. */
const openWitnessed = (db: Database): ((node: NodeId) => number | null) => {
  const tip = db.prepare<[string, string], Reach>(
    `select h.epoch, h.held from hub_have h join epoch e on e.stream = h.stream and e.epoch = h.epoch
     where h.node = ? and h.stream = ? order by e.ord desc limit 1`,
  )
  const parent = db.prepare<[string, string], Reach>(
    'select parent_epoch as epoch, parent_seq as held from epoch where stream = ? and epoch = ? and parent_epoch is not null',
  )
  const newest = db
    .prepare<[string, number], number>('select size from checkpoint where epoch = ? and seq <= ? order by seq desc limit 1')
    .pluck()
  return (node) => {
    for (let at = tip.get(node, STREAM_TO_ALL); at; at = parent.get(STREAM_TO_ALL, at.epoch)) {
      const size = newest.get(at.epoch, at.held)
      if (size !== undefined) return size
    }
    return null
  }
}
interface Reach {
  readonly epoch: string
  readonly held: number
}

/** The node that owns the places of another now; `null` for those that are still their own. */
export const openPassed = (db: Database): ((node: NodeId) => NodeId | null) => {
  const all = db.prepare<[], { readonly node: string; readonly owner: string }>('select node, owner from ownership')
  return (node) => {
    const passed = new Map(all.all().map((row) => [row.node, row.owner]))
    const owner = ownerNow(passed, node)
    return owner === node ? null : owner
  }
}

interface LifeRow {
  readonly online: number
  readonly since: number | null
  readonly last_heard: number | null
  readonly software: string | null
  readonly skew_ms: number | null
  readonly waiting: number
  readonly devices: string
}

const instantOf = (ms: number | null | undefined): string | null => (ms == null ? null : new Date(ms).toISOString())
