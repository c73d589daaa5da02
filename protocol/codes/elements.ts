import { type Refusal, refuse } from '../refusals.ts'
import { type Ai, matchesAi, valueRefusal } from './ai-spec.ts'
import { AIS, aiAt } from './ais.ts'

/** One AI with its value. */
export type Element = readonly [ai: string, value: string]

/** FNC1 written as a letter; outside every GS1 character set. */
export const FNC1_LETTER = '^'
/** Enough for the fullest label ever seen; the limit keeps a hostile line from filling memory. */
export const ELEMENTS_MAX = 64

/** Elements of an unbracketed message behind its leading FNC1; `separator` is what stands for the later ones (`^` or GS). */
export const elementsOfMessage = (text: string, separator: string, referenceYear: number): readonly Element[] | Refusal => {
  if (text === '') return refuse('codes.input-empty')
  const elements: Element[] = []
  let at = 0
  while (at < text.length) {
    const row = aiAt(text, at)
    if (!row) return refuse('codes.ai-unknown', { at, found: text.slice(at, at + 4) })
    const from = at + row.ai.length
    const end = endOf(row, text, from, separator)
    const value = text.slice(from, end)
    const refusal = valueRefusal(row, value, referenceYear)
    if (refusal) return refusal
    if (elements.push([row.ai, value]) > ELEMENTS_MAX) return refuse('codes.elements-too-many', { max: ELEMENTS_MAX })
    // One separator is tolerated behind any value, also where none is needed and at the end [GenSpecs 7.8.4]; two in a row are no AI.
    at = text.startsWith(separator, end) ? end + separator.length : end
  }
  return elements
}

/** Elements of `(01)...(10)...`; a bracket inside a value is written `\(`. */
export const elementsOfBrackets = (text: string, referenceYear: number): readonly Element[] | Refusal => {
  if (text === '') return refuse('codes.input-empty')
  const elements: Element[] = []
  let at = 0
  while (at < text.length) {
    const close = text.indexOf(')', at)
    if (text[at] !== '(' || close < 0) return refuse('codes.bracket-wrong', { at })
    const row = AIS.get(text.slice(at + 1, close))
    if (!row) return refuse('codes.ai-unknown', { at, found: text.slice(at + 1, close).slice(0, 8) })
    const { value, end } = bracketValue(text, close + 1)
    const refusal = valueRefusal(row, value, referenceYear)
    if (refusal) return refusal
    if (elements.push([row.ai, value]) > ELEMENTS_MAX) return refuse('codes.elements-too-many', { max: ELEMENTS_MAX })
    at = end
  }
  return elements
}

/** `(01)...(10)...` with brackets inside values written `\(`. */
export const bracketsOf = (elements: readonly Element[]): string =>
  elements.map(([ai, value]) => `(${ai})${value.replaceAll('(', '\\(')}`).join('')

/** `^01...10...^21...`: FNC1 first and behind every value that needs one, save the last. */
export const messageOf = (elements: readonly Element[]): string =>
  elements.map(([ai, value], at) => (at === 0 || needsSeparator(elements[at - 1]) ? FNC1_LETTER : '') + ai + value).join('')

/** What the AIs of one label say against each other, or `null`. `requisites` off reads one symbol of a two-symbol label. */
export const besideRefusal = (elements: readonly Element[], requisites: boolean): Refusal | null => {
  const seen = new Map<string, string>()
  for (const [ai, value] of elements) {
    if ((seen.get(ai) ?? value) !== value) return refuse('codes.ai-repeated', { ai })
    seen.set(ai, value)
  }
  const present = [...seen.keys()]
  for (const ai of present) {
    const row = AIS.get(ai)
    const other = row && present.find((one) => one !== ai && row.excludes.some((pattern) => matchesAi(pattern, one)))
    if (other) return refuse('codes.ai-excluded', { ai, other })
    if (row && requisites && !isSatisfied(row, present))
      return refuse('codes.ai-missing', { ai, requires: row.requires.map((group) => group.join('+')).join(' / ') })
  }
  return null
}

const endOf = (row: Ai, text: string, from: number, separator: string): number => {
  const next = text.indexOf(separator, from)
  const limit = next < 0 ? text.length : next
  return row.predefined ? Math.min(limit, from + row.lengthMax) : limit
}

const bracketValue = (text: string, from: number): { readonly value: string; readonly end: number } => {
  let value = ''
  let at = from
  while (at < text.length && text[at] !== '(') {
    const escaped = text[at] === '\\' && text[at + 1] === '('
    value += escaped ? '(' : text.charAt(at)
    at += escaped ? 2 : 1
  }
  return { value, end: at }
}

const needsSeparator = (element: Element | undefined): boolean => element !== undefined && AIS.get(element[0])?.predefined === false

const isSatisfied = (row: Ai, present: readonly string[]): boolean =>
  row.requires.length === 0 || row.requires.some((group) => group.every((pattern) => present.some((one) => matchesAi(pattern, one))))
