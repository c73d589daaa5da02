import type { TSchema } from 'typebox'

/** One route: where, what comes in, what goes out, what it is for. Handlers and callers both follow from the row; who may ask stands in `ROUTE_RIGHTS`. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly query?: TSchema
  readonly body?: TSchema
  readonly answer: TSchema
  /** Media types of the bytes it takes instead of a JSON body, and of those it gives instead of its answer, which then describes them. */
  readonly sends?: readonly string[]
  readonly gives?: readonly string[]
  /** The bytes are taken as they come and never held whole: they may be many, and may take long. */
  readonly streams?: true
  readonly zh: string
  readonly en: string
}

/** One route of a node; `open`: it answers without a sign-in. */
export interface NodeRow extends Route {
  readonly open: boolean
}
