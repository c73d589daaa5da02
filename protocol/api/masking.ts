import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { namesPerson } from '../codes/persons.ts'
import { MASKED, SENSITIVE, SENSITIVE_KEY, SENSITIVE_WHERE_KEY, type Sensitive } from '../sensitive.ts'

/** A sensitive value as it is met: what it is, where it stands, what may stand in its place, and the row it is in. */
export interface Met<Row> {
  readonly kind: Sensitive
  /** Name of the field. */
  readonly field: string
  /** `***`, null or an empty list, as the schema allows; `LEFT_OUT`: it is left out. */
  readonly mask: unknown
  /** What stands there; undefined where an optional field is left out. */
  readonly value: unknown
  readonly row: Row
}
/** What goes on in place of a sensitive value. */
export type Answer<Row> = (met: Met<Row>) => unknown
/** What is known of the row an object is, by what is known of the row it stands in. */
export type RowOf<Row> = (value: object, outer: Row) => Row
/** A copy of a value with every sensitive part of it answered; the value itself where it has none. */
export type Walk = <Row>(value: unknown, rows: { readonly outer: Row; readonly rowOf: RowOf<Row>; readonly answer: Answer<Row> }) => unknown

/** In place of an optional field: it is not there. */
export const LEFT_OUT: unique symbol = Symbol('left out')

/**
 * How to find what is sensitive in values of a schema, compiled once; null: nothing is. Objects, arrays, tuples, records, unions, intersections and
 * references are walked; of a union the branches that fit, all of them where none does. Throws where an annotation stands in a part of a schema that
 * is not walked, or where nothing may stand in a value's place: what cannot be hidden must not be declared.
 */
export const walkOf = (schema: TSchema): Walk | null => {
  const parts: Parts = { found: new Set(), defs: new Map() }
  const step = stepOf(asNode(schema), { field: '', isOptional: false, holder: asNode(schema) }, parts)
  for (const node of annotatedIn(schema, new Set()))
    if (!parts.found.has(node)) throw new Error('an annotated part of a schema is not walked')
  if (step === null) return null
  return (value, { outer, rowOf, answer }) => step(value, { row: outer, rowOf: rowOf as RowOf<unknown>, answer: answer as Answer<unknown> })
}

/** The names of all fields that are annotated anywhere in these schemas: what a log must not show. */
export const sensitiveFieldsIn = (schemas: readonly TSchema[]): ReadonlySet<string> => {
  const names = new Set<string>()
  const look = (value: unknown, name: string): void => {
    if (typeof value !== 'object' || value === null) return
    if (SENSITIVE_KEY in value && name !== '') names.add(name)
    const { properties, ...rest } = value as Node
    for (const [key, part] of Object.entries(properties ?? {})) look(part, key)
    for (const part of Object.values(rest)) for (const one of Array.isArray(part) ? part : [part]) look(one, name)
  }
  for (const schema of schemas) look(schema, '')
  return names
}

type Node = Readonly<Record<string, unknown>> & { readonly properties?: Readonly<Record<string, unknown>> }
type Step = (value: unknown, at: At) => unknown
interface At {
  readonly row: unknown
  readonly rowOf: RowOf<unknown>
  readonly answer: Answer<unknown>
}
/** Where a schema stands: in which field, and what its place allows. */
interface Place {
  readonly field: string
  readonly isOptional: boolean
  readonly holder: Node
}
interface Parts {
  readonly found: Set<unknown>
  /** Referred schemas: compiled when first met, for they may refer to themselves. */
  readonly defs: Map<string, { readonly node: Node; step: Step | null | undefined }>
}

const asNode = (schema: unknown): Node => schema as Node
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)

const stepOf = (node: Node, place: Place, parts: Parts): Step | null => {
  for (const [name, def] of Object.entries((node['$defs'] ?? {}) as Readonly<Record<string, Node>>))
    parts.defs.set(name, { node: def, step: undefined })
  const within = withinOf(node, place, parts)
  const kind = node[SENSITIVE_KEY]
  if (kind === undefined) return within
  if (typeof kind !== 'string' || !Object.hasOwn(SENSITIVE, kind)) throw new Error(`${String(kind)} is no kind of what is sensitive`)
  parts.found.add(node)
  const mask = maskIn(place)
  const isCode = node[SENSITIVE_WHERE_KEY] === 'code'
  return (value, at) => {
    if (value === null || (isCode && !(typeof value === 'string' && namesPerson(value)))) return value
    const given = at.answer({ kind: kind as Sensitive, field: place.field, mask, value, row: at.row })
    return within !== null && given === value ? within(value, at) : given
  }
}

/** The first that the place allows: a text that says so, nothing, not even a field, an empty list. */
const maskIn = ({ field, isOptional, holder }: Place): unknown => {
  const check = Compile(holder as unknown as TSchema)
  if (check.Check(MASKED)) return MASKED
  if (check.Check(null)) return null
  if (isOptional) return LEFT_OUT
  if (check.Check([])) return []
  throw new Error(`${field} is sensitive, and its schema allows no mask`)
}

