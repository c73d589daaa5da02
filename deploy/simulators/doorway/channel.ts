import type { Beams, Ray, Wave } from './air.ts'
import type { DoorType } from './doors.ts'
import { PHYSICS } from './physics.ts'
import { type Body, followTag, followTrack, newPlace, type Place, type Scene, type SceneTag } from './scene.ts'

/** What the air between one antenna and one tag does at a moment; the numbers are written over by each call. */
export interface Channel {
  /** Puts everybody where they are at a moment. */
  readonly moveTo: (atMs: number) => void
  /**
   * Power of the way there, dB, antenna's pattern included, its peak gain not; `turns` then holds its phase. -200 when it is sure to be
   * less than `neededDb`.
   */
  readonly gainDb: (beams: Beams, tagAt: number, channelAt: number, neededDb: number) => number
  readonly turns: () => number
}

/** Opens the air of a scene at a door. */
export const openChannel = (door: DoorType, scene: Scene): Channel => {
  const places = scene.bodies.map(newPlace)
  const bodies = scene.bodies.map(
    (body, at): Standing => ({
      body,
      place: places[at] as Place,
      at,
      spread: Math.sqrt(body.sectionM2 / (4 * Math.PI)),
    }),
  )
  const crowd = { bodies, near: newPlace(), atMs: 0 }
  const rices = 10 ** (-PHYSICS.riceDb[door.air] / 20) / Math.sqrt(PHYSICS.diffuseWaves)
  const exponent = -(PHYSICS.exponent[door.air] - 2) / 2
  const opening = Math.exp(-DB * OPENING_DB * Math.min(1, PHYSICS.transmissionDb[door.wall] / 10))
  let re = 0
  let im = 0
  let wavelengthM = 0.325
  const add = (amplitude: number, turns: number): void => {
    const step = ((turns - Math.floor(turns)) * TURN_STEPS) | 0
    re += amplitude * (COSINES[step] as number)
    im += amplitude * (COSINES[(step + QUARTER_BACK) & (TURN_STEPS - 1)] as number)
  }

  const addRays = (beams: Beams, tag: SceneTag, place: Place): void => {
    const [antennaX, antennaY, antennaZ] = beams.mounting.at
    const { rays } = beams
    for (let at = 0; at < rays.length; at += 1) {
      const ray = rays[at] as Ray
      const edge = ray.plane === 'straight' ? 1 : reflected(ray, ray.plane === 'y' ? antennaY : antennaZ, antennaX, place)
      if (edge <= 0) continue
      const dx = place.x - ray.x
      const dy = place.y - ray.y
      const dz = place.z - ray.z
      const lengthM = Math.sqrt(dx * dx + dy * dy + dz * dz)
      const lossDb =
        wallDb(door, ray, place) + bodiesDb(bodies, tag, place, ray) + boxDb(tag, place, -dx / lengthM, -dy / lengthM, -dz / lengthM)
      const pattern = patternOf((dx * ray.lookX + dy * ray.lookY + dz * ray.lookZ) / lengthM)
      const amplitude = ray.amplitude * edge * pattern * tagPattern(tag, place, dx / lengthM, dy / lengthM, dz / lengthM)
      add(((amplitude * wavelengthM) / (4 * Math.PI * lengthM)) * (lossDb > 0 ? Math.exp(-DB * lossDb) : 1), lengthM / wavelengthM)
    }
  }

  /** A body near the tag sends on what reaches it: what it does moves with it. */
  const addBodies = (beams: Beams, place: Place): void => {
    const [x, y] = beams.mounting.at
    const { lookX, lookY } = beams.rays[0] as Ray
    for (let at = 0; at < bodies.length; at += 1) {
      const { place: stands, spread } = bodies[at] as Standing
      const dx = stands.x - x
      const dy = stands.y - y
      if (stands.x * x < 0 && Math.abs(stands.y) > door.widthM / 2) continue
      const there = Math.sqrt(dx * dx + dy * dy + 0.05)
      const on = Math.max(0.5, Math.sqrt((place.x - stands.x) ** 2 + (place.y - stands.y) ** 2))
      if (on > BODY_REACH_M) continue
      const pattern = patternOf((dx * lookX + dy * lookY) / there)
      const amplitude = (wavelengthM / (4 * Math.PI * Math.max(0.4, there) * on)) * spread
      add(amplitude * pattern, (there + on) / wavelengthM)
    }
  }

  const addDiffuse = (beams: Beams, place: Place): void => {
    const [x, y, z] = beams.mounting.at
    const lengthM = Math.max(0.5, Math.sqrt((place.x - x) ** 2 + (place.y - y) ** 2 + (place.z - z) ** 2))
    const through = x * place.x < 0 ? opening : 1
    const amplitude = ((wavelengthM * rices) / (4 * Math.PI * lengthM)) * through
    const scale = NOMINAL_M / wavelengthM
    const { waves } = beams
    for (let at = 0; at < waves.length; at += 1) {
      const wave = waves[at] as Wave
      add(amplitude, (wave.x * place.x + wave.y * place.y + wave.z * place.z) * scale + wave.turns)
    }
  }

  const gainDb: Channel['gainDb'] = (beams, tagAt, channelAt, neededDb) => {
    const tag = scene.tags[tagAt] as SceneTag
    const place = crowd.near
    wavelengthM = PHYSICS.lightMPerUs / (PHYSICS.firstChannelMhz + channelAt * PHYSICS.channelStepMhz)
    followTag(tag, crowd.atMs, place)
    const [x, y] = beams.mounting.at
    const lengthM = Math.sqrt((place.x - x) ** 2 + (place.y - y) ** 2)
    // Rays that all add up still give less than this: no need to follow them.
    const reachM = (wavelengthM / (4 * Math.PI)) * Math.exp(DB * (ADDED_UP_DB - neededDb))
    if (lengthM > Math.min(reachM, REACH_M)) return OUT_OF_REACH_DB
    re = 0
    im = 0
    addRays(beams, tag, place)
    addBodies(beams, place)
    addDiffuse(beams, place)
    const clutter = lengthM > 1 ? 20 * exponent * Math.log10(lengthM) : 0
    return 10 * Math.log10(re * re + im * im + 1e-14) + clutter
  }

  // Where nothing moves the air stays as it is: days of shelves need each figure once.
  const isStill = bodies.length === 0 && scene.tags.every(({ track, before, after }) => track.count === 1 && !before && !after)
  const stillAir = new Map<Beams, Float64Array>()
  let phase = 0
  const knownOf = (beams: Beams): Float64Array => {
    const known = stillAir.get(beams) ?? new Float64Array(scene.tags.length * PHYSICS.channels * 2).fill(Number.NaN)
    stillAir.set(beams, known)
    return known
  }

  return {
    moveTo: (atMs) => {
      crowd.atMs = atMs
      for (const { body, place, at } of bodies) {
        followTrack(body.track, atMs, place)
        const sway = PHYSICS.swayM * Math.sin((atMs / PHYSICS.swayMs + at * 0.37) * 2 * Math.PI)
        const { cos, sin } = place
        place.x += cos * body.aheadM - sin * (body.leftM + sway)
        place.y += sin * body.aheadM + cos * (body.leftM + sway)
      }
    },
    gainDb: (beams, tagAt, channelAt, neededDb) => {
      if (!isStill) return gainDb(beams, tagAt, channelAt, neededDb)
      const known = knownOf(beams)
      const at = (tagAt * PHYSICS.channels + channelAt) * 2
      if (Number.isNaN(known[at])) {
        known[at] = gainDb(beams, tagAt, channelAt, OUT_OF_REACH_DB)
        known[at + 1] = Math.atan2(im, re) / (2 * Math.PI)
      }
      phase = known[at + 1] as number
      return known[at] as number
    },
    turns: () => (isStill ? phase : Math.atan2(im, re) / (2 * Math.PI)),
  }
}

