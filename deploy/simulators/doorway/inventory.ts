import type { Beams } from './air.ts'
import type { Chance } from './chance.ts'
import type { Channel } from './channel.ts'
import { PHYSICS } from './physics.ts'
import type { ReaderType } from './readers.ts'
import type { Scene, SceneTag } from './scene.ts'

/** Takes one sighting: ms, the tag's number in the scene, antenna, dBm or null, degrees 0..180 or null. */
export type Emit = (atMs: number, tagAt: number, antenna: number, rssiDbm: number | null, phaseDeg: number | null) => void

/** One reader at a door with the antennas it switches between. */
export interface Station {
  readonly reader: ReaderType
  readonly beams: readonly Beams[]
  readonly eirpDbm: number
  /** Antennas that are mounted and hear nothing. */
  readonly dead: readonly number[]
  /** Another reader works at the same time. */
  readonly contested: boolean
}

/** Runs inventory rounds from a scene's start to its end [Gen2 6.3.2]; sightings come in order of time. */
export const runInventory = (station: Station, scene: Scene, channel: Channel, chance: Chance, emit: Emit): void => {
  const { reader, beams } = station
  const slots = PHYSICS.slotMs[reader.slots]
  const waiting = new Int32Array(scene.tags.length)
  const silentUntil = new Float64Array(scene.tags.length)
  const takes = new Int32Array(1 << Q_MAX)
  const done = new Uint8Array(scene.tags.length)
  const taker = new Int32Array(1 << Q_MAX)
  const phases = new Float64Array(scene.tags.length)
  const levels = new Float64Array(scene.tags.length)
  const hops = Array.from({ length: PHYSICS.channels }, (_, at) => (at * 7 + chance.whole(0, 15)) % PHYSICS.channels)
  const turnsOf = Float64Array.from({ length: beams.length * PHYSICS.channels }, () => chance.next())
  let q: number = PHYSICS.qStart
  let now = scene.startMs + chance.next() * reader.dwellMs
  let antennaAt = 0
  let gatheredMs = 0
  let channelAt = 0
  let target: 'a' | 'b' = 'a'
  /** A tag's flag is B for its persistence [Gen2 table 6-20]. */
  const answers = (tagAt: number): boolean => reader.session === 's0' || (silentUntil[tagAt] as number) > now === (target === 'b')

  /** Tags that have power and have not answered yet; their level is noted. */
  const gather = (from: Beams): number => {
    gatheredMs = now
    channel.moveTo(now)
    channelAt = hops[Math.floor(now / PHYSICS.channelMs) % PHYSICS.channels] as number
    let count = 0
    for (let tagAt = 0; tagAt < scene.tags.length; tagAt += 1) {
      if (!answers(tagAt)) continue
      const tag = scene.tags[tagAt] as SceneTag
      const gainDb = channel.gainDb(from, tagAt, channelAt, -poweredDb(station, from, tag, 0))
      if (poweredDb(station, from, tag, gainDb) < 0) continue
      levels[tagAt] = levelOf(station, from, tag, gainDb)
      phases[tagAt] = channel.turns()
      waiting[count] = tagAt
      count += 1
    }
    return count
  }

  /** Where the tag has got to since the round began; whether it still has power. */
  const follow = (from: Beams, tagAt: number): boolean => {
    const tag = scene.tags[tagAt] as SceneTag
    channel.moveTo(now)
    const gainDb = channel.gainDb(from, tagAt, channelAt, -poweredDb(station, from, tag, 0))
    levels[tagAt] = levelOf(station, from, tag, gainDb)
    phases[tagAt] = channel.turns()
    return poweredDb(station, from, tag, gainDb) >= 0
  }

  const read = (from: Beams, tagAt: number): boolean => {
    if (now - gatheredMs > STANDS_MS && !follow(from, tagAt)) return false
    const level = levels[tagAt] as number
    if (chance.next() * (1 + Math.exp((reader.sensitivityDbm - level) / PHYSICS.sensitivityKneeDb)) > 1) return false
    if (chance.isSo(PHYSICS.lostShare) || (station.contested && chance.isSo(PHYSICS.readerClashShare))) return false
    if (reader.session !== 's0') silentUntil[tagAt] = target === 'b' ? 0 : now + chance.between(PHYSICS.s1PersistenceMs)
    const cable = from.cableTurns + (turnsOf[antennaAt * PHYSICS.channels + channelAt] as number)
    emit(
      Math.round(now),
      tagAt,
      from.mounting.antenna,
      toldLevel(reader, level + chance.normal() * PHYSICS.levelNoiseDb),
      reader.phase ? toldPhase(2 * (phases[tagAt] as number) + cable, chance) : null,
    )
    return true
  }

  /** One frame of slots; answers how many tags still wait. */
  const frame = (from: Beams, count: number, untilMs: number): number => {
    const size = 1 << Math.round(q)
    takes.fill(0, 0, size)
    for (let at = 0; at < count; at += 1) {
      const slot = Math.floor(chance.next() * size)
      const other = taker[slot] as number
      const tagAt = waiting[at] as number
      // Of two that collide only the louder may be heard over the other.
      const louder = takes[slot] === 0 || (levels[tagAt] as number) > (levels[other] as number) ? tagAt : other
      const gap = takes[slot] === 0 ? 0 : Math.abs((levels[tagAt] as number) - (levels[other] as number))
      takes[slot] = takes[slot] === 0 ? 1 : gap > PHYSICS.captureDb && takes[slot] !== CLASH ? CAPTURE : CLASH
      taker[slot] = louder
    }
    for (let slot = 0; slot < size && now < untilMs; slot += 1) {
      const kind = takes[slot] as number
      if (kind === 0) {
        now += slots.empty
        q = Math.max(0, q - PHYSICS.qStep / 2)
        continue
      }
      const isHeard = kind === 1 || (kind === CAPTURE && chance.isSo(PHYSICS.captureShare))
      now += isHeard ? slots.single : slots.collision
      if (!isHeard) q = Math.min(Q_MAX, q + PHYSICS.qStep)
      else if (read(from, taker[slot] as number)) taker[slot] = -1 - (taker[slot] as number)
    }
    return remaining(count, size)
  }

  /** Those read are done with this round: their flag has turned. */
  const remaining = (count: number, size: number): number => {
    for (let slot = 0; slot < size; slot += 1) {
      if ((takes[slot] as number) > 0 && (taker[slot] as number) < 0) done[-1 - (taker[slot] as number)] = 1
    }
    let left = 0
    for (let at = 0; at < count; at += 1) {
      const tagAt = waiting[at] as number
      if (done[tagAt] === 1) {
        done[tagAt] = 0
        continue
      }
      waiting[left] = tagAt
      left += 1
    }
    return left
  }

  while (now < scene.endMs) {
    const from = beams[antennaAt] as Beams
    const untilMs = now + reader.dwellMs
    const isDead = station.dead.includes(from.mounting.antenna)
    while (now < untilMs) {
      now += slots.query + reader.pauseMs
      let count = isDead ? 0 : gather(from)
      if (count === 0) {
        q = Math.max(1, q - 1)
        now += slots.empty * (1 << Math.round(q))
      }
      for (let frames = 0; count > 0 && now < untilMs && frames < FRAMES_MAX; frames += 1) count = frame(from, count, untilMs)
      if (reader.session === 's1-both' && count === 0) target = target === 'a' ? 'b' : 'a'
    }
    now += reader.switchMs
    antennaAt = (antennaAt + 1) % beams.length
    if (antennaAt === 0) now += reader.restMs
  }
}

