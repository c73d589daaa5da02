import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ADOPTION_MARKS } from '@lotkeeper/edge/portal/adoption.ts'
import type { Crossing } from '@lotkeeper/edge/portal/crossings.ts'
import type { Weighing } from '@lotkeeper/edge/portal/mark-names.ts'
import { ALONE, figuresOf, MARK_NAMES } from '@lotkeeper/edge/portal/marks.ts'
import type { Net } from '@lotkeeper/edge/portal/net.ts'
import { openPortal, type Sighting } from '@lotkeeper/edge/portal/portal.ts'
import type { Weighed } from '@lotkeeper/edge/portal/session.ts'
import { type PortalThresholds, THRESHOLDS } from '@lotkeeper/edge/portal/thresholds.ts'
import { hasLevels } from '@lotkeeper/edge/portal/track.ts'
import { doorsOf, scenariosOf } from './generate.ts'
import { plainScenes } from './plain-air.ts'
import { playAt, sightingsOf } from './play.ts'
import { type Case, type Training, trained } from './train.ts'

/** What a door hears of a scene, and what happened. */
interface Scene {
  readonly sightings: readonly Sighting[]
  readonly antennas: Readonly<Record<string, 'inside' | 'outside'>>
  readonly truth: ReadonlyMap<string, readonly string[]>
}

/** Fits the nets of the door on the fit doors and on doors of plain air, and writes them as `edge/portal/learnt.json`. */
const main = (): void => {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '21' },
      passages: { type: 'string', default: '50000' },
      plain: { type: 'string', default: '800' },
      rounds: { type: 'string', default: '3' },
      out: { type: 'string', default: fileURLToPath(import.meta.resolve('@lotkeeper/edge/portal/learnt.json')) },
    },
  })
  const order = { seed: Number(values.seed), passages: Number(values.passages), plain: Number(values.plain) }
  let nets: Nets = { weights: { alone: BLANK, together: BLANK, 'alone, no level': BLANK, 'together, no level': BLANK }, adoption: BLANK }
  // Again and again, for what is weighed depends on what was told before.
  for (let round = 1; round <= Number(values.rounds); round += 1)
    nets = learnt(order, nets, (line) => process.stderr.write(`${round}: ${line}\n`))
  writeFileSync(values.out, textOf(nets))
}

interface Order {
  readonly seed: number
  readonly passages: number
  readonly plain: number
}

type Nets = Pick<PortalThresholds, 'weights' | 'adoption'>
/** Nothing is known of marks yet: every change of side is as likely as not. */
const BLANK: Net = { even: 0, mean: [], spread: [], straight: [], hidden: [] }

const CROSSING_NET: Training = { places: 24, rounds: 40 }
/** Few doors of the fit have readers without levels. */
const MUTE_NET: Training = { places: 6, rounds: 40 }
const ADOPTION_NET: Training = { places: 16, rounds: 60 }

/** Plays every scene at a door with these nets and fits others to what it weighed. */
const learnt = (order: Order, nets: Nets, say: (line: string) => void): Nets => {
  const cases: Record<Weighing | 'adoption', Case[]> = {
    ...{ alone: [], together: [], 'alone, no level': [], 'together, no level': [], adoption: [] },
  }
  for (const scene of scenesOf(order)) {
    const seen = new Set<string>()
    const portal = openPortal({ door: 'fit', antennas: scene.antennas, thresholds: nets }, (weighed) => {
      // While a tag stays it is weighed every second: once is enough.
      const key = `${weighed.epc} ${weighed.moment} ${weighed.track.startMs}`
      const truth = scene.truth.get(weighed.epc)
      if (truth === undefined || seen.has(key)) return
      seen.add(key)
      addCases(cases, weighed, truth)
    })
    playAt(portal, scene.sightings)
  }
  const net = (name: Weighing | 'adoption', width: number, training: Training): Net => {
    say(`${name}: ${cases[name].length} cases, ${cases[name].filter(({ isSo }) => isSo).length} so`)
    return trained(width, cases[name], training)
  }
  return {
    weights: {
      alone: net('alone', MARK_NAMES.length, CROSSING_NET),
      together: net('together', MARK_NAMES.length, CROSSING_NET),
      'alone, no level': net('alone, no level', MARK_NAMES.length, MUTE_NET),
      'together, no level': net('together, no level', MARK_NAMES.length, MUTE_NET),
    },
    adoption: net('adoption', ADOPTION_MARKS.length, ADOPTION_NET),
  }
}

