import { isRefusal, type Refusal, refuse } from '../../refusals.ts'
import { scanOf } from '../aim.ts'
import {
  type Identification,
  INPUT_LENGTH_MAX,
  identifiedBy,
  identifyBrackets,
  identifyScan,
  identifyUnbracketed,
} from '../identification.ts'
import { readAgency } from './agency.ts'
import { AGENCIES, type Agency } from './said.ts'
import { udiOf, udiPartsOf } from './udi.ts'

/**
 * Answers `{"kind":"udi","system":"MA"|"AHM"|"HIBC"|"ICCBBA"|"GS1","input":...}`: the parts of the code under the vectors' names, once by themselves and once
 * as `expected`, then the view all agencies share.
 */
export const readUdi = (
  { system, input }: Readonly<Record<string, unknown>>,
  referenceYear: number,
): Readonly<Record<string, unknown>> | Refusal => {
  if (typeof system !== 'string') return refuse('codes.line-malformed', { why: 'system' })
  if (typeof input !== 'string') return refuse('codes.line-malformed', { why: 'input' })
  const identification = identifyDeclared(system, input, referenceYear)
  if (isRefusal(identification)) return identification
  const { kind, fields } = udiPartsOf(identification)
  return { ...fields, system, kind, expected: fields, udi: udiOf(identification), notices: identification.notices }
}

/** Whether a line asks for a UDI: it says so, or it names a system and a kind of symbol, or none. */
export const asksUdi = ({ kind, system }: Readonly<Record<string, unknown>>): boolean =>
  kind === 'udi' || (typeof system === 'string' && (kind === undefined || SYMBOLS.includes(kind)))

const SYMBOLS: readonly unknown[] = ['primary', 'secondary', 'concatenated']

const identifyDeclared = (system: string, input: string, referenceYear: number): Identification | Refusal => {
  if (system === 'GS1') return identifyGs1(input, referenceYear)
  const agency = AGENCIES.find((name) => name === system)
  if (!agency) return refuse('codes.udi-system-unknown', { system: system.slice(0, 32) })
  if (input.length > INPUT_LENGTH_MAX) return refuse('codes.input-too-long', { length: input.length, max: INPUT_LENGTH_MAX })
  return identifyAgency(agency, input, referenceYear)
}

const identifyAgency = (agency: Agency, input: string, referenceYear: number): Identification | Refusal => {
  const { aim, payload: sent } = scanOf(input)
  const payload = sent.trimStart()
  if (payload === '') return refuse('codes.input-empty')
  const said = readAgency(agency, payload, referenceYear)
  return isRefusal(said) ? said : identifiedBy(said, { line: input, payload, aim })
}

/** In any of its forms; a web address is what a plain QR symbol would carry. */
const identifyGs1 = (input: string, referenceYear: number): Identification | Refusal => {
  if (input.startsWith('(')) return identifyBrackets(input, { referenceYear })
  if (input.startsWith('^')) return identifyUnbracketed(input, { referenceYear })
  return identifyScan(/^https?:/i.test(input) ? `]Q1${input}` : input, { referenceYear, guess: true })
}
