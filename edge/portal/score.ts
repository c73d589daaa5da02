import { openPortal } from './portal.ts'
import type { Scenario, Truth } from './scenario.ts'
import { type Figures, thresholdsOf } from './tunable.ts'
import type { Passage } from './verdict.ts'

/** What a door made of labelled tags: told as it was, told or left out wrongly with nobody asked, or asked about. */
export interface Tally {
  readonly right: number
  readonly wrong: number
  readonly uncertain: number
}
export type Mark = keyof Tally

/** What a door with these thresholds says to each labelled tag of a walk, in the order of its truths. */
export const marksOf = (scenario: Scenario, figures: Figures): readonly Mark[] => {
  const said = play(scenario, figures)
  return scenario.truth.map((truth) => markOf(truth, said.get(truth.epc) ?? []))
}

/** A wrong silent posting costs as much as this many questions to the keeper: it is found at the next count, if then. */
export const WRONG_COSTS = 40

export const costOf = ({ wrong, uncertain }: Tally): number => wrong * WRONG_COSTS + uncertain

export const NO_TALLY: Tally = { right: 0, wrong: 0, uncertain: 0 }

export const tallyOf = (marks: readonly Mark[]): Tally => {
  const count = (mark: Mark): number => marks.filter((one) => one === mark).length
  return { right: count('right'), wrong: count('wrong'), uncertain: count('uncertain') }
}

type Direction = Passage['direction']

/** Who is asked is not misled, unless something wrong was posted beside the question. What was neither asked about nor found is wrong too. */
const markOf = ({ direction }: Truth, said: readonly Direction[]): Mark => {
  const decided = said.filter((one) => one !== 'uncertain')
  const asked = decided.length < said.length
  if (direction.startsWith('not-')) {
    if (decided.some((one) => `not-${one}` === direction)) return 'wrong'
    // The other way: nobody has said so, nobody has denied it.
    return said.length === 0 ? 'right' : 'uncertain'
  }
  const truths = direction === 'none' ? [] : direction.split(',')
  if (!asked) return decided.join() === truths.join() ? 'right' : 'wrong'
  return isWithin(decided, truths) ? 'uncertain' : 'wrong'
}

const isWithin = (decided: readonly string[], truths: readonly string[]): boolean => {
  let from = 0
  for (const one of decided) {
    const at = truths.indexOf(one, from)
    if (at < 0) return false
    from = at + 1
  }
  return true
}

/** The walk through a door of its own, with the silence after it. */
const play = ({ door, antennas, reads }: Scenario, figures: Figures): ReadonlyMap<string, readonly Direction[]> => {
  const portal = openPortal({ door, antennas, thresholds: thresholdsOf(figures) })
  const said = new Map<string, Direction[]>()
  const hear = (passages: readonly Passage[]): void => {
    for (const { epc, direction } of passages) said.set(epc, [...(said.get(epc) ?? []), direction])
  }
  let last = 0
  for (const [at, epc, antenna, rssiDbm, phaseDeg] of reads) {
    const side = antennas[antenna]
    if (side === undefined) continue
    // Phase is for versions of the door that look at it.
    const sighting = { epc, antenna, side, at, rssiDbm, phaseDeg }
    hear(portal.see(sighting))
    last = at
  }
  for (let at = last; at <= last + SILENCE_MS && portal.present() > 0; at += TICK_MS) hear(portal.tick(at))
  return said
}

/** As a door of a node looks at its silence. */
const TICK_MS = 100
/** Longer than any departure that is set. */
const SILENCE_MS = 20_000
