import { TAG_LINES, uriAnswer } from '../epc/lines.ts'
import { isRefusal, type Refusal, refuse } from '../refusals.ts'
import { aimRow, scanOf } from './aim.ts'
import { COMPOSITE_LETTER } from './elements.ts'
import { type Identification, identifyBrackets, identifyLink, identifyScan, identifyUnbracketed, type Reading } from './identification.ts'
import { isWebAddress } from './read-link.ts'
import { asksUdi, readUdi } from './udi/decode-udi.ts'
import { linkOf } from './write-link.ts'

/** Longest request line; a scan of the longest kind with every letter escaped still fits. */
export const LINE_LENGTH_MAX = 65_536

/**
 * One JSON line in, one out, for `lotkeeper decode`: `{"kind":"epc","hex"}` and what else `TAG_LINES` reads,
 * `{"kind":"bracketed"|"unbracketed"|"scan"|"dl"|"uri","input"}`, `{"kind":"udi","system","input"}`; `"options":{"req":false}` reads one symbol of a
 * two-symbol label. Out come the fields of the vector files, or
 * `{"valid":false,"code","message","messageEn"}`. Never throws: a malformed line gets a refusal line.
 */
export const decodeLine = (line: string, referenceYear: number): string => {
  const answer = answerOf(line, referenceYear)
  if (isRefusal(answer)) return JSON.stringify({ valid: false, code: answer.code, message: answer.zh, messageEn: answer.en })
  return `{"valid":true,${JSON.stringify(answer).slice(1)}`
}

type Answer = Readonly<Record<string, unknown>> | Refusal

const answerOf = (line: string, referenceYear: number): Answer => {
  const request = requestOf(line)
  if (isRefusal(request)) return request
  if (asksUdi(request)) return readUdi(request, referenceYear)
  const { kind } = request
  if (typeof kind !== 'string') return refuse('codes.line-malformed', { why: 'kind' })
  const reader = Object.hasOwn(READERS, kind) ? READERS[kind] : undefined
  return reader ? reader(request, referenceYear) : refuse('codes.kind-unknown', { kind: kind.slice(0, 32) })
}

const requestOf = (line: string): Readonly<Record<string, unknown>> | Refusal => {
  if (line.length > LINE_LENGTH_MAX) return refuse('codes.line-malformed', { why: `> ${LINE_LENGTH_MAX}` })
  const value = jsonOf(line)
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as Readonly<Record<string, unknown>>) : refuse('codes.line-malformed', { why: 'JSON' })
}

const jsonOf = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

type Reader = (request: Readonly<Record<string, unknown>>, referenceYear: number) => Answer

const readText =
  (identify: (text: string, reading: Reading) => Identification | Refusal, plain: (text: string) => Plain | null): Reader =>
  (request, referenceYear) => {
    const { input, options } = request
    if (typeof input !== 'string') return refuse('codes.line-malformed', { why: 'input' })
    const identification = identify(input, { referenceYear, requisites: !isRequisiteOff(options) })
    if (!isRefusal(identification)) return answerOfCode(identification)
    const text = PLAIN.includes(identification.code) ? plain(input) : null
    return text === null ? identification : { ...text, ai: null, elements: [], digitalLinkError: LINKLESS, notices: ['codes.plain-text'] }
  }

/** The fields of the line format; what is not there is `undefined`, and JSON leaves it out. */
const answerOfCode = (said: Identification): Answer => {
  const digitalLink = linkOf(said.elements, said.link?.pathLength ?? null)
  const ignored = said.link?.ignored ?? []
  return {
    ai: said.ai,
    elements: said.elements,
    canonical: said.canonical,
    digitalLink: isRefusal(digitalLink) ? undefined : digitalLink,
    digitalLinkError: isRefusal(digitalLink) ? digitalLink.en : undefined,
    dlIgnored: ignored.length > 0 ? ignored : undefined,
    symbology: said.symbology ?? undefined,
    issuer: said.issuer,
    gtin14: said.gtin14,
    content: said.content,
    sscc: said.sscc,
    lot: said.lot,
    serial: said.serial,
    expiry: said.expiry,
    produced: said.produced,
    count: said.count,
    di: said.agency?.di,
    fields: said.agency?.fields,
    notices: said.notices,
  }
}

/** Text that is read and is no code of GS1: the answer says so, and is none of refusal, since the symbol itself is right. */
interface Plain {
  readonly canonical: string
  readonly symbology?: string
}
const PLAIN: readonly string[] = ['codes.not-gs1', 'codes.fnc1-missing']
const LINKLESS = refuse('codes.link-key-missing').en

const plainScan = (line: string): Plain | null => {
  const { aim, payload } = scanOf(line)
  const row = aim === null ? undefined : aimRow(aim)
  // A text that begins with FNC1's letter is told from a message by a backslash before it.
  return row?.carries === 'link' ? { canonical: /^\\*\^/.test(payload) ? `\\${payload}` : payload, symbology: row.symbology } : null
}

const plainData = (text: string): Plain | null => (text.includes(COMPOSITE_LETTER) ? null : { canonical: text })

const identifyData = (text: string, reading: Reading): Identification | Refusal =>
  isWebAddress(text) ? identifyLink(text, reading) : identifyUnbracketed(text, reading)

const isRequisiteOff = (options: unknown): boolean =>
  typeof options === 'object' && options !== null && (options as { req?: unknown }).req === false

/** Links and names of tags are both called URI. */
const isUrn = (input: unknown): boolean => typeof input === 'string' && /^urn:/i.test(input)
const readData = readText(identifyData, plainData)
const READERS: Readonly<Record<string, Reader>> = {
  ...TAG_LINES,
  bracketed: readText(identifyBrackets, () => null),
  unbracketed: readData,
  uri: (request, referenceYear) => (isUrn(request['input']) ? uriAnswer(request['input']) : readData(request, referenceYear)),
  dl: readData,
  scan: readText(identifyScan, plainScan),
}
