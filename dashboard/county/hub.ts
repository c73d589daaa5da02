import type { HubAnswer, HubBody, HubQuery, HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import type { Answer, Ask, Sent } from '../parts/door.ts'
import { HUB_PATHS } from '../parts/routes.ts'
import type { Bytes, Send } from '../parts/sender.ts'

/** The county page's door to the hub: every question typed by its row of HUB_ROUTES. */
export interface Hub {
  readonly ask: <R extends HubRoute>(route: R, sent?: HubSent<R>) => Promise<Answer<HubAnswer<R>>>
  /** Sends a file where a route takes one. */
  readonly send: <R extends FileRoute>(route: R, sent: Bytes) => Promise<Answer<HubAnswer<R>>>
}
type FileRoute = 'saveFile' | 'importRelease' | 'startTableImport'

export interface HubSent<R extends HubRoute> {
  readonly query?: HubQuery<R>
  readonly body?: HubBody<R>
  readonly signal?: AbortSignal
}

/** The hub answers by its own schemas; a page of the same build does not check them a second time. */
export const openHub = (ask: Ask, send: Send): Hub => ({
  ask: async <R extends HubRoute>(route: R, sent: HubSent<R> = {}) => (await ask(HUB_PATHS[route], sent as Sent)) as Answer<HubAnswer<R>>,
  send: async <R extends FileRoute>(route: R, sent: Bytes) => (await send(HUB_PATHS[route], sent)) as Answer<HubAnswer<R>>,
})
