import { HUB_ROUTES, type HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { HUB_WEBHOOKS } from '@lotkeeper/protocol/api/hub-webhooks.ts'
import { RIGHTS, type Right } from '@lotkeeper/protocol/rules/access.ts'
import { expect, it } from 'vitest'
import { mayAsk } from '../access/authorise.ts'

const ROUTES = Object.keys(HUB_WEBHOOKS) as HubRoute[]
const OTHERS = Object.fromEntries(
  (Object.keys(RIGHTS) as Right[]).filter((right) => right !== 'machines.write').map((right) => [right, 'all']),
)

it.each(ROUTES)('%s is for who manages machines, everywhere', (route) => {
  expect(HUB_ROUTES[route].path).toMatch(/^\/api\/webhooks/)
  expect(mayAsk({ rights: { 'machines.write': 'all' } }, route)).toEqual({ scope: 'all' })
  expect(mayAsk({ rights: OTHERS }, route)).toMatchObject({ code: 'access.right-missing' })
  expect(mayAsk({ rights: { 'machines.write': ['xinghe'] } }, route)).toMatchObject({ code: 'access.county-only' })
})
