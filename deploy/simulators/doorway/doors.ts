import type { PHYSICS } from './physics.ts'
import type { READERS } from './readers.ts'

/** A material of the physics table. */
export type Material = keyof typeof PHYSICS.reflection

/**
 * An antenna; metres: inside is positive x, y across the door from its middle. Degrees: azimuth 0 looks inside, 90 to positive y; tilt
 * up.
 */
export interface Mounting {
  readonly antenna: number
  readonly side: 'inside' | 'outside'
  readonly at: readonly [x: number, y: number, z: number]
  readonly azimuthDeg: number
  readonly tiltDeg: number
}

/** Half a building: where its walls are in y, and its ceiling. */
export interface Half {
  readonly leftM: number
  readonly rightM: number
  readonly heightM: number
  readonly walls: Material
}

/** A kind of doorway. `fit` doors may be learnt from, `report` doors only measured on. */
export interface DoorType {
  readonly name: string
  readonly use: 'fit' | 'report'
  readonly widthM: number
  readonly heightM: number
  readonly wall: Material
  readonly thickM: number
  readonly floor: Material
  readonly ceiling: Material
  readonly inside: Half
  readonly outside: Half
  /** A leaf that stands open at a right angle, on which side of the wall; a surface at the opening's edge. */
  readonly leaf: Material
  readonly leafSide: 'inside' | 'outside'
  /** Steel shelves along the walls inside, from this y on, both sides; tags stand before them. */
  readonly shelvesM: number | null
  readonly air: keyof typeof PHYSICS.exponent
  readonly mountings: readonly Mounting[]
  readonly reader: keyof typeof READERS
  readonly eirpDbm: number
}

const look = (
  side: Mounting['side'],
  at: Mounting['at'],
  azimuthDeg: number,
  tiltDeg = 0,
  antenna = side === 'inside' ? 1 : 2,
): Mounting => ({ antenna, side, at, azimuthDeg, tiltDeg })

/** Beside the opening on the same post line, one on each side of the wall, looking across. */
const beside = (x: number, y: number, z = 1.3, turnDeg = 0): readonly Mounting[] => [
  look('inside', [x, y, z], (y > 0 ? -90 : 90) + (y > 0 ? turnDeg : -turnDeg)),
  look('outside', [-x, y, z], (y > 0 ? -90 : 90) + (y > 0 ? -turnDeg : turnDeg)),
]

const overhead = (x: number, z: number, tiltDeg = -75): readonly Mounting[] => [
  look('inside', [x, 0, z], 0, tiltDeg),
  look('outside', [-x, 0, z], 180, tiltDeg),
]

const room = (half: number, heightM: number, walls: Material): Half => ({ leftM: -half, rightM: half, heightM, walls })

const USUAL = {
  ...{ widthM: 1, heightM: 2.1, wall: 'brick', thickM: 0.2, floor: 'tile', ceiling: 'plaster', leaf: 'wood', leafSide: 'inside' },
  ...{ inside: room(2.5, 2.8, 'plaster'), outside: room(2, 2.6, 'plaster'), shelvesM: null, air: 'room' },
  ...{ mountings: beside(0.6, 0.9), reader: 'usual', eirpDbm: 31 },
} as const satisfies Partial<DoorType>

