import type { CalendarDate } from '../names.ts'
import { isRefusal, type Refusal, refuse } from '../refusals.ts'
import { valueRefusal } from './ai-spec.ts'
import { AIS } from './ais.ts'
import { besideRefusal } from './beside.ts'
import { gtin14Of } from './check-digit.ts'
import { type Element, messageOf } from './elements.ts'
import { dateOfYymmdd } from './gs1-date.ts'

/** What a GS1 label shall say of one pack; what is null is left out. */
export interface LabelFacts {
  /** 8, 12, 13 or 14 digits. */
  readonly gtin: string
  readonly produced: CalendarDate | null
  readonly expiry: CalendarDate | null
  readonly lot: string | null
  readonly serial: string | null
}

/**
 * The elements of a label: those of predefined length first, so that FNC1 stands only between lot and serial [GenSpecs 7.8.4]. Refuses what no
 * reader may take: a wrong check digit, letters outside set 82, more than 20 of them, a date whose century two digits cannot tell.
 */
export const writeElements = (facts: LabelFacts, referenceYear: number): readonly Element[] | Refusal => {
  const gtin14 = gtin14Of(facts.gtin)
  if (isRefusal(gtin14)) return gtin14
  const dates = [
    ['11', facts.produced],
    ['17', facts.expiry],
  ] as const
  const elements: Element[] = [['01', gtin14]]
  for (const [ai, date] of dates) {
    if (date === null) continue
    const value = date.slice(2).replaceAll('-', '')
    if (dateOfYymmdd(value, referenceYear) !== date) return refuse('codes.date-wrong', { ai, value: date })
    elements.push([ai, value])
  }
  if (facts.lot !== null) elements.push(['10', facts.lot])
  if (facts.serial !== null) elements.push(['21', facts.serial])
  return elementsRefusal(elements, referenceYear) ?? elements
}

/** Characters of an element string as a GS1-128 counts them: with every FNC1 but the first [GenSpecs 5.4.3]. */
export const messageLengthOf = (elements: readonly Element[]): number => messageOf(elements).length - 1

const elementsRefusal = (elements: readonly Element[], referenceYear: number): Refusal | null => {
  for (const [ai, value] of elements) {
    const row = AIS.get(ai)
    const refusal = row ? valueRefusal(row, value, referenceYear) : refuse('codes.ai-unknown', { at: 0, found: ai })
    if (refusal) return refusal
  }
  return besideRefusal(elements, true)
}
