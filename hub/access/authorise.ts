import type { HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { ROUTE_RIGHTS, type RouteRight } from '@lotkeeper/protocol/api/hub-rights.ts'
import { entryOf, HUB, isNodeId, type NodeId, nodeOfStream } from '@lotkeeper/protocol/names.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { isWithin, type Right, type SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { Session } from './caller.ts'

/** What an admitted caller may do with one request. */
export interface Admitted {
  /** The sites for which the route's right is held. */
  readonly scope: SiteScope
}

/** Whether a signed-in caller may ask a route at all, before anything of the request is read. */
export const mayAsk = (session: Pick<Session, 'rights'>, name: HubRoute): Admitted | Refusal => {
  const { right, site }: RouteRight = ROUTE_RIGHTS[name]
  if (right === 'anyone' || right === 'self') return EVERYWHERE
  const scope = scopeIn(session, right)
  if (scope === null) return refuse('access.right-missing', { right })
  return site === 'county' && scope !== 'all' ? refuse('access.county-only', { right }) : { scope }
}

/** Whether what is asked stays within the caller's sites: those the query names, and for a write those its body names. */
export const staysWithin = (name: HubRoute, scope: SiteScope, { query, body }: Named): Refusal | null => {
  const { site }: RouteRight = ROUTE_RIGHTS[name]
  if (scope === 'all') return null
  const ofBody = site === 'body' || site === 'named'
  const named = [...(ofBody ? sitesIn(body) : []), ...(site === 'none' ? [] : sitesIn(query))]
  const foreign = named.find((one) => !isWithin(scope, one))
  if (foreign !== undefined) return refuse('access.site-foreign', { site: foreign })
  return site === 'body' && named.length === 0 ? refuse('access.county-only', { right: ROUTE_RIGHTS[name].right }) : null
}

/**
 * An answer without the rows of other sites; `null` when it is as a whole of another site. The net behind the questions, which leave them out
 * themselves: a page that loses rows here only is short, a sum that counts them is not mended.
 */
export const narrowed = (name: HubRoute, scope: SiteScope, answer: object): object | null => {
  const { site }: RouteRight = ROUTE_RIGHTS[name]
  if (scope === 'all' || site !== 'rows') return answer
  const sites = new Set(scope)
  const sees: Sees = (one) => sites.has(one)
  return isSeen(answer, sees) ? (seenOf(answer, sees) as object) : null
}

/** The sites for which a right is held; `null`: none. */
export const scopeIn = ({ rights }: Pick<Session, 'rights'>, right: Right): SiteScope | null => rights[right] ?? null

interface Named {
  readonly query: unknown
  readonly body: unknown
}

const EVERYWHERE: Admitted = { scope: 'all' }

/** Who sees a site, for one answer: asked for every row. */
type Sees = (site: NodeId) => boolean

/**
 * A value without the rows that are not seen; the same value when there are none, so that an answer that is right already costs no copy. A row is
 * seen by whoever has one of the sites it is about: a box on its way is seen where it comes from and where it goes.
 */
const seenOf = (value: unknown, sees: Sees): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return rowsSeen(value, sees)
  let made: Record<string, unknown> | null = null
  for (const name in value) {
    const part = (value as Readonly<Record<string, unknown>>)[name]
    if (typeof part !== 'object' || part === null) continue
    const seen = seenOf(part, sees)
    if (seen === part) continue
    made ??= { ...value }
    made[name] = seen
  }
  return made ?? value
}

const rowsSeen = (rows: readonly unknown[], sees: Sees): readonly unknown[] => {
  let made: unknown[] | null = null
  for (const [at, row] of rows.entries()) {
    const isLeftOut = typeof row === 'object' && row !== null && !isSeen(row, sees)
    const seen = isLeftOut ? undefined : seenOf(row, sees)
    if (made === null && (isLeftOut || seen !== row)) made = rows.slice(0, at)
    if (made !== null && !isLeftOut) made.push(seen)
  }
  return made ?? rows
}

/**
 * By the sites a row names in its fields, or in those of the record it shows; one that has no such field belongs to none and is seen. A place that is
 * left open is nobody's; a site that is left open is the county's, and not seen by whoever has some sites only.
 */
const isSeen = (row: object, sees: Sees): boolean => {
  const { record } = row as { readonly record?: unknown }
  const own = isOwn(row as Fields, sees)
  const shown = typeof record === 'object' && record !== null ? isOwn(record as Fields, sees) : null
  return own === null && shown === null ? true : own === true || shown === true
}
type Fields = Readonly<Record<string, unknown>>

/** `null`: it names no site. */
const isOwn = (row: Fields, sees: Sees): boolean | null => {
  let names = false
  for (const field of SITE_FIELDS) {
    const value = row[field]
    if (value === undefined || (typeof value === 'object' && value !== null)) continue
    if (typeof value === 'string' && sees(value)) return true
    names = true
  }
  for (const field of PLACE_FIELDS) {
    const owner = ownerIn(row[field])
    if (owner === null) continue
    if (sees(owner)) return true
    names = true
  }
  return names ? false : null
}

/** Every site a request names, however deep; the hub's own places are no site's. */
export const sitesIn = (value: unknown): readonly NodeId[] => {
  if (Array.isArray(value)) return value.flatMap(sitesIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]) => [...siteAsked(name, part), ...sitesIn(part)])
}

const siteAsked = (name: string, value: unknown): readonly NodeId[] => {
  if (typeof value !== 'string') return []
  if (SITE_FIELDS.includes(name)) return [value]
  if (name === 'entry') return streamSite(entryOf(value)?.stream)
  if (name === 'aside')
    return value.startsWith('p:') ? streamSite(value.slice(2, value.lastIndexOf('/'))) : [value.slice(2, value.indexOf('/'))]
  const owner = PLACE_FIELDS.includes(name) ? ownerIn(value) : null
  return owner === null || owner === HUB ? [] : [owner]
}
const streamSite = (stream: string | undefined): readonly NodeId[] => {
  const node = stream === undefined ? null : nodeOfStream(stream)
  return node === null ? [] : [node]
}

/** Whose a place is; some fields for places hold the bare name of a site: where a despatch comes from and goes to. A date is neither. */
const ownerIn = (value: unknown): NodeId | null => {
  if (typeof value !== 'string') return null
  const slash = value.indexOf('/')
  const owner = slash < 0 ? value : value.slice(0, slash)
  return owner === HUB || isNodeId(owner) ? owner : null
}

const SITE_FIELDS: readonly string[] = ['site', 'node']
const PLACE_FIELDS: readonly string[] = ['place', 'from', 'to']

/** The sites a row names by its fields; `null` when it has no such field and so belongs to none. */
export const namedBy = (row: object): readonly NodeId[] | null => {
  const sites = SITE_FIELDS.flatMap((field) => {
    const value = (row as Fields)[field]
    return typeof value === 'string' ? [value] : []
  })
  const owners = PLACE_FIELDS.flatMap((field) => ownerIn((row as Fields)[field]) ?? [])
  return sites.length + owners.length === 0 ? null : [...sites, ...owners]
}
