import { HUB_ROUTES, type HubAnswer, type HubBody, type HubQuery, type HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { NODE_ROUTES, type NodeAnswer, type NodeBody, type NodeQuery, type NodeRoute } from '@lotkeeper/protocol/api/node.ts'
import type { Route } from '@lotkeeper/protocol/api/route.ts'
import type { Problem } from '@lotkeeper/protocol/api/views.ts'

/** An answer that was a problem: its status and the problem+json. */
export interface Refused {
  readonly refused: true
  readonly status: number
  readonly problem: Problem
}

/** Whether an answer was a problem. */
export const wasRefused = (answer: unknown): answer is Refused =>
  typeof answer === 'object' && answer !== null && (answer as Partial<Refused>).refused === true

/** Talks to a hub as a machine would: one call per route of the table. */
export interface HubClient {
  readonly base: string
  readonly ask: <R extends HubRoute>(
    route: R,
    given?: HubQuery<R> extends undefined ? HubBody<R> : HubQuery<R>,
  ) => Promise<HubAnswer<R> | Refused>
  /** As `ask`, but a problem throws. */
  readonly get: <R extends HubRoute>(route: R, given?: HubQuery<R> extends undefined ? HubBody<R> : HubQuery<R>) => Promise<HubAnswer<R>>
  readonly cookie: () => string
}
/** `base` as a function follows a hub that is started anew elsewhere; the session stays the one that was begun. */
export const openHubClient = async (
  base: string | (() => string),
  login: { readonly user: string; readonly password: string },
): Promise<HubClient> => {
  const where = typeof base === 'string' ? () => base : base
  const call = caller(where)
  const client: HubClient = {
    get base() {
      return where()
    },
    ask: (route, given) => call.ask(HUB_ROUTES[route], given) as never,
    get: (route, given) => call.get(HUB_ROUTES[route], given) as never,
    cookie: call.cookie,
  }
  await client.get('signIn', login)
  return client
}

/** Talks to a node as its stockroom page does. */
export interface NodeClient {
  readonly base: string
  readonly ask: <R extends NodeRoute>(
    route: R,
    given?: NodeQuery<R> extends undefined ? NodeBody<R> : NodeQuery<R>,
  ) => Promise<NodeAnswer<R> | Refused>
  readonly get: <R extends NodeRoute>(
    route: R,
    given?: NodeQuery<R> extends undefined ? NodeBody<R> : NodeQuery<R>,
  ) => Promise<NodeAnswer<R>>
  readonly cookie: () => string
}
export const openNodeClient = async (base: string, pin: string, keeper?: string): Promise<NodeClient> => {
  const who = { pin, ...(keeper === undefined ? {} : { keeper }) }
  const call = caller(() => base, NODE_ROUTES.signIn, who)
  const client: NodeClient = {
    base,
    ask: (route, given) => call.ask(NODE_ROUTES[route], given) as never,
    get: (route, given) => call.get(NODE_ROUTES[route], given) as never,
    cookie: call.cookie,
  }
  await client.get('signIn', who)
  return client
}

/** An `action` id: made by the caller, so that a repeat books once. */
export const newAction = (): string => `a-${crypto.randomUUID()}`

/** A node ends a session that nobody uses; whoever has a `signIn` begins another then, once. */
const caller = (base: () => string, signIn: Route | null = null, who: unknown = null) => {
  let cookie = ''
  const ask = async (route: Route, given?: unknown): Promise<unknown> => {
    const answer = await send(route, given)
    if (signIn === null || route === signIn || !wasRefused(answer) || answer.problem.code !== 'access.not-signed-in') return answer
    const again = await send(signIn, who)
    return wasRefused(again) ? answer : send(route, given)
  }
  const send = async (route: Route, given?: unknown): Promise<unknown> => {
    const url = new URL(route.path, base())
    const inQuery = route.query !== undefined
    if (inQuery) for (const [name, value] of Object.entries(given ?? {})) if (value !== undefined) url.searchParams.set(name, String(value))
    const sent = !inQuery && given !== undefined
    const response = await fetch(url, {
      method: route.method,
      headers: { ...(cookie ? { cookie } : {}), ...(sent ? { 'content-type': 'application/json' } : {}) },
      ...(sent ? { body: JSON.stringify(given) } : {}),
    })
    const set = response.headers.getSetCookie()[0]
    if (set) cookie = set.split(';')[0] ?? ''
    const answer: unknown = await response.json()
    return response.ok ? answer : ({ refused: true, status: response.status, problem: answer as Problem } satisfies Refused)
  }
  return {
    ask,
    get: async (route: Route, given?: unknown): Promise<unknown> => {
      const answer = await ask(route, given)
      if (wasRefused(answer))
        throw new Error(
          `${route.method} ${route.path}: ${answer.status} ${answer.problem.code} ${JSON.stringify(answer.problem.facts)} ${answer.problem.title}`,
        )
      return answer
    },
    cookie: () => cookie,
  }
}
