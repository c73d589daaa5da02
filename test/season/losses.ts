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

/** Whether the hub holds more of a machine's own stream than the machine does. */
export const lacksTail = async ({ hub }: World, machine: NodeRun): Promise<boolean> => {
  const tips = machine.ledger().exchange.tips([streamOfNode(machine.node)])
  const mine = new Map(tips.map(({ epoch, held }) => [epoch, held]))
  return [...(await hub.heldOf(machine.node))].some(([epoch, held]) => held > (mine.get(epoch) ?? 0))
}

/**
 * A machine came back with another file: what the hub holds beyond that is a lost tail, which somebody must name before it is given back. Of a
 * machine that still `lacked` one nothing was given back in silence: where the file it has now holds it all again, nobody need ever have missed it.
 */
export const expectLostTail = async (world: World, machine: NodeRun, lacked: boolean): Promise<void> => {
  const { records, note, time } = world
  records.allow('lost-tail', machine.node)
  if (!lacked) wholeAt.set(machine, time.clock.now())
  if (!(await lacksTail(world, machine))) {
    // What it lost earlier and was given back stays to be named.
    if (lacked) records.spare('lost-tail', machine.node, wholeAt.get(machine) ?? 0)
    return
  }
  records.expect('lost-tail', machine.node, time.clock.now())
  note('tails lost')
}

/** When a card was last taken out of a machine that held all the hub had of it. */
const wholeAt = new WeakMap<NodeRun, number>()