/** Every kind of doorway there is here. The halves were divided before anything was fitted: each has easy and hard ones. */
export const DOORS: readonly DoorType[] = [
  { ...USUAL, name: 'narrow-single', use: 'fit' },
  { ...USUAL, name: 'double', use: 'fit', widthM: 1.8, mountings: beside(0.6, 1.2), eirpDbm: 32, reader: 'fixed' },
  {
    ...{ ...USUAL, name: 'loading', use: 'fit', widthM: 3, heightM: 3.2, wall: 'concrete', thickM: 0.3, floor: 'concrete', leaf: 'none' },
    ...{ inside: room(6, 5, 'concrete'), outside: room(8, 6, 'none'), ceiling: 'steel', air: 'open', reader: 'fast', eirpDbm: 33 },
    mountings: [...beside(0.8, 1.8, 1.6, 25), look('inside', [0.8, -1.8, 1.6], 65, 0, 3), look('outside', [-0.8, -1.8, 1.6], 115, 0, 4)],
  },
  {
    ...{ ...USUAL, name: 'roller-shutter', use: 'report', widthM: 2.4, heightM: 2.6, wall: 'steel', leaf: 'none', ceiling: 'steel' },
    ...{ inside: room(4, 4, 'steel'), outside: room(5, 4, 'concrete'), floor: 'concrete', air: 'open', eirpDbm: 33 },
    mountings: beside(0.7, 1.5, 1.5, 20),
  },
  {
    ...USUAL,
    name: 'steel-door',
    use: 'fit',
    wall: 'concrete',
    thickM: 0.25,
    leaf: 'steel',
    leafSide: 'inside',
    mountings: beside(0.6, 0.8),
  },
  {
    ...{
      ...USUAL,
      name: 'corridor-end',
      use: 'report',
      outside: room(0.95, 2.5, 'concrete'),
      wall: 'plaster',
      floor: 'tile',
      leaf: 'none',
    },
    ...{ mountings: beside(0.7, 0.85, 1.4, 20), reader: 'fixed' },
  },
  { ...USUAL, name: 'curtain', use: 'report', widthM: 1.4, wall: 'cloth', thickM: 0.02, leaf: 'cloth', mountings: beside(0.6, 1) },
  {
    ...{ ...USUAL, name: 'lift-lobby', use: 'fit', widthM: 1.3, wall: 'concrete', leaf: 'none', inside: room(2.2, 2.6, 'concrete') },
    ...{ outside: room(1.4, 2.4, 'steel'), floor: 'tile', air: 'crowded', mountings: beside(0.6, 1, 1.3, 15), eirpDbm: 29 },
  },
  {
    ...{ ...USUAL, name: 'low-ceiling', use: 'report', inside: room(1.8, 2.15, 'concrete'), outside: room(1.6, 2.15, 'concrete') },
    ...{ ceiling: 'concrete', air: 'crowded', mountings: beside(0.6, 0.8, 1.2) },
  },
  { ...USUAL, name: 'overhead', use: 'fit', widthM: 1.2, mountings: overhead(0.6, 2.4), eirpDbm: 32, reader: 'fixed' },
  {
    ...{ ...USUAL, name: 'overhead-four', use: 'report', widthM: 2, heightM: 2.4, inside: room(4, 3.2, 'plaster'), reader: 'fast' },
    mountings: [
      look('inside', [0.7, 0.6, 2.7], 0, -65, 1),
      look('outside', [-0.7, 0.6, 2.7], 180, -65, 2),
      look('inside', [0.7, -0.6, 2.7], 0, -65, 3),
      look('outside', [-0.7, -0.6, 2.7], 180, -65, 4),
    ],
  },
  {
    ...{ ...USUAL, name: 'one-post', use: 'report', widthM: 1.2, eirpDbm: 30 },
    mountings: [look('inside', [0.15, 0.8, 1.3], -35), look('outside', [-0.15, 0.8, 1.3], -145)],
  },
  { ...USUAL, name: 'half-metre-apart', use: 'fit', mountings: beside(0.25, 0.75, 1.3, 30), eirpDbm: 29 },
  { ...USUAL, name: 'two-metres-apart', use: 'report', mountings: beside(1, 0.9), eirpDbm: 31, reader: 'fixed' },
  { ...USUAL, name: 'thick-wall', use: 'fit', wall: 'concrete', thickM: 0.6, leaf: 'steel', mountings: beside(0.75, 0.8), reader: 'fixed' },
  {
    ...{ ...USUAL, name: 'steel-shelves', use: 'report', shelvesM: 1, inside: room(1.5, 2.8, 'steel'), air: 'crowded', leaf: 'none' },
    mountings: beside(0.6, 0.7, 1.4),
  },
  { ...USUAL, name: 'slow-reader', use: 'fit', widthM: 1.2, mountings: beside(0.7, 0.9), reader: 'slow' },
  { ...USUAL, name: 'slow-wide', use: 'report', widthM: 1.6, mountings: beside(0.9, 1.1), reader: 'slow', air: 'open', eirpDbm: 33 },
  { ...USUAL, name: 'no-level', use: 'report', mountings: beside(0.8, 0.8), reader: 'mute' },
  { ...USUAL, name: 'raw-level', use: 'fit', widthM: 1.2, mountings: beside(0.8, 0.9, 1.3, 15), reader: 'raw', eirpDbm: 30 },
  { ...USUAL, name: 'weak-reader', use: 'fit', reader: 'cheap', eirpDbm: 27, mountings: beside(0.6, 0.7) },
  { ...USUAL, name: 'two-readers', use: 'report', reader: 'twin', eirpDbm: 29, mountings: beside(0.6, 0.8) },
  { ...USUAL, name: 'two-fixed-readers', use: 'fit', widthM: 1.6, reader: 'pair', eirpDbm: 32, mountings: beside(0.9, 1.1, 1.4, 20) },
  {
    ...{ ...USUAL, name: 'quiet-session', use: 'report', reader: 'turning', inside: room(3.5, 3, 'brick'), leaf: 'none', eirpDbm: 32 },
    mountings: [look('inside', [0.7, 0.9, 1.3], -90), look('outside', [-0.7, -0.9, 1.3], 90)],
  },
]

/** The door of a name; a fault in the caller without one. */
export const doorOf = (name: string): DoorType => {
  const door = DOORS.find((one) => one.name === name)
  if (!door) throw new Error(`doorway.no-such-door ${name}`)
  return door
}
