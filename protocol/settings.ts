import { type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import Format from 'typebox/format'
import { isZone } from './rules/expiry.ts'

/** A time zone as a setting: whatever reckons by it would break at the first date if it were none. */
export const ZONE = Type.String({ maxLength: 64, format: 'time-zone', description: 'IANA time zone, such as Asia/Shanghai' })
Format.Set('time-zone', isZone)

/** Settings from one source: a file, the environment, the defaults. `from` is what a person is told. */
export interface SettingsLayer {
  readonly from: string
  readonly values: Readonly<Record<string, unknown>>
}

/** Why settings are refused: the first thing that is wrong, where it came from, what is allowed. */
export type SettingsTrouble =
  | { readonly is: 'value-wrong'; readonly name: string; readonly value: string; readonly allowed: string; readonly from: string }
  | { readonly is: 'name-unknown'; readonly name: string; readonly nearest: string; readonly from: string }

/**
 * Lays settings over each other (a later layer wins, name by name at the top level) and checks them once against a closed object schema.
 * Answers the frozen settings or the first trouble. Reading files and the environment is the house's business.
 */
export const judgeSettings = <Settings>(
  schema: TSchema,
  layers: readonly SettingsLayer[],
): { readonly settings: Settings } | { readonly trouble: SettingsTrouble } => {
  const values = Object.assign({}, ...layers.map((layer) => layer.values))
  const [first] = Compile(schema)
    .Errors(values)
    .filter((error) => error.keyword !== 'boolean' && error.keyword !== 'anyOf')
  if (!first) return { settings: frozen(values) as Settings }
  const path = first.instancePath.split('/').slice(1)
  const from = layers.findLast((layer) => (path[0] ?? '') in layer.values)?.from ?? 'default'
  const extra = (first.params as { readonly additionalProperties?: readonly string[] }).additionalProperties?.[0]
  if (extra !== undefined) {
    const known = Object.keys(at(schema, path)?.properties ?? {})
    return {
      trouble: {
        is: 'name-unknown',
        name: [...path, extra].join('.'),
        nearest: nearest(extra, known),
        from: layers.findLast((layer) => (path[0] ?? extra) in layer.values)?.from ?? from,
      },
    }
  }
  const missing = (first.params as { readonly requiredProperties?: readonly string[] }).requiredProperties?.[0]
  const name = [...path, ...(missing === undefined ? [] : [missing])]
  return {
    trouble: {
      is: 'value-wrong',
      name: name.join('.'),
      value: shown(valueAt(values, name)),
      allowed: allowedBy(at(schema, name)) || first.message,
      from,
    },
  }
}

/** What a schema allows, in words short enough for one line. */
export const allowedBy = (schema: SchemaNode | null): string => {
  if (!schema) return ''
  const options = schema.anyOf?.map(allowedBy) ?? schema.enum?.map(shown)
  if (options) return options.join(' | ')
  if ('const' in schema) return shown(schema.const)
  const range = [schema.minimum ?? schema.minLength ?? schema.minItems, schema.maximum ?? schema.maxLength ?? schema.maxItems]
  const bounds = range.some((end) => end !== undefined) ? ` ${range[0] ?? ''}..${range[1] ?? ''}` : ''
  return `${schema.type ?? 'value'}${bounds}${schema.pattern ? ` ${schema.pattern}` : ''}${schema.description ? ` (${schema.description})` : ''}`
}

/** The part of JSON Schema that settings use. */
export interface SchemaNode {
  readonly type?: string
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly pattern?: string
  readonly description?: string
}

const at = (schema: SchemaNode, path: readonly string[]): SchemaNode | null => {
  let node: SchemaNode | undefined = schema
  for (const name of path)
    node = node?.properties?.[name] ?? node?.items ?? node?.anyOf?.find((option) => option.properties?.[name])?.properties?.[name]
  return node ?? null
}

const valueAt = (values: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined),
    values,
  )

const shown = (value: unknown): string => (value === undefined ? '(missing)' : JSON.stringify(value).slice(0, 120))

const nearest = (name: string, known: readonly string[]): string =>
  known.reduce(
    (best, one) => (distance(name.toLowerCase(), one.toLowerCase()) < distance(name.toLowerCase(), best.toLowerCase()) ? one : best),
    known[0] ?? '-',
  )

/** Letters to insert, drop or change [Levenshtein]. */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let line = 1; line <= one.length; line += 1) {
    const next = [line]
    for (let column = 1; column <= other.length; column += 1) {
      const change = (row[column - 1] ?? 0) + (one[line - 1] === other[column - 1] ? 0 : 1)
      next.push(Math.min(change, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}

const frozen = (value: unknown): unknown => {
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) frozen(inner)
  return Object.freeze(value)
}
