import type { CalendarDate } from '../names.ts'
import { isRefusal, type Refusal, refuse } from '../refusals.ts'
import { type AimRow, aimRow, GS, scanOf } from './aim.ts'
import { gtin14Of } from './check-digit.ts'
import { besideRefusal, bracketsOf, type Element, elementsOfBrackets, elementsOfMessage, FNC1_LETTER, messageOf } from './elements.ts'
import { dateOfYymmdd } from './gs1-date.ts'
import type { CodeNotice } from './refusals.ts'
import { swallowedIn, tailOf } from './separator.ts'
import { recognised } from './udi/agency.ts'
import type { Agency, AgencySaid } from './udi/said.ts'

/** What a code on a box says, whoever issued it. Quantities are counts of what the code names, never base units. */
export interface Identification {
  readonly issuer: 'GS1' | Agency
  /** What only agencies beside GS1 say: the device identifier and the parts by name. */
  readonly agency?: Pick<AgencySaid, 'kind' | 'di' | 'fields'>
  /** The thing's own GTIN, 14 digits; never the content's (R21). */
  readonly gtin14: string | null
  /** What a logistic unit holds: AI (02) with (37). */
  readonly content: { readonly gtin14: string; readonly count: number } | null
  readonly sscc: string | null
  readonly lot: string | null
  readonly serial: string | null
  readonly expiry: CalendarDate | null
  readonly produced: CalendarDate | null
  readonly count: number | null
  /** Short name of the printed symbol, `null` where only the text is known. */
  readonly symbology: string | null
  readonly raw: string
  readonly elements: readonly Element[]
  /** `(01)...` form, `null` where the code carries no AIs. */
  readonly ai: string | null
  /** `^01...` form with FNC1 as `^`; a scan keeps the separators it came with. */
  readonly canonical: string
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
  if (row.carries === 'gs1') return identifyMessage(scan.payload, { line, row, reading, separator: GS })
  if (row.carries === 'text') return identifyText(line, scan.payload, row, reading)
  return identifyGtin(line, scan.payload, row)
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

/** What `(01)...(10)...` says. */
export const identifyBrackets = (text: string, reading: Reading): Identification | Refusal => {
  if (text.length > INPUT_LENGTH_MAX) return tooLong(text)
  const elements = elementsOfBrackets(text, reading.referenceYear)
  return isRefusal(elements) ? elements : identified(elements, { raw: text, symbology: null, canonical: messageOf(elements), reading })
}

/** What `^01...10...^21...` says. */
export const identifyUnbracketed = (text: string, reading: Reading): Identification | Refusal => {
  if (text.length > INPUT_LENGTH_MAX) return tooLong(text)
  if (text === '') return refuse('codes.input-empty')
  if (!text.startsWith(FNC1_LETTER)) return refuse('codes.fnc1-missing')
  return identifyMessage(text.slice(1), { line: text, row: null, reading, separator: FNC1_LETTER })
}

interface Message {
  readonly line: string
  readonly row: AimRow | null
  readonly reading: Reading
  readonly separator: string
}

const identifyMessage = (payload: string, { line, row, reading, separator }: Message): Identification | Refusal => {
  const elements = elementsOfMessage(payload, separator, reading.referenceYear)
  if (isRefusal(elements)) return explained(elements, reading)
  const canonical = FNC1_LETTER + payload.replaceAll(separator, FNC1_LETTER)
  return identified(elements, { raw: line, symbology: row?.symbology ?? null, canonical, reading })
}

/** A value that grew too long because it swallowed its neighbour is refused for that reason: the remedy is another. */
const explained = (refusal: Refusal, reading: Reading): Refusal => {
  const { ai, value } = refusal.facts
  if (refusal.code !== 'codes.value-too-long' || typeof value !== 'string' || typeof ai !== 'string') return refusal
  const swallowed = tailOf(value, new Set(), reading.referenceYear)
  return swallowed === null ? refusal : refuse('codes.separator-swallowed', { ai, swallowed })
}

const identifyGtin = (line: string, payload: string, row: AimRow): Identification | Refusal => {
  const length = row.carries === 'gtin8' ? 8 : 13
  if (payload.length !== length) return refuse('codes.gtin-length-wrong', { value: payload })
  const gtin14 = gtin14Of(payload)
  return isRefusal(gtin14) ? gtin14 : { ...NOTHING, gtin14, symbology: row.symbology, raw: line, canonical: payload }
}

const identifyText = (line: string, payload: string, row: AimRow, reading: Reading): Identification | Refusal => {
  const said = recognised(payload, reading.referenceYear)
  if (said !== null) return isRefusal(said) ? said : identifiedBy(said, { line, payload, aim: row.aim })
  if (/^https?:\/\//i.test(payload)) return refuse('codes.digital-link-later')
  return reading.guess === true ? guessed(line, payload, reading, row) : refuse('codes.not-gs1', { name: row.name })
}

/** Reads text whose kind nobody told: a bare GTIN, or GS1 that starts with a key and fits to the last letter (rfid.md 2). */
const guessed = (line: string, payload: string, reading: Reading, row: AimRow | null): Identification | Refusal => {
  const said = row === null ? recognised(payload.trimStart(), reading.referenceYear) : null
  if (said !== null) return isRefusal(said) ? said : identifiedBy(said, { line, payload: payload.trimStart(), aim: null })
  const symbology = row?.symbology ?? null
  const gtin14 = gtin14Of(payload)
  const refusal = row ? refuse('codes.not-gs1', { name: row.name }) : refuse('codes.symbology-missing')
  if (!isRefusal(gtin14)) return { ...NOTHING, gtin14, symbology, raw: line, canonical: payload, notices: ['codes.guessed'] }
  if (!/^0[012]/.test(payload)) return refusal
  const identification = identifyMessage(payload, { line, row, reading, separator: GS })
  return isRefusal(identification) ? identification : { ...identification, notices: [...identification.notices, 'codes.guessed'] }
}

interface Source {
  readonly raw: string
  readonly symbology: string | null
  readonly canonical: string
  readonly reading: Reading
}

const identified = (elements: readonly Element[], { raw, symbology, canonical, reading }: Source): Identification | Refusal => {
  const refusal = besideRefusal(elements, reading.requisites === true)
  if (refusal) return refusal
  const values = new Map(elements)
  const number = (ai: string): number | null => (values.has(ai) ? Number(values.get(ai)) : null)
  const date = (ai: string): CalendarDate | null => dateOfYymmdd(values.get(ai) ?? '', reading.referenceYear)
  const contained = values.get('02')
  const contentCount = number('37')
  const notices: CodeNotice[] = []
  if (!KEYS.some((ai) => values.has(ai))) notices.push('codes.key-missing')
  if (swallowedIn(elements, reading.referenceYear)) notices.push('codes.separator-swallowed')
  return {
    issuer: 'GS1',
    gtin14: values.get('01') ?? null,
    content: contained !== undefined && contentCount !== null ? { gtin14: contained, count: contentCount } : null,
    sscc: values.get('00') ?? null,
    lot: values.get('10') ?? null,
    serial: values.get('21') ?? null,
    expiry: date('17'),
    produced: date('11'),
    count: number('30'),
    symbology,
    raw,
    elements,
    ai: bracketsOf(elements),
    canonical,
    notices,
  }
}

const tooLong = (text: string): Refusal => refuse('codes.input-too-long', { length: text.length, max: INPUT_LENGTH_MAX })

/** AIs that name a thing by themselves. */
const KEYS = ['00', '01', '02']
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
  notices: [],
} as const
