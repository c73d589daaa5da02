import type { Route } from '@lotkeeper/protocol/api/route.ts'
import { malformed, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'

/** The headers of a request that say on what condition it is to be acted on. */
export interface Conditions {
  readonly ifMatch: string | undefined
  readonly idempotencyKey: string | undefined
}

export const conditionsOf = (headers: Readonly<Record<string, string | readonly string[] | undefined>>): Conditions => {
  const one = (name: string) => (headers[name] === undefined ? undefined : String(headers[name]))
  return { ifMatch: one('if-match'), idempotencyKey: one('idempotency-key') }
}

/**
 * The body with what its headers say put into it: `Idempotency-Key` is the action, `If-Match` the version known [RFC 9110 13.1.1]. Whoever gives
 * both must give the same; a condition that the route cannot keep is refused, for it would be broken unseen.
 */
export const withConditions = (route: Route, body: unknown, { ifMatch, idempotencyKey }: Conditions): Conditioned | Refusal => {
  const names = propertiesOf(route.body)
  if (ifMatch !== undefined && route.method !== 'GET' && !('knownVersion' in names)) return malformed('If-Match', NOT_HERE)
  if (route.sends || typeof body !== 'object' || body === null || Array.isArray(body)) return { body }
  const given = body as Readonly<Record<string, unknown>>
  const added: Record<string, unknown> = {}
  if (idempotencyKey !== undefined && 'action' in names) {
    const action = idempotencyKey.replace(/^"(.*)"$/, '$1')
    if (given['action'] !== undefined && given['action'] !== action) return refuse('api.action-differs')
    added['action'] = action
  }
  if (ifMatch !== undefined && 'knownVersion' in names) {
    const version = Number(/^"([1-9][0-9]{0,14})"$/.exec(ifMatch)?.[1])
    if (Number.isNaN(version)) return malformed('If-Match', NO_TAG)
    if (given['knownVersion'] !== undefined && given['knownVersion'] !== version) return malformed('If-Match', OTHER_VERSION)
    added['knownVersion'] = version
  }
  return { body: { ...given, ...added } }
}
interface Conditioned {
  readonly body: unknown
}

/** The tag a changer must bring back: the highest version of the record an answer shows, or null where there is none. */
export const etagOf = (route: Route, answer: object): string | null => {
  const { latest, version } = answer as { readonly latest?: unknown; readonly version?: unknown }
  const shown = route.method === 'GET' ? latest : 'knownVersion' in propertiesOf(route.body) ? version : undefined
  return typeof shown === 'number' ? `"${shown}"` : null
}

/** The status of a refusal where the condition was a header: then it is the condition that failed. */
export const statusUnder = ({ ifMatch }: Conditions, code: string, status: number): number =>
  ifMatch !== undefined && code === 'catalog.version-stale' ? PRECONDITION_FAILED : status
const PRECONDITION_FAILED = 412

const propertiesOf = (schema: Route['body']): object => (schema as { readonly properties?: object } | undefined)?.properties ?? {}

const NOT_HERE = { zh: '本接口不支持', en: 'is not kept by this route' }
const NO_TAG = { zh: '不是本接口给出的 ETag', en: 'is no ETag of ours' }
const OTHER_VERSION = { zh: '与 knownVersion 不一致', en: 'names another version than knownVersion' }
