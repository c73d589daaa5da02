import { isRefusal, type Refusal, refuse } from '../refusals.ts'
import { valueRefusal } from './ai-spec.ts'
import { AIS } from './ais.ts'
import { isDigits } from './character-sets.ts'
import { ELEMENTS_MAX, type Element } from './elements.ts'
import { belongsInPath, isPath } from './link-paths.ts'

/** A Digital Link taken apart: the elements, of which the first `pathLength` are its path, and the query that is no AI, as it stands. */
export interface Link {
  readonly elements: readonly Element[]
  readonly pathLength: number
  readonly ignored: readonly string[]
}

/** Whether a text is a web address, and so meant as a Digital Link; the scheme is written in one case. */
export const isWebAddress = (text: string): boolean => SCHEMES.some((scheme) => text.startsWith(scheme))

/**
 * Reads a GS1 Digital Link URI of any domain and stem [GS1 Digital Link URI 4]: the last key of the path begins it, qualifiers follow in
 * their order, attributes stand in the query, `#...` is left out.
 */
export const readLink = (text: string, referenceYear: number): Link | Refusal => {
  const from = pathStart(text)
  if (typeof from !== 'number') return from
  const fragment = text.indexOf('#', from)
  const address = fragment < 0 ? text : text.slice(0, fragment)
  const mark = address.indexOf('?', from)
  const elements = elementsOfPath(mark < 0 ? address.slice(from) : address.slice(from, mark), referenceYear)
  if (isRefusal(elements)) return elements
  const path = elements.map(([ai]) => ai)
  if (!isPath(path)) return refuse('codes.link-order-wrong', { path: path.join('/') })
  const link: OpenLink = { elements, pathLength: path.length, ignored: [] }
  return (mark < 0 ? null : queryRefusal(address.slice(mark + 1), link, referenceYear)) ?? link
}

/** Where the path begins, behind scheme and domain. */
const pathStart = (text: string): number | Refusal => {
  const scheme = SCHEMES.find((one) => text.startsWith(one))
  if (scheme === undefined) return refuse('codes.link-malformed', { at: 0 })
  for (let at = 0; at < text.length; at += 1) if (!isLetter(text, at, URI)) return refuse('codes.link-malformed', { at })
  const slash = text.indexOf('/', scheme.length)
  const end = slash < 0 ? text.length : slash
  for (let at = scheme.length; at < end; at += 1) if (!isLetter(text, at, DOMAIN)) return refuse('codes.link-malformed', { at })
  return slash > scheme.length ? slash : refuse('codes.link-malformed', { at: end })
}

/** The pairs `/AI/value` from the last key on; what stands before it is the stem. */
const elementsOfPath = (path: string, referenceYear: number): Element[] | Refusal => {
  const words = path.split('/')
  let at = words.length - 2
  while (at >= 1 && AIS.get(words[at] ?? '')?.qualifiers === null) at -= 2
  if (at < 1 || !AIS.has(words[at] ?? '')) return refuse('codes.link-key-missing')
  const elements: Element[] = []
  for (; at + 1 < words.length; at += 2) {
    const refusal = addElement(elements, words[at] ?? '', decoded(words[at + 1] ?? '', false), referenceYear)
    if (refusal) return refusal
  }
  return elements
}

/** Adds what the query says to the link; tells what may not stand there. */
const queryRefusal = (query: string, { elements, pathLength, ignored }: OpenLink, referenceYear: number): Refusal | null => {
  let from = 0
  while (from < query.length) {
    while (query[from] === '&') from += 1
    const next = query.indexOf('&', from)
    const end = next < 0 ? query.length : next
    const word = query.slice(from, end)
    const equals = word.indexOf('=')
    const ai = word.slice(0, Math.max(0, equals))
    const isOther = equals < 0 || !isDigits(ai)
    const refusal = isOther ? null : addElement(elements, ai, decoded(word.slice(equals + 1), true), referenceYear)
    if (refusal) return refusal
    if (isOther) ignored.push(word)
    if (elements.length + ignored.length > ELEMENTS_MAX) return refuse('codes.elements-too-many', { max: ELEMENTS_MAX })
    from = end
  }
  return attributesRefusal(
    elements,
    elements.slice(0, pathLength).map(([ai]) => ai),
  )
}

/** A link that still grows. */
interface OpenLink extends Link {
  readonly elements: Element[]
  readonly ignored: string[]
}

const attributesRefusal = (elements: readonly Element[], path: readonly string[]): Refusal | null => {
  for (let at = path.length; at < elements.length; at += 1) {
    const ai = elements[at]?.[0] ?? ''
    if (elements.findIndex(([other]) => other === ai) < at) return refuse('codes.link-repeated', { ai })
    if (AIS.get(ai)?.attribute !== true) return refuse('codes.link-attribute-wrong', { ai })
    if (belongsInPath(ai, path)) return refuse('codes.link-in-query', { ai })
  }
  return null
}

const addElement = (elements: Element[], ai: string, value: string, referenceYear: number): Refusal | null => {
  const row = AIS.get(ai)
  if (!row) return refuse('codes.ai-unknown', { at: 0, found: ai.slice(0, 8) })
  const refusal = valueRefusal(row, value, referenceYear)
  if (refusal === null) elements.push([row.ai, value])
  return refusal
}

/** Percent escapes undone, byte for byte; a percent sign that begins none stays. In a query `+` is a space [HTML forms]. */
const decoded = (text: string, isQuery: boolean): string => {
  const spaced = isQuery && text.includes('+') ? text.replaceAll('+', ' ') : text
  let value = ''
  let from = 0
  for (let at = spaced.indexOf('%'); at >= 0; at = spaced.indexOf('%', at + 1)) {
    const high = hexAt(spaced, at + 1)
    const low = hexAt(spaced, at + 2)
    if (high < 0 || low < 0) continue
    value += spaced.slice(from, at) + String.fromCharCode(high * 16 + low)
    from = at + 3
    at += 2
  }
  return from === 0 ? spaced : value + spaced.slice(from)
}

/** The number of a hexadecimal digit, or -1. */
const hexAt = (text: string, at: number): number => {
  const code = text.charCodeAt(at)
  if (code >= 48 && code <= 57) return code - 48
  const letter = code | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

const isLetter = (text: string, at: number, bit: number): boolean => ((LETTERS[text.charCodeAt(at)] ?? 0) & bit) !== 0

const SCHEMES: readonly string[] = ['https://', 'http://', 'HTTPS://', 'HTTP://']
const URI = 1
const DOMAIN = 2
const LETTERS = new Uint8Array(128)
for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%") {
  const isReserved = "_~?#@!$&'()*+,;=%".includes(letter)
  LETTERS[letter.charCodeAt(0)] = isReserved ? URI : URI | DOMAIN
}
