import type { CalendarDate } from '../names.ts'
import { AIS } from './ais.ts'
import type { Element } from './elements.ts'
import { dateOfYymmdd } from './gs1-date.ts'

/** What elements say of a thing, in the house's words. */
export interface Gs1Facts {
  /** The thing's own GTIN, 14 digits; never the content's (R21), nor that of which it is only a piece. */
  readonly gtin14: string | null
  /** What a logistic unit holds: AI (02) with (37). */
  readonly content: { readonly gtin14: string; readonly count: number } | null
  readonly sscc: string | null
  readonly lot: string | null
  readonly serial: string | null
  readonly expiry: CalendarDate | null
  readonly produced: CalendarDate | null
  readonly count: number | null
}

/** The facts of elements whose values are right. A date with a time says the day where no date without one does. */
export const factsOf = (elements: readonly Element[], referenceYear: number): Gs1Facts => {
  const contained = said(elements, '02')
  const contentCount = said(elements, '37')
  return {
    gtin14: said(elements, '01') ?? said(elements, '03'),
    content: contained !== null && contentCount !== null ? { gtin14: contained, count: Number(contentCount) } : null,
    sscc: said(elements, '00'),
    lot: said(elements, '10'),
    serial: said(elements, '21'),
    expiry: dayOf(said(elements, '17') ?? said(elements, '7003'), referenceYear),
    produced: dayOf(said(elements, '11') ?? said(elements, '8008'), referenceYear),
    count: numberOf(said(elements, '30')),
  }
}

/** Whether some element names a thing by itself, so that no other symbol need be read. */
export const namesAThing = (elements: readonly Element[]): boolean => {
  for (const element of elements) if (KEYS.has(element[0])) return true
  return false
}

const said = (elements: readonly Element[], ai: string): string | null => {
  for (const element of elements) if (element[0] === ai) return element[1]
  return null
}

const dayOf = (value: string | null, referenceYear: number): CalendarDate | null =>
  value === null ? null : dateOfYymmdd(value.slice(0, 6), referenceYear)

const numberOf = (value: string | null): number | null => (value === null ? null : Number(value))

/** Every key of a Digital Link, and those that begin none. */
const KEYS: ReadonlySet<string> = new Set([
  '02',
  '03',
  '8026',
  ...[...AIS.values()].flatMap(({ ai, qualifiers }) => (qualifiers ? [ai] : [])),
])