/** Within so short a time nothing moves by more than a tenth of a wave, nor does a reader's clock tell it. */
const STANDS_MS = 8
/** 256 slots are enough for the tags of a cart. */
const Q_MAX = 8
/** Tags that never come through must not hold a round for ever. */
const FRAMES_MAX = 12
const CAPTURE = 2
const CLASH = 3

const ofTagDb = (tag: SceneTag): number => PHYSICS.tagGainDbi - PHYSICS.polarisationDb - tag.detuneDb

/** Power at the chip above what it needs, dB. */
const poweredDb = ({ eirpDbm }: Station, { cableDb }: Beams, tag: SceneTag, gainDb: number): number =>
  eirpDbm + cableDb + gainDb + ofTagDb(tag) - tag.sensitivityDbm

/** What comes back, dBm at the reader. */
const levelOf = ({ eirpDbm }: Station, { cableDb }: Beams, tag: SceneTag, gainDb: number): number =>
  eirpDbm + 2 * (cableDb + gainDb + ofTagDb(tag)) - tag.modulationDb + PHYSICS.readerGainDbi

const toldLevel = ({ level, levelOffsetDb, levelSlope }: ReaderType, dbm: number): number | null => {
  if (level === 'none') return null
  const told = (dbm + 50) * levelSlope - 50 + levelOffsetDb
  return level === 'dbm' ? Math.round(told) : Math.round(told * 2) / 2
}

const toldPhase = (turns: number, chance: Chance): number => {
  const half = turns * 2 + (chance.normal() * PHYSICS.phaseNoiseRad) / Math.PI
  return Math.round((half - Math.floor(half)) * 1800) / 10
}
