import type { NodeAnswer, NodeBody, NodeQuery, NodeRoute } from '@lotkeeper/protocol/api/node.ts'
import type { Answer, Ask, Sent } from '../parts/door.ts'
import { NODE_PATHS } from '../parts/routes.ts'

/** The stockroom page's door to its node: every question typed by its row of NODE_ROUTES. */
export interface Node {
  readonly ask: <R extends NodeRoute>(route: R, sent?: NodeSent<R>) => Promise<Answer<NodeAnswer<R>>>
}

export interface NodeSent<R extends NodeRoute> {
  readonly query?: NodeQuery<R>
  readonly body?: NodeBody<R>
  readonly signal?: AbortSignal
}

/** The node answers by its own schemas; a page of the same build does not check them a second time. */
export const openNode = (ask: Ask): Node => ({
  ask: async <R extends NodeRoute>(route: R, sent: NodeSent<R> = {}) =>
    (await ask(NODE_PATHS[route], sent as Sent)) as Answer<NodeAnswer<R>>,
})
