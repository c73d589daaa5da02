import type { EdgeParts } from '../parts.ts'

/** Timers by name: at most one of a name runs. */
export interface NamedTimers {
  /** Sets it, or moves the one that runs. */
  readonly set: (name: string, ms: number, run: () => void) => void
  /** Sets it unless one runs. */
  readonly once: (name: string, ms: number, run: () => void) => void
  readonly clear: (...names: readonly string[]) => void
  /** Whether one runs. */
  readonly waits: (name: string) => boolean
}

export const openNamedTimers = (timers: EdgeParts['timers']): NamedTimers => {
  const running = new Map<string, () => void>()
  const set: NamedTimers['set'] = (name, ms, run) => {
    running.get(name)?.()
    const cancel = timers.after(ms, () => {
      running.delete(name)
      run()
    })
    running.set(name, cancel)
  }
  return {
    set,
    once: (name, ms, run) => {
      if (!running.has(name)) set(name, ms, run)
    },
    waits: (name) => running.has(name),
    clear: (...names) => {
      for (const name of names) {
        running.get(name)?.()
        running.delete(name)
      }
    },
  }
}
