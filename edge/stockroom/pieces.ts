import type { SymbolView } from '@lotkeeper/protocol/api/node-scans.ts'

/** A part of a code: its identifier, empty where it has none, and its value as it was read. */
export interface Named {
  readonly name: string
  readonly value: string
}

type Piece = SymbolView['pieces'][number]

/**
 * A text cut where its parts stand, nothing left out: identifier, value, and what holds them together. Parts are looked for in their order, as they are
 * written in scans, in brackets and in web addresses; one that is not found there (rewritten, or read from what it follows) has no piece. What stands
 * before `begin` is the scanner's own.
 */
export const piecesOf = (text: string, parts: readonly Named[], begin = 0): Piece[] => {
  const marks: Mark[] = []
  for (const [part, named] of parts.entries()) {
    const after = marks.at(-1)?.to ?? begin
    const found = placeOf(text, named, after, marks) ?? placeOf(text, named, begin, marks)
    if (!found) continue
    const { from, valueFrom, to } = found
    if (valueFrom > from) marks.push({ from, to: valueFrom, is: 'name', part })
    marks.push({ from: valueFrom, to, is: 'value', part })
    marks.sort((one, other) => one.from - other.from)
  }
  const pieces: Piece[] = []
  let at = 0
  for (const { from, to, is, part } of marks) {
    if (from > at) pieces.push({ text: visible(text.slice(at, from)), is: 'frame', part: null })
    pieces.push({ text: visible(text.slice(from, to)), is, part })
    at = to
  }
  if (at < text.length) pieces.push({ text: visible(text.slice(at)), is: 'frame', part: null })
  return pieces
}

/** Where reading ended, by the facts of its refusal: the text it names, and the places before which a whole message may end. */
export const wrongIn = (
  text: string,
  facts: Readonly<Record<string, unknown>>,
): { readonly from: number; readonly to: number; readonly cuts: readonly number[] } | null => {
  const { ai, value, found, swallowed } = facts
  const named = [value, found, swallowed].find((one): one is string => typeof one === 'string' && one !== '')
  if (named === undefined) return null
  const name = typeof ai === 'string' ? ai : ''
  const forms = name === '' ? [named] : [`(${name})${named}`, `${name}${named}`, named]
  const form = forms.find((one) => text.includes(one))
  if (form === undefined) return null
  // Of what stands twice the last is meant: what comes before it was read.
  const start = text.lastIndexOf(form)
  return { from: start + form.length - named.length, to: start + form.length, cuts: [start, start - 1].filter((cut) => cut > 0) }
}

/** Control characters as the signs drawn for them, the separator as `␝`; lone halves of letters are replaced. */
export const visible = (text: string): string => text.replace(/\p{Cc}/gu, signOf).toWellFormed()

const signOf = (control: string): string => {
  const code = control.charCodeAt(0)
  if (code < SPACE) return String.fromCharCode(SIGNS_FROM + code)
  return code === DELETE ? '␡' : '�'
}

interface Mark {
  readonly from: number
  readonly to: number
  readonly is: 'name' | 'value'
  readonly part: number
}

const placeOf = (text: string, { name, value }: Named, after: number, taken: readonly Mark[]) => {
  const found = formsOf(name, value).flatMap(({ before, written, behindName }) => {
    const whole = before + written
    const from = written === '' ? -1 : text.indexOf(whole, after)
    const to = from + whole.length
    if (from < 0 || taken.some((mark) => from < mark.to && mark.from < to)) return []
    return [{ from, valueFrom: from + before.length, to, rank: behindName }]
  })
  return found.toSorted((one, other) => one.from - other.from || one.rank - other.rank)[0] ?? null
}

/** The ways a part is written, the surest first. */
const formsOf = (
  name: string,
  value: string,
): readonly { readonly before: string; readonly written: string; readonly behindName: number }[] => {
  if (name === '') return shorter(value).map((written, behindName) => ({ before: '', written, behindName }))
  const inAddress = encodeURIComponent(value)
  const ways: readonly (readonly [string, string])[] = [
    [`(${name})`, value.replaceAll('(', '\\(')],
    [`/${name}/`, inAddress],
    [`?${name}=`, inAddress],
    [`&${name}=`, inAddress],
    [name, value],
  ]
  return ways.map(([before, written], behindName) => ({ before, written, behindName }))
}

/** A GTIN stands in symbols of 13, 12 and 8 digits without the zeros in front. */
const shorter = (value: string): readonly string[] => {
  const zeros = /^0*/.exec(value)?.[0].length ?? 0
  return /^\d{14}$/.test(value) ? [0, 1, 2, 6].filter((length) => length <= zeros).map((length) => value.slice(length)) : [value]
}

const SPACE = 0x20
const DELETE = 0x7f
/** Signs of the control characters, in their order. */
const SIGNS_FROM = 0x2400
