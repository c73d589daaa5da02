import type { Right } from '../rules/access.ts'
import { HUB_ROUTES, type HubRoute } from './hub.ts'
import { ROUTE_RIGHTS, type RouteRight } from './hub-rights.ts'
import type { Route } from './route.ts'

/**
 * What of a route is put on record. `write`: every answer and refusal, and nothing is done that cannot be put on record. `read`: the same, but a full
 * disk does not stop it. `no`: only that somebody was denied it.
 */
export type Audited = 'write' | 'read' | 'no'

/** A route that is new is on record by what it is: whatever writes, whatever gives a file, and whatever needs a right to sensitive things. */
export const auditedOf = (name: HubRoute): Audited => {
  const { method, gives }: Route = HUB_ROUTES[name]
  const { right }: RouteRight = ROUTE_RIGHTS[name]
  return OTHERWISE[name] ?? (method !== 'GET' ? 'write' : gives || SENSITIVE.has(right) ? 'read' : 'no')
}

/** What is seen by one of these is looked at by name. */
const SENSITIVE: ReadonlySet<RouteRight['right']> = new Set<Right>([
  ...(['contacts.see', 'prices.see', 'cases.see', 'users.see', 'users.write', 'machines.write', 'people.erase'] as const),
  ...(['audit.see', 'asides.see'] as const),
])

const OTHERWISE: Readonly<Partial<Record<HubRoute, Audited>>> = {
  /** Whoever leaves is let go, also when nothing can be written. */
  signOut: 'read',
  /** Asks by POST and changes nothing. */
  previewLabels: 'no',
  /** An empty form. */
  tableTemplate: 'no',
  /** Names who handled what, step by step. */
  tagLife: 'read',
  /** Shows whom to call. */
  party: 'read',
}
