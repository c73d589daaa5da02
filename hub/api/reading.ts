import { HUB_ROUTES, type HubBody, type HubQuery, type HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import type { Route } from '@lotkeeper/protocol/api/route.ts'
import { isRefusal, malformed, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'
import { Locale } from 'typebox/system'
import { type Conditions, withConditions } from './conditions.ts'

/** What a request asks, checked by its route's row. */
export interface Asked<R extends HubRoute> {
  readonly query: HubQuery<R>
  readonly body: HubBody<R>
  /** What was sent where the route takes bytes; else nothing. */
  readonly bytes: Uint8Array
  /** The same where the route takes them as they come. */
  readonly stream: AsyncIterable<Uint8Array>
}

/** Reads what came with a request; the first thing wrong is named, in both languages. */
export const readAsked = (name: HubRoute, query: unknown, sent: unknown, conditions: Conditions): Asked<HubRoute> | Refusal => {
  const route: Route = HUB_ROUTES[name]
  const conditioned = withConditions(route, sent, conditions)
  if (isRefusal(conditioned)) return conditioned
  const { body } = conditioned
  const readers = readersOf(name, route)
  const asked = readers.query ? readers.query.Convert(query ?? {}) : undefined
  const wrong = (readers.query ? judge(readers.query, asked) : null) ?? (readers.body ? judgeBody(readers.body, route, body) : null)
  const bytes = route.sends && sent instanceof Uint8Array ? sent : new Uint8Array()
  const stream = route.streams ? (sent ?? []) : []
  return wrong ?? ({ query: asked, body: readers.body ? body : undefined, bytes, stream } as Asked<HubRoute>)
}

type Reader = Pick<ReturnType<typeof Compile>, 'Check' | 'Errors' | 'Convert'>
interface Readers {
  readonly query: Reader | null
  readonly body: Reader | null
}

const readersOf = (name: HubRoute, { query, body }: Route): Readers => {
  const known = READERS.get(name)
  if (known) return known
  const made = { query: query ? Compile(query) : null, body: body ? Compile(body) : null }
  READERS.set(name, made)
  return made
}
/** Compiled when first asked: most of a hub's life is spent with few of them. */
const READERS = new Map<HubRoute, Readers>()

const judgeBody = (reader: Reader, route: Route, body: unknown): Refusal | null => {
  const given = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {}
  if (wantsAction(route.body) && given['action'] === undefined) return refuse('api.action-missing')
  // The form first: what keeps it is no deeper than its schema, and can be walked.
  const wrong = judge(reader, body)
  if (wrong) return wrong
  const torn = tornIn(body, '')
  return torn === null ? null : malformed(torn, TORN)
}

/** Where a text holds half a character, which no entry can hold [RFC 8785 3.2.2.2]; null when nowhere. */
const tornIn = (value: unknown, where: string): string | null => {
  if (typeof value === 'string') return value.isWellFormed() ? null : where
  if (typeof value !== 'object' || value === null) return null
  for (const [name, part] of Object.entries(value)) {
    const torn = tornIn(part, where === '' ? name : `${where}/${name}`)
    if (torn !== null) return torn
  }
  return null
}
const TORN = { zh: '含有残缺的字符', en: 'holds half a character' }

const wantsAction = (body: TSchema | undefined): boolean => {
  const required = (body as { readonly required?: readonly string[] } | undefined)?.required
  return required?.includes('action') ?? false
}

const judge = (reader: Reader, value: unknown): Refusal | null => {
  if (reader.Check(value)) return null
  const first = reader.Errors(value).find(({ keyword }) => keyword !== 'boolean')
  return first ? malformed(whereOf(first), whyOf(first)) : malformed('/', { zh: '内容不对', en: 'is wrong' })
}

/** Where it is wrong: the path of the value, and for names that should or should not be there those names. */
const whereOf = ({ keyword, instancePath, params }: TLocalizedValidationError): string => {
  const path = instancePath.slice(1)
  if (keyword !== 'additionalProperties' && keyword !== 'required') return path === '' ? '/' : path
  const names = Object.values(params as Readonly<Record<string, readonly string[]>>).flat()
  return [path, names.join(', ')].filter((part) => part !== '').join('/')
}

const whyOf = (error: TLocalizedValidationError) => ({ zh: Locale.zh_Hans(error), en: Locale.en_US(error) })
