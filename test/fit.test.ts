import { openChance } from '@lotkeeper/deploy/simulators/doorway/chance.ts'
import { likelihoodOf, type Net, scoreOf } from '@lotkeeper/edge/portal/net.ts'
import { openPortal } from '@lotkeeper/edge/portal/portal.ts'
import { describe, expect, it } from 'vitest'
import { addLabel, newScore, rightOfDecided, shareOf } from './bench/score.ts'
import { drawnScenarios } from './doors/drawn.ts'
import { doorsOf } from './doors/generate.ts'
import { playAt, saidOf } from './doors/play.ts'
import { stripScenes } from './doors/strips.ts'
import { averaged, type Cases, trained } from './doors/train.ts'

/** Points of a square, so where exactly one coordinate is positive: no straight line parts them. */
const squareOf = (seed: number, count: number): Cases => {
  const chance = openChance(seed)
  const figures = Float32Array.from({ length: 2 * count }, () => chance.between([-1, 1]))
  const so = Uint8Array.from({ length: count }, (_, at) => Number(Number(figures[2 * at]) > 0 !== Number(figures[2 * at + 1]) > 0))
  return { width: 2, figures, so, counts: new Float32Array(count).fill(1) }
}

describe('a net', () => {
  it('learns what no straight line parts, and says it of points it never saw', () => {
    const net = trained(squareOf(1, 4000), { places: 8, looks: 240 })
    const { figures, so } = squareOf(2, 1000)
    const right = [...so].filter((one, at) => Number(likelihoodOf(scoreOf(net, figures.subarray(2 * at, 2 * at + 2))) > 0.5) === one)
    expect(right.length / so.length).toBeGreaterThan(0.9)
  })
  it('is the same for the same cases', () => {
    const cases = squareOf(3, 300)
    expect(trained(cases, { places: 4, looks: 3 })).toEqual(trained(cases, { places: 4, looks: 3 }))
    expect(trained(squareOf(4, 300), { places: 4, looks: 3 })).not.toEqual(trained(cases, { places: 4, looks: 3 }))
  })
  it('takes a case that counts for nothing for none', () => {
    const cases = squareOf(5, 2000)
    const first = Float32Array.from(cases.so, (_, at) => Number(at < 1000))
    // The other half says the contrary.
    const so = cases.so.map((one, at) => (at < 1000 ? one : 1 - one))
    const net = trained({ ...cases, so, counts: first }, { places: 8, looks: 480 })
    const right = [...cases.so].filter(
      (one, at) => Number(likelihoodOf(scoreOf(net, cases.figures.subarray(2 * at, 2 * at + 2))) > 0.5) === one,
    )
    expect(right.length / cases.so.length).toBeGreaterThan(0.9)
  })
  it('of two scores as both do on the mean', () => {
    // The second knows figures that lie elsewhere, and three times as far apart.
    const [one, other] = [squareOf(6, 500), squareOf(7, 800)].map((cases) => trained(cases, { places: 4, looks: 20 })) as [Net, Net]
    const nets = [one, { ...other, mean: [0.4, -0.3], spread: [1.5, 1.8] }]
    const both = averaged(nets)
    expect(both.hidden).toHaveLength(8)
    const { figures } = squareOf(8, 50)
    for (let at = 0; at < figures.length; at += 2) {
      const point = figures.subarray(at, at + 2)
      expect(scoreOf(both, point)).toBeCloseTo(nets.reduce((sum, net) => sum + scoreOf(net, point), 0) / 2, 2)
    }
    expect(averaged(nets.slice(0, 1)).hidden).toHaveLength(4)
  })
})

describe('walks of no air', () => {
  const scenes = [...stripScenes(3, 400)]
  it('are the same for the same seed, and as many as asked for', () => {
    expect([...stripScenes(3, 400)]).toEqual(scenes)
    expect(stripScenes(4, 1).next().value).not.toEqual(scenes[0])
    expect(scenes.reduce((sum, { truth }) => sum + truth.length, 0)).toBeGreaterThanOrEqual(400)
  })
  it('go in, out, there and back, and nowhere, each tag heard in order', () => {
    const ways = new Set(scenes.flatMap(({ truth }) => truth.map(({ direction }) => direction)))
    expect([...ways].toSorted()).toEqual(['in', 'in,out', 'none', 'out', 'out,in'])
    for (const { sightings } of scenes)
      expect(sightings.map(({ at }) => at)).toEqual(sightings.map(({ at }) => at).toSorted((one, other) => one - other))
  })
  it('are told as they went', () => {
    const score = newScore()
    for (const { truth, sightings } of scenes) {
      const said = saidOf(playAt(openPortal({ door: 'strips', antennas: { inside: 'inside', outside: 'outside' } }), sightings))
      for (const { epc, direction } of truth) addLabel(score, { truth: direction, said: said.get(epc) ?? 'none', reads: 1 })
    }
    expect(rightOfDecided(score)).toBeGreaterThan(99)
    expect(shareOf('uncertain')(score)).toBeLessThan(15)
  })
})

describe('doors drawn at random', () => {
  const drawn = [...drawnScenarios(7, 600)]
  it('are the same for the same seed, and others for another', () => {
    expect([...drawnScenarios(7, 50)]).toEqual(drawn.slice(0, [...drawnScenarios(7, 50)].length))
    expect(drawnScenarios(8, 1).next().value).not.toEqual(drawn[0])
  })
  it('are none of those to report on, and make as many tags as asked for', () => {
    const named = new Set(doorsOf('all').map(({ name }) => name))
    expect(drawn.filter(({ door }) => named.has(door))).toEqual([])
    expect(drawn.reduce((sum, { truth }) => sum + truth.length, 0)).toBeGreaterThanOrEqual(600)
    expect(new Set(drawn.map(({ door }) => door)).size).toBeGreaterThan(5)
  })
})
