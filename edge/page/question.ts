import type { NodeAnswer, NodeBody, NodeQuery, NodeRoute } from '@lotkeeper/protocol/api/node.ts'
import type { Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { Session } from './session.ts'

/** What a route is asked: its query and body as its schema says, and who asks. */
export interface Question<Route extends NodeRoute> {
  readonly query: NodeQuery<Route>
  readonly body: NodeBody<Route>
  /** `null` only where the route is open. */
  readonly session: Session | null
  readonly remote: string
  readonly secure: boolean
  /** Sets the cookie of the answer. */
  readonly setCookie: (cookie: string) => void
}

type Given<Value> = Value | Refusal | Promise<Value | Refusal>
export type Answers = { readonly [Route in NodeRoute]: (question: Question<Route>) => Given<NodeAnswer<Route>> }
