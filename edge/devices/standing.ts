import { DEVICE_FINDINGS } from '@lotkeeper/protocol/rules/device-findings.ts'
import type { Facts, FindingCode, Judged } from './judge.ts'

/** Something that is wrong with a device, since a moment in ms since 1970. */
export interface Finding {
  readonly code: FindingCode
  readonly device: string
  readonly antenna: number | null
  readonly epc: string | null
  readonly sinceMs: number
  readonly facts: Facts
}

export interface Stood {
  /** What stands now, the gravest first. */
  readonly standing: readonly Finding[]
  readonly begun: readonly Finding[]
  readonly ended: readonly Finding[]
}

/** What stands after a look: what is so begins or goes on, what is not ends, and where too little is known nothing changes. */
export const stand = (standing: readonly Finding[], judgements: readonly Judged[], nowMs: number): Stood => {
  const looked = new Map(judgements.map((one) => [nameOf(one), one]))
  const ended = standing.filter((one) => looked.get(nameOf(one))?.is === 'not')
  const stays = standing.filter((one) => !ended.includes(one))
  const names = new Set(stays.map(nameOf))
  const begun = judgements
    .filter((one) => one.is === 'so' && !names.has(nameOf(one)))
    .slice(0, FINDINGS_MAX)
    .map(({ is: _, ...one }) => ({ ...one, sinceMs: nowMs }))
  const told = stays.map((one) => {
    const now = looked.get(nameOf(one))
    return now?.is === 'so' ? { ...one, facts: now.facts } : one
  })
  return { standing: [...told, ...begun].toSorted(byGravity), begun, ended }
}

/** What a finding is of: the same thing found again is the same finding. */
export const nameOf = ({ code, device, antenna, epc }: Pick<Finding, 'code' | 'device' | 'antenna' | 'epc'>): string =>
  epc === null ? `${code}:${device}${antenna === null ? '' : `/${antenna}`}` : `${code}:${epc}`

const byGravity = (one: Finding, other: Finding): number =>
  DEVICE_FINDINGS.indexOf(one.code) - DEVICE_FINDINGS.indexOf(other.code) || one.sinceMs - other.sinceMs

/** A whole cart of bad labels at once is one lesson. */
const FINDINGS_MAX = 50
