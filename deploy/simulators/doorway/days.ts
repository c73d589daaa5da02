import { openChance } from './chance.ts'
import { openChannel } from './channel.ts'
import type { DoorType } from './doors.ts'
import { type Emit, runInventory, type Station } from './inventory.ts'
import { READERS } from './readers.ts'
import { stationsOf } from './scenario.ts'
import type { Scene } from './scene.ts'
import { joined, shelved, stroller } from './walks.ts'

/** Shelves by a door for days. */
export interface Days {
  readonly door: DoorType
  readonly seed: number
  readonly days: number
  readonly shelves: number
  readonly tagsAShelf: number
}

/** How many tags lie there, and the run: a day at a time, so that who plays it may say how far it is. */
export interface DaysRun {
  readonly tags: number
  readonly runDay: (day: number, emit: Emit) => void
}

/**
 * Tags on shelves beside a door for days, none of which ever crosses. From 7 to 19 o'clock somebody without tags goes by or through every
 * minute and a half or so, and the reader works as at any door; when nobody is there it looks round now and then. Every hour something in
 * the room is moved, and the standing waves are others.
 */
export const openDays = ({ door, seed, days, shelves, tagsAShelf }: Days): DaysRun => {
  const chance = openChance(seed, days)
  let named = 0
  const nextEpc = (): string => {
    named += 1
    return named.toString(16).toUpperCase().padStart(24, '0')
  }
  const casting = { door, chance, nextEpc, tags: tagsAShelf }
  const { tags } = joined(Array.from({ length: shelves }, () => shelved(casting, tagsAShelf)))

  const play = (scene: Scene, stations: readonly Station[], salt: number, emit: Emit): void => {
    const air = openChannel(door, scene)
    for (const station of stations) runInventory(station, scene, air, openChance(seed, salt, scene.startMs / 100), emit)
  }

  const runHour = (hour: number, emit: Emit): void => {
    const drawn = openChance(seed, hour, 3)
    const busy = stationsOf(door, openChance(seed, hour, 5))
    const idle = busy.map((station) => ({ ...station, reader: READERS.idle }))
    const endMs = (hour + 1) * HOUR_MS
    const isOpen = hour % 24 >= 7 && hour % 24 < 19
    let nowMs = hour * HOUR_MS
    while (nowMs < endMs) {
      const untilMs = isOpen ? Math.min(endMs, nowMs + drawn.between([30_000, 150_000])) : endMs
      play({ bodies: [], tags, startMs: nowMs, endMs: untilMs }, idle, 1, emit)
      nowMs = untilMs
      if (nowMs + VISIT_MS > endMs) continue
      const { bodies, endMs: goneMs } = stroller({ ...casting, chance: drawn }, nowMs)
      play({ bodies, tags, startMs: nowMs, endMs: Math.min(goneMs, nowMs + VISIT_MS) }, busy, 2, emit)
      nowMs = Math.min(goneMs, nowMs + VISIT_MS)
    }
  }

  return {
    tags: tags.length,
    runDay: (day, emit) => {
      for (let hour = day * 24; hour < day * 24 + 24; hour += 1) runHour(hour, emit)
    },
  }
}

const HOUR_MS = 3_600_000
/** Nobody takes longer through a door; one who does is gone for the field. */
const VISIT_MS = 30_000
