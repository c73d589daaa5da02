/** What one side of a door heard of a tag: how often, from when to when, and the middle of it; ms after the passage began. */
export interface SideSeen {
  readonly reads: number
  readonly first: number
  readonly last: number
  readonly centroid: number
}

/** The two sides' hearing, read off a passage's evidence; what another algorithm wrote in other words is left unread, not misread. */
export const seenBy = (
  evidence: Readonly<Record<string, unknown>>,
): { readonly inside: SideSeen | null; readonly outside: SideSeen | null; readonly lastMs: number } => {
  const inside = sideOf(evidence['inside'])
  const outside = sideOf(evidence['outside'])
  return { inside, outside, lastMs: Math.max(1, inside?.last ?? 0, outside?.last ?? 0) }
}

/** What the door saw, in a word each; the order in which a walk tells of them. */
export const STORIES = ['inward', 'outward', 'together', 'inside-only', 'outside-only', 'nothing'] as const
export type Story = (typeof STORIES)[number]

/** The evidence in words a person can check against what he remembers: which side heard it first, which last, or that they cannot be told apart. */
export const storyOf = (evidence: Readonly<Record<string, unknown>>): Story => {
  const { inside, outside, lastMs } = seenBy(evidence)
  if (!inside && !outside) return 'nothing'
  if (!outside) return 'inside-only'
  if (!inside) return 'outside-only'
  const later = inside.centroid - outside.centroid
  if (Math.abs(later) < Math.max(APART_MS, lastMs * APART_SHARE)) return 'together'
  return later > 0 ? 'inward' : 'outward'
}

/** Closer together than this nobody tells which was first: an antenna's turn takes as long. */
const APART_MS = 200
const APART_SHARE = 0.08

const sideOf = (value: unknown): SideSeen | null => {
  if (typeof value !== 'object' || value === null) return null
  const { reads, first, last, centroid } = value as Readonly<Record<string, unknown>>
  if (typeof reads !== 'number' || typeof first !== 'number' || typeof last !== 'number') return null
  return { reads, first, last, centroid: typeof centroid === 'number' ? centroid : (first + last) / 2 }
}
