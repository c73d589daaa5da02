import { isRefusal, type Refusal, refuse } from '../../refusals.ts'
import { dayOfDigits } from './dates.ts'
import { maCheckOf } from './ma-check.ts'
import { type AgencySaid, kindOf, type UnknownPart } from './said.ts'

/**
 * Reads an MA code (IDcode) of ZIIOT: `MA.156.M0.RRRRRR.PIIIIIIC`, then units that each begin with a letter. A check digit that differs from the unofficial
 * rule is a notice, never a refusal; a product that has not eight characters stays whole.
 */
export const readMa = (text: string, referenceYear: number): AgencySaid | Refusal => {
  const code = (maCodeIn(text) ?? text).trimEnd()
  const [ma = '', country = '', industry = '', registrant = '', rest] = partsOf(code)
  if (rest === undefined || ma.toUpperCase() !== 'MA') return refuse('codes.ma-parts-missing', { parts: Math.min(partsOf(code).length, 4) })
  const end = endOfProduct(rest)
  const product = rest.slice(0, end)
  if (!/^\d{3}$/.test(country)) return wrong('MA.xxx', country)
  if (!/^[0-9A-Z]{1,8}$/i.test(industry)) return wrong('M0', industry)
  if (!/^[0-9A-Z-]{1,16}$/i.test(registrant)) return wrong('RRRRRR', registrant)
  if (!/^[!-~]{1,32}$/.test(product)) return wrong('PIIIIIIC', product)
  const units = readUnits(rest.slice(end), { isLowerCase: code === code.toLowerCase(), referenceYear })
  if (isRefusal(units)) return units
  return saidOf({ country, industry: industry.toUpperCase(), registrant, product }, units)
}

