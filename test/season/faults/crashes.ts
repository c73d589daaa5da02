import type { Fault } from './fault.ts'

/** Processes that end: between two acts, or at any call of a port in the middle of one, before or after its commit. */
export const CRASHES = {
  'node-kill': {
    rate: 0.015,
    strike: ({ pick, nodes, copies }) => {
      const machine = pick([...nodes, ...copies].filter((run) => run.isUp()))
      machine?.kill()
      return machine !== undefined
    },
  },
  'node-crash': {
    rate: 0.03,
    strike: ({ pick, nodes, copies, draw }) => {
      const machine = pick([...nodes, ...copies].filter((run) => run.isUp()))
      machine?.crashAfter(1 + Math.floor(draw() * 30))
      return machine !== undefined
    },
  },
  'hub-kill': {
    rate: 0.01,
    strike: async ({ hub }) => {
      if (!hub.isUp()) return false
      await hub.kill()
      return true
    },
  },
  'hub-crash': {
    rate: 0.02,
    strike: ({ hub, draw }) => {
      if (!hub.isUp()) return false
      hub.crashAfter(1 + Math.floor(draw() * 40))
      return true
    },
  },
} as const satisfies Record<string, Fault>
