import type { World } from '../world.ts'
import type { Fault } from './fault.ts'

/** Wall clocks that jump, and machines that start in 1970 because nothing in them remembers the time. */
export const CLOCKS = {
  'clock-jump': {
    rate: 0.01,
    strike: (world) => {
      const machine = world.pick(world.nodes)
      if (!machine) return false
      machine.setClock(Math.round((world.draw() - 0.5) * (world.draw() < 0.5 ? 7_200_000 : 63_072_000_000)))
      return suspect(world, machine)
    },
  },
  'no-clock-chip': {
    rate: 0.006,
    strike: (world) => {
      const machine = world.pick(world.nodes.filter((run) => run.isUp()))
      if (!machine) return false
      machine.kill()
      machine.setClock(-world.time.clock.now() + Math.floor(world.draw() * 3_600_000))
      machine.start()
      return suspect(world, machine)
    },
  },
} as const satisfies Record<string, Fault>

const suspect = ({ records, later, draw }: World, machine: World['nodes'][number]): true => {
  for (const kind of ['clock-wrong', 'entries-redated']) records.allow(kind, machine.node)
  later(draw() * 60, () => machine.setClock(0))
  return true
}
