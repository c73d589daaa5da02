import { type Refusal, refuse } from '../refusals.ts'
import { type Ai, valueRefusal } from './ai-spec.ts'
import { AIS, aiAt } from './ais.ts'

/** One AI with its value. */
export type Element = readonly [ai: string, value: string]

/** FNC1 written as a letter; outside every GS1 character set. */
export const FNC1_LETTER = '^'
/** Stands between the linear part of a composite symbol and the part above it; outside every GS1 character set. */
export const COMPOSITE_LETTER = '|'
/** Enough for the fullest label ever seen; the limit keeps a hostile line from filling memory. */
export const ELEMENTS_MAX = 64

/** Elements of an unbracketed message behind its leading FNC1; `separator` is the one letter that stands for the later ones (`^` or GS). */
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
    if (refusal) return cutShort(row, value, separator) ?? refusal
    if (elements.push([row.ai, value]) > ELEMENTS_MAX) return refuse('codes.elements-too-many', { max: ELEMENTS_MAX })
    // One separator is tolerated behind any value, also where none is needed and at the end [GenSpecs 7.8.4]; two in a row are no AI.
    at = text[end] === separator ? end + 1 : end
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
export const bracketsOf = (elements: readonly Element[]): string => {
  let text = ''
  for (const element of elements) {
    const value = element[1]
    text += `(${element[0]})${value.includes('(') ? value.replaceAll('(', '\\(') : value}`
  }
  return text
}

/** `^01...10...^21...`: FNC1 first and behind every value that needs one, save the last. */
export const messageOf = (elements: readonly Element[]): string => {
  let text = ''
  let isOpen = true
  for (const [ai, value] of elements) {
    text += (isOpen ? FNC1_LETTER : '') + ai + value
    isOpen = AIS.get(ai)?.predefined === false
  }
  return text
}

/** A value of predefined length ends by itself. */
const endOf = (row: Ai, text: string, from: number, separator: string): number => {
  if (row.predefined) return Math.min(text.length, from + row.lengthMax)
  const next = text.indexOf(separator, from)
  return next < 0 ? text.length : next
}

/** Of a value of predefined length that a separator ends too early, that is what is wrong, not the separator in it. */
const cutShort = (row: Ai, value: string, separator: string): Refusal | null => {
  const cut = value.indexOf(separator)
  return cut < 0 ? null : refuse(cut === 0 ? 'codes.value-empty' : 'codes.value-too-short', { ai: row.ai, value: value.slice(0, cut) })
}

const bracketValue = (text: string, from: number): { readonly value: string; readonly end: number } => {
  let value = ''
  let start = from
  for (;;) {
    const bracket = text.indexOf('(', start)
    if (bracket < 0) return { value: value + text.slice(start), end: text.length }
    if (bracket === start || text[bracket - 1] !== '\\') return { value: value + text.slice(start, bracket), end: bracket }
    value += `${text.slice(start, bracket - 1)}(`
    start = bracket + 1
  }
}
