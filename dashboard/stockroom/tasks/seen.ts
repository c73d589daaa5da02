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

const sideOf = (value: unknown): SideSeen | null => {
  if (typeof value !== 'object' || value === null) return null
  const { reads, first, last, centroid } = value as Readonly<Record<string, unknown>>
  if (typeof reads !== 'number' || typeof first !== 'number' || typeof last !== 'number') return null
  return { reads, first, last, centroid: typeof centroid === 'number' ? centroid : (first + last) / 2 }
}
