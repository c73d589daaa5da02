import type { Crossing } from '@lotkeeper/edge/portal/crossings.ts'
import { openPortal, type Sighting } from '@lotkeeper/edge/portal/portal.ts'
import type { Weighed } from '@lotkeeper/edge/portal/session.ts'
import { type PortalThresholds, THRESHOLDS } from '@lotkeeper/edge/portal/thresholds.ts'
import type { Passage } from '@lotkeeper/edge/portal/verdict.ts'
import { drawnScenarios } from './drawn.ts'
import { doorsOf, scenariosOf } from './generate.ts'
import { plainScenes } from './plain-air.ts'
import { playAt, sightingsOf } from './play.ts'
import { stripScenes } from './strips.ts'
import type { Cases } from './train.ts'

/** The nets of a door. */
export type Nets = Pick<PortalThresholds, 'weights' | 'adoption'>
export type NetName = keyof Nets['weights'] | 'adoption'

/** Scenes to learn from: of the doors for fitting, of drawn doors, of plain air, or of no air at all; `many` tags, or of plain air seeds. */
export interface Part {
  readonly of: 'fit' | 'drawn' | 'plain' | 'strips'
  readonly seed: number
  readonly many: number
}

/** What a door hears of a scene, and what happened. */
interface Scene {
  readonly sightings: readonly Sighting[]
  readonly antennas: Readonly<Record<string, 'inside' | 'outside'>>
  readonly truth: ReadonlyMap<string, readonly string[]>
}

/** Plays the scenes of a part at a door with these nets: whatever was weighed, with whether it was so. */
export const casesOf = (part: Part, nets: Nets): Readonly<Record<NetName, Cases>> => {
  const lists = { alone: openList(), together: openList(), adoption: openList() }
  for (const scene of scenesOf(part)) {
    const seen = new Set<string>()
    const told: Passage[] = []
    const portal = openPortal({ door: 'fit', antennas: scene.antennas, thresholds: nets }, (weighed) => {
      // While a tag stays it is weighed every second: once is enough.
      const key = `${weighed.epc} ${weighed.moment} ${weighed.track.startMs} ${weighed.moment === 'pauses' ? weighed.track.lastMs : ''}`
      const truth = scene.truth.get(weighed.epc)
      if (truth === undefined || seen.has(key)) return
      seen.add(key)
      const left = leftOf(
        truth,
        told.flatMap(({ epc, direction }) => (epc === weighed.epc ? [direction] : [])),
      )
      if (left !== null) addCases(lists, weighed, left)
    })
    playAt(portal, scene.sightings, told)
  }
  return { alone: lists.alone.closed(), together: lists.together.closed(), adoption: lists.adoption.closed() }
}

/** Cases one after the other. */
export const joined = (all: readonly Cases[]): Cases => {
  const width = Math.max(0, ...all.map((one) => one.width))
  const rows = all.reduce((sum, { so }) => sum + so.length, 0)
  const [figures, so, counts] = [new Float32Array(rows * width), new Uint8Array(rows), new Float32Array(rows)]
  let at = 0
  for (const one of all) {
    figures.set(one.figures, at * width)
    so.set(one.so, at)
    counts.set(one.counts, at)
    at += one.so.length
  }
  return { width, figures, so, counts }
}

const openList = () => {
  const rows: { readonly figures: Float32Array; readonly isSo: boolean; readonly counts: number }[] = []
  return {
    add: (figures: Float64Array, isSo: boolean, counts: number): void => {
      rows.push({ figures: Float32Array.from(figures), isSo, counts })
    },
    closed: (): Cases =>
      joined(
        rows.map(({ figures, isSo, counts }) => {
          return { width: figures.length, figures, so: Uint8Array.of(isSo ? 1 : 0), counts: Float32Array.of(counts) }
        }),
      ),
  }
}

function* scenesOf({ of, seed, many }: Part): Generator<Scene> {
  if (of === 'plain' || of === 'strips') {
    for (const { truth, sightings } of (of === 'plain' ? plainScenes : stripScenes)(seed, many))
      yield { sightings, antennas: { inside: 'inside', outside: 'outside' }, truth: truthsOf(truth) }
    return
  }
  for (const scenario of of === 'fit' ? scenariosOf({ seed, doors: doorsOf('fit'), passages: many }) : drawnScenarios(seed, many))
    if (!scenario.fault) yield { sightings: sightingsOf(scenario), antennas: scenario.antennas, truth: truthsOf(scenario.truth) }
}

const truthsOf = (truth: readonly { readonly epc: string; readonly direction: string }[]): Scene['truth'] =>
  new Map(truth.map(({ epc, direction }) => [epc, direction === 'none' ? [] : direction.split(',')]))

/** Each change of side that was weighed, first and last, with whether it was so; and whether the tag lay on the cart it fits best. */
const addCases = (
  lists: Readonly<Record<NetName, ReturnType<typeof openList>>>,
  { moment, verdict, adoption }: Weighed,
  left: readonly string[],
): void => {
  const { first, crossings } = verdict
  for (const one of first === crossings ? [first] : [first, crossings]) {
    const so = trueOnes(one, left)
    const counts = first === crossings ? 1 : 0.5
    one.forEach(({ figures }, at) => {
      lists.alone.add(figures.alone, so.has(at), counts)
      lists.together.add(figures.together, so.has(at), counts)
    })
  }
  if (adoption === null) return
  const isClear = crossings.length > 0 && crossings.every(({ certainty }) => certainty >= THRESHOLDS.decideCertainty)
  // Whoever is sure of the same way asks no cart; whoever pauses asks it only whether it went another way.
  if (isClear ? adoption.isOwn : moment === 'pauses') return
  lists.adoption.add(adoption.figures, adoption.rest.map(({ direction }) => direction).join() === left.join(), 1)
}

/** What of the truth is still to be told; `null` where what was told is not the beginning of it. */
const leftOf = (truth: readonly string[], told: readonly string[]): readonly string[] | null =>
  told.every((direction, at) => direction === truth[at]) ? truth.slice(told.length) : null

/**
 * Which of the changes of side are the true ones: as many as fit in the order of those that are left, and of these the surest. The only one must be the
 * next: a way back told without the way there is wrong.
 */
const trueOnes = (crossings: readonly Crossing[], truth: readonly string[]): ReadonlySet<number> => {
  if (crossings.length === 1) return new Set(crossings[0]?.direction === truth[0] ? [0] : [])
  let best: { readonly sure: number; readonly at: readonly number[] } = { sure: -1, at: [] }
  const look = (from: number, next: number, taken: readonly number[], sure: number): void => {
    if (taken.length > best.at.length || (taken.length === best.at.length && sure > best.sure)) best = { sure, at: taken }
    for (let at = from; at < crossings.length; at += 1)
      for (let one = next; one < truth.length; one += 1)
        if (crossings[at]?.direction === truth[one]) look(at + 1, one + 1, [...taken, at], sure + (crossings[at]?.certainty ?? 0))
  }
  look(0, 0, [], 0)
  return new Set(best.at)
}
