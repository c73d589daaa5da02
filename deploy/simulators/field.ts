import { chance, gaussian, hashOf } from './field-chance.ts'

/** A tag one antenna read at one moment. */
export interface Heard {
  readonly epc: Uint8Array
  readonly rssiDbm: number
  /** Degrees, 0..180: half a turn every quarter of a wavelength nearer or farther, for readers that tell it. */
  readonly phaseDeg: number
}

/** A point of a path. Metres from the door plane, inside positive; across the door from its middle, the antennas' post positive. */
export interface Waypoint {
  readonly atMs: number
  readonly x: number
  readonly y: number
}

/** A tag on its way: it is in the field from its first waypoint to its last, straight lines between. */
export interface Carried {
  readonly epc: Uint8Array
  readonly path: readonly Waypoint[]
  /** What the goods behind the label cost: 0 for dry gauze, -10 for saline or metal. */
  readonly gainDb: number
  /** Loss through the carrier's body where it stands between tag and antenna. */
  readonly bodyDb: number
  /** Where the tag is, seen from the carrier, along the path: positive in front. */
  readonly aheadM: number
}

/** A tag that stays where it is, until somebody takes it away. */
export interface Shelved {
  readonly epc: Uint8Array
  readonly x: number
  readonly y: number
  readonly gainDb: number
  readonly fromMs: number
  readonly untilMs: number
}

/** How a door's air carries. Figures are of one doorway as in the shared scenarios, not of any product. */
export interface Physics {
  /** RSSI of a good tag 1 m before the antenna. */
  readonly oneMetreDbm: number
  /** Loss exponent there and back together; 4 in free space, less between walls. */
  readonly exponent: number
  /** Depth of the standing waves between walls and floor. */
  readonly fadingDb: number
  readonly noiseDb: number
  /** Half of the readings at this level fail. */
  readonly sensitivityDbm: number
  /** Share of rounds lost even for a strong tag: collisions and turned labels. */
  readonly missed: number
  /** Tags one inventory round can hold; with more in the field each is read less often. */
  readonly tagsPerRound: number
  /** Distance of each antenna from the door plane and from the middle of the way. */
  readonly antennaM: { readonly x: number; readonly y: number }
}

export type Side = 'inside' | 'outside'

/** The air of one door. */
export interface Field {
  /** Adds a tag that moves. */
  readonly carry: (carried: Carried) => void
  /** Adds a tag that stays. */
  readonly shelve: (shelved: Shelved) => void
  /** What an antenna hears in the inventory round at a moment; the same answer however often and in whatever order it is asked. */
  readonly fieldOf: (side: Side) => (atMs: number) => readonly Heard[]
  /** Where tags are at a moment, for a picture. */
  readonly where: (atMs: number) => readonly { readonly epc: Uint8Array; readonly x: number; readonly y: number }[]
  /** Drops what has left before a moment, so that a demo may run for days. */
  readonly forget: (beforeMs: number) => void
}

export const DOORWAY: Physics = {
  oneMetreDbm: -45,
  exponent: 3,
  fadingDb: 2.5,
  noiseDb: 1.2,
  sensitivityDbm: -68,
  missed: 0.35,
  tagsPerRound: 12,
  antennaM: { x: 0.6, y: 0.9 },
}

/** Opens the air of one door; everything random in it follows from the seed. */
export const openField = (seed: number, physics: Physics = DOORWAY): Field => {
  let carried: readonly Present[] = []
  let shelved: readonly Present[] = []
  const present = (): readonly Present[] => [...carried, ...shelved]
  const inField = (atMs: number): readonly Placed[] => present().flatMap((tag) => placedAt(tag, atMs))
  return {
    carry: (tag) => {
      carried = [...carried, { ...tag, seed: seedOf(seed, tag.epc) }]
    },
    shelve: ({ x, y, fromMs, untilMs, ...tag }) => {
      const path = [
        { atMs: fromMs, x, y },
        { atMs: untilMs, x, y },
      ]
      shelved = [...shelved, { ...tag, path, bodyDb: 0, aheadM: 0, seed: seedOf(seed, tag.epc) }]
    },
    fieldOf: (side) => (atMs) => roundOf({ physics, side, atMs }, inField(atMs)),
    where: (atMs) => inField(atMs).map(({ tag, x, y }) => ({ epc: tag.epc, x, y })),
    forget: (beforeMs) => {
      const stays = (tag: Present): boolean => (tag.path.at(-1)?.atMs ?? 0) >= beforeMs
      carried = carried.filter(stays)
      shelved = shelved.filter(stays)
    },
  }
}

interface Present extends Carried {
  readonly seed: number
}

interface Placed {
  readonly tag: Present
  readonly x: number
  readonly y: number
  /** Way the carrier goes: 1 inward, -1 outward, 0 standing. */
  readonly heading: number
}

const seedOf = (seed: number, epc: Uint8Array): number => hashOf(seed, ...epc)

