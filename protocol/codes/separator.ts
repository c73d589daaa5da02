import { isRefusal } from '../refusals.ts'
import { provesItself } from './ai-spec.ts'
import { AIS } from './ais.ts'
import { type Element, elementsOfMessage, FNC1_LETTER } from './elements.ts'
import { dateOfYymmdd } from './gs1-date.ts'

/**
 * What a lot or serial seems to have swallowed because the scanner dropped a separator, or `null` (rfid.md 2).
 * Certain enough to report only if the tail is made of whole elements of which one proves itself (a check digit, or a date near the year
 * of reference) and is not in the label already: `B250901` + `17280831` is reported, a lot that merely ends in `21A` is not.
 */
export const swallowedIn = (
  elements: readonly Element[],
  referenceYear: number,
): { readonly ai: string; readonly swallowed: string } | null => {
  const present = new Set(elements.map(([ai]) => ai))
  for (const [ai, value] of elements) {
    const row = AIS.get(ai)
    if (!row || row.predefined) continue
    const swallowed = tailOf(value, present, referenceYear)
    if (swallowed !== null) return { ai, swallowed }
  }
  return null
}

/** The first tail of a value that reads as elements of their own, or `null`. */
export const tailOf = (value: string, present: ReadonlySet<string>, referenceYear: number): string | null => {
  // The shortest element that proves itself is a date: two digits of AI and six of date.
  if (!/\d{8}/.test(value)) return null
  for (let at = 1; at <= value.length - 8; at += 1) {
    const tail = value.slice(at)
    const elements = elementsOfMessage(tail, FNC1_LETTER, referenceYear)
    if (!isRefusal(elements) && elements.some((element) => !present.has(element[0]) && isProof(element, referenceYear))) return tail
  }
  return null
}

const isProof = ([ai, value]: Element, referenceYear: number): boolean => {
  const row = AIS.get(ai)
  if (!row || !provesItself(row)) return false
  const date = row.lengthMax === 6 ? dateOfYymmdd(value, referenceYear) : null
  return date === null || Math.abs(Number(date.slice(0, 4)) - referenceYear) <= YEARS_PLAUSIBLE
}

/** Goods made or running out further away than this from today are not in a stockroom. */
const YEARS_PLAUSIBLE = 12
