import type { Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { Kept } from './keep.ts'
import type { Batch } from './reading.ts'

/** What an import came to so far. `left`: records nobody asked for; `passed`: files in the ZIP that are no XML. */
export interface Counts {
  readonly parts: number
  readonly passed: number
  readonly records: number
  readonly added: number
  readonly changed: number
  readonly same: number
  readonly older: number
  readonly left: number
  readonly refused: number
  readonly mended: number
  /** How often each tag came that nobody knows. */
  readonly unknown: Readonly<Record<string, number>>
  /** How often each reason refused a record. */
  readonly reasons: Readonly<Record<string, number>>
}

export const NO_COUNTS: Counts = {
  ...{ parts: 0, passed: 0, records: 0, added: 0, changed: 0, same: 0, older: 0, left: 0, refused: 0, mended: 0 },
  ...{ unknown: {}, reasons: {} },
}

/** Counts on from where an earlier run of the same file stood. */
export const openCounting = (from: Counts) => {
  const totals = { ...from, unknown: bare(from.unknown), reasons: bare(from.reasons) }
  return {
    kept: (how: Kept) => {
      totals.records += 1
      totals[how] += 1
    },
    /** Everything of a stretch that is no device and no refusal. */
    beside: ({ left, mended, unknown, isXml, ends }: Pick<Batch, 'left' | 'mended' | 'unknown' | 'isXml' | 'ends'>) => {
      totals.records += left
      totals.left += left
      totals.mended += mended
      if (ends) totals[isXml ? 'parts' : 'passed'] += 1
      for (const [tag, times] of Object.entries(unknown))
        if (tag in totals.unknown || Object.keys(totals.unknown).length < UNKNOWN_MAX)
          totals.unknown[tag] = (totals.unknown[tag] ?? 0) + times
    },
    /** Answers which refusal of this import it is. */
    refused: ({ code }: Refusal): number => {
      totals.records += 1
      totals.refused += 1
      totals.reasons[code] = (totals.reasons[code] ?? 0) + 1
      return totals.refused
    },
    counts: (): Counts => ({ ...totals, unknown: { ...totals.unknown }, reasons: { ...totals.reasons } }),
  }
}
/** Without what every object has: a tag may be called `constructor`. */
const bare = (counted: Readonly<Record<string, number>>): Record<string, number> => Object.assign(Object.create(null), counted)
/** Unknown tags that are counted by name. */
const UNKNOWN_MAX = 100
