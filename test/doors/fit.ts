import { parseArgs } from 'node:util'
import type { Scenario } from '@lotkeeper/deploy/simulators/doorway/scenario.ts'
import { ADOPTION_MARKS, adoptionMarksOf } from '@lotkeeper/edge/portal/adoption.ts'
import { type Company, type Fellow, openCompany } from '@lotkeeper/edge/portal/company.ts'
import { type Crossing, crossingsOf } from '@lotkeeper/edge/portal/crossings.ts'
import { levelsOf } from '@lotkeeper/edge/portal/levels.ts'
import { MARK_NAMES } from '@lotkeeper/edge/portal/marks.ts'
import type { Sighting } from '@lotkeeper/edge/portal/portal.ts'
import { staysOf } from '@lotkeeper/edge/portal/stays.ts'
import { type PortalThresholds, THRESHOLDS } from '@lotkeeper/edge/portal/thresholds.ts'
import { addReading, hasLevels, openTrack, readsOf, type Track, timeOf } from '@lotkeeper/edge/portal/track.ts'
import { ADOPT_READS, isResident, isStanding } from '@lotkeeper/edge/portal/verdict.ts'
import type { Weighing } from '@lotkeeper/edge/portal/weights.ts'
import { doorsOf, scenariosOf } from './generate.ts'
import { type Case, fitLogistic } from './logistic.ts'
import { plainScenes } from './plain-air.ts'

/** A tag's time at a door and the truth of it. */
interface Told {
  readonly epc: string
  readonly truth: readonly string[]
  readonly track: Track
  readonly floorDbm: number
}

/** Fits the weights of the door on the fit doors and shows them as the table of `edge/portal/weights.ts`. */
const main = (): void => {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '21' },
      passages: { type: 'string', default: '16000' },
      plain: { type: 'string', default: '250' },
    },
  })
  const scenes: (readonly Told[])[] = []
  for (const scenario of scenariosOf({ seed: Number(values.seed), doors: doorsOf('fit'), passages: Number(values.passages) })) {
    if (!scenario.fault) scenes.push(toldOf(scenario))
  }
  for (const { truth, reads } of plainScenes(Number(values.plain))) {
    const told = reads.map(([at, epc, side, rssiDbm]) => ({ at, epc, antenna: side, side, rssiDbm }))
    scenes.push(tracksOf(told, truth))
  }
  let thresholds: PortalThresholds = THRESHOLDS
  for (const weighing of ['alone', 'together'] as const) {
    // Twice, for what is weighed depends on what was taken out before.
    for (let round = 0; round < 2; round += 1) {
      const fitted = (['', ', no level'] as const).map((suffix): [Weighing, PortalThresholds['weights'][Weighing]] => {
        const name = `${weighing}${suffix}` as const
        const names = MARK_NAMES.filter((mark) => mark !== 'beam' && (weighing === 'together' || !BESIDE.has(mark)))
        const cases = scenes.flatMap((scene) => casesOf(scene, thresholds, { names, isMute: suffix !== '' }))
        const rule = fitLogistic(names, cases)
        return [name, { ...NOTHING, ...rule, beam: BEAM_WEIGHT }]
      })
      thresholds = { ...thresholds, weights: { ...thresholds.weights, ...Object.fromEntries(fitted) } }
    }
  }
  const adoption = fitLogistic(
    ADOPTION_MARKS,
    scenes.flatMap((scene) => adoptionsOf(scene, thresholds)),
  )
  for (const [name, weights] of Object.entries(thresholds.weights)) process.stdout.write(`  ${keyOf(name)}: ${rowOf(weights)},\n`)
  process.stdout.write(`ADOPTION = ${rowOf({ ...adoption })}\n`)
}

const keyOf = (name: string): string => (name.includes(' ') ? `'${name}'` : name)
const rowOf = (weights: object): string => {
  const entries = Object.entries(weights).map(([name, weight]) => `${name}: ${weight}`)
  return `{ ${entries.join(', ')} }`
}

const BESIDE: ReadonlySet<string> = new Set(['agree', 'contradict', 'apart', 'half', 'share', 'lone'])
const NOTHING = THRESHOLDS.weights.alone
/** No simulated door has a light barrier; one that is broken at the moment is twenty times likelier with somebody in the door than without. */
const BEAM_WEIGHT = 3

const toldOf = (scenario: Scenario): readonly Told[] =>
  tracksOf(
    scenario.reads.map(([at, epc, antenna, rssiDbm, phaseDeg]) => {
      return { at, epc, antenna: String(antenna), side: scenario.antennas[antenna] ?? 'inside', rssiDbm, phaseDeg }
    }),
    scenario.truth,
  )

