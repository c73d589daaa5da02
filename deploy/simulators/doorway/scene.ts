import { STEP_MS, type Track } from './motion.ts'

/** What stands in the way of waves and scatters them: a person, or the goods on a cart; upright, round. */
export interface Body {
  readonly track: Track
  /** Where it is seen from its track: ahead and to the left, metres. */
  readonly aheadM: number
  readonly leftM: number
  readonly lossDb: number
  readonly radiusM: number
  readonly heightM: number
  readonly sectionM2: number
}

/** A label; metres and dB. */
export interface SceneTag {
  readonly epc: string
  readonly note: string
  /** What carries it, from `fromMs` to `toMs`; before and after it lies where `before` and `after` say. */
  readonly track: Track
  readonly fromMs: number
  readonly toMs: number
  readonly before: Point | null
  readonly after: Point | null
  /** Seen from its carrier: ahead, to the left, up. */
  readonly offset: Point
  /** Its dipole's axis, seen from its carrier; length 1. */
  readonly axis: Point
  /** Detuning, one way. */
  readonly detuneDb: number
  readonly sensitivityDbm: number
  readonly modulationDb: number
  /** What lies round it: half sizes of the box, its own place in it, and the loss through the rest. */
  readonly box: { readonly half: Point; readonly place: Point; readonly dbPerM: number } | null
  /** The body that is its own box: its loss is counted by `box`. */
  readonly own: Body | null
}

export type Point = readonly [number, number, number]

/** Who and what is at a door for a while. */
export interface Scene {
  readonly bodies: readonly Body[]
  readonly tags: readonly SceneTag[]
  readonly startMs: number
  readonly endMs: number
}

/** Where something is, and the way it faces; written over for every moment so that nothing is allocated. */
export interface Place {
  x: number
  y: number
  z: number
  cos: number
  sin: number
}

export const newPlace = (): Place => ({ x: 0, y: 0, z: 0, cos: 1, sin: 0 })

/** Puts a track's point at a moment into `place`. */
export const followTrack = (track: Track, atMs: number, place: Place): void => {
  const step = (atMs - track.startMs) / STEP_MS
  const last = track.count - 1
  const at = step <= 0 ? 0 : step >= last ? last : Math.floor(step)
  const next = at < last ? at + 1 : at
  const share = step <= 0 || step >= last ? 0 : step - at
  place.x = (track.x[at] as number) * (1 - share) + (track.x[next] as number) * share
  place.y = (track.y[at] as number) * (1 - share) + (track.y[next] as number) * share
  place.cos = track.cos[at] as number
  place.sin = track.sin[at] as number
}

/** Puts a tag's place at a moment into `place`. */
export const followTag = (tag: SceneTag, atMs: number, place: Place): void => {
  followTrack(tag.track, atMs, place)
  const [ahead, left, up] = tag.offset
  place.x += place.cos * ahead - place.sin * left
  place.y += place.sin * ahead + place.cos * left
  place.z = up
  if (tag.before && atMs < tag.fromMs) blend(place, tag.before, Math.min(1, (tag.fromMs - atMs) / REACH_MS))
  if (tag.after && atMs > tag.toMs) blend(place, tag.after, Math.min(1, (atMs - tag.toMs) / REACH_MS))
}

/** A hand takes a box or sets it down in this time. */
const REACH_MS = 600

const blend = (place: Place, other: Point, share: number): void => {
  place.x += (other[0] - place.x) * share
  place.y += (other[1] - place.y) * share
  place.z += (other[2] - place.z) * share
}
