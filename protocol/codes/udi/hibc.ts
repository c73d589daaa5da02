import { isRefusal, type Refusal, refuse } from '../../refusals.ts'
import { checkCharacterOf } from './hibc-check.ts'
import { type HibcSecondary, isMain, readHibcSecondary } from './hibc-secondary.ts'
import { type AgencySaid, kindOf, type UdiFields } from './said.ts'

/**
 * Reads a label of the Health Industry Bar Code [ANSI/HIBC 2.6]: `+` product, secondary, or both between slashes. Its last character is the check of
 * all before it, and a wrong one is refused; the one before it in a separate secondary is the check of the product's symbol, the link of the two.
 */
export const readHibc = (text: string, referenceYear: number): AgencySaid | Refusal => {
  const label = labelOf(text)
  if (!label.startsWith('+') || label.length < LENGTH_MIN) return wrong('+', label.slice(0, 64))
  const check = label.slice(-1)
  const expected = checkCharacterOf(label.slice(0, -1))
  if (expected === null) return wrong('0-9 A-Z -. $/+%', label.slice(0, 64))
  if (expected !== check) return refuse('codes.hibc-check-wrong', { found: check, expected })
  const told = label.slice(1, -1)
  return isMain(told) ? readSecondary(told, check, referenceYear) : readPrimary(told, check, referenceYear)
}

/** Between the asterisks that print the start and the stop of a Code 39, with an underscore for a blank; a lone asterisk at the end is a misread check. */
const labelOf = (text: string): string => {
  if (!text.startsWith('*')) return text
  return text.slice(1, text.length > 2 && text.endsWith('*') ? -1 : undefined).replaceAll('_', ' ')
}

const readPrimary = (told: string, check: string, referenceYear: number): AgencySaid | Refusal => {
  const slash = told.indexOf('/')
  const product = slash < 0 ? told : told.slice(0, slash)
  const [lic, pcn, uom] = [product.slice(0, 4), product.slice(4, -1), product.slice(-1)]
  if (!/^[A-Z][0-9A-Z]{3}$/.test(lic)) return wrong('LIC', lic)
  if (!/^[0-9A-Z]{1,18}$/.test(pcn)) return wrong('PCN', product.slice(4))
  if (!/^\d$/.test(uom)) return wrong('U/M', uom)
  const secondary = slash < 0 ? null : readHibcSecondary(told.slice(slash + 1).split('/'), referenceYear)
  if (secondary !== null && isRefusal(secondary)) return secondary
  return saidOf({ lic, pcn, uom, ...(secondary ? fieldsOf(secondary) : {}), check }, secondary, product)
}

const readSecondary = (told: string, check: string, referenceYear: number): AgencySaid | Refusal => {
  const secondary = readHibcSecondary(told.slice(0, -1).split('/'), referenceYear)
  if (isRefusal(secondary)) return secondary
  return saidOf({ ...fieldsOf(secondary), link: told.slice(-1), check }, secondary, null)
}

const fieldsOf = ({ lot, serial, expiry, dateFormat, manufactured, quantity, unknown }: HibcSecondary): UdiFields => ({
  ...(expiry && { expiry: expiry.text }),
  ...(dateFormat === null ? null : { dateFormat }),
  ...(lot === null ? null : { lot }),
  ...(serial === null ? null : { serial }),
  ...(manufactured === null ? null : { manufactured }),
  ...(quantity === null ? null : { quantity }),
  ...(unknown.length > 0 ? { unknown } : null),
})

const saidOf = (fields: UdiFields, secondary: HibcSecondary | null, product: string | null): AgencySaid => ({
  issuer: 'HIBC',
  kind: kindOf(product !== null, secondary !== null),
  di: product === null ? null : { scheme: 'hibc', code: product },
  fields,
  lot: secondary?.lot ?? null,
  serial: secondary?.serial ?? null,
  expiry: secondary?.expiry?.day ?? null,
  produced: secondary?.manufactured ?? null,
  count: secondary?.quantity ?? null,
  notices: [
    ...(product === null ? (['codes.key-missing'] as const) : []),
    ...(secondary?.unknown.length ? (['codes.udi-part-unknown'] as const) : []),
  ],
})

const wrong = (part: string, value: string): Refusal => refuse('codes.udi-part-wrong', { system: 'HIBC', part, value })

/** `+`, a secondary of one letter, link and check. */
const LENGTH_MIN = 5
