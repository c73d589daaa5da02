import { type Refusal, type RefusalCode, refuse } from '../refusals.ts'
import type { AiRow } from './ai-table.ts'
import { type CharacterSet, isWithin } from './character-sets.ts'
import { CHECKS, type Check, type CheckName } from './checks/table.ts'

/** One application identifier, ready to read and to check values. */
export interface Ai {
  readonly ai: string
  /** Predefined length: ends without a separator [GenSpecs 7.8.5-2]. */
  readonly predefined: boolean
  /** Whether it may stand in the query of a Digital Link. */
  readonly attribute: boolean
  readonly parts: readonly Part[]
  readonly lengthMin: number
  readonly lengthMax: number
  /** Alternatives; every AI of one alternative must be present. */
  readonly requires: readonly (readonly string[])[]
  readonly excludes: readonly string[]
  /** What may follow this key in the path of a Digital Link, as ordered alternatives; `null` for what is no key. */
  readonly qualifiers: readonly (readonly string[])[] | null
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
  /** The rules behind those names. */
  readonly rules: readonly Check[]
}

/** The table as a lookup by AI; a row that names an unknown set or check is a bug and stops the start. */
export const compileRows = (rows: readonly AiRow[]): ReadonlyMap<string, Ai> => {
  const table = new Map<string, Ai>()
  for (const [name, marks, spec, beside, zh, en] of rows) {
    const parts = spec.split(' ').map(partOf)
    const row = {
      predefined: marks.includes('*'),
      attribute: marks.includes('?'),
      parts,
      lengthMin: parts.reduce((sum, part) => sum + (part.optional ? 0 : part.lengthMin), 0),
      lengthMax: parts.reduce((sum, part) => sum + part.lengthMax, 0),
      requires: beside.requires === undefined ? [] : beside.requires.split(',').map((group) => group.split('+')),
      excludes: beside.excludes === undefined ? [] : beside.excludes.split(','),
      qualifiers: beside.key === undefined ? null : beside.key.split('|').map((list) => list.split(',').filter((ai) => ai !== '')),
      zh,
      en,
    }
    for (const ai of rangeOf(name)) table.set(ai, { ai, ...row })
  }
  return table
}

/** What is wrong with a value, or `null`; says nothing in words, so that a search may ask it often. */
export const valueFault = (row: Ai, value: string, referenceYear: number): RefusalCode | null => {
  const { length } = value
  // Length comes first: a check digit means nothing in a value cut short.
  if (length < row.lengthMin || length > row.lengthMax) return lengthFault(row, length)
  let from = 0
  for (const part of row.parts) {
    const to = Math.min(length, from + part.lengthMax)
    if (to === from && part.optional) continue
    if (to - from < part.lengthMin) return 'codes.value-too-short'
    if (!isWithin(part.set, value, from, to)) return 'codes.character-wrong'
    if (part.rules.length > 0) {
      const piece = to - from === length ? value : value.slice(from, to)
      for (const rule of part.rules) if (!rule.passes(piece, referenceYear)) return rule.code
    }
    from = to
  }
  return null
}

/** What is wrong with a value, as a refusal for people, or `null`. */
export const valueRefusal = (row: Ai, value: string, referenceYear: number): Refusal | null => {
  const fault = valueFault(row, value, referenceYear)
  return fault === null ? null : refuse(fault, { ai: row.ai, value })
}

/** Whether an AI matches a pattern of the table: `01`, or `310n` where n is any digit. */
export const matchesAi = (pattern: string, ai: string): boolean => {
  if (pattern.length !== ai.length) return false
  for (let at = 0; at < ai.length; at += 1) if (pattern[at] !== 'n' && pattern[at] !== ai[at]) return false
  return true
}

/** Whether a value of this AI proves itself: fixed length and a check that chance seldom passes. */
export const provesItself = (row: Ai): boolean => row.predefined && row.parts.some((part) => part.checks.length > 0)

const lengthFault = (row: Ai, length: number): RefusalCode => {
  if (length === 0) return 'codes.value-empty'
  return length < row.lengthMin ? 'codes.value-too-short' : 'codes.value-too-long'
}

const partOf = (spec: string): Part => {
  const optional = spec.startsWith('[')
  const [form = '', ...names] = (optional ? spec.slice(1, -1) : spec).split(',')
  const match = /^([NXYZ])(\.\.)?(\d+)$/.exec(form)
  if (!match || !names.every((name): name is CheckName => Object.hasOwn(CHECKS, name))) throw new Error(`codes.row-wrong: ${spec}`)
  const [, letter = '', open, length] = match
  const set = letter as CharacterSet
  const checks: readonly CheckName[] = set === 'Z' ? [...names, 'padding'] : names
  return {
    set,
    lengthMin: open ? 1 : Number(length),
    lengthMax: Number(length),
    optional,
    checks,
    rules: checks.map((name) => CHECKS[name]),
  }
}

const rangeOf = (name: string): readonly string[] => {
  const [from = '', to = from] = name.split('-')
  const names: string[] = []
  for (let ai = Number(from); ai <= Number(to); ai += 1) names.push(String(ai).padStart(from.length, '0'))
  return names
}
