import type { Passage } from './verdict.ts'

/** A decided passage beside what the books say it must have been: a tag that stood inside can only go out, one that is announced only come in. */
export interface Checked {
  readonly passage: Pick<Passage, 'epc' | 'at' | 'certainty'> & { readonly direction: 'in' | 'out' }
  readonly books: 'in' | 'out'
}

/** That the antennas of a door hang the wrong way round, or their cables do, and what says so. Times in ms. */
export interface Swapped {
  /** Passages in a row that contradict the books, up to the last one. */
  readonly passages: number
  readonly tags: number
  /** Moments apart: a cart that crosses at once is one. */
  readonly moments: number
  readonly fromMs: number
  readonly toMs: number
}

/**
 * Judges a door's decided passages in order of time: swapped when every one of the last ones goes against the books, often enough and at separate
 * moments, for one cart may be wrong in the books as a whole. One that agrees with the books clears the door. `null`: nothing to say.
 */
export const swappedOf = (checked: readonly Checked[]): Swapped | null => {
  const lastRight = checked.findLastIndex(({ passage, books }) => passage.direction === books)
  const against = checked.slice(lastRight + 1)
  const first = against[0]
  const last = against.at(-1)
  if (!first || !last) return null
  const tags = new Set(against.map(({ passage }) => passage.epc)).size
  let moments = 0
  let momentMs = Number.NEGATIVE_INFINITY
  for (const { passage } of against) {
    if (passage.at - momentMs < MOMENT_MS) continue
    moments += 1
    momentMs = passage.at
  }
  if (against.length < PASSAGES_MIN || tags < TAGS_MIN || moments < MOMENTS_MIN) return null
  return { passages: against.length, tags, moments, fromMs: first.passage.at, toMs: last.passage.at }
}

/** Books are wrong of one tag in some hundreds, and the door of one in thousands: five in a row are neither. */
const PASSAGES_MIN = 5
const TAGS_MIN = 3
const MOMENTS_MIN = 3
/** Tags on one cart cross within this. */
const MOMENT_MS = 30_000
