import type { Chance } from './chance.ts'
import type { DoorType } from './doors.ts'
import { type Carrier, carrierOf, drawGoods, type Load, personOf, tagOf } from './goods.ts'
import { endOf, type Gait, type Leg, STEP_MS, standing, type Track, trackOf } from './motion.ts'
import type { Body, Point, SceneTag } from './scene.ts'

/** What happens at a door. */
export const WALKS = [
  'in',
  'out',
  'dwell-in',
  'dwell-out',
  'pass-outside',
  'pass-inside',
  'turn-back-outside',
  'turn-back-inside',
  'out-and-in',
  'in-and-out',
  'crossing',
  'past-somebody',
  'set-down-inside',
  'set-down-outside',
  'pick-out',
  'pick-in',
  'shelf',
] as const
export type WalkName = (typeof WALKS)[number]

/** What draws a scene: the door, chance, and names for tags. */
export interface Casting {
  readonly door: DoorType
  readonly chance: Chance
  readonly nextEpc: () => string
  /** How many tags the main carrier has. */
  readonly tags: number
}

/** Who takes part, and when it is over. */
export interface Cast {
  readonly bodies: readonly Body[]
  readonly tags: readonly SceneTag[]
  readonly endMs: number
}

/** Draws what happens. */
export const castOf = (name: WalkName, casting: Casting): Cast => {
  const { door, chance } = casting
  switch (name) {
    case 'in':
    case 'out':
      return walk(casting, through(casting, name === 'in' ? 1 : -1, null))
    case 'dwell-in':
    case 'dwell-out':
      return walk(casting, through(casting, name === 'dwell-in' ? 1 : -1, chance.between([3000, 10_000])))
    case 'pass-outside':
    case 'pass-inside':
      return walk(casting, passing(casting, name === 'pass-inside' ? 1 : -1))
    case 'turn-back-outside':
    case 'turn-back-inside':
      return walk(casting, returning(casting, name === 'turn-back-inside' ? 1 : -1, -chance.between([0.35, 1.3])))
    case 'out-and-in':
    case 'in-and-out':
      return walk(casting, returning(casting, name === 'out-and-in' ? 1 : -1, chance.between([0.8, 2.5])))
    case 'crossing':
      return joined([
        walk(casting, through(casting, 1, null, door.widthM < 1.3 ? 0 : door.widthM / 4), 'cart', 300),
        walk(casting, through(casting, -1, null, door.widthM < 1.3 ? 0 : -door.widthM / 4), 'cart', door.widthM < 1.3 ? 4500 : 300),
      ])
    case 'past-somebody': {
      const side = chance.pick([-1, 1])
      const by = standing(chance.between([-0.4, 0.4]), side * (door.widthM / 2 - 0.1), chance.next() * 6)
      const y = -side * Math.min(0.25, door.widthM / 6)
      return joined([
        walk(casting, through(casting, chance.pick([-1, 1]), null, y)),
        { bodies: [personOf(by, 0, chance)], tags: [], endMs: 0 },
      ])
    }
    case 'set-down-inside':
    case 'set-down-outside':
      return settingDown(casting, name === 'set-down-inside' ? 1 : -1)
    case 'pick-out':
    case 'pick-in':
      return picking(casting, name === 'pick-out' ? -1 : 1)
    case 'shelf':
      return joined([
        shelved(casting, casting.tags),
        ...Array.from({ length: chance.whole(1, 3) }, (_, at) => stroller(casting, 3000 + at * 9000)),
      ])
  }
}

/** Tags that lie near the door and stay. */
export const shelved = ({ door, chance, nextEpc }: Casting, count: number): Cast => {
  const side = chance.isSo(0.8) ? 1 : -1
  const half = side > 0 ? door.inside : door.outside
  const x = side * (door.thickM / 2 + chance.between([0.3, 2]))
  const wallY = door.shelvesM ?? Math.min(half.rightM - 0.3, chance.between([door.widthM / 2 + 0.2, 2.2]))
  const y = chance.pick([-1, 1]) * wallY
  const tags = Array.from({ length: count }, () => {
    const kind = drawGoods(chance)
    const track = standing(x + chance.between([-0.4, 0.4]), y + chance.between([-0.12, 0.12]), chance.next() * 6.28)
    return tagOf(nextEpc(), track, chance, { kind, note: `shelf ${kind}`, offset: [0, 0, chance.between([0.3, 1.8])] })
  })
  return { bodies: [], tags, endMs: chance.between([20_000, 45_000]) }
}