const placedAt = (tag: Present, atMs: number): readonly Placed[] => {
  const next = tag.path.findIndex((point) => point.atMs >= atMs)
  const to = tag.path[next]
  if (!to || (next === 0 && to.atMs > atMs)) return []
  const from = tag.path[next - 1] ?? to
  const part = to.atMs === from.atMs ? 0 : (atMs - from.atMs) / (to.atMs - from.atMs)
  return [{ tag, x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part, heading: headingAt(tag, next) }]
}

/** Who stands keeps facing the way he came. */
const headingAt = (tag: Present, next: number): number => {
  for (let at = next; at > 0; at -= 1) {
    const step = (tag.path[at]?.x ?? 0) - (tag.path[at - 1]?.x ?? 0)
    if (step !== 0) return Math.sign(step)
  }
  return 0
}

interface Round {
  readonly physics: Physics
  readonly side: Side
  readonly atMs: number
}

const roundOf = ({ physics, side, atMs }: Round, placed: readonly Placed[]): readonly Heard[] => {
  const bodies = bodiesOf(placed)
  const levels = placed.map((one) => ({ one, ...levelOf(physics, side, one, bodies) }))
  const audible = levels.filter(({ levelDbm }) => levelDbm > physics.sensitivityDbm - 6)
  const room = Math.min(1, physics.tagsPerRound / Math.max(1, audible.length))
  const salt = side === 'inside' ? 1 : 2
  return audible.flatMap(({ one, levelDbm, awayM }) => {
    const { seed, epc } = one.tag
    const luck = 1 / (1 + Math.exp(-(levelDbm - physics.sensitivityDbm) / 1.5))
    if (chance(seed, salt, atMs) > luck * room * (1 - physics.missed)) return []
    const phaseDeg = 720 * (awayM / WAVELENGTH_M) + PHASE_NOISE_DEG * gaussian(seed, salt + 6, atMs) + 180 * chance(seed, salt + 8)
    return [
      { epc, rssiDbm: Math.round(levelDbm + physics.noiseDb * gaussian(seed, salt + 2, atMs)), phaseDeg: ((phaseDeg % 180) + 180) % 180 },
    ]
  })
}

/** How loud an antenna hears a tag, and how far away it is. */
const levelOf = (
  physics: Physics,
  side: Side,
  one: Placed,
  bodies: readonly Body[],
): { readonly levelDbm: number; readonly awayM: number } => {
  const { tag, x, y } = one
  const antenna = { x: side === 'inside' ? physics.antennaM.x : -physics.antennaM.x, y: physics.antennaM.y }
  const at = { x: x + tag.aheadM * one.heading, y }
  const awayM = Math.max(0.25, Math.hypot(at.x - antenna.x, at.y - antenna.y, HEIGHT_M))
  const body = bodies.reduce(
    (loss, { of, spot, lossDb }) => (isBetween(spot, at, antenna, of === tag.path) ? Math.max(loss, lossDb) : loss),
    0,
  )
  const pathDb = 10 * physics.exponent * Math.log10(awayM)
  return { levelDbm: physics.oneMetreDbm + tag.gainDb - body - pathDb + standingWave(physics, tag.seed, side, x, y), awayM }
}

interface Spot {
  readonly x: number
  readonly y: number
}

/** One carrier, however many tags share his path. */
interface Body {
  readonly of: readonly Waypoint[]
  readonly spot: Spot
  readonly lossDb: number
}

const bodiesOf = (placed: readonly Placed[]): readonly Body[] => {
  const bodies = new Map<readonly Waypoint[], Body>()
  for (const { tag, x, y, heading } of placed) {
    if (tag.bodyDb > 0 && heading !== 0) bodies.set(tag.path, { of: tag.path, spot: { x, y }, lossDb: tag.bodyDb })
  }
  return [...bodies.values()]
}

/** Whether a body stands in the way; what the carrier holds before himself he hides from the antenna behind him, and what he holds beside himself never. */
const isBetween = (body: Spot, tag: Spot, antenna: Spot, own: boolean): boolean => {
  const reach = Math.hypot(antenna.x - tag.x, antenna.y - tag.y)
  if (own && body.x === tag.x) return false
  const along = ((body.x - tag.x) * (antenna.x - tag.x) + (body.y - tag.y) * (antenna.y - tag.y)) / reach
  const aside = Math.abs((body.x - tag.x) * (antenna.y - tag.y) - (body.y - tag.y) * (antenna.x - tag.x)) / reach
  return along > 0 && along < reach && aside < BODY_RADIUS_M
}

/** Fading that hangs on the place, so a tag that stands hears the same always and one that walks passes through hills and holes. */
const standingWave = (physics: Physics, seed: number, side: Side, x: number, y: number): number => {
  const salt = side === 'inside' ? 5 : 6
  const waves = [0.33, 0.61, 1.4].map((length, at) => Math.sin(((x + 0.7 * y) / length + chance(seed, salt, at)) * 2 * Math.PI))
  return (physics.fadingDb * waves.reduce((sum, wave) => sum + wave, 0)) / Math.sqrt(1.5)
}

/** Antennas hang somewhat above what is carried. */
const HEIGHT_M = 0.4
const BODY_RADIUS_M = 0.22
/** Of 922.5 MHz. */
const WAVELENGTH_M = 0.325
const PHASE_NOISE_DEG = 6
