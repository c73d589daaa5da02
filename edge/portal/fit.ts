import type { Scenario } from './scenario.ts'
import { type Mark, marksOf, WRONG_COSTS } from './score.ts'
import { type Figures, type Range, TUNABLE } from './tunable.ts'

/**
 * Figures that cost least over labelled walks, found one threshold at a time in ever smaller steps. Each figure pulls back to its usual one, so few
 * labels move little. No chance, no clock: the same walks give the same figures, and the work has an end that is counted in replays.
 */
export const fitted = (scenarios: readonly Scenario[], usual: Figures, replays: Replays = openReplays()): Figures => {
  const trial = openTrial(sampled(scenarios, usual, replays), replays)
  let best: Tried = { figures: usual, cost: trial.cost(usual, Number.POSITIVE_INFINITY) }
  for (const part of STEP_PARTS) {
    for (let sweep = 0; sweep < SWEEPS_MAX; sweep += 1) {
      const before = best.cost
      for (const one of TUNABLE) best = along(trial, best, { ...one, step: one.step * part, isShift: one.isShift === true && part === 1 })
      if (best.cost >= before) break
    }
  }
  return best.figures
}

/** What walks cost with figures, each replayed once: the searches of the folds go much the same way. */
export interface Replays {
  readonly cost: (scenario: Scenario, figures: Figures) => number
  /** Readings replayed so far. */
  readonly reads: () => number
}

export const openReplays = (): Replays => {
  const known = new Map<string, Map<Scenario, number>>()
  let reads = 0
  return {
    cost: (scenario, figures) => {
      const name = TUNABLE.map((one) => figures[one.name]).join()
      const costs = known.get(name) ?? new Map<Scenario, number>()
      known.set(name, costs)
      const cost = costs.get(scenario) ?? costsOf(marksOf(scenario, figures))
      if (!costs.has(scenario)) reads += scenario.reads.length
      costs.set(scenario, cost)
      return cost
    },
    reads: () => reads,
  }
}

/** A quarter of the coarsest step last: what is finer than that is the noise of the labels. */
const STEP_PARTS = [1, 0.5, 0.25]
const SWEEPS_MAX = 2
/** Walks that are replayed in the search: all that go wrong, up to half of it, and others evenly. */
const SAMPLE_MAX = 300
/** Readings replayed in one search: at some five microseconds each, the five searches of a door end within half a minute. */
const READS_MAX = 800_000
/** What moving a threshold over its whole range must save at least, in questions to the keeper. */
const PULL = 3

interface Tried {
  readonly figures: Figures
  readonly cost: number
}

/** Goes on in one direction as long as it helps; a leap sees over the edge of a plateau, for a door hung askew is wrong all along it. */
const along = (trial: Trial, from: Tried, { name, min, max, step, isShift }: Range & { readonly name: string }): Tried => {
  const moved = (best: Tried, by: number): Tried => {
    const figure = round(Math.min(max, Math.max(min, (best.figures[name] ?? 0) + by)))
    if (figure === best.figures[name]) return best
    const figures = { ...best.figures, [name]: figure }
    const cost = trial.cost(figures, best.cost)
    return cost < best.cost - LEAST_GAIN ? { figures, cost } : best
  }
  for (const way of (isShift ? LEAPS : STEPS).map((leap) => leap * step)) {
    let best = from
    for (let next = moved(best, way); next !== best; next = moved(best, way)) best = next
    if (best !== from) return best
  }
  return from
}

const STEPS = [1, -1]
const LEAPS = [1, -1, 2, -2, 3, -3]

/** Less is no gain but rounding. */
const LEAST_GAIN = 1e-9

interface Weighed {
  readonly scenario: Scenario
  /** How many walks it stands for. */
  readonly weight: number
}

interface Trial {
  /** Cost of the figures; as soon as it is above `limit`, anything above it. */
  readonly cost: (figures: Figures, limit: number) => number
}

const openTrial = (walks: readonly Weighed[], replays: Replays): Trial => {
  const startReads = replays.reads()
  return {
    cost: (figures, limit) => {
      let cost = pull(figures)
      // Out of work: nothing is better than what was found.
      if (replays.reads() - startReads >= READS_MAX && Number.isFinite(limit)) return Number.POSITIVE_INFINITY
      for (const { scenario, weight } of walks) {
        if (cost >= limit) return cost
        cost += weight * replays.cost(scenario, figures)
      }
      return cost
    },
  }
}

const costsOf = (marks: readonly Mark[]): number =>
  marks.reduce((sum, mark) => sum + (mark === 'wrong' ? WRONG_COSTS : mark === 'uncertain' ? 1 : 0), 0)

const pull = (figures: Figures): number =>
  TUNABLE.reduce((sum, { name, usual, min, max }) => sum + (PULL * Math.abs((figures[name] ?? usual) - usual)) / (max - min), 0)

/** Walks that go wrong with the usual figures come first: a worse trial is then soon given up. */
const sampled = (scenarios: readonly Scenario[], usual: Figures, replays: Replays): readonly Weighed[] => {
  const judged = scenarios.map((scenario) => ({ scenario, cost: replays.cost(scenario, usual) }))
  const hard = judged.filter(({ cost }) => cost > 0).toSorted((one, other) => other.cost - one.cost)
  const easy = judged.filter(({ cost }) => cost === 0)
  const fewHard = evenly(hard, Math.max(SAMPLE_MAX / 2, SAMPLE_MAX - easy.length))
  return [...fewHard, ...evenly(easy, SAMPLE_MAX - fewHard.length)]
}

const evenly = (walks: readonly { readonly scenario: Scenario }[], most: number): readonly Weighed[] => {
  const count = Math.min(walks.length, most)
  return Array.from({ length: count }, (_, at) => walks[Math.floor((at * walks.length) / count)]).flatMap((one) =>
    one ? [{ scenario: one.scenario, weight: walks.length / count }] : [],
  )
}

const round = (figure: number): number => Math.round(figure * 1_000) / 1_000
