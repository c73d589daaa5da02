import type { SimulatorParts } from './reader.ts'

/** The clock, timers and chance of this machine, for devices simulated in real time. */
export const REAL_PARTS: SimulatorParts = {
  clock: { now: () => Date.now(), monotonic: () => performance.now() },
  timers: {
    after: (ms, run) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  },
  random: { fraction: Math.random },
}
