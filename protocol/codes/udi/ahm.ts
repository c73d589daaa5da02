import type { CalendarDate } from '../../names.ts'
import { dayOfDigits } from './dates.ts'
import { type AgencySaid, kindOf, type UnknownPart } from './said.ts'

/**
 * Keeps an AHM code of AliHealth as it is. Only the names of its production parts are published, no layout: what follows the first sign that is no letter
 * or digit is split at that sign, and a part that begins with such a name is taken for it.
 */
export const readAhm = (text: string, referenceYear: number): AgencySaid => {
  const at = text.search(/[^0-9A-Za-z]/)
  const parts = at <= 0 ? [] : text.slice(at + 1).split(text.charAt(at))
  const known = new Map<string, string>()
  const days = new Map<string, CalendarDate>()
  const unknown: UnknownPart[] = []
  for (const part of parts) {
    const name = NAMES[part.slice(0, 2)]
    const value = part.slice(2)
    if (name === undefined || value === '' || known.has(name)) {
      if (part !== '') unknown.push({ unit: '', value: part })
      continue
    }
    const day = DATES.includes(name) ? dayOfDigits(value, referenceYear) : null
    if (day) days.set(name, day)
    known.set(name, day ?? value)
  }
  return {
    issuer: 'AHM',
    kind: kindOf(true, known.size > 0),
    di: { scheme: 'ahm', code: known.size > 0 ? text.slice(0, at) : text },
    fields: { raw: text, ...Object.fromEntries(known), ...(unknown.length > 0 ? { unknown } : {}) },
    lot: known.get('lot') ?? null,
    serial: known.get('serial') ?? null,
    expiry: days.get('expiry') ?? days.get('bestBefore') ?? null,
    produced: days.get('manufactured') ?? null,
    count: null,
    notices: ['codes.ahm-layout-unknown'],
  }
}

const NAMES: Readonly<Record<string, string>> = { BN: 'lot', SN: 'serial', MD: 'manufactured', BD: 'bestBefore', ED: 'expiry' }
const DATES: readonly string[] = ['manufactured', 'bestBefore', 'expiry']
