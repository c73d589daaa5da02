import { HUB_EXAMPLES } from '@lotkeeper/hub/api/examples.ts'
import type { ServedHub } from '@lotkeeper/hub/api/fixtures/served.ts'
import { HUB_ROUTES, type HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { ROUTE_RIGHTS, type RouteRight } from '@lotkeeper/protocol/api/hub-rights.ts'
import type { Route } from '@lotkeeper/protocol/api/route.ts'
import { type Right, ROLES, type Role, type SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveTwoSites } from './hub-two-sites.ts'

/** The whole matrix, made from both tables: every role on every route, everywhere and at one site. What is not in the tables is refused. */
const ROUTES = Object.entries(HUB_ROUTES) as [HubRoute, Route][]
const CASES = (Object.keys(ROLES) as Role[]).flatMap((role) => [
  { role, where: 'everywhere', sites: 'all' as SiteScope },
  { role, where: 'at one site', sites: ['qxanle'] as SiteScope },
])

let hub: ServedHub
beforeAll(async () => {
  hub = await serveTwoSites()
})
afterAll(() => hub.close())

/** What the tables say: the code of a refusal, or `allowed`. */
const expected = (name: HubRoute, held: readonly Right[], sites: SiteScope): string => {
  const { right, site }: RouteRight = ROUTE_RIGHTS[name]
  if (right === 'anyone' || right === 'self') return 'allowed'
  if (!held.includes(right)) return 'access.right-missing'
  return site === 'county' && sites !== 'all' ? 'access.county-only' : 'allowed'
}

/** What somebody who is refused would have done, whole and right; what somebody who is not refused asks is wrong, so that nothing is done. */
const ask = async (name: HubRoute, isWhole: boolean, token: string | null): Promise<string> => {
  const { method, path, body: takes, sends }: Route = HUB_ROUTES[name]
  const { query = {}, body } = HUB_EXAMPLES[name] as { readonly query?: Readonly<Record<string, unknown>>; readonly body?: object }
  const said: Readonly<Record<string, unknown>> = isWhole ? query : { ...query, surplus: '1' }
  const asked = new URLSearchParams(Object.fromEntries(Object.entries(said).map(([key, value]) => [key, String(value)])))
  const whole = sends ? { body: Buffer.from('%PDF-1.7'), headers: { 'content-type': sends[0] ?? '' } } : { body }
  const sent = method === 'GET' ? {} : isWhole || !takes ? whole : { body: { ...body, surplus: 1 } }
  const told = await hub.ask(method, `${path}?${asked}`, { ...sent, token })
  const code = String(told.body['code'] ?? told.status)
  return /^access\.(right-missing|county-only|not-signed-in)$/.test(code) ? `${code} ${told.status}` : 'allowed'
}
const tips = () => hub.ledger.tips(['hub>all', 'hub>qxanle', 'hub>qxbaima', 'hub>xinghe', 'hub>qinglong'])
const STATUS: Readonly<Record<string, string>> = {
  allowed: 'allowed',
  'access.right-missing': 'access.right-missing 403',
  'access.county-only': 'access.county-only 403',
}

describe('every role on every route', () => {
  it.each(CASES)('$role $where', async ({ role, sites }) => {
    const { token } = hub.sessionFor([{ role, sites }])
    const before = await tips()
    const said: Record<string, string> = {}
    const should: Record<string, string> = {}
    for (const [name] of ROUTES) {
      const means = expected(name, ROLES[role].rights, sites)
      should[name] = STATUS[means] ?? means
      said[name] = await ask(name, means !== 'allowed', token)
    }
    expect(said).toEqual(should)
    expect(await tips()).toEqual(before)
    // A table of which every cell were the same would say nothing.
    expect(new Set(Object.values(said)).size).toBeGreaterThan(1)
  })

  it('nobody, and somebody without a role, may ask only what is for all or about themselves', async () => {
    const { token } = hub.sessionFor([])
    for (const [name] of ROUTES) {
      const { right }: RouteRight = ROUTE_RIGHTS[name]
      expect([name, await ask(name, right !== 'anyone', null)]).toEqual([name, right === 'anyone' ? 'allowed' : 'access.not-signed-in 401'])
      const own = right === 'anyone' || right === 'self'
      expect([name, await ask(name, !own, token)]).toEqual([name, own ? 'allowed' : 'access.right-missing 403'])
    }
  })

  it('two roles at two sites are no role at both', async () => {
    const { token } = hub.sessionFor([
      { role: 'keeper', sites: ['qxanle'] },
      { role: 'purchaser', sites: ['qxbaima'] },
    ])
    const tags = { ...HUB_EXAMPLES.registerTags.body, action: 'two-roles-0001', site: 'qxbaima' }
    const portal = { ...HUB_EXAMPLES.savePortal.body, action: 'two-roles-0002', site: 'qxanle' }
    for (const [path, body] of [
      ['/api/tags', tags],
      ['/api/portals', portal],
    ] as const)
      expect((await hub.ask('POST', path, { body, token })).body['code']).toBe('access.site-foreign')
  })
})