interface Standing {
  readonly body: Body
  readonly place: Place
  readonly at: number
  /** Amplitude it sends on, for a metre each way. */
  readonly spread: number
}

/** Beyond it no label is powered [Friis, EIRP 33 dBm, -21 dBm: 12 m at best], and far less in a room. */
const REACH_M = 12
/** Every ray in step with the straight one, which seldom is: twice to three times its amplitude. */
const ADDED_UP_DB = 8
const OUT_OF_REACH_DB = -200
const BODY_REACH_M = 3
/** What of the diffuse field comes through an opening of a solid wall. */
const OPENING_DB = 5
/** dB to nepers. */
const DB = Math.LN10 / 20
const NOMINAL_M = PHYSICS.lightMPerUs / (PHYSICS.firstChannelMhz + 1.875)

const TURN_STEPS = 4096
const QUARTER_BACK = TURN_STEPS * 0.75
const COSINES = Float64Array.from({ length: TURN_STEPS }, (_, at) => Math.cos((at / TURN_STEPS) * 2 * Math.PI))

/** Share of a plane that is there where the wave meets it, soft at its ends; 0 for a tag behind it. */
const reflected = (ray: Ray, antenna: number, antennaX: number, place: Place): number => {
  const before = ray.planeM - antenna
  const behind = ray.planeM - (ray.plane === 'y' ? place.y : place.z)
  if (before * behind <= 0) return 0
  const x = antennaX + ((place.x - antennaX) * before) / (before + behind)
  const inside = Math.min(x - ray.fromM, ray.toM - x)
  return inside > SOFT_M ? 1 : inside < -SOFT_M ? 0 : 0.5 + inside / (2 * SOFT_M)
}
const SOFT_M = PHYSICS.edgeM