const tracksOf = (
  sightings: readonly Sighting[],
  truth: readonly { readonly epc: string; readonly direction: string }[],
): readonly Told[] => {
  const tracks = new Map<string, Track>()
  let floorDbm = Number.POSITIVE_INFINITY
  for (const sighting of sightings) {
    const track = tracks.get(sighting.epc) ?? openTrack(sighting.at, THRESHOLDS.epochMs)
    tracks.set(sighting.epc, track)
    if (sighting.rssiDbm !== null) floorDbm = Math.min(floorDbm, sighting.rssiDbm)
    addReading(track, sighting, THRESHOLDS.epochMs)
  }
  return truth.flatMap(({ epc, direction }) => {
    const track = tracks.get(epc)
    return track ? [{ epc, track, floorDbm, truth: direction === 'none' ? [] : direction.split(',') }] : []
  })
}

interface Weighed {
  readonly told: Told
  readonly resident: boolean
  readonly first: readonly Crossing[]
  readonly crossings: readonly Crossing[]
  readonly fellow: Fellow
}

/** All tags of a scene weighed, the company of each known: first by themselves, then together. */
const weighedOf = (
  scene: readonly Told[],
  thresholds: PortalThresholds,
): { readonly all: readonly Weighed[]; readonly company: Company } => {
  const company = openCompany()
  const weigh = (told: Told): Weighed => {
    const { track, epc } = told
    const resident = isResident(track, track.startMs, thresholds)
    const levels = levelsOf(track, thresholds)
    const presence = { fromMs: track.startMs, toMs: track.lastMs }
    const surroundings = {
      resident,
      floorDbm: told.floorDbm,
      beamAt: () => 0,
      companyAt: (direction: 'in' | 'out', epoch: number, around: number) =>
        company.beside(epc, presence, { direction, atMs: timeOf(track, epoch, thresholds.epochMs), around }),
    }
    const course = { track, levels, stays: staysOf(levels, thresholds) }
    const judged = crossingsOf(course, { ...thresholds, hasLevels: hasLevels(track) }, surroundings)
    const members = judged.first.map(({ direction, planeEpoch, alone }) => ({
      direction,
      alone,
      atMs: timeOf(track, planeEpoch, thresholds.epochMs),
    }))
    return { told, resident, ...judged, fellow: { ...presence, reads: readsOf(track), members } }
  }
  for (const told of scene) {
    const { resident, fellow } = weigh(told)
    company.note(told.epc, resident || isStanding(told.track, levelsOf(told.track, thresholds)) ? null : fellow)
  }
  return { all: scene.map(weigh), company }
}

/** What was weighed at first and what stood at last, each with whether it was so. */
const casesOf = (
  scene: readonly Told[],
  thresholds: PortalThresholds,
  { names, isMute }: { readonly names: readonly (typeof MARK_NAMES)[number][]; readonly isMute: boolean },
): readonly Case[] =>
  weighedOf(scene, thresholds).all.flatMap(({ told, first, crossings }) => {
    if (hasLevels(told.track) === isMute) return []
    return [first, crossings].flatMap((weighed) => {
      const so = trueOnes(weighed, told.truth)
      return weighed.map((crossing, at): Case => ({ figures: names.map((name) => crossing.marks[name]), isSo: so.has(at), counts: 0.5 }))
    })
  })

/** Which of the changes of side, in order, are the true ones: the surest that fit. */
const trueOnes = (crossings: readonly Crossing[], truth: readonly string[]): ReadonlySet<number> => {
  let best: { readonly sure: number; readonly at: readonly number[] } = { sure: -1, at: [] }
  const look = (from: number, taken: readonly number[], sure: number): void => {
    if (taken.length === truth.length) {
      if (sure > best.sure) best = { sure, at: taken }
      return
    }
    for (let at = from; at < crossings.length; at += 1) {
      const crossing = crossings[at]
      if (crossing && crossing.direction === truth[taken.length]) look(at + 1, [...taken, at], sure + crossing.certainty)
    }
  }
  if (truth.length > 0) look(0, [], 0)
  return new Set(best.at)
}

const adoptionsOf = (scene: readonly Told[], thresholds: PortalThresholds): readonly Case[] => {
  const { all, company } = weighedOf(scene, thresholds)
  return all.flatMap(({ told, resident, crossings, fellow }) => {
    if (resident || readsOf(told.track) < ADOPT_READS || crossings.some(({ certainty }) => certainty >= thresholds.decideCertainty))
      return []
    const consensus = company.consensus(told.epc, fellow)
    if (consensus === null) return []
    const beside = company.beside(told.epc, fellow, { ...consensus, around: 0 })
    const surest = (same: boolean): number =>
      Math.max(0, ...crossings.flatMap((one) => ((one.direction === consensus.direction) === same ? [one.certainty] : [])))
    const marks = adoptionMarksOf(told.track, consensus, beside, { own: surest(true), against: surest(false), epochMs: thresholds.epochMs })
    return [{ figures: ADOPTION_MARKS.map((name) => marks[name]), isSo: told.truth.join() === consensus.direction, counts: 1 }]
  })
}

if (import.meta.main) main()
