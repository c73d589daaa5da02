import { provesItself, valueFault } from './ai-spec.ts'
import { AIS, aiAt } from './ais.ts'
import type { Element } from './elements.ts'
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
  for (const element of elements) {
    const ai = element[0]
    const value = element[1]
    if (!hasDigitRun(value) || AIS.get(ai)?.predefined !== false) continue
    const swallowed = tailOf(value, elements, referenceYear)
    if (swallowed !== null) return { ai, swallowed }
  }
  return null
}

/** The first tail of a value that reads as elements of their own beside those `present`, or `null`. */
export const tailOf = (value: string, present: readonly Element[], referenceYear: number): string | null => {
  for (let at = 1; at <= value.length - RUN; at += 1) {
    const elements = elementsFrom(value, at, referenceYear)
    if (elements.some((element) => !present.some(([ai]) => ai === element[0]) && isProof(element, referenceYear))) return value.slice(at)
  }
  return null
}

/** Elements that fill the value from a position to its end; none if they do not. What may be longest takes the rest. */
const elementsFrom = (value: string, start: number, referenceYear: number): readonly Element[] => {
  const elements: Element[] = []
  let at = start
  while (at < value.length) {
    const row = aiAt(value, at)
    if (!row || !BESIDE.has(row.ai)) return []
    const from = at + row.ai.length
    at = row.predefined ? from + row.lengthMax : value.length
    const said = value.slice(from, at)
    if (valueFault(row, said, referenceYear) !== null) return []
    elements.push([row.ai, said])
  }
  return elements
}

const isProof = ([ai, value]: Element, referenceYear: number): boolean => {
  const row = AIS.get(ai)
  if (!row || !provesItself(row)) return false
  const date = row.lengthMax === 6 ? dateOfYymmdd(value, referenceYear) : null
  return date === null || Math.abs(Number(date.slice(0, 4)) - referenceYear) <= YEARS_PLAUSIBLE
}

/** The shortest element that proves itself is a date: two digits of AI and six of date. */
const hasDigitRun = (value: string): boolean => {
  let run = 0
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at)
    run = code >= 48 && code <= 57 ? run + 1 : 0
    if (run === RUN) return true
  }
  return false
}

const RUN = 8
/** What stands beside a lot on the labels of a stockroom. Were every AI looked for, chance would find one in many a serial. */
const BESIDE: ReadonlySet<string> = new Set(['00', '01', '02', '10', '11', '17', '21', '30', '37'])
/** Goods made or running out further away than this from today are not in a stockroom. */
const YEARS_PLAUSIBLE = 12