/** What the wall takes from a wave that does not go through the opening. */
const wallDb = (door: DoorType, ray: Ray, place: Place): number => {
  if (ray.x * place.x >= 0) return 0
  const face = door.thickM / 2
  const slopeY = (place.y - ray.y) / (place.x - ray.x)
  const slopeZ = (place.z - ray.z) / (place.x - ray.x)
  let beyond = -BEYOND_M
  for (let side = -1; side <= 1; side += 2) {
    const x = side * face
    if ((x - ray.x) * (x - place.x) > 0) continue
    let y = ray.y + slopeY * (x - ray.x)
    let z = ray.z + slopeZ * (x - ray.x)
    // The image's side of its plane is this side, mirrored.
    if (ray.plane === 'y' && (y - ray.planeM) * (place.y - ray.planeM) < 0) y = 2 * ray.planeM - y
    if (ray.plane === 'z' && (z - ray.planeM) * (place.z - ray.planeM) < 0) z = 2 * ray.planeM - z
    beyond = Math.max(beyond, Math.abs(y) - door.widthM / 2, z - door.heightM)
  }
  const share = 0.5 + beyond / (2 * SOFT_M)
  return PHYSICS.transmissionDb[door.wall] * Math.min(1, Math.max(0, share))
}

const BEYOND_M = 100

/** What bodies between take, seen from the tag: a soft edge as wide as the body. */
const bodiesDb = (bodies: readonly Standing[], tag: SceneTag, place: Place, ray: Ray): number => {
  const dx = ray.x - place.x
  const dy = ray.y - place.y
  const flat = Math.sqrt(dx * dx + dy * dy) + 1e-6
  const ux = dx / flat
  const uy = dy / flat
  const rise = (ray.z - place.z) / flat
  let lossDb = 0
  for (let at = 0; at < bodies.length; at += 1) {
    const { body, place: stands } = bodies[at] as Standing
    if (tag.own === body) continue
    const bx = stands.x - place.x
    const by = stands.y - place.y
    const along = bx * ux + by * uy
    if (along < 0.02 || along > flat) continue
    const off = (bx * uy - by * ux) / body.radiusM
    if (off * off > 4) continue
    const over = place.z + rise * along - body.heightM
    if (over > SOFT_M) continue
    lossDb += body.lossDb * Math.exp(-off * off) * (over > 0 ? 1 - over / SOFT_M : 1)
  }
  return Math.min(lossDb, BODIES_DB_MAX)
}
/** Waves find a way round any number of bodies [ITU-R P.526-15, section 4]. */
const BODIES_DB_MAX = 30

/** What the goods round a tag take on the way out of the box towards the antenna (direction in the world). */
const boxDb = ({ box }: SceneTag, place: Place, ux: number, uy: number, uz: number): number => {
  if (!box) return 0
  const ahead = Math.abs(place.cos * ux + place.sin * uy) + 1e-6
  const left = Math.abs(-place.sin * ux + place.cos * uy) + 1e-6
  const [halfA, halfL, halfU] = box.half
  const a = (halfA - Math.sign(place.cos * ux + place.sin * uy) * box.place[0]) / ahead
  const l = (halfL - Math.sign(-place.sin * ux + place.cos * uy) * box.place[1]) / left
  const u = (halfU - Math.sign(uz) * box.place[2]) / (Math.abs(uz) + 1e-6)
  return Math.min(PHYSICS.throughDbMax, box.dbPerM * Math.min(a, l, u))
}

/** Amplitude of the antenna's lobe at the cosine off its axis. */
const patternOf = (cosine: number): number => PATTERN[((cosine + 1) * PATTERN_HALF) | 0] as number
const PATTERN_HALF = 512
const PATTERN = Float64Array.from({ length: 2 * PATTERN_HALF + 2 }, (_, at) => {
  const offDeg = (Math.acos(Math.min(1, Math.max(-1, at / PATTERN_HALF - 1))) * 180) / Math.PI
  return 10 ** (-Math.min(12 * (offDeg / PHYSICS.beamwidthDeg) ** 2, PHYSICS.frontToBackDb) / 20)
})

/** Amplitude of the tag's dipole towards a direction of the world. */
const tagPattern = ({ axis }: SceneTag, place: Place, ux: number, uy: number, uz: number): number => {
  const along = axis[0] * (place.cos * ux + place.sin * uy) + axis[1] * (-place.sin * ux + place.cos * uy) + axis[2] * uz
  return Math.max(PHYSICS.tagNullAmplitude, Math.sqrt(Math.max(0, 1 - along * along)))
}
