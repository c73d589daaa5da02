import { beamsOf } from './air.ts'
import { type Chance, openChance } from './chance.ts'
import { openChannel } from './channel.ts'
import { DOORS, type DoorType } from './doors.ts'
import { type Emit, runInventory, type Station } from './inventory.ts'
import { READERS } from './readers.ts'
import { followTag, newPlace, type Scene, type SceneTag } from './scene.ts'
import { type Cast, castOf, joined, shelved, WALKS, type WalkName } from './walks.ts'

/** What really happened to a tag. */
export type Truth = 'in' | 'out' | 'none' | 'in,out' | 'out,in'

/** Of one tag where it was first, and what happened to it. */
export interface TagTruth {
  readonly epc: string
  readonly from: 'inside' | 'outside'
  readonly direction: Truth
  readonly note: string
}

/** ms, tag, antenna, dBm, degrees 0..180: as in the shared doorways. */
export type Read = readonly [tMs: number, epc: string, antenna: number, rssiDbm: number | null, phaseDeg: number | null]

/** Something that happened at a door, what was heard of it, and the truth. */
export interface Scenario {
  readonly name: string
  readonly door: string
  readonly walk: WalkName
  /** What is wrong with the installation. */
  readonly fault?: Fault
  readonly antennas: Readonly<Record<string, 'inside' | 'outside'>>
  readonly truth: readonly TagTruth[]
  readonly reads: readonly Read[]
}

/** One antenna hears nothing; or the two were mounted on each other's place. */
export type Fault = 'dead' | 'swapped'

/** Which scenario of a set. */
export interface Asked {
  readonly seed: number
  readonly door: DoorType
  readonly number: number
  readonly walk?: WalkName
  readonly fault?: Fault
  /** In how many of the scenes stock lies beside the door, 0..1. */
  readonly shelves?: number
}

/** The scenario of a number in a set: the same for the same arguments on any machine. */
export const scenarioOf = ({ seed, door, number, walk: given, fault: broken, shelves = SHELF_SHARE }: Asked): Scenario => {
  const doorAt = DOORS.findIndex(({ name }) => name === door.name)
  const chance = openChance(seed, doorAt, number)
  const walk = given ?? drawWalk(door, chance)
  // Drawn in any case, so that a fault asked for changes nothing else.
  const isDead = chance.isSo(DEAD_SHARE)
  const fault = broken ?? (isDead && given === undefined ? 'dead' : undefined)
  const scene = sceneOf(walk, door, chance, shelves)
  const reads: Read[] = []
  const emit: Emit = (atMs, tagAt, antenna, rssi, phase) => reads.push([atMs, scene.tags[tagAt]?.epc ?? '', antenna, rssi, phase])
  const stations = stationsOf(door, openChance(seed, doorAt, -1 - Math.floor(number / SCENARIOS_AN_INSTALLATION)), fault)
  for (const station of stations) runInventory(station, scene, openChannel(door, scene), chance, emit)
  if (stations.length > 1) reads.sort((one, other) => one[0] - other[0])
  const swap = { inside: 'outside', outside: 'inside' } as const
  return {
    ...{ name: `${door.name} ${number} ${walk}`, door: door.name, walk, ...(fault ? { fault } : {}) },
    antennas: Object.fromEntries(door.mountings.map(({ antenna, side }) => [String(antenna), fault === 'swapped' ? swap[side] : side])),
    truth: scene.tags.map((tag) => ({ epc: tag.epc, ...truthOf(tag, scene), note: tag.note })),
    reads,
  }
}

/** The readers of a door as one installation has them. */
export const stationsOf = (door: DoorType, chance: Chance, fault?: Fault): readonly Station[] => {
  const beams = beamsOf(door, chance)
  const reader = READERS[door.reader]
  const dead = fault === 'dead' ? [chance.pick(door.mountings).antenna] : []
  const each = reader.each === 'door' ? [beams] : beams.map((one) => [one])
  return each.map((one) => ({ reader, beams: one, eirpDbm: door.eirpDbm, dead, contested: each.length > 1 }))
}

/** Which side a tag was on, and when it changed; half a step to either side of the plane is the plane. */
export const truthOf = (tag: SceneTag, { startMs, endMs }: Pick<Scene, 'startMs' | 'endMs'>): Pick<TagTruth, 'from' | 'direction'> => {
  const place = newPlace()
  let side = 0
  let from: TagTruth['from'] = 'inside'
  const crossed: string[] = []
  for (let at = startMs; at <= endMs; at += TRUTH_STEP_MS) {
    followTag(tag, at, place)
    const now = place.x > PLANE_M ? 1 : place.x < -PLANE_M ? -1 : 0
    if (now === 0) continue
    if (side === 0) from = now > 0 ? 'inside' : 'outside'
    else if (now !== side) crossed.push(now > 0 ? 'in' : 'out')
    side = now
  }
  const direction = crossed.join(',') || 'none'
  if (direction === 'none' || direction === 'in' || direction === 'out' || direction === 'in,out' || direction === 'out,in')
    return { from, direction }
  throw new Error(`doorway.truth-of-many-crossings ${direction}`)
}

const PLANE_M = 0.25
const TRUTH_STEP_MS = 50
/** Things are moved, antennas are replaced: another installation of the same kind of door. */
const SCENARIOS_AN_INSTALLATION = 25
const DEAD_SHARE = 0.02

const sceneOf = (walk: WalkName, door: DoorType, chance: Chance, shelves: number): Scene => {
  let named = 0
  const stem = Math.floor(chance.next() * 0x1000000)
    .toString(16)
    .toUpperCase()
    .padStart(6, '0')
  const nextEpc = (): string => {
    named += 1
    return `3074257BF7194E4${stem}${named.toString(16).toUpperCase().padStart(3, '0')}`
  }
  const casting = { door, chance, nextEpc, tags: drawTags(walk, chance) }
  const main = castOf(walk, casting)
  const cast: Cast = walk !== 'shelf' && chance.isSo(shelves) ? joined([main, { ...shelved(casting, chance.whole(1, 3)), endMs: 0 }]) : main
  return { bodies: cast.bodies, tags: cast.tags, startMs: 0, endMs: cast.endMs }
}
/** Of the doors some have stock lying beside them. */
const SHELF_SHARE = 0.12

/** Most people carry one thing or a few; carts are seldom, and then full. */
const drawTags = (walk: WalkName, chance: Chance): number => {
  const few = chance.isSo(0.55) ? 1 : chance.whole(2, 6)
  if (walk === 'shelf' || walk.startsWith('pick') || walk.startsWith('set-down')) return few
  const share = chance.next()
  if (share < 0.83) return few
  if (share < 0.955 || walk === 'out-and-in' || walk === 'in-and-out') return chance.whole(7, 20)
  return share < 0.992 ? chance.whole(21, 60) : chance.whole(61, 200)
}

const drawWalk = (door: DoorType, chance: Chance): WalkName => {
  // A dead-end corridor has nobody passing along the wall, nor has an aisle between shelves.
  const cannot = [...(door.outside.rightM < 1.2 ? ['pass-outside'] : []), ...(door.shelvesM === null ? [] : ['pass-inside'])]
  for (;;) {
    const walk = chance.pick(OFTEN)
    if (!cannot.includes(walk)) return walk
  }
}
const OFTEN: readonly WalkName[] = [...WALKS, 'in', 'in', 'in', 'out', 'out', 'out']
