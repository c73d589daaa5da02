import { streamOfNode } from '@lotkeeper/protocol/names.ts'
import type { NodeRun } from './node.ts'
import type { World } from './world.ts'

/**
 * After a medium lost something: which answers no medium holds any more. A machine that is asked for such an answer's head must say that it
 * lacks it: the loss is never silent.
 */
export const surveyLosses = async (world: World, machine: NodeRun | null): Promise<void> => {
  const { records, hub, note } = world
  for (const one of records.bookings()) {
    if (one.lost || (machine && one.node !== machine.node)) continue
    const machines = [...world.nodes, ...world.copies].filter((run) => run.node === one.node && run.isUp())
    const held = machines.some((run) => run.ledger().holds(one)) || ((await hub.heldOf(one.node)).get(one.epoch) ?? 0) >= one.seq
    if (held) continue
    one.lost = true
    note('answers lost with every copy')
  }
}

/** A machine came back with less than it had: what the hub holds beyond that is a lost tail, which somebody must name. */
export const expectLostTail = async ({ records, hub, note, time }: World, machine: NodeRun): Promise<void> => {
  const tips = machine.ledger().exchange.tips([streamOfNode(machine.node)])
  const mine = new Map(tips.map(({ epoch, held }) => [epoch, held]))
  records.allow('lost-tail', machine.node)
  const more = [...(await hub.heldOf(machine.node))].filter(([epoch, held]) => held > (mine.get(epoch) ?? 0))
  if (more.length === 0) return
  records.expect('lost-tail', machine.node, time.clock.now())
  note('tails lost')
}