function* scenesOf({ seed, passages, plain }: Order): Generator<Scene> {
  for (const scenario of scenariosOf({ seed, doors: doorsOf('fit'), passages })) {
    if (scenario.fault) continue
    yield { sightings: sightingsOf(scenario), antennas: scenario.antennas, truth: truthsOf(scenario.truth) }
  }
  for (const { truth, reads } of plainScenes(plain)) {
    const sightings = reads.map(([at, epc, side, rssiDbm]) => ({ at, epc, antenna: side, side, rssiDbm }))
    yield { sightings, antennas: { inside: 'inside', outside: 'outside' }, truth: truthsOf(truth) }
  }
}

const truthsOf = (truth: readonly { readonly epc: string; readonly direction: string }[]): Scene['truth'] =>
  new Map(truth.map(({ epc, direction }) => [epc, direction === 'none' ? [] : direction.split(',')]))

/** Each change of side that was weighed, first and last, with whether it was so; and whether the tag lay on the cart it fits best. */
const addCases = (
  cases: Readonly<Record<Weighing | 'adoption', Case[]>>,
  { track, verdict, told, adoption }: Weighed,
  truth: readonly string[],
): void => {
  if (told === null || told.some(({ direction }, at) => direction !== truth[at])) return
  const left = truth.slice(told.length)
  const suffix = hasLevels(track) ? '' : ', no level'
  for (const crossings of [verdict.first, verdict.crossings]) {
    const so = trueOnes(crossings, left)
    crossings.forEach(({ marks }, at) => {
      const one = { isSo: so.has(at), counts: 0.5 }
      cases[`alone${suffix}`].push({ ...one, figures: figuresOf({ ...marks, ...ALONE }) })
      cases[`together${suffix}`].push({ ...one, figures: figuresOf(marks) })
    })
  }
  if (adoption === null) return
  const way = adoption.ride.cart.steps.map(({ direction }) => direction).join()
  const isClear = verdict.crossings.length > 0 && verdict.crossings.every(({ certainty }) => certainty >= THRESHOLDS.decideCertainty)
  // Whoever is sure of the same way asks no cart.
  if (isClear && adoption.isOwn) return
  cases.adoption.push({ figures: ADOPTION_MARKS.map((name) => adoption.ride.marks[name]), isSo: truth.join() === way, counts: 1 })
}

/** Which of the changes of side, in order, are the true ones: as many of those that are left as there are, and the surest that fit. */
const trueOnes = (crossings: readonly Crossing[], truth: readonly string[]): ReadonlySet<number> => {
  let best: { readonly sure: number; readonly at: readonly number[] } = { sure: -1, at: [] }
  const look = (from: number, taken: readonly number[], sure: number): void => {
    if (taken.length > best.at.length || (taken.length === best.at.length && sure > best.sure)) best = { sure, at: taken }
    if (taken.length === truth.length) return
    for (let at = from; at < crossings.length; at += 1) {
      const crossing = crossings[at]
      if (crossing && crossing.direction === truth[taken.length]) look(at + 1, [...taken, at], sure + crossing.certainty)
    }
  }
  look(0, [], 0)
  return new Set(best.at)
}

/** A line for each list of numbers. */
const textOf = ({ weights, adoption }: Nets): string => {
  const listOf = (numbers: readonly number[]): string => `[${numbers.join(', ')}]`
  const netOf = ({ even, mean, spread, straight, hidden }: Net): string =>
    [
      `{ "even": ${even},`,
      `"mean": ${listOf(mean)},`,
      `"spread": ${listOf(spread)},`,
      `"straight": ${listOf(straight)},`,
      `"hidden": [\n${hidden.map(listOf).join(',\n')}\n] }`,
    ].join('\n')
  const crossing = Object.entries(weights).map(([name, net]) => `"${name}": ${netOf(net)}`)
  return `{ "crossing": {\n${crossing.join(',\n')}\n},\n"adoption": ${netOf(adoption)} }\n`
}

if (import.meta.main) main()
