/** What is done to a label. */
export const WAYS = ['replace', 'first', 'retire'] as const
export type Way = (typeof WAYS)[number]

/** A scan takes the first place that waits for one; when all are filled, the last is scanned anew. */
export const placeOfScan = (way: Way, old: unknown): 'old' | 'new' =>
  way === 'retire' || (way === 'replace' && old === null) ? 'old' : 'new'
