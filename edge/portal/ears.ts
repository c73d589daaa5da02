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
  readonly missed: (side: Side) => void
  readonly deaf: () => Deaf | null
}

/** Both sides are taken to hear until tags go by unheard. */
export const openEars = (): Ears => {
  const tags = { inside: 0, outside: 0 }
  const lastMs: { inside: number | null; outside: number | null } = { inside: null, outside: null }
  return {
    heard: (side, atMs) => {
      tags[side] = 0
      lastMs[side] = atMs
    },
    missed: (side) => {
      tags[side] += 1
    },
    deaf: () => {
      for (const side of ['inside', 'outside'] as const) {
        if (tags[side] >= DEAF_TAGS) return { side, lastMs: lastMs[side], tags: tags[side] }
      }
      return null
    },
  }
}

/** One label may be torn and two hidden; three in a row are the antenna. */
const DEAF_TAGS = 3
