import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { fitted, openReplays } from './fit.ts'
import type { Scenario } from './scenario.ts'
import { costOf, marksOf, NO_TALLY, type Tally, tallyOf } from './score.ts'
import { type Figures, TUNABLE } from './tunable.ts'

/** What was learnt of a door, and how much better it is. */
export interface Tuned {
  readonly labels: number
  readonly folds: number
  /** The door as it is set now, over all labels. */
  readonly before: Tally
  /** The learnt figures over the labels they were learnt from: flattered. */
  readonly fitted: Tally
  /** Each fold judged with figures learnt from the other folds: what may be expected of passages to come. */
  readonly heldOut: Tally
  /** Figures that differ from those of now. */
  readonly changed: readonly { readonly name: string; readonly from: number; readonly to: number }[]
  /** All figures of the door that differ from the usual ones: what its settings hold afterwards. */
  readonly figures: Figures
  /** Whether the passages to come may be expected to cost less than now. */
  readonly isBetter: boolean
}

export interface Tuning {
  readonly scenarios: readonly Scenario[]
  /** What the door's settings say now. */
  readonly current: Figures
  /** Told as the work goes on. */
  readonly step?: (done: number, total: number) => void
}

/**
 * Learns the thresholds of one door from labelled walks. The search begins at the usual figures whatever is set now, so that the same labels give the
 * same answer; the walks of a fold are never judged by figures they helped to find. Refuses `tuning.labels-few` and `tuning.labels-one-way`.
 */
export const tuneDoor = ({ scenarios, current, step = () => {} }: Tuning): Tuned | Refusal => {
  const refused = tooLittle(scenarios)
  if (refused) return refused
  const usual = { ...current, ...Object.fromEntries(TUNABLE.map(({ name, usual: figure }) => [name, figure])) }
  const folds = foldsOf(scenarios)
  const total = folds.length + 2
  const judge = (some: readonly Scenario[], figures: Figures): Tally => tallyOf(some.flatMap((one) => marksOf(one, figures)))
  const replays = openReplays()
  const before = judge(scenarios, current)
  step(1, total)
  const heldOut = folds.reduce((tally, fold, at) => {
    const others = folds.filter((other) => other !== fold).flat()
    const judged = plus(tally, judge(fold, fitted(others, usual, replays)))
    step(at + 2, total)
    return judged
  }, NO_TALLY)
  const found = fitted(scenarios, usual, replays)
  const after = judge(scenarios, found)
  step(total, total)
  const labels = labelsIn(scenarios)
  const changed = TUNABLE.flatMap(({ name, usual: figure }) => {
    const [from, to] = [current[name] ?? figure, found[name] ?? figure]
    return from === to ? [] : [{ name, from, to }]
  })
  const isBetter = changed.length > 0 && costOf(heldOut) <= costOf(before) - SAVED_MIN
  return { labels, folds: folds.length, before, fitted: after, heldOut, changed, figures: unusual(found), isBetter }
}

/** Fewer labels than this fit any figures. */
export const LABELS_MIN = 30
/** Of each direction: with fewer, a fold would be judged on a way it never saw. */
export const WAY_MIN = 5
const FOLDS = 4
/** Questions to the keeper that must be saved among the labels: one more or less is chance. */
const SAVED_MIN = 2

const labelsIn = (scenarios: readonly Scenario[]): number => scenarios.reduce((sum, { truth }) => sum + truth.length, 0)

const tooLittle = (scenarios: readonly Scenario[]): Refusal | null => {
  const labels = labelsIn(scenarios)
  if (labels < LABELS_MIN) return refuse('tuning.labels-few', { labels, min: LABELS_MIN })
  const ways = (way: string) => scenarios.reduce((sum, { truth }) => sum + truth.filter((one) => one.direction === way).length, 0)
  const [came, went] = [ways('in'), ways('out')]
  return came < WAY_MIN || went < WAY_MIN ? refuse('tuning.labels-one-way', { in: came, out: went, min: WAY_MIN }) : null
}

/** Walks dealt out by what they were, so that each fold holds its share of every kind; a walk's tags stay together, for they saw the same air. */
const foldsOf = (scenarios: readonly Scenario[]): readonly (readonly Scenario[])[] => {
  const kinds = Map.groupBy(scenarios, ({ truth }) => truth[0]?.direction ?? '')
  const dealt = [...kinds].toSorted(([one], [other]) => (one < other ? -1 : 1)).flatMap(([, some]) => some)
  return Array.from({ length: FOLDS }, (_, fold) => dealt.filter((_one, at) => at % FOLDS === fold))
}

const plus = (one: Tally, other: Tally): Tally => ({
  right: one.right + other.right,
  wrong: one.wrong + other.wrong,
  uncertain: one.uncertain + other.uncertain,
})

/** What is as usual is not written down: a later version may find better usual figures. */
const unusual = (figures: Figures): Figures =>
  Object.fromEntries(Object.entries(figures).filter(([name, figure]) => TUNABLE.find((one) => one.name === name)?.usual !== figure))
