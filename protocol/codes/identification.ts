import { isRefusal, type Refusal, refuse } from '../refusals.ts'
import { type AimRow, aimRow, GS, scanOf } from './aim.ts'
import { besideRefusal } from './beside.ts'
import { gtin14Of } from './check-digit.ts'
import { bracketsOf, COMPOSITE_LETTER, type Element, elementsOfBrackets, elementsOfMessage, FNC1_LETTER, messageOf } from './elements.ts'
import { factsOf, type Gs1Facts, namesAThing } from './gs1-facts.ts'
import { isWebAddress, type Link, readLink } from './read-link.ts'
import type { CodeNotice } from './refusals.ts'
import { swallowedIn, tailOf } from './separator.ts'
import { recognised } from './udi/agency.ts'
import type { Agency, AgencySaid } from './udi/said.ts'

/** What a code on a box says, whoever issued it. Quantities are counts of what the code names, never base units. */
export interface Identification extends Gs1Facts {
  readonly issuer: 'GS1' | Agency
  /** What only agencies beside GS1 say: the device identifier and the parts by name. */
  readonly agency?: Pick<AgencySaid, 'kind' | 'di' | 'fields'>
  /** Short name of the printed symbol, `null` where only the text is known. */
  readonly symbology: string | null
  readonly raw: string
  readonly elements: readonly Element[]
  /** `(01)...` form, `null` where the code carries no AIs. */
  readonly ai: string | null
  /** `^01...` form with FNC1 as `^`; a scan keeps the separators it came with, a Digital Link stays as it is. */
  readonly canonical: string
  /** Of a Digital Link: how many elements are its path, and what of its query is no AI. */
  readonly link: { readonly pathLength: number; readonly ignored: readonly string[] } | null
  readonly notices: readonly CodeNotice[]
}

/** How to read: the year two-digit years are read against, whether AIs must find their key beside them, and what this scanner does. */
export interface Reading {
  readonly referenceYear: number
  /** Off (the default) for scans: a two-symbol label carries the product in one symbol, lot and dates in the other. */
  readonly requisites?: boolean
  /** Whether a scan without an AIM identifier may be read as GS1 or GTIN when it fits completely. Off by default. */
  readonly guess?: boolean
  /** What this scanner sends in place of GS. */
  readonly substitute?: string | null
}

/** Longest text looked at: a full QR code is 7,089 digits. */
export const INPUT_LENGTH_MAX = 8192

/** What a scanner's line says; refusals `codes.*`. */
export const identifyScan = (line: string, reading: Reading): Identification | Refusal => {
  if (line.length > INPUT_LENGTH_MAX) return tooLong(line)
  const scan = scanOf(line, reading.substitute ?? null)
  if (scan.aim === null) return reading.guess === true ? guessed(line, scan.payload, reading, null) : refuse('codes.symbology-missing')
  const row = aimRow(scan.aim)
  if (!row) return refuse('codes.symbology-unknown', { aim: scan.aim })
  if (scan.payload === '') return refuse('codes.input-empty')
  if (row.carries === 'gs1') return identifyMessage(scan.payload, GS, { raw: line, symbology: row.symbology, reading })
  if (row.carries === 'gtin13' || row.carries === 'gtin8') return identifyGtin(line, scan.payload, row, reading)
  return identifyText(line, scan.payload, row, reading)
}

/** What a code of an agency beside GS1 says, as it was read from a line. */
export const identifiedBy = (
  { kind, di, fields, ...said }: AgencySaid,
  { line, payload, aim }: { readonly line: string; readonly payload: string; readonly aim: string | null },
): Identification => ({
  ...NOTHING,
  ...said,
  agency: { kind, di, fields },
  symbology: aim === null ? null : (aimRow(aim)?.symbology ?? null),
  raw: line,
  canonical: payload,
})