/** Several at once; over when the last is. */
export const joined = (casts: readonly Cast[]): Cast => ({
  bodies: casts.flatMap(({ bodies }) => bodies),
  tags: casts.flatMap(({ tags }) => tags),
  endMs: Math.max(...casts.map(({ endMs }) => endMs)),
})

/** Somebody goes by or through without tags, or with one. */
export const stroller = (casting: Casting, startMs: number): Cast => {
  const { chance } = casting
  const ways = [through(casting, 1, null), through(casting, -1, null), passing(casting, 1), passing(casting, -1)]
  const track = trackOf(chance.pick(ways).legs, gaitOf(chance, startMs, true), chance)
  return { bodies: [personOf(track, 0, chance)], tags: [], endMs: endOf(track) }
}

interface Way {
  readonly legs: readonly Leg[]
  readonly turns: boolean
}

const loadOf = (count: number, chance: Chance): Load => {
  if (count > 20) return 'cart'
  if (count > 3) return chance.pick(['box', 'cart', 'cart'])
  return chance.pick(['hand', 'hand', 'bag', 'box', 'cart'])
}

const gaitOf = (chance: Chance, startMs: number, turns: boolean): Gait => ({
  speedMps: chance.isSo(0.7) ? chance.between([0.7, 1.5]) : chance.between([0.3, 2]),
  accelMps2: chance.between([1, 2.5]),
  startMs,
  turns,
})

const walk = (casting: Casting, { legs, turns }: Way, load: Load | null = null, startMs = 500): Cast => {
  const { chance, nextEpc, tags } = casting
  const track = trackOf(legs, gaitOf(chance, startMs, turns), chance)
  const carrier: Carrier = carrierOf(
    track,
    load ?? loadOf(tags, chance),
    Array.from({ length: tags }, () => nextEpc()),
    chance,
  )
  return { ...carrier, endMs: endOf(track) + 500 }
}

/** How far to the side one may stand, between the walls. */
const lateral = ({ door, chance }: Casting, side: number): number => {
  const half = side > 0 ? door.inside : door.outside
  const free = Math.max(0.05, Math.min(1.6, (door.shelvesM !== null && side > 0 ? door.shelvesM : half.rightM) - 0.45))
  return chance.between([-free, free])
}

/** The way from beyond (`to` negative: from inside) through the opening. */
const through = (casting: Casting, to: number, waitMs: number | null, doorY?: number): Way => {
  const { door, chance } = casting
  const free = Math.max(0.05, door.widthM / 2 - 0.45)
  const y = doorY ?? chance.between([-free, free])
  const near = door.thickM / 2 + 0.5
  const from: Leg = [-to * chance.between([3, 4.5]), lateral(casting, -to), 0]
  const stop: readonly Leg[] = waitMs === null ? [] : [[chance.between([-0.3, 0.3]), y, waitMs]]
  return {
    legs: [from, [-to * near, y, 0], ...stop, [to * near, y, 0], [to * chance.between([3, 4.5]), lateral(casting, to), 0]],
    turns: true,
  }
}

const passing = ({ door, chance }: Casting, side: number): Way => {
  const x = side * (door.thickM / 2 + chance.between([0.75, 2.4]))
  const to = chance.pick([-1, 1])
  return {
    legs: [
      [x, -to * 4, 0],
      [x + chance.between([-0.2, 0.2]), 0, 0],
      [x + chance.between([-0.3, 0.3]), to * 4, 0],
    ],
    turns: true,
  }
}

