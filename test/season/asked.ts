import type { SeasonSettings } from './season.ts'

/** Reads one season's settings from words of a command line. */
export const seasonOf = (asked: {
  readonly seed?: string | undefined
  readonly movements?: string | undefined
  readonly nodes?: string | undefined
  readonly faults?: string | undefined
}): SeasonSettings => ({ seed: Number(asked.seed ?? 1), nodes: Number(asked.nodes ?? 3), acts: Number(asked.movements ?? 200) })
