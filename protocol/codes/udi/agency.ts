import { isRefusal, type Refusal } from '../../refusals.ts'
import { readAhm } from './ahm.ts'
import { readHibc } from './hibc.ts'
import { isIccbba, readIccbba } from './iccbba.ts'
import { maCodeIn, readMa } from './ma.ts'
import type { Agency, AgencySaid } from './said.ts'

/** Reads a text that is known to be a code of this agency; refusals `codes.*`. */
export const readAgency = (agency: Agency, text: string, referenceYear: number): AgencySaid | Refusal =>
  READERS[agency](text, referenceYear)

/** Reads a text that shows by its first letters which agency made it; `null` where it shows none, as AHM codes never do. */
export const recognised = (text: string, referenceYear: number): AgencySaid | Refusal | null => {
  const first = text.charAt(0)
  if (first === '+' || first === '*') return recognisedHibc(text, referenceYear)
  if (first === '=' || first === '&') return isIccbba(text) ? readIccbba(text) : null
  if (!LETTERS.includes(first)) return null
  const code = maCodeIn(text)
  return code === null ? null : readMa(code, referenceYear)
}

/** A product begins with a letter, a dated secondary with `$`. A telephone number, too, is a plus and digits: such a text must pass as a label to be one. */
const recognisedHibc = (text: string, referenceYear: number): AgencySaid | Refusal | null => {
  if (HIBC.test(text)) return readHibc(text, referenceYear)
  if (!DAY_FIRST.test(text)) return null
  const said = readHibc(text, referenceYear)
  return isRefusal(said) ? null : said
}

const READERS: Readonly<Record<Agency, (text: string, referenceYear: number) => AgencySaid | Refusal>> = {
  MA: readMa,
  AHM: readAhm,
  HIBC: readHibc,
  ICCBBA: readIccbba,
}

/** Of `MA.` and `http`, in either case. */
const LETTERS: readonly string[] = ['M', 'm', 'H', 'h']
const HIBC = /^\*?\+(?:[A-Z][0-9A-Z]{3}.{4}|\$.{3})/
const DAY_FIRST = /^\*?\+\d{5}(?=.*[^\d*])/
