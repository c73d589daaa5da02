import { STORM } from '@lotkeeper/deploy/simulators/network.ts'
import { type Fault, weatherOf } from './fault.ts'

/** Lines: messages doubled, overtaken, lost with their connection, late; townships cut off; brokers and storms that break every line. */
export const LINES = {
  duplicate: weatherOf((strength) => ({ doubled: strength * 0.3 })),
  reorder: weatherOf((strength) => ({ overtaken: strength * 0.3 })),
  gap: weatherOf((strength) => ({ broken: strength * STORM.broken, awayMs: STORM.awayMs })),
  delay: weatherOf((strength) => ({ delayMs: [1, 1 + Math.round(strength * 2_000)] })),
  partition: {
    rate: 0.02,
    strike: ({ pick, nodes, copies, network, later, draw }) => {
      const machine = pick([...nodes, ...copies])
      if (!machine) return false
      network.partition(machine.machine, true)
      later(draw() * 40, () => network.partition(machine.machine, false))
      return true
    },
  },
  'broker-restart': {
    rate: 0.01,
    strike: ({ network }) => {
      network.breakAll()
      return true
    },
  },
  'line-storm': {
    rate: 0.004,
    strike: ({ network, time, draw }) => {
      for (let at = 0; at < 30; at += 1) time.timers.after(draw() * 20_000, network.breakAll)
      return true
    },
  },
} as const satisfies Record<string, Fault>