/** What `(01)...(10)...` says; `|` stands between the parts of a composite symbol. */
export const identifyBrackets = (text: string, reading: Reading): Identification | Refusal => {
  if (text.length > INPUT_LENGTH_MAX) return tooLong(text)
  const parts: (readonly Element[])[] = []
  for (const part of partsOf(text)) {
    const elements = elementsOfBrackets(part, reading.referenceYear)
    if (isRefusal(elements)) return elements
    parts.push(elements)
  }
  const written = { canonical: parts.map(messageOf).join(COMPOSITE_LETTER), ai: parts.map(bracketsOf).join(COMPOSITE_LETTER), link: null }
  return identified(parts.flat(), { raw: text, symbology: null, reading }, written)
}

/** What `^01...10...^21...` says; `|` and another `^` stand before the second part of a composite symbol. */
export const identifyUnbracketed = (text: string, reading: Reading): Identification | Refusal => {
  if (text.length > INPUT_LENGTH_MAX) return tooLong(text)
  if (text === '') return refuse('codes.input-empty')
  const parts: (readonly Element[])[] = []
  for (const part of partsOf(text)) {
    if (!part.startsWith(FNC1_LETTER)) return refuse('codes.fnc1-missing')
    const elements = elementsOfMessage(part.slice(1), FNC1_LETTER, reading.referenceYear)
    if (isRefusal(elements)) return explained(elements, reading)
    parts.push(elements)
  }
  const ai = parts.map(bracketsOf).join(COMPOSITE_LETTER)
  return identified(parts.flat(), { raw: text, symbology: null, reading }, { canonical: text, ai, link: null })
}

/** What a GS1 Digital Link says. */
export const identifyLink = (text: string, reading: Reading): Identification | Refusal =>
  linked(text, { raw: text, symbology: null, reading })

interface Source {
  readonly raw: string
  readonly symbology: string | null
  readonly reading: Reading
}

const identifyMessage = (payload: string, separator: string, source: Source): Identification | Refusal => {
  const elements = elementsOfMessage(payload, separator, source.reading.referenceYear)
  if (isRefusal(elements)) return explained(elements, source.reading)
  return identified(elements, source, { canonical: FNC1_LETTER + withLetter(payload, separator), ai: bracketsOf(elements), link: null })
}

const linked = (text: string, source: Source): Identification | Refusal => {
  if (text.length > INPUT_LENGTH_MAX) return tooLong(text)
  const link = readLink(text, source.reading.referenceYear)
  if (isRefusal(link)) return link
  return identified(link.elements, source, { canonical: text, ai: bracketsOf(link.elements), link })
}

/** A value that grew too long because it swallowed its neighbour is refused for that reason: the remedy is another. */
const explained = (refusal: Refusal, reading: Reading): Refusal => {
  const { ai, value } = refusal.facts
  if (refusal.code !== 'codes.value-too-long' || typeof value !== 'string' || typeof ai !== 'string') return refusal
  const swallowed = tailOf(value, [], reading.referenceYear)
  return swallowed === null ? refusal : refuse('codes.separator-swallowed', { ai, swallowed })
}

/** A bare GTIN; behind it, some scanners send the part of a composite symbol above it as a message of its own. */
const identifyGtin = (line: string, payload: string, row: AimRow, reading: Reading): Identification | Refusal => {
  const length = row.carries === 'gtin8' ? 8 : 13
  const digits = payload.slice(0, length)
  const rest = payload.slice(length)
  if (digits.length !== length || (rest !== '' && !rest.startsWith(COMPOSITE_MARK)))
    return refuse('codes.gtin-length-wrong', { value: payload })
  const gtin14 = gtin14Of(digits)
  if (isRefusal(gtin14)) return gtin14
  if (rest === '') return { ...NOTHING, gtin14, symbology: row.symbology, raw: line, canonical: payload }
  const above = identifyMessage(rest.slice(COMPOSITE_MARK.length), GS, { raw: line, symbology: row.symbology, reading })
  if (isRefusal(above)) return above
  return {
    ...above,
    gtin14,
    canonical: digits + COMPOSITE_LETTER + above.canonical,
    notices: above.notices.filter((code) => code !== KEY_MISSING),
  }
}

