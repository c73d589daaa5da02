import { streamOfNode } from '@lotkeeper/protocol/names.ts'
import type { Fault } from './fault.ts'

/** A card that forgets what nobody reads: the text of one of the node's own entries is no longer what was written. */
export const DAMAGE = {
  'damaged-row': {
    rate: 0.008,
    most: 3,
    strike: ({ pick, nodes, draw, records }) => {
      const machine = pick(nodes.filter((run) => run.isUp()))
      const { epoch, seq } = machine?.ledger().head() ?? { epoch: '', seq: 0 }
      if (!machine || seq < 3) return false
      // Rather a young row: one that the hub has long is given back, one that it never saw stays a hole.
      const at = seq - Math.floor(draw() * Math.min(seq - 2, 6))
      const { changes } = machine
        .db()
        .prepare(`update log set body = replace(body, '"kind":"', '"kimd":"') where stream = ? and epoch = ? and seq = ?`)
        .run(streamOfNode(machine.node), epoch, at)
      // The node tells that it holds less, so that the hub sends the text again: to the hub that is a tail it lacks.
      for (const kind of ['hole', 'lost-tail', 'balance-differs', 'room-negative']) records.allow(kind, machine.node)
      return changes > 0
    },
  },
} as const satisfies Record<string, Fault>
