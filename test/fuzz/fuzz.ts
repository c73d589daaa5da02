import { decodeLine } from '@lotkeeper/protocol/codes/decode.ts'
import { drawFor } from './draw.ts'
import { drawLine } from './inputs.ts'
import { untruthOf } from './truths.ts'

/** What came of so many lines: how many were read, which refusals came how often, what broke. */
export interface Fuzzed {
  readonly read: number
  readonly refused: ReadonlyMap<string, number>
  /** At most `BREACHES_MAX`; each with the number of its line. */
  readonly breaches: readonly { readonly nth: number; readonly line: string; readonly what: string }[]
  /** By the time of the processor: whatever else the machine does makes no line slow. */
  readonly slowest: { readonly nth: number; readonly ms: number }
}

/** Lines `from` up to `from + count` of a seed through `lotkeeper decode`, each answer held against what must be true of it. */
export const fuzz = (seed: number, from: number, count: number): Fuzzed => {
  const refused = new Map<string, number>()
  const breaches: { nth: number; line: string; what: string }[] = []
  let read = 0
  let slowest = { nth: from, ms: 0 }
  for (let nth = from; nth < from + count && breaches.length < BREACHES_MAX; nth += 1) {
    const line = drawLine(drawFor(seed, nth))
    const startedMs = workedMs()
    const { code, breach } = judged(line)
    const ms = workedMs() - startedMs
    if (ms > slowest.ms) slowest = { nth, ms }
    if (code === null) read += 1
    else refused.set(code, (refused.get(code) ?? 0) + 1)
    if (breach !== null) breaches.push({ nth, line, what: breach })
  }
  return { read, refused, breaches, slowest }
}

const workedMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

const BREACHES_MAX = 20
const REFERENCE_YEAR = 2026

interface Judged {
  readonly code: string | null
  readonly breach: string | null
}

const judged = (line: string): Judged => {
  try {
    const answer = answerTo(line)
    if (answer['valid'] !== true) return { code: String(answer['code']), breach: refusalBreach(answer) }
    return { code: null, breach: untruthOf(JSON.parse(line) as Answer, answer) ?? formBreach(answer) }
  } catch (error) {
    return { code: 'thrown', breach: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

type Answer = Readonly<Record<string, unknown>>
const answerTo = (line: string): Answer => JSON.parse(decodeLine(line, REFERENCE_YEAR)) as Answer

/** A refusal has a code and says it in two languages, with every fact filled in. */
const refusalBreach = ({ code, message, messageEn }: Answer): string | null => {
  if (!/^(?:codes|epc)\.[a-z0-9-]+$/.test(String(code))) return `code ${String(code)}`
  const isSaid = [message, messageEn].every(
    (text) => typeof text === 'string' && text !== '' && !/\{[a-z]+\}/i.test(text.replace(/：.*|: .*/s, '')),
  )
  return isSaid ? null : `message ${String(message)} ${String(messageEn)}`
}

/** What was read of a GS1 code is read again from the other forms it was written in. */
const formBreach = ({ ai, elements, digitalLink }: Answer): string | null => {
  if (typeof ai !== 'string' || !Array.isArray(elements)) return null
  const again = answerTo(JSON.stringify({ kind: 'bracketed', input: ai, options: { req: false } }))
  if (JSON.stringify(again['elements']) !== JSON.stringify(elements)) return `bracketed form ${ai} reads ${JSON.stringify(again)}`
  if (typeof digitalLink !== 'string') return null
  const linked = answerTo(JSON.stringify({ kind: 'dl', input: digitalLink, options: { req: false } }))
  const isSame = Array.isArray(linked['elements']) && sorted(linked['elements']) === sorted(elements)
  return isSame ? null : `link ${digitalLink} reads ${JSON.stringify(linked)}`
}

/** A code may say one thing twice, a link says it once. */
const sorted = (elements: readonly unknown[]): string => [...new Set(elements.map((element) => JSON.stringify(element)))].toSorted().join()