const identifyText = (line: string, payload: string, row: AimRow, reading: Reading): Identification | Refusal => {
  const said = recognised(payload, reading.referenceYear)
  if (said !== null) return isRefusal(said) ? said : identifiedBy(said, { line, payload, aim: row.aim })
  if (isWebAddress(payload)) return linked(payload, { raw: line, symbology: row.symbology, reading })
  return reading.guess === true ? guessed(line, payload, reading, row) : refuse('codes.not-gs1', { name: row.name })
}

/** Reads text whose kind nobody told: a bare GTIN, a Digital Link, or GS1 that starts with a key and fits to the last letter (rfid.md 2). */
const guessed = (line: string, payload: string, reading: Reading, row: AimRow | null): Identification | Refusal => {
  const said = row === null ? recognised(payload.trimStart(), reading.referenceYear) : null
  if (said !== null) return isRefusal(said) ? said : identifiedBy(said, { line, payload: payload.trimStart(), aim: null })
  const source = { raw: line, symbology: row?.symbology ?? null, reading }
  const gtin14 = gtin14Of(payload)
  const refusal = row ? refuse('codes.not-gs1', { name: row.name }) : refuse('codes.symbology-missing')
  if (!isRefusal(gtin14))
    return { ...NOTHING, gtin14, symbology: source.symbology, raw: line, canonical: payload, notices: ['codes.guessed'] }
  // A web address says itself what it is.
  if (isWebAddress(payload)) return linked(payload, source)
  if (!/^0[012]/.test(payload)) return refusal
  const identification = identifyMessage(payload, GS, source)
  return isRefusal(identification) ? identification : { ...identification, notices: [...identification.notices, 'codes.guessed'] }
}

interface Written extends Pick<Identification, 'ai' | 'canonical'> {
  readonly link: Link | null
}

const identified = (elements: readonly Element[], source: Source, { canonical, ai, link }: Written): Identification | Refusal => {
  const { requisites, referenceYear } = source.reading
  const refusal = besideRefusal(elements, requisites === true)
  if (refusal) return refusal
  const facts = factsOf(elements, referenceYear)
  const notices: CodeNotice[] = []
  if (!namesAThing(elements)) notices.push(KEY_MISSING)
  if (swallowedIn(elements, referenceYear)) notices.push('codes.separator-swallowed')
  // Written out: the way of every scan, and a spread costs as much as reading a short one.
  return {
    issuer: 'GS1',
    gtin14: facts.gtin14,
    content: facts.content,
    sscc: facts.sscc,
    lot: facts.lot,
    serial: facts.serial,
    expiry: facts.expiry,
    produced: facts.produced,
    count: facts.count,
    symbology: source.symbology,
    raw: source.raw,
    elements,
    ai,
    canonical,
    link: link === null ? null : { pathLength: link.pathLength, ignored: link.ignored },
    notices,
  }
}

/** A message with FNC1 as a letter. */
const withLetter = (payload: string, separator: string): string => {
  let text = ''
  let from = 0
  for (let at = payload.indexOf(separator); at >= 0; at = payload.indexOf(separator, from)) {
    text += payload.slice(from, at) + FNC1_LETTER
    from = at + 1
  }
  return from === 0 ? payload : text + payload.slice(from)
}

/** The parts of a composite symbol: one or two. */
const partsOf = (text: string): readonly string[] => {
  const bar = text.indexOf(COMPOSITE_LETTER)
  return bar < 0 ? [text] : [text.slice(0, bar), text.slice(bar + 1)]
}

const tooLong = (text: string): Refusal => refuse('codes.input-too-long', { length: text.length, max: INPUT_LENGTH_MAX })

const COMPOSITE_MARK = '|]e0'
const KEY_MISSING = 'codes.key-missing'
const NOTHING = {
  issuer: 'GS1',
  gtin14: null,
  content: null,
  sscc: null,
  lot: null,
  serial: null,
  expiry: null,
  produced: null,
  count: null,
  elements: [],
  ai: null,
  link: null,
  notices: [],
} as const