const withinOf = (node: Node, place: Place, parts: Parts): Step | null => {
  const reference = node['$ref']
  if (typeof reference === 'string') return referred(reference, place, parts)
  const steps = [
    objectStep(node, parts),
    listStep(node, place, parts),
    ...(['anyOf', 'oneOf'] as const).map((key) => unionStep(node[key], { ...place, holder: node }, parts)),
    ...((node['allOf'] ?? []) as readonly Node[]).map((one) => stepOf(one, place, parts)),
  ].filter((step) => step !== null)
  const [only, ...more] = steps
  if (only === undefined || more.length === 0) return only ?? null
  return (value, at) => steps.reduce((sum: unknown, step) => step(sum, at), value)
}

const referred = (reference: string, place: Place, parts: Parts): Step => {
  const name = reference.slice(reference.lastIndexOf('/') + 1)
  const known = parts.defs.get(name)
  if (!known) throw new Error(`${reference} refers to nothing`)
  if (known.step === undefined) {
    known.step = null
    known.step = stepOf(known.node, place, parts)
  }
  return (value, at) => (known.step ? known.step(value, at) : value)
}

const objectStep = (node: Node, parts: Parts): Step | null => {
  const required = (node['required'] ?? []) as readonly string[]
  const named = Object.entries(node.properties ?? {}).flatMap(([field, part]) => {
    const step = stepOf(asNode(part), { field, isOptional: !required.includes(field), holder: asNode(part) }, parts)
    return step ? [[field, step] as const] : []
  })
  const known = new Set(Object.keys(node.properties ?? {}))
  const patterns = [
    ...Object.entries((node['patternProperties'] ?? {}) as Readonly<Record<string, Node>>),
    ...(isNode(node['additionalProperties']) ? [['', node['additionalProperties']] as const] : []),
  ].flatMap(([pattern, part]) => {
    const step = stepOf(part, { field: '', isOptional: true, holder: part }, parts)
    return step ? [[new RegExp(pattern, 'u'), step] as const] : []
  })
  if (named.length === 0 && patterns.length === 0) return null
  return (value, at) => (isNode(value) ? walkedObject(value, { named, patterns, known }, at) : value)
}

interface Fields {
  readonly named: readonly (readonly [string, Step])[]
  readonly patterns: readonly (readonly [RegExp, Step])[]
  readonly known: ReadonlySet<string>
}

const walkedObject = (value: Node, { named, patterns, known }: Fields, outer: At): unknown => {
  const at = { ...outer, row: outer.rowOf(value, outer.row) }
  const changed: Record<string, unknown> = { ...value }
  const put = (field: string, step: Step): void => {
    const given = step(changed[field], at)
    if (given === LEFT_OUT || given === undefined) delete changed[field]
    else changed[field] = given
  }
  for (const [field, step] of named) put(field, step)
  if (patterns.length > 0)
    for (const field of Object.keys(value))
      if (!known.has(field)) for (const [pattern, step] of patterns) if (pattern.test(field)) put(field, step)
  return changed
}

const listStep = (node: Node, place: Place, parts: Parts): Step | null => {
  const { items, prefixItems } = node
  const of = (one: Node): Step | null => stepOf(one, { field: place.field, isOptional: false, holder: one }, parts)
  const first = ((Array.isArray(items) ? items : (prefixItems ?? [])) as readonly Node[]).map(of)
  const rest = isNode(items) ? of(items) : null
  if (rest === null && first.every((step) => step === null)) return null
  return (value, at) => {
    if (!Array.isArray(value)) return value
    return value.map((one: unknown, position) => {
      const step = position < first.length ? first[position] : rest
      return step ? step(one, at) : one
    })
  }
}

const unionStep = (branches: unknown, place: Place, parts: Parts): Step | null => {
  if (!Array.isArray(branches)) return null
  const made = (branches as readonly Node[]).map((one) => ({ one, step: stepOf(one, place, parts) }))
  if (made.every(({ step }) => step === null)) return null
  const checked = made.map(({ one, step }) => ({ step, reader: Compile({ ...one, $defs: defsIn(parts) } as unknown as TSchema) }))
  return (value, at) => {
    const fitting = checked.filter(({ reader }) => reader.Check(value))
    return (fitting.length > 0 ? fitting : checked).reduce((sum: unknown, { step }) => (step ? step(sum, at) : sum), value)
  }
}
const defsIn = ({ defs }: Parts) => Object.fromEntries([...defs].map(([name, { node }]) => [name, node]))

/** Every annotated part of a schema, however it is reached. */
const annotatedIn = (value: unknown, seen: Set<unknown>): readonly unknown[] => {
  if (typeof value !== 'object' || value === null || seen.has(value)) return []
  seen.add(value)
  return [...(SENSITIVE_KEY in value ? [value] : []), ...Object.values(value).flatMap((part: unknown) => annotatedIn(part, seen))]
}
