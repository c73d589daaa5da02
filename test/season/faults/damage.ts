import { streamOfNode } from '@lotkeeper/protocol/names.ts'
import { actAt, askAgain } from '../business.ts'
import type { Fault } from './fault.ts'

/** A card that forgets what nobody reads: the text of one of the node's own entries is no longer what was written. */
export const DAMAGE = {
  'damaged-row': {
    rate: 0.008,
    most: 3,
    strike: (world) => {
      const { pick, nodes, draw, records, network, later, note } = world
      const machine = pick(nodes.filter((run) => run.isUp()))
      if (!machine || machine.ledger().head().seq < 3) return false
      // A row that the hub has is given back; one that it never saw stays a hole.
      const unsent = draw() < 0.5
      if (unsent) {
        network.partition(machine.machine, true)
        const { epoch, seq } = machine.ledger().head()
        const action = `unsent-${machine.machine}-${epoch}-${seq}`
        const luck = { lot: draw(), units: 0.5, other: 0.9 }
        later(4, () => {
          // Before the hub can have said anything of it.
          askAgain(world, machine, 'receive', action, luck)
          network.partition(machine.machine, false)
        })
        note(actAt(world, machine, 'receive', action, luck))
        // It was cut off in the middle of that.
        if (!machine.isUp()) return false
      }
      const { epoch, seq } = machine.ledger().head()
      const at = unsent ? seq : seq - Math.floor(draw() * Math.min(seq - 2, 6))
      const { changes } = machine
        .db()
        .prepare(`update log set body = replace(body, ?, ?) where stream = ? and epoch = ? and seq = ?`)
        .run(...(LETTERS[at % LETTERS.length] ?? LETTERS[0]), streamOfNode(machine.node), epoch, at)
      for (const kind of ['hole', 'room-negative']) records.allow(kind, machine.node)
      return changes > 0
    },
  },
} as const satisfies Record<string, Fault>

/** What a flipped bit makes of a text: a word nobody knows, a list that is missing, no JSON at all, another entry. */
const LETTERS = [
  ['"kind":"', '"kimd":"'],
  ['"lines":[', '"limes":['],
  ['{', '}'],
  ['"zone":"Asia', '"zone":"Azia'],
] as const
