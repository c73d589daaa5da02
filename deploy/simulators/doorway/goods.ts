import type { Chance } from './chance.ts'
import type { Track } from './motion.ts'
import { PHYSICS } from './physics.ts'
import type { Body, Point, SceneTag } from './scene.ts'

/** How tags travel. */
export type Load = 'hand' | 'bag' | 'box' | 'cart'

/** What somebody moves through a door: his track, what he is as a body, and his tags. */
export interface Carrier {
  readonly bodies: readonly Body[]
  readonly tags: readonly SceneTag[]
}

/** Draws a carrier with so many tags. Tags of one carrier are of one or two kinds of goods and share his way. */
export const carrierOf = (track: Track, load: Load, epcs: readonly string[], chance: Chance): Carrier => {
  const person = personOf(track, load === 'cart' ? chance.pick([-0.85, -0.85, -0.85, 0.9]) : 0, chance)
  const goods = [drawGoods(chance), drawGoods(chance)] as const
  const { half, middle } = sizeOf(load, epcs.length, chance)
  const isBoxed = load === 'box' || load === 'cart'
  const own = isBoxed ? goodsBody(track, middle, half, goods[0]) : null
  const layers = Math.max(1, Math.round(half[2] / 0.2))
  const tags = epcs.map((epc, at) => {
    const place: Point = isBoxed
      ? [spread(half[0], chance), spread(half[1], chance), (((at % layers) + 0.5) / layers - 0.5) * 2 * half[2]]
      : [0, 0, 0]
    const kind = goods[chance.isSo(0.75) ? 0 : 1]
    return tagOf(epc, track, chance, {
      kind,
      note: `${load} ${kind}`,
      offset: [middle[0] + place[0], middle[1] + place[1], middle[2] + place[2]],
      box: isBoxed ? { half, place, dbPerM: chance.between(PHYSICS.throughDbPerM[goods[0]]) } : null,
      own,
    })
  })
  return { bodies: own ? [person, own] : [person], tags }
}

/** Somebody without tags. */
export const personOf = (track: Track, aheadM: number, chance: Chance): Body => ({
  track,
  aheadM,
  leftM: chance.between([-0.1, 0.1]),
  lossDb: chance.between(PHYSICS.bodyDb),
  radiusM: chance.between(PHYSICS.bodyRadiusM),
  heightM: PHYSICS.bodyHeightM,
  sectionM2: chance.between(PHYSICS.bodySectionM2),
})

/** A tag on goods; what is not given is drawn. */
export const tagOf = (
  epc: string,
  track: Track,
  chance: Chance,
  given: { readonly kind: Goods; readonly note: string; readonly offset: Point } & Partial<SceneTag>,
): SceneTag => ({
  epc,
  track,
  fromMs: Number.NEGATIVE_INFINITY,
  toMs: Number.POSITIVE_INFINITY,
  before: null,
  after: null,
  axis: axisOf(chance),
  detuneDb: chance.between(PHYSICS.detuneDb[given.kind]) + chance.normal() * PHYSICS.tagSpreadDb,
  sensitivityDbm: chance.between(PHYSICS.tagSensitivityDbm),
  modulationDb: chance.between(PHYSICS.modulationDb),
  box: null,
  own: null,
  note: given.note,
  offset: given.offset,
  ...(given.before === undefined ? {} : { before: given.before, fromMs: given.fromMs ?? 0 }),
  ...(given.after === undefined ? {} : { after: given.after, toMs: given.toMs ?? 0 }),
  ...(given.box === undefined ? {} : { box: given.box, own: given.own ?? null }),
})

export type Goods = 'dry' | 'liquid' | 'metal'

/** Of a hospital's packs most are dry, a quarter holds liquid, some are metal or foil. */
export const drawGoods = (chance: Chance): Goods => chance.pick(['dry', 'dry', 'dry', 'dry', 'liquid', 'liquid', 'metal'])

/** Labels lie along, across or up, never quite. */
const axisOf = (chance: Chance): Point => {
  const main = chance.pick([0, 1, 1, 2])
  const [a, l, u] = [0, 1, 2].map((at) => (at === main ? 1 : 0) + chance.normal() * 0.25) as [number, number, number]
  const length = Math.hypot(a, l, u)
  return [a / length, l / length, u / length]
}

const spread = (half: number, chance: Chance): number => half * chance.between([-0.95, 0.95])

const sizeOf = (load: Load, count: number, chance: Chance): { readonly half: Point; readonly middle: Point } => {
  if (load === 'hand')
    return { half: [0, 0, 0], middle: [chance.between([0.25, 0.45]), chance.between([-0.25, 0.25]), chance.between([0.9, 1.3])] }
  if (load === 'bag') {
    const side = chance.pick([-1, 1])
    return { half: [0, 0, 0], middle: [chance.between([-0.25, 0.1]), side * chance.between([0.25, 0.38]), chance.between([0.6, 1.1])] }
  }
  if (load === 'box') return { half: [0.16, 0.22, 0.13], middle: [0.48, 0, chance.between([0.95, 1.2])] }
  const high = Math.min(0.7, 0.2 + count * 0.01)
  return { half: [0.45, 0.28, high], middle: [0, 0, 0.35 + high] }
}

const goodsBody = (track: Track, middle: Point, half: Point, kind: Goods): Body => ({
  track,
  aheadM: middle[0],
  leftM: middle[1],
  lossDb: { dry: 2, liquid: 18, metal: 14 }[kind],
  radiusM: Math.max(half[0], half[1]),
  heightM: middle[2] + half[2],
  sectionM2: half[0] > 0.3 ? PHYSICS.cartSectionM2 : 0.1,
})
