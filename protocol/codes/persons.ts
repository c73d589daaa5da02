import { isRefusal } from '../refusals.ts'
import { identifyScan } from './identification.ts'

/**
 * Whether a scanned code names a person or where to find one: the AIs 4300 to 4319 say who is to receive a parcel and who takes it back, with
 * telephone and address [GS1 General Specifications 3.8.2-3.8.20]. What cannot be read is held to name one as soon as such a number stands in it.
 */
export const namesPerson = (scan: string): boolean => {
  const read = identifyScan(scan, { referenceYear: ANY_YEAR, guess: true })
  return isRefusal(read) || read.elements.length === 0 ? NUMBERS.test(scan) : read.elements.some(([ai]) => PERSON_AI.test(ai))
}

/** Dates do not matter here. */
const ANY_YEAR = 2026
const PERSON_AI = /^43[01]\d$/
const NUMBERS = /43[01]\d/
