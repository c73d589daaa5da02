import { HUB_ROUTES } from '@lotkeeper/protocol/api/hub.ts'
import { LIVE_PATH } from '@lotkeeper/protocol/api/live.ts'
import { NODE_EVENTS_PATH, NODE_ROUTES } from '@lotkeeper/protocol/api/node.ts'
import { describe, expect, it } from 'vitest'
import { EVENTS_AT, HUB_PATHS, LIVE_AT, NODE_PATHS } from './routes.ts'

const pathsOf = (routes: Readonly<Record<string, { readonly method: string; readonly path: string }>>) =>
  Object.fromEntries(Object.entries(routes).map(([name, { method, path }]) => [name, { method, path }]))

describe('the pages ask where the tables of the protocol say', () => {
  it('the hub', () => expect(HUB_PATHS).toEqual(pathsOf(HUB_ROUTES)))
  it('the node', () => expect(NODE_PATHS).toEqual(pathsOf(NODE_ROUTES)))
  it('the live view and the events', () => expect([LIVE_AT, EVENTS_AT]).toEqual([LIVE_PATH, NODE_EVENTS_PATH]))
})
