import type { Chance } from './chance.ts'
import type { DoorType, Mounting } from './doors.ts'
import { PHYSICS } from './physics.ts'

/** One way a wave goes from an antenna: straight, or off one plane as if from the antenna's image behind it. Metres. */
export interface Ray {
  readonly x: number
  readonly y: number
  readonly z: number
  /** Where the antenna, or its image, looks. */
  readonly lookX: number
  readonly lookY: number
  readonly lookZ: number
  readonly amplitude: number
  /** The plane's coordinate in y or z, and the antenna's distance from it; `straight` has none. */
  readonly plane: 'straight' | 'y' | 'z'
  readonly planeM: number
  /** Which part of it there is, in x. */
  readonly fromM: number
  readonly toM: number
}

/** A plane wave of the diffuse rest: turns a metre in each direction, and where it begins. */
export interface Wave {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly turns: number
}

/** All that leaves one antenna. */
export interface Beams {
  readonly mounting: Mounting
  readonly rays: readonly Ray[]
  readonly waves: readonly Wave[]
  /** Loss and phase of its cable. */
  readonly cableDb: number
  readonly cableTurns: number
}

/** The beams of a door's antennas as built; what differs from one installation of the kind to the next is drawn. */
export const beamsOf = (door: DoorType, chance: Chance): readonly Beams[] => {
  const wavelengthM = PHYSICS.lightMPerUs / (PHYSICS.firstChannelMhz + 1.875)
  return door.mountings.map((drawn) => {
    const mounting = shifted(drawn, chance)
    return {
      mounting,
      rays: raysOf(door, mounting),
      waves: Array.from({ length: PHYSICS.diffuseWaves }, () => {
        const azimuth = chance.next() * 2 * Math.PI
        const rise = chance.between([-0.5, 0.5])
        const flat = Math.sqrt(1 - rise * rise) / wavelengthM
        return { x: Math.cos(azimuth) * flat, y: Math.sin(azimuth) * flat, z: rise / wavelengthM, turns: chance.next() }
      }),
      cableDb: chance.normal() * PHYSICS.cableSpreadDb,
      cableTurns: chance.next(),
    }
  })
}

/** Nobody mounts to the centimetre. */
const shifted = (mounting: Mounting, chance: Chance): Mounting => {
  const [x, y, z] = mounting.at
  const sign = Math.sign(x)
  return {
    ...mounting,
    at: [x + sign * chance.between([-0.06, 0.1]), y + chance.between([-0.06, 0.06]), z + chance.between([-0.15, 0.15])],
    azimuthDeg: mounting.azimuthDeg + chance.normal() * 5,
    tiltDeg: mounting.tiltDeg + chance.normal() * 4,
  }
}

const raysOf = (door: DoorType, mounting: Mounting): readonly Ray[] => {
  const [x, y, z] = mounting.at
  const azimuth = (mounting.azimuthDeg * Math.PI) / 180
  const tilt = (mounting.tiltDeg * Math.PI) / 180
  const lookX = Math.cos(azimuth) * Math.cos(tilt)
  const lookY = Math.sin(azimuth) * Math.cos(tilt)
  const lookZ = Math.sin(tilt)
  const straight: Ray = {
    ...{ x, y, z, lookX, lookY, lookZ, amplitude: 1, plane: 'straight', planeM: 0 },
    ...{ fromM: Number.NEGATIVE_INFINITY, toM: Number.POSITIVE_INFINITY },
  }
  const images = planesOf(door).map((plane): Ray => {
    const across = plane.plane === 'y'
    return {
      ...{ x, y: across ? 2 * plane.planeM - y : y, z: across ? z : 2 * plane.planeM - z },
      ...{ lookX, lookY: across ? -lookY : lookY, lookZ: across ? lookZ : -lookZ },
      ...plane,
    }
  })
  return [straight, ...images]
}

type Plane = Pick<Ray, 'plane' | 'planeM' | 'fromM' | 'toM' | 'amplitude'>

const planesOf = (door: DoorType): readonly Plane[] => {
  const face = door.thickM / 2
  const beyond = Number.POSITIVE_INFINITY
  const off = (material: DoorType['wall']): number => -PHYSICS.reflection[material]
  const leafFrom = door.leafSide === 'inside' ? face : -face - door.widthM
  const shelves = door.shelvesM === null ? [] : [-door.shelvesM - 0.35, door.shelvesM + 0.35]
  const planes: readonly Plane[] = [
    { plane: 'z', planeM: 0, fromM: -beyond, toM: beyond, amplitude: off(door.floor) },
    { plane: 'z', planeM: door.inside.heightM, fromM: face, toM: beyond, amplitude: off(door.ceiling) },
    { plane: 'z', planeM: door.outside.heightM, fromM: -beyond, toM: -face, amplitude: off(door.ceiling) },
    { plane: 'y', planeM: door.inside.leftM, fromM: face, toM: beyond, amplitude: off(door.inside.walls) },
    { plane: 'y', planeM: door.inside.rightM, fromM: face, toM: beyond, amplitude: off(door.inside.walls) },
    { plane: 'y', planeM: door.outside.leftM, fromM: -beyond, toM: -face, amplitude: off(door.outside.walls) },
    { plane: 'y', planeM: door.outside.rightM, fromM: -beyond, toM: -face, amplitude: off(door.outside.walls) },
    { plane: 'y', planeM: -door.widthM / 2, fromM: leafFrom, toM: leafFrom + door.widthM, amplitude: off(door.leaf) },
    ...shelves.map((planeM): Plane => ({ plane: 'y', planeM, fromM: face + 0.2, toM: face + 2.5, amplitude: off('steel') })),
  ]
  return planes.filter(({ amplitude }) => amplitude < -0.05)
}
