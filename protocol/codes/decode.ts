import { TAG_LINES } from '../epc/lines.ts'
import { isRefusal, type Refusal, refuse } from '../refusals.ts'
import { type Identification, identifyBrackets, identifyScan, identifyUnbracketed, type Reading } from './identification.ts'
import { asksUdi, readUdi } from './udi/decode-udi.ts'

/** Longest request line; a scan of the longest kind with every letter escaped still fits. */
export const LINE_LENGTH_MAX = 65_536

/**
 * One JSON line in, one out, for `lotkeeper decode`: `{"kind":"epc","hex"}` and what else `TAG_LINES` reads,
 * `{"kind":"bracketed"|"unbracketed"|"scan"|"dl","input"}`, `{"kind":"udi","system","input"}`; `"options":{"req":false}` reads one symbol of a
 * two-symbol label. Out come the fields of the vector files, or
 * `{"valid":false,"code","message","messageEn"}`. Never throws: a malformed line gets a refusal line.
 */
export const decodeLine = (line: string, referenceYear: number): string => {
  const answer = answerOf(line, referenceYear)
  return JSON.stringify(
    isRefusal(answer) ? { valid: false, code: answer.code, message: answer.zh, messageEn: answer.en } : { valid: true, ...answer },
  )
}

type Answer = Readonly<Record<string, unknown>> | Refusal

const answerOf = (line: string, referenceYear: number): Answer => {
  const request = requestOf(line)
  if (isRefusal(request)) return request
  if (asksUdi(request)) return readUdi(request, referenceYear)
  const { kind } = request
  if (typeof kind !== 'string') return refuse('codes.line-malformed', { why: 'kind' })
  const reader = Object.hasOwn(READERS, kind) ? READERS[kind] : undefined
  if (reader) return reader(request, referenceYear)
  return LATER.includes(kind) ? refuse('codes.kind-later', { kind }) : refuse('codes.kind-unknown', { kind: kind.slice(0, 32) })
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
  (identify: (text: string, reading: Reading) => Identification | Refusal): Reader =>
  (request, referenceYear) => {
    const { input, options } = request
    if (typeof input !== 'string') return refuse('codes.line-malformed', { why: 'input' })
    const identification = identify(input, { referenceYear, requisites: !isRequisiteOff(options) })
    if (isRefusal(identification)) return identification
    const { ai, elements, canonical, raw: _raw, ...rest } = identification
    return { ai, elements, canonical, ...rest }
  }

const isRequisiteOff = (options: unknown): boolean =>
  typeof options === 'object' && options !== null && (options as { req?: unknown }).req === false

const READERS: Readonly<Record<string, Reader>> = {
  ...TAG_LINES,
  bracketed: readText(identifyBrackets),
  unbracketed: readText(identifyUnbracketed),
  scan: readText(identifyScan),
}
/** Kinds of the line format whose codes are not read yet. */
const LATER: readonly string[] = ['dl']
