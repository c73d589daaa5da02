/** One field before and after, as text; `null`: it was not there. */
export interface ComparedLine {
  readonly path: string
  readonly before: string | null
  readonly after: string | null
  readonly changed: boolean
}

/** Two things field by field, however deep; what changed comes first, else in the order of the later one. */
export const compared = (before: unknown, after: unknown): readonly ComparedLine[] => {
  const [old, young] = [flat(before), flat(after)]
  const paths = [...new Set([...young.keys(), ...old.keys()])]
  const lines = paths.map((path) => {
    const [was, is] = [old.get(path) ?? null, young.get(path) ?? null]
    return { path, before: was, after: is, changed: was !== is }
  })
  return lines.toSorted((one, other) => Number(other.changed) - Number(one.changed)).slice(0, LINES_MAX)
}

/** One thing field by field. */
export const linesOf = (value: unknown): readonly (readonly [path: string, text: string])[] => [...flat(value)].slice(0, LINES_MAX)

/** A day of a zone as the instant it begins at. */
export const dayStart = (day: string, zone: string): string | undefined => {
  const utc = Date.parse(`${day}T00:00:00.000Z`)
  if (Number.isNaN(utc)) return undefined
  const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(utc)
  return new Date(utc - (Date.parse(`${wall.replace(' ', 'T')}.000Z`) - utc)).toISOString()
}

/** The day after a calendar date. */
export const dayAfter = (day: string): string => {
  const ms = Date.parse(`${day}T00:00:00.000Z`)
  return Number.isNaN(ms) ? day : new Date(ms + DAY_MS).toISOString().slice(0, 10)
}

const DAY_MS = 86_400_000
/** More lines than a record has fields. */
const LINES_MAX = 400

const flat = (value: unknown, path = '', into = new Map<string, string>()): Map<string, string> => {
  if (value === null || value === undefined) return into
  if (typeof value !== 'object') return into.set(path, String(value))
  for (const [name, part] of Object.entries(value)) {
    const at = Array.isArray(value) ? String(Number(name) + 1) : name
    flat(part, path === '' ? at : `${path}.${at}`, into)
  }
  return into
}
