import { roomPlace, STREAM_TO_ALL, streamOfNode } from '@lotkeeper/protocol/names.ts'
import { actAt } from '../business.ts'
import { tell } from '../tell.ts'
import type { Fault } from './fault.ts'

/** A node that is gone: its places pass to another, which counts what stands there. Healing finds the machine again, with what it never sent. */
export const OWNERSHIP = {
  'node-gone': {
    rate: 0.004,
    most: 1,
    strike: async (world) => {
      const { nodes, copies, hub, pick, gone, records, later, network, draw } = world
      const from = pick(nodes.filter((run) => run.isUp() && !copies.some(({ node }) => node === run.node)))
      const to = nodes.find((run) => run !== from && run.isUp())
      if (!from || !to || !hub.isUp()) return false
      const tip = (await hub.ledger().tips([streamOfNode(from.node)])).findLast(({ held }) => held > 0)
      const passed = tip ? { epoch: tip.epoch, seq: tip.held, hash: tip.headHash } : null
      const body = { from: from.node, tip: passed, to: to.node, reason: 'burnt down' }
      const action = `ownership-${from.node}-${to.node}`
      if ((await tell(world, action, { stream: STREAM_TO_ALL, kind: 'ownership', doc: null, lines: [], body })) !== 'told') return false
      // Its last act came after that, and nobody heard of it.
      network.partition(from.machine, true)
      const last = actAt(world, from, 'receive', `last-${from.machine}-${from.ledger().head().seq}`, {
        lot: draw(),
        units: 0.5,
        other: 0.9,
      })
      if (last === 'receive') records.expect('after-ownership', from.node)
      from.kill()
      gone.add(from.node)
      for (const { node } of nodes) for (const kind of ['after-ownership', 'room-negative', 'balance-differs']) records.allow(kind, node)
      later(8, () => {
        if (!to.isUp() || !to.ledger().read.owns(from.node)) return
        const place = roomPlace(from.node, 'main', 'available')
        to.stockroom().count({ action: `inherited-${from.node}`, place, lot: 'gauze/A1', counted: 7 }, null)
      })
      return true
    },
  },
} as const satisfies Record<string, Fault>
