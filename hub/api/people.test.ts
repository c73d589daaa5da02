import { HUB_ROUTES, type HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import type { Route } from '@lotkeeper/protocol/api/route.ts'
import { TOTP } from 'otpauth'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ServedHub, serveHub, type Told } from './fixtures/served.ts'

const GOOD = '三口铝锅 烧 lamian'
let hub: ServedHub
beforeAll(async () => {
  hub = await serveHub()
})
afterAll(() => hub.close())

const call = async (
  name: HubRoute,
  sent: { readonly body?: unknown; readonly token?: string | null; readonly query?: string } = {},
): Promise<Told> => {
  const { method, path, answer }: Route = HUB_ROUTES[name]
  const told = await hub.ask(method, `${path}${sent.query ?? ''}`, sent)
  if (told.status === 200) expect({ name, wrong: Compile(answer).Errors(told.body) }).toEqual({ name, wrong: [] })
  return told
}
const done = async (name: HubRoute, sent: Parameters<typeof call>[1] = {}): Promise<Told['body']> => {
  const told = await call(name, sent)
  expect({ name, status: told.status, body: told.status === 200 ? {} : told.body }).toEqual({ name, status: 200, body: {} })
  return told.body
}
const refusedBy = async (name: HubRoute, sent: Parameters<typeof call>[1]): Promise<string> =>
  `${(await call(name, sent)).status} ${(await call(name, sent)).body['code']}`
let number = 0
const action = () => {
  number += 1
  return `people-test-${number}`
}
const joined = async (login: string, roles: readonly object[]) => {
  const { user, code } = (await done('saveUser', { body: { action: action(), login, name: login, roles } })) as {
    user: { user: string }
    code: string
  }
  const { token } = await done('redeemCode', { body: { user: login, code, password: GOOD }, token: null })
  return { user: user.user, token: String(token) }
}