/** From a side to `beyondM` past the door plane (negative: short of it, as the foremost tag goes) and back. */
const returning = (casting: Casting, side: number, beyondM: number): Way => {
  const { door, chance } = casting
  const free = Math.max(0.05, door.widthM / 2 - 0.45)
  const y = chance.between([-free, free])
  const far: Leg = [side * chance.between([3, 4.5]), lateral(casting, side), 0]
  const near: Leg = [side * (door.thickM / 2 + 0.5), y, 0]
  // Foremost and rearmost tags are within 0.7 m of whoever carries them.
  const turn = -side * (beyondM > 0 ? beyondM + 0.7 : beyondM - 0.7)
  const back: Leg = [side * chance.between([3, 4.5]), lateral(casting, side), 0]
  const waited: Leg = [turn, y, chance.between([0, 3000])]
  return { legs: beyondM > 0 ? [far, near, waited, near, back] : [far, waited, back], turns: chance.isSo(0.7) }
}

/** Brings tags and puts them down near the door on side `to`; then goes back. They stay. */
const settingDown = (casting: Casting, to: number): Cast => {
  const { chance } = casting
  const { legs } = through(casting, to, null)
  const [from, before, after] = legs as readonly [Leg, Leg, Leg]
  const spot: Leg = [after[0] + to * chance.between([0.2, 1.4]), lateral(casting, to), 3000]
  const track = trackOf([from, before, after, spot, after, before, from], gaitOf(chance, 500, true), chance)
  const toMs = momentAt(track, spot) + 800
  const floor = chance.isSo(0.5)
  const reach = 0.5
  const carrier = carrierOf(
    track,
    'box',
    Array.from({ length: casting.tags }, () => casting.nextEpc()),
    chance,
  )
  const tags = carrier.tags.map((tag): SceneTag => {
    const [ahead, left, up] = tag.box?.place ?? [0, 0, 0]
    const rest: Point = [spot[0] + to * reach + ahead, spot[1] + left, (floor ? 0.15 : 0.95) + up]
    return { ...tag, toMs, after: rest, note: `${tag.note}, set down`, own: null }
  })
  // The goods are a shadow only while they are carried.
  return { bodies: carrier.bodies.slice(0, 1), tags, endMs: endOf(track) + chance.between([15_000, 60_000]) }
}

/** Takes tags from a shelf inside near the door and carries them out (-1) or further in (1). */
const picking = (casting: Casting, to: number): Cast => {
  const { chance, door } = casting
  const x = door.thickM / 2 + chance.between([0.5, 1.7])
  const side = chance.pick([-1, 1])
  const y = side * Math.min(door.inside.rightM - 0.4, chance.between([0.8, 1.6]))
  const spot: Leg = [x, y - side * 0.5, 2500]
  const { legs } = through(casting, -1, null)
  const away: readonly Leg[] = to < 0 ? legs.slice(1) : [[chance.between([3.5, 5]), lateral(casting, 1), 0]]
  const track = trackOf([[4, lateral(casting, 1), 0], spot, ...away], gaitOf(chance, chance.between([8000, 20_000]), true), chance)
  const fromMs = momentAt(track, spot) + 1000
  const carrier = carrierOf(
    track,
    casting.tags > 4 ? 'box' : chance.pick(['hand', 'bag', 'box']),
    Array.from({ length: casting.tags }, () => casting.nextEpc()),
    chance,
  )
  const tags = carrier.tags.map((tag): SceneTag => {
    const rest: Point = [x + chance.between([-0.15, 0.15]), y, chance.between([0.6, 1.5])]
    return { ...tag, fromMs, before: rest, note: `${tag.note}, from the shelf`, own: null }
  })
  return { bodies: carrier.bodies.slice(0, 1), tags, endMs: endOf(track) + 500 }
}

/** When a track first comes near a point. */
const momentAt = (track: Track, [x, y]: Leg): number => {
  const at = track.x.findIndex((here, step) => Math.hypot(here - x, (track.y[step] ?? 0) - y) < 0.1)
  return track.startMs + Math.max(0, at) * STEP_MS
}
