import { HUB_ROUTES, type HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { LIVE_EVENTS } from '@lotkeeper/protocol/api/live.ts'
import { LEFT_OUT, type Walk, walkOf } from '@lotkeeper/protocol/api/masking.ts'
import type { Route } from '@lotkeeper/protocol/api/route.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { isWithin, type Right, type SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import { MASKED, SENSITIVE, type Sensitive } from '@lotkeeper/protocol/sensitive.ts'
import type { TSchema } from 'typebox'
import { namedBy } from './authorise.ts'

/** Every right somebody holds, and where. */
export type Rights = Readonly<Partial<Record<Right, SiteScope>>>

/** An answer as its asker may see it: what is sensitive stands masked where the right is missing, or is not held for the site of that row. */
export const masked = <Shown>(name: HubRoute, rights: Rights, answer: Shown): Shown =>
  shown(walkIn(ANSWERS, name, HUB_ROUTES[name]?.answer), rights, answer)

/** The same of what the live view tells. */
export const maskedEvent = <Shown>(event: 'snapshot' | 'delta', rights: Rights, payload: Shown): Shown =>
  shown(walkIn(EVENTS, event, LIVE_EVENTS[event].payload), rights, payload)

/** The same of anything a schema describes: for what is sent to others on their own rights. Compiled with each call, so keep what it answers. */
export const maskedBy = (schema: TSchema): (<Shown>(rights: Rights, value: Shown) => Shown) => {
  const walk = walkOf(schema)
  return (rights, value) => shown(walk, rights, value)
}

/**
 * What somebody sends, held to what they may see: a sensitive field they cannot see may be left out or come back masked, and then stays as it is;
 * a text is put in as `***`, which is how the acts know. To set one is refused, for whoever sets what they cannot see wipes what they did not read.
 */
export const heldBack = (name: HubRoute, rights: Rights, body: unknown): { readonly body: unknown } | Refusal => {
  const route: Route = HUB_ROUTES[name]
  const walk = route.body ? walkIn(BODIES, name, route.body) : null
  if (walk === null) return { body }
  let refused: Refusal | null = null
  const held = walk<Sites>(body, {
    outer: null,
    rowOf,
    answer: ({ kind, field, mask, value, row }) => {
      if (sees(rights, kind, row)) return value
      if (value !== undefined && value !== mask && !isEmptyList(value))
        refused ??= refuse('access.field-hidden', { field, right: SENSITIVE[kind].right })
      return mask === MASKED ? MASKED : (value ?? LEFT_OUT)
    },
  })
  return refused ?? { body: held }
}

/** What of the sensitive kinds somebody sees in no row that belongs to no site: columns of tables are hidden by this. */
export const hiddenFrom = (rights: Rights): readonly Sensitive[] =>
  (Object.keys(SENSITIVE) as Sensitive[]).filter((kind) => !sees(rights, kind, null))

/** Whether somebody sees what is sensitive in a row of these sites; null: in a row that belongs to none. */
export const sees = (rights: Rights, kind: Sensitive, sites: Sites): boolean => {
  const { right, siteless } = SENSITIVE[kind]
  const scope = rights[right]
  if (scope === undefined) return false
  if (scope === 'all') return true
  return sites === null ? siteless === 'anywhere' : sites.some((site) => isWithin(scope, site))
}
type Sites = readonly NodeId[] | null

const shown = <Shown>(walk: Walk | null, rights: Rights, value: Shown): Shown => {
  if (walk === null || isRefusal(value)) return value
  return walk<Sites>(value, {
    outer: null,
    rowOf,
    answer: ({ kind, mask, value: met, row }) => (met === undefined || sees(rights, kind, row) ? met : mask),
  }) as Shown
}

/** The sites a row names; one that names none belongs to those of the row it stands in. */
const rowOf = (row: object, outer: Sites): Sites => {
  const named = namedBy(row)
  return named === null || named.length === 0 ? outer : named
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0

/** Compiled when first needed: most routes have nothing to hide, and most of a hub's life is spent with few of them. */
const walkIn = <Key extends string>(known: Map<Key, Walk | null>, key: Key, schema: TSchema | undefined): Walk | null => {
  const before = known.get(key)
  if (before !== undefined) return before
  const made = schema ? walkOf(schema) : null
  known.set(key, made)
  return made
}
const ANSWERS = new Map<HubRoute, Walk | null>()
const BODIES = new Map<HubRoute, Walk | null>()
const EVENTS = new Map<'snapshot' | 'delta', Walk | null>()
