import type { Scripted } from '../season/business.ts'
import { runSeason, type SeasonSettings } from '../season/season.ts'
import type { CutReport } from './exhaustive.ts'

/** A short story of a whole county, hub and nodes and lines between them, in which the power of one machine goes at any call of its ports. */
export interface CountyScenario {
  readonly name: string
  /** Whose power goes. */
  readonly machine: string
  readonly settings: SeasonSettings
}

/** Runs the story once whole, then once for every `stride`-th call of the machine: crypto, what it says, its timers; healed, nothing may be lost or doubled. */
export const cutCounty = async ({ name, machine, settings }: CountyScenario, first = 1, stride = 1): Promise<CutReport> => {
  const whole = await runSeason(settings)
  const calls = whole.counts[`calls ${machine}`] ?? 0
  const broken = whole.broken.map((what) => `${name}, whole: ${what}`)
  let cuts = 0
  for (let call = first; call <= calls; call += stride) {
    cuts += 1
    const cut = await runSeason({ ...settings, cut: { machine, call } })
    broken.push(...cut.broken.map((what) => `${name}, cut at call ${call} of ${calls}: ${what}`))
  }
  return { scenario: name, calls, cuts, broken }
}

const act = (name: Scripted['name'], at: number, given: Partial<Scripted> = {}): Scripted => ({
  name,
  at,
  lot: 0,
  units: 0.7,
  other: 0.4,
  ...given,
})

const SETTINGS = { seed: 3, faults: [] } as const
/** One stockroom's day: taken in, accepted, used, counted, found out and taken back. */
const DAY: readonly Scripted[] = [
  ...[act('receive', 0), act('issue', 0), act('receive', 0, { other: 0.8 }), act('accept', 0), act('count', 0, { other: 0.9 })],
  ...[act('transform', 0), act('reverse', 0, { other: 0.1 }), act('scrap', 0)],
]
/** Goods go from one stockroom to another, and some come back. */
const DELIVERY: readonly Scripted[] = [
  ...[act('receive', 0), act('ship', 0), act('receive', 0.9), act('ship', 0.9), act('issue', 0.9), act('reverse', 0, { other: 0 })],
]

export const COUNTY_SCENARIOS: readonly CountyScenario[] = (
  [
    ['a day in a stockroom', { ...SETTINGS, nodes: 1, acts: DAY.length, script: DAY }, ['town-a', 'hub']],
    ['a delivery between two stockrooms', { ...SETTINGS, nodes: 2, acts: DELIVERY.length, script: DELIVERY }, ['town-a', 'town-b', 'hub']],
  ] as const
).flatMap(([story, settings, machines]) => machines.map((machine) => ({ name: `${story}, ${machine}`, machine, settings })))