describe('people over the API', () => {
  it('from made to ended: every route answers by its schema', async () => {
    const county = String((await done('signIn', { body: { user: 'county', password: 'lotkeeper' }, token: null }))['token'])
    const keeper = await joined('lijing', [{ role: 'keeper', sites: ['qinglong'] }])
    expect((await done('names', { token: keeper.token }))['rows']).toContainEqual({ id: keeper.user, name: 'lijing' })
    const [made] = (await done('users', { query: '?search=LI&limit=1' }))['rows'] as { version: number }[]
    const change = { action: action(), user: keeper.user, login: 'lijing', name: '李静', roles: [{ role: 'keeper', sites: ['qinglong'] }] }
    await done('saveUser', { body: { ...change, knownVersion: made?.version } })
    await done('setOwnPin', { body: { password: GOOD, pin: '2580' }, token: keeper.token })
    await done('setPin', { body: { action: action(), user: keeper.user, pin: null } })
    const { secret, svg } = (await done('startTotp', { body: { password: GOOD }, token: keeper.token })) as { secret: string; svg: string }
    expect(svg).toMatch(/^<svg [^>]+><path d="M4 4h1v1h-1z/)
    await done('confirmTotp', { body: { code: new TOTP({ secret }).generate() }, token: keeper.token })
    expect(await refusedBy('signIn', { body: { user: 'lijing', password: GOOD }, token: null })).toBe('401 access.totp-needed')
    await done('resetTotp', { body: { action: action(), user: keeper.user } })
    expect(await refusedBy('session', { token: keeper.token })).toBe('401 access.not-signed-in')
    const { token } = await done('signIn', { body: { user: 'lijing', password: GOOD }, token: null })
    const changed = await done('changePassword', { body: { password: GOOD, next: `${GOOD} 二` }, token: String(token) })
    expect(await refusedBy('session', { token: String(token) })).toBe('401 access.not-signed-in')
    const { token: second } = await done('signIn', { body: { user: 'lijing', password: `${GOOD} 二` }, token: null })
    await done('ownSessions', { token: String(changed['token']) })
    await done('endOwnSession', { body: { session: null }, token: String(changed['token']) })
    expect(await refusedBy('session', { token: String(second) })).toBe('401 access.not-signed-in')
    const { rows } = (await done('sessions', { query: `?user=${keeper.user}` })) as { rows: { session: string; own: boolean }[] }
    expect(rows).toHaveLength(1)
    await done('endSession', { body: { session: rows[0]?.session } })
    expect(await refusedBy('session', { token: String(changed['token']) })).toBe('401 access.not-signed-in')
    await done('resetPassword', { body: { action: action(), user: keeper.user } })
    await done('endUser', { body: { action: action(), user: keeper.user, reason: '调离' } })
    await done('resumeUser', { body: { action: action(), user: keeper.user } })
    await done('signOut', { token: county })
    expect(await refusedBy('session', { token: county })).toBe('401 access.not-signed-in')
  })

  it('a key is told once, used at once, and out once ended', async () => {
    const body = {
      action: action(),
      name: 'HIS',
      roles: [{ role: 'integrator', sites: ['qinglong'] }],
      scopes: ['stock.see'],
      days: 3,
      perMinute: 60,
    }
    const { machine, key } = (await done('saveMachine', { body })) as { machine: { machine: string }; key: string }
    await done('stock', { token: key })
    await done('session', { token: key })
    expect(await refusedBy('items', { token: key })).toBe('403 access.right-missing')
    expect(await refusedBy('changePassword', { token: key, body: { password: GOOD, next: GOOD } })).toBe('403 access.machine-cannot')
    const listed = await done('machines')
    expect(JSON.stringify(listed)).not.toContain(key.slice(-40))
    expect(listed['rows']).toMatchObject([{ machine: machine.machine, seenAt: expect.any(String) }])
    await done('endMachine', { body: { action: action(), machine: machine.machine, reason: '泄露' } })
    expect(await refusedBy('stock', { token: key })).toBe('401 access.not-signed-in')
  })

  it('the first administrator is made over the API, and nothing else answers before', async () => {
    const empty = await serveHub({ empty: true })
    try {
      const body = { code: empty.people.setUpCode(), login: 'wangfang', name: '王芳', password: GOOD }
      const before = await empty.ask('POST', '/api/session', { body: { user: 'wangfang', password: GOOD }, token: null })
      expect(before.body['code']).toBe('access.set-up-needed')
      const told = await empty.ask('POST', '/api/setup', { body, token: null })
      expect(told.headers.get('set-cookie')).toMatch(/^lotkeeper-hub=\S+; Path=\/; HttpOnly; SameSite=Strict/)
      expect(told.body).toMatchObject({ name: '王芳', rights: { 'users.write': 'all', 'stock.see': 'all' } })
      expect((await empty.ask('POST', '/api/setup', { body, token: null })).body['code']).toBe('access.set-up-over')
    } finally {
      await empty.close()
    }
  })
})

describe('what a role does not hold', () => {
  it('is refused by name: the right, the whole county, a foreign site', async () => {
    const { token } = await joined('wangwu', [{ role: 'county-store', sites: ['qinglong'] }])
    expect(await refusedBy('users', { token })).toBe('403 access.right-missing')
    expect(await refusedBy('tableImports', { token })).toBe('403 access.county-only')
    expect(await refusedBy('stock', { token, query: '?site=baisha' })).toBe('403 access.site-foreign')
    const ask = { action: action(), what: 'count', place: 'baisha/main/available', lot: 'gauze/B1', reason: 'x' }
    expect(await refusedBy('askNode', { token, body: ask })).toBe('403 access.site-foreign')
  })

  it('nobody raises themselves, and an action of somebody else tells nothing', async () => {
    const boss = await joined('zhaoliu', [{ role: 'administrator', sites: 'all' }])
    const raise = { action: action(), user: boss.user, login: 'zhaoliu', name: 'Z', roles: [{ role: 'finance', sites: 'all' }] }
    expect(await refusedBy('saveUser', { token: boss.token, body: raise })).toBe('403 access.self-change')
    const body = { action: action(), name: 'ERP', roles: [{ role: 'integrator', sites: 'all' }], scopes: null, days: 3, perMinute: 60 }
    const { key } = await done('saveMachine', { body, token: boss.token })
    expect((await done('saveMachine', { body, token: boss.token }))['key']).toBe(key)
    const other = await joined('sunqi', [{ role: 'administrator', sites: 'all' }])
    expect(await refusedBy('saveMachine', { body, token: other.token })).toBe('409 api.action-reused')
  })
})
