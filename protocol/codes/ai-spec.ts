import { type Refusal, refuse } from '../refusals.ts'
import type { AiRow } from './ai-table.ts'
import { isCheckDigitRight } from './check-digit.ts'
import { dateOfYymmdd } from './gs1-date.ts'

/** One application identifier, ready to read and to check values. */
export interface Ai {
  readonly ai: string
  /** Predefined length: ends without a separator [GenSpecs 7.8.5-2]. */
  readonly predefined: boolean
  readonly parts: readonly Part[]
  readonly lengthMin: number
  readonly lengthMax: number
  /** Alternatives; every AI of one alternative must be present. */
  readonly requires: readonly (readonly string[])[]
  readonly excludes: readonly string[]
  readonly zh: string
  readonly en: string
}

/** One component of a value. */
export interface Part {
  readonly set: CharacterSet
  readonly lengthMin: number
  readonly lengthMax: number
  readonly optional: boolean
  readonly checks: readonly CheckName[]
}

/** The table as a lookup by AI; a row that names an unknown set or check is a bug and stops the start. */
export const compileRows = (rows: readonly AiRow[]): ReadonlyMap<string, Ai> => {
  const table = new Map<string, Ai>()
  for (const [name, marks, spec, beside, zh, en] of rows) {
    const parts = spec.split(' ').map(partOf)
    const lengthMin = parts.reduce((sum, part) => sum + (part.optional ? 0 : part.lengthMin), 0)
    const lengthMax = parts.reduce((sum, part) => sum + part.lengthMax, 0)
    const requires = beside.requires === undefined ? [] : beside.requires.split(',').map((group) => group.split('+'))
    const excludes = beside.excludes === undefined ? [] : beside.excludes.split(',')
    for (const ai of rangeOf(name))
      table.set(ai, { ai, predefined: marks === '*', parts, lengthMin, lengthMax, requires, excludes, zh, en })
  }
  return table
}

/** What is wrong with a value, or `null`. Length comes first: a check digit means nothing in a value cut short. */
export const valueRefusal = (row: Ai, value: string, referenceYear: number): Refusal | null => {
  const facts = { ai: row.ai, value }
  if (value === '') return refuse('codes.value-empty', facts)
  if (value.length < row.lengthMin) return refuse('codes.value-too-short', facts)
  if (value.length > row.lengthMax) return refuse('codes.value-too-long', facts)
  let at = 0
  for (const part of row.parts) {
    const piece = value.slice(at, at + part.lengthMax)
    at += piece.length
    if (piece === '' && part.optional) continue
    if (piece.length < part.lengthMin) return refuse('codes.value-too-short', facts)
    if (!SETS[part.set].test(piece)) return refuse('codes.character-wrong', facts)
    const failed = part.checks.find((name) => !CHECKS[name].passes(piece, referenceYear))
    if (failed) return refuse(CHECKS[failed].code, facts)
  }
  return null
}

/** Whether an AI matches a pattern of the table: `01`, or `310n` where n is any digit. */
export const matchesAi = (pattern: string, ai: string): boolean =>
  pattern.length === ai.length && [...pattern].every((letter, at) => letter === 'n' || letter === ai[at])

/** Whether a value of this AI proves itself: fixed length and a check that chance seldom passes. */
export const provesItself = (row: Ai): boolean => row.predefined && row.parts.some((part) => part.checks.length > 0)

const SETS = {
  N: /^\d+$/,
  X: /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+$/,
  Y: /^[#\-/0-9A-Z]+$/,
  Z: /^[-0-9A-Z_a-z]+=*$/,
} as const
type CharacterSet = keyof typeof SETS

const CHECKS = {
  csum: { code: 'codes.check-digit-wrong', passes: (piece: string) => isCheckDigitRight(piece) },
  yymmd0: { code: 'codes.date-wrong', passes: (piece: string, year: number) => dateOfYymmdd(piece, year) !== null },
} as const
type CheckName = keyof typeof CHECKS

const partOf = (spec: string): Part => {
  const optional = spec.startsWith('[')
  const [form = '', ...checks] = (optional ? spec.slice(1, -1) : spec).split(',')
  const match = /^([NXYZ])(\.\.)?(\d+)$/.exec(form)
  if (!match || !checks.every((name): name is CheckName => Object.hasOwn(CHECKS, name))) throw new Error(`codes.row-wrong: ${spec}`)
  const [, set, open, length] = match
  return {
    set: set as CharacterSet,
    lengthMin: open ? 1 : Number(length),
    lengthMax: Number(length),
    optional,
    checks: checks as CheckName[],
  }
}

const rangeOf = (name: string): readonly string[] => {
  const [from = '', to = from] = name.split('-')
  const names: string[] = []
  for (let ai = Number(from); ai <= Number(to); ai += 1) names.push(String(ai).padStart(from.length, '0'))
  return names
}
