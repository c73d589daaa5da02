import type { Side } from './thresholds.ts'

/** One side of a door hears nothing any more, by what the other one hears. Times in ms. */
export interface Deaf {
  readonly side: Side
  /** When it last heard anything; `null`: never. */
  readonly lastMs: number | null
  /** Tags that went close by the other side since, unheard by this one. */
  readonly tags: number
}

/** Whether the two sides of a door hear. */
export interface Ears {
  readonly heard: (side: Side, atMs: number) => void
  /** A tag came and went close by one side and the other heard nothing of it. */
  readonly missed: (side: Side, atMs: number) => void
  readonly deaf: () => Deaf | null
}

/** Both sides are taken to hear until tags go by unheard. */
export const openEars = (): Ears => {
  const tags = { inside: 0, outside: 0 }
  const moments = { inside: 0, outside: 0 }
  const missedMs = { inside: Number.NEGATIVE_INFINITY, outside: Number.NEGATIVE_INFINITY }
  const lastMs: { inside: number | null; outside: number | null } = { inside: null, outside: null }
  return {
    heard: (side, atMs) => {
      tags[side] = 0
      moments[side] = 0
      lastMs[side] = atMs
    },
    missed: (side, atMs) => {
      tags[side] += 1
      if (Math.abs(atMs - missedMs[side]) < MOMENT_MS) return
      moments[side] += 1
      missedMs[side] = atMs
    },
    deaf: () => {
      for (const side of ['inside', 'outside'] as const) {
        if (moments[side] >= DEAF_MOMENTS) return { side, lastMs: lastMs[side], tags: tags[side] }
      }
      return null
    },
  }
}

/** People turn back before the door, alone or with a cart; three times in a row with nobody through it are the antenna. */
const DEAF_MOMENTS = 3
const MOMENT_MS = 10_000