/** The MA code in a text: the text itself, or the part of a web address that begins with `MA.`; `null` where there is none. */
export const maCodeIn = (text: string): string | null => {
  if (/^MA\.\d/i.test(text)) return text
  if (!/^https?:\/\//i.test(text)) return null
  const at = text.search(/[/?#&=]MA\.\d/i)
  if (at < 0) return null
  const code = text.slice(at + 1)
  const end = code.search(/[?#&\s]/)
  return end < 0 ? code : code.slice(0, end)
}

/** The device identifier in a text, its agency's part in capitals as catalogues keep it, or `null`. */
export const maDiIn = (text: string): string | null => {
  const [ma, country, industry, registrant, rest] = partsOf(maCodeIn(text) ?? '')
  if (rest === undefined) return null
  const agency = `${ma}.${country}.${industry}`.toUpperCase()
  return `${agency}.${registrant}.${rest.slice(0, endOfProduct(rest))}`
}

/** The four parts before the product, and all that follows. */
const partsOf = (code: string): readonly string[] => {
  const parts = code.split('.')
  return parts.length < 5 ? parts : [...parts.slice(0, 4), parts.slice(4).join('.')]
}

/** Where the product ends: before whatever this label sets between its units. */
const endOfProduct = (rest: string): number => {
  const at = rest.search(/[./*]/)
  return at < 0 ? rest.length : at
}

interface Units {
  /** By the vectors' names, in the order of the label; dates as `YYYY-MM-DD`. */
  readonly known: ReadonlyMap<string, string>
  readonly unknown: readonly UnknownPart[]
  /** All before the check unit, as it was printed, where that is the last. */
  readonly checked: string | null
}

interface Manner {
  /** Typed with the other letter case: units are told by small letters, too. */
  readonly isLowerCase: boolean
  readonly referenceYear: number
}

const readUnits = (text: string, { isLowerCase, referenceYear }: Manner): Units | Refusal => {
  const known = new Map<string, string>()
  const unknown: UnknownPart[] = []
  const separator = text.charAt(0)
  const units = separator === '' ? [] : text.slice(1).split(separator)
  for (const text of units) {
    const letter = isLowerCase ? text.charAt(0).toUpperCase() : text.charAt(0)
    const unit = UNITS[letter]
    if (unit === undefined) {
      if (text !== '') unknown.push({ unit: /^[A-Z]$/i.test(letter) ? letter : '', value: /^[A-Z]$/i.test(letter) ? text.slice(1) : text })
      continue
    }
    // A program that prints a unit nobody filled in says nothing by it.
    if (text.length === 1) continue
    if (text.length > UNIT_LENGTH_MAX) return wrong(`.${letter}`, text)
    const value = unit.isDate ? dayOfDigits(text.slice(1), referenceYear) : text.slice(1)
    if (value === null) return refuse('codes.udi-date-wrong', { system: 'MA', part: `.${letter}`, value: text.slice(1) })
    if ((known.get(unit.name) ?? value) !== value) return refuse('codes.udi-repeated', { system: 'MA', part: `.${letter}` })
    known.set(unit.name, value)
  }
  const last = units.at(-1) ?? ''
  return { known, unknown, checked: /^C.$/i.test(last) ? text.slice(0, -1 - last.length) : null }
}

interface Product {
  readonly country: string
  readonly industry: string
  readonly registrant: string
  readonly product: string
}

const saidOf = ({ country, industry, registrant, product }: Product, { known, unknown, checked }: Units): AgencySaid => {
  const di = `MA.${country}.${industry}.${registrant}.${product}`
  const isUsual = product.length === PRODUCT_LENGTH
  const diCheck = maCheckOf(di.slice(0, -1), product.slice(-1))
  const piCheck = checked === null ? null : maCheckOf(checked, known.get('piCheck') ?? '')
  const hasPi = known.size + unknown.length > 0
  const split = { packageCode: product.slice(0, 1), item: product.slice(1, -1), check: product.slice(-1) }
  const differs = (isUsual && diCheck.differs) || piCheck?.differs === true
  const days = [known.get('expiry'), known.get('validUntil')].flatMap((day) => day ?? [])
  return {
    issuer: 'MA',
    kind: kindOf(true, hasPi),
    di: { scheme: 'ma', code: di },
    fields: {
      ...{ country, industry, registrant },
      ...(isUsual ? split : { item: product, product }),
      ...Object.fromEntries(known),
      ...(unknown.length > 0 ? { unknown } : {}),
      ...(hasPi ? { communityDiCheckMatches: diCheck.matches } : { communityCheckMatches: diCheck.matches }),
      ...(piCheck ? { communityPiCheckMatches: piCheck.matches } : {}),
    },
    lot: known.get('lot') ?? null,
    serial: known.get('serial') ?? null,
    // The day it lapses and the last day it may be used are often one day apart: the earlier rules (R11).
    expiry: days.sort()[0] ?? null,
    produced: known.get('manufactured') ?? null,
    count: null,
    notices: [
      ...(differs ? (['codes.ma-check-differs'] as const) : []),
      ...(unknown.length > 0 ? (['codes.udi-part-unknown'] as const) : []),
    ],
  }
}

const wrong = (part: string, value: string): Refusal => refuse('codes.udi-part-wrong', { system: 'MA', part, value: value.slice(0, 64) })

/** With its letter; no lot or serial of a label is longer, and no page shows more. */
const UNIT_LENGTH_MAX = 41
/** Package level, six characters of item, check digit. */
const PRODUCT_LENGTH = 8
const UNITS: Readonly<Record<string, { readonly name: string; readonly isDate: boolean }>> = {
  L: { name: 'lot', isDate: false },
  S: { name: 'serial', isDate: false },
  M: { name: 'manufactured', isDate: true },
  // Older labels.
  P: { name: 'manufactured', isDate: true },
  D: { name: 'sterilisationLot', isDate: false },
  V: { name: 'validUntil', isDate: true },
  E: { name: 'expiry', isDate: true },
  C: { name: 'piCheck', isDate: false },
}
