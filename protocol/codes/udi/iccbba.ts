import type { CalendarDate } from '../../names.ts'
import { type Refusal, refuse } from '../../refusals.ts'
import { dayOfYear } from './dates.ts'
import { type AgencySaid, kindOf, type UnknownPart } from './said.ts'

/**
 * Reads ISBT 128 structures of ICCBBA one behind the other, each led by `=` or `&` and a second sign: products of human origin and blood bags. What the
 * table below does not name is kept as it stands.
 */
export const readIccbba = (text: string): AgencySaid | Refusal => {
  const fields = new Map<string, string>()
  const days = new Map<string, CalendarDate>()
  const unknown: UnknownPart[] = []
  for (const structure of structuresOf(text)) {
    const row = ROWS.find(({ mark }) => structure.startsWith(mark)) ?? (DONATION.test(structure) ? DIN : undefined)
    if (!row) {
      if (structure.length < 3 || !MARKS.includes(structure.charAt(0))) return wrong('= &', structure)
      unknown.push({ unit: structure.slice(0, 2), value: structure.slice(2) })
      continue
    }
    const value = structure.slice(row.mark.length)
    if (value.length !== row.length || !/^[0-9A-Z]+$/i.test(value)) return wrong(row.mark, structure)
    const date = row.isDate ? dateOf(value) : null
    if (row.isDate && date === null) return refuse('codes.udi-date-wrong', { system: 'ICCBBA', part: row.mark, value })
    const told = date?.text ?? value
    if ((fields.get(row.name) ?? told) !== told) return refuse('codes.udi-repeated', { system: 'ICCBBA', part: row.mark })
    fields.set(row.name, told)
    if (date) days.set(row.name, date.day)
  }
  return fields.size + unknown.length === 0 ? wrong('= &', text) : saidOf({ fields, days, unknown })
}

/** Whether a text begins with a structure that tells a device from any other text that starts with such a sign. */
export const isIccbba = (text: string): boolean => ROWS.some(({ mark }) => text.startsWith(mark)) || DONATION_WHOLE.test(text)

/** The device identifier a text begins with, or `null`. */
export const iccbbaDiIn = (text: string): string | null => {
  const row = ROWS.find(({ mark, name }) => name === 'di' && text.startsWith(mark))
  const code = row ? text.slice(row.mark.length, row.mark.length + row.length) : ''
  return row !== undefined && code.length === row.length ? code : null
}

interface Told {
  readonly fields: ReadonlyMap<string, string>
  readonly days: ReadonlyMap<string, CalendarDate>
  readonly unknown: readonly UnknownPart[]
}

const saidOf = ({ fields, days, unknown }: Told): AgencySaid => {
  const di = fields.get('di') ?? null
  return {
    issuer: 'ICCBBA',
    kind: kindOf(di !== null, fields.size + unknown.length > (di === null ? 0 : 1)),
    di: di === null ? null : { scheme: 'local', code: di },
    fields: { ...Object.fromEntries(fields), ...(unknown.length > 0 ? { unknown } : {}) },
    lot: fields.get('lot') ?? null,
    serial: fields.get('serial') ?? null,
    expiry: days.get('expiry') ?? null,
    produced: days.get('manufactured') ?? null,
    count: null,
    notices: [
      ...(di === null ? (['codes.key-missing'] as const) : []),
      ...(unknown.length > 0 ? (['codes.udi-part-unknown'] as const) : []),
    ],
  }
}

/** Each structure with its sign; the second character belongs to the sign, whatever it is. A blank before a sign was printed for people. */
const structuresOf = (text: string): readonly string[] => {
  const structures: string[] = []
  let from = 0
  for (let at = 2; at <= text.length; at += 1) {
    if (at < text.length && !(MARKS.includes(text.charAt(at)) && at > from + 1)) continue
    structures.push(text.slice(from, at).trimEnd())
    from = at
  }
  return structures
}

/** `cYYJJJ`, where `c` is 0 in this century and 9 in the one before, with or without `HHMM`. */
const dateOf = (value: string): { readonly text: string; readonly day: CalendarDate } | null => {
  if (!/^[019]\d{5}(?:(?:[01]\d|2[0-3])[0-5]\d)?$/.test(value)) return null
  const year = Number(value.slice(0, 3)) + (value.startsWith('9') ? 1000 : 2000)
  const day = dayOfYear(year, value.slice(3, 6))
  if (day === null) return null
  return { text: value.length === 6 ? day : `${day}T${value.slice(6, 8)}:${value.slice(8)}`, day }
}

const wrong = (part: string, value: string): Refusal =>
  refuse('codes.udi-part-wrong', { system: 'ICCBBA', part, value: value.slice(0, 64) })

interface Row {
  readonly mark: string
  readonly name: string
  readonly length: number
  readonly isDate?: true
}

const MARKS = '=&'
/** The structure of a donation number has no sign but its first letter or digit. */
const DONATION = /^=[0-9A-Z]/i
const DONATION_WHOLE = /^=[0-9A-Z]{15}(?:[=&\s]|$)/i
const DIN: Row = { mark: '=', name: 'din', length: 15 }
const ROWS: readonly Row[] = [
  { mark: '=/', name: 'di', length: 16 },
  { mark: '=)', name: 'di', length: 10 },
  { mark: '=,', name: 'serial', length: 6 },
  { mark: '&,1', name: 'lot', length: 18 },
  { mark: '&)', name: 'lot', length: 10 },
  { mark: '=>', name: 'expiry', length: 6, isDate: true },
  { mark: '&>', name: 'expiry', length: 10, isDate: true },
  { mark: '=}', name: 'manufactured', length: 6, isDate: true },
  { mark: '&}', name: 'manufactured', length: 10, isDate: true },
]
